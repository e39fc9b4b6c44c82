"""What became of calls to Jira sites."""

from backbone_app.errors.base import BackboneError


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
