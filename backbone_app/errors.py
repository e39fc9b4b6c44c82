"""The errors this application raises on purpose.

Each class answers the question its catcher has to ask: *should this be tried
again?* Anything that does not descend from ``BackboneError`` is a bug and is
left to crash loudly. Sentences are written for the person who reads them on a
page; they never carry a secret or the text of a work item.
"""

from typing import ClassVar


class BackboneError(Exception):
    """Something expected went wrong; ``code`` is stable, the message is not."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False


class NotAuthenticated(BackboneError):
    """A caller did not prove who it is; the reason stays inside (HTTP 401)."""

    code = "not_authenticated"

    def __init__(self, case: str) -> None:
        super().__init__("This call was not signed by a Jira site we know.")
        self.case = case


class Gone(NotAuthenticated):
    """A download ticket that is used, too old, or none of ours (HTTP 410); which of them stays inside."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__("ticket")
        self.args = ("This download has been fetched already, or was not fetched within a minute.",)


class LinkGone(NotAuthenticated):
    """A link to sign in that is too old, withdrawn or none of ours (HTTP 410); which of them stays inside."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__("link")
        self.args = ("This link is too old, was withdrawn, or was not copied as a whole.",)


class SignInOver(NotAuthenticated):
    """A browser comes back from a sign-in that it was not sent to, or a second time (HTTP 400)."""

    code = "sign_in_over"

    def __init__(self) -> None:
        super().__init__("state")
        self.args = ("This sign-in is over already, or was begun in another browser.",)


class LinkSpent(Gone):
    """A link of a mail that is used, too old, or none of ours (HTTP 410); which of them stays inside."""

    def __init__(self) -> None:
        super().__init__()
        self.args = ("This link was used already, is too old, or was never sent by us.",)


class WithoutSecret(NotAuthenticated):
    """Jira gave us no secret when it installed us there: nothing of that site can be checked (HTTP 401).

    ``framed_by`` is the site's address, where its people are to read the page that says so; to a
    machine it is a refusal as any other.
    """

    def __init__(self, framed_by: str) -> None:
        super().__init__("without_secret")
        self.framed_by = framed_by


class AddressWaiting(BackboneError):
    """A site calls from an address that is not confirmed yet, and is to come again (HTTP 503).

    It proves nothing so far, but Jira repeats a webhook that is answered so, and gives one up that is
    answered with 401. ``framed_by`` is that address, as in ``WithoutSecret``.
    """

    code = "address_waiting"
    retryable = True

    def __init__(self, framed_by: str) -> None:
        super().__init__("This Jira site has moved to another address, which is not confirmed yet.")
        self.framed_by = framed_by


class NotAllowed(BackboneError):
    """A known caller may not do this (HTTP 403)."""

    code = "not_allowed"


class NotFound(BackboneError):
    """There is no such thing for this caller (HTTP 404)."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"This {what} does not exist, or is not yours to see.")


class Outdated(BackboneError):
    """Somebody else was faster; the page shows an old state (HTTP 409)."""

    code = "outdated"


class Closed(Outdated):
    """It was answered or has expired: what comes again for it never counts (HTTP 410)."""

    code = "closed"


class NotLicensed(BackboneError):
    """The remote licence of a site does not cover the partner site (HTTP 409)."""

    code = "not_licensed"


class InvalidInput(BackboneError):
    """What was entered cannot be used; ``field`` names the form field (HTTP 422)."""

    code = "invalid_input"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


class MalformedDelivery(BackboneError):
    """A webhook or lifecycle body that is not what Jira sends (HTTP 400)."""

    code = "malformed"

    def __init__(self, problem: str) -> None:
        super().__init__(f"The body cannot be read: {problem}.")


class TooLarge(BackboneError):
    """A body that is larger than anything we take at this address (HTTP 413)."""

    code = "too_large"

    def __init__(self) -> None:
        super().__init__("This is larger than what is taken here.")


class NotJson(BackboneError):
    """A webhook that says of itself that it is something else than JSON (HTTP 415)."""

    code = "not_json"

    def __init__(self) -> None:
        super().__init__("Only JSON is taken here.")


