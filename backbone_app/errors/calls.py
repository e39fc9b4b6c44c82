"""Calls of ours that cannot be carried out as they are."""

from backbone_app.errors.base import BackboneError


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


class NoOAuthApp(BackboneError):
    """Nobody can let this service into a Cloud site: its operator has registered no OAuth app (HTTP 409)."""

    code = "no_oauth_app"

    def __init__(self) -> None:
        super().__init__(
            "This service cannot be let into a Cloud site without the app yet: its operator has to register "
            "an OAuth 2.0 (3LO) app at developer.atlassian.com and to enter its client ID and secret in the "
            "settings."
        )


class LinkToMend(BackboneError):
    """What is to start needs a link that is broken (HTTP 409)."""

    code = "link_broken"

    def __init__(self) -> None:
        super().__init__(
            "The partner site no longer lets Backbone in: the sign-in of its link is over. Choose Mend the "
            "link and sign in there again."
        )


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
