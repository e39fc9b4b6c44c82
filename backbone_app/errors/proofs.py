"""Callers who did not prove who they are, or not yet."""

from backbone_app.errors.base import BackboneError


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