class TooMany(BackboneError):
    """Somebody calls us more often than we allow (HTTP 429); ``retry_after`` is in seconds."""

    code = "too_many"
    retryable = True

    def __init__(
        self, retry_after: float, *, sentence: str = "These are too many calls in a short time."
    ) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class RemoteError(BackboneError):
    """A call to a Jira site did not do what it should; ``site`` is the host name."""

    code = "remote_error"

    def __init__(self, site: str, sentence: str) -> None:
        super().__init__(f"{site} {sentence}")
        self.site = site


class RemoteBusy(RemoteError):
    """The site asked us to slow down (HTTP 429, or 503 to a read), or would if we called now.

    ``retry_after`` is in seconds; ``reason`` is the site's own, or ours where no call was made.
    """

    code = "remote_busy"
    retryable = True

    def __init__(
        self,
        site: str,
        retry_after: float,
        reason: str = "",
        *,
        sentence: str = "takes no more calls just now",
    ) -> None:
        super().__init__(site, sentence)
        self.retry_after = retry_after
        self.reason = reason


class HeldOff(RemoteBusy):
    """No call was made: the site, or a part of it, is left alone until a known time."""


class RemoteUnreachable(RemoteError):
    """The call surely had no effect: no connection, or refused before it began."""

    code = "remote_unreachable"
    retryable = True

    def __init__(self, site: str) -> None:
        super().__init__(site, "cannot be reached")


class CertificateRefused(RemoteUnreachable):
    """No connection was made: the certificate that the host shows proves nothing; ``fault`` says why."""

    def __init__(self, site: str, fault: str) -> None:
        super().__init__(site)
        self.args = (f"{site} shows a certificate that cannot be trusted: {fault}",)
        self.fault = fault


class OutcomeUnknown(RemoteError):
    """A write was sent and no usable answer came back: it may or may not have happened."""

    code = "outcome_unknown"
    retryable = True

    def __init__(self, site: str) -> None:
        super().__init__(site, "did not answer a change; it is looked up before it is tried again")


class RemoteRefused(RemoteError):
    """Jira answered 4xx: this very call will not succeed as it is.

    ``fields`` maps the ids of refused fields to Jira's own sentence, ``messages``
    are the general ones; both may quote what a user typed and are never logged.
    """

    code = "remote_refused"

    def __init__(
        self,
        site: str,
        status: int,
        *,
        messages: tuple[str, ...] = (),
        fields: dict[str, str] | None = None,
        sentence: str = "",
    ) -> None:
        super().__init__(site, sentence or f"refused the call (HTTP {status})")
        self.status = status
        self.messages = messages
        self.fields = dict(fields or {})


class RemoteMissing(RemoteRefused):
    """Gone, or no longer visible to us: Jira's 404 tells the two not apart; Data Center says which of them.

    Either way there is nothing that we could read or change.
    """

    code = "remote_missing"


class RemoteMoved(RemoteRefused):
    """Jira answered 3xx: the site was renamed, or is not there; where it points to is never followed."""

    code = "remote_moved"

    def __init__(self, site: str, status: int) -> None:
        super().__init__(
            site,
            status,
            sentence="answers under another address now; update the app there, so that it tells the new one",
        )


class LinkBroken(RemoteError):
    """The site takes the tokens of our link no longer and gives no new ones: somebody has to sign in anew."""

    code = "link_broken"

    def __init__(self, site: str) -> None:
        super().__init__(site, "no longer lets Backbone in; sign in there again to mend the link")


class EgressRefused(BackboneError):
    """An address we must not call; refused before any socket was opened."""

    code = "egress_refused"

    def __init__(self) -> None:
        super().__init__("This address cannot be used: it is not a public https address of a Jira site.")


class LeaseLost(BackboneError):
    """Another worker owns the pair by now; nothing of this one may be committed."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("Another worker has taken this pair over.")


class SecretUnreadable(BackboneError):
    """A stored secret cannot be decrypted: wrong key, damaged, or moved from another row."""

    code = "secret_unreadable"

    def __init__(self, context: str) -> None:
        super().__init__(f"The stored secret of {context} cannot be read with the keys given.")
