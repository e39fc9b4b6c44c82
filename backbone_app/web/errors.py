"""The one table from errors to answers.

Views raise, nobody catches: every error of ours becomes a status here, with a
small page for people (what happened, what to do) or JSON for machines. A call that
was not authenticated learns nothing of the reason; the log counts it by case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html

from backbone_app import errors
from backbone_app.errors import BackboneError

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Row:
    """How one class of errors is answered: the status, and what a person can do about it."""

    status: int
    remedy: str


TABLE: Final[dict[type[BackboneError], Row]] = {
    errors.NotAuthenticated: Row(401, "Reload the page in Jira."),
    errors.NotAllowed: Row(403, "Nothing was changed."),
    errors.NotFound: Row(404, "Go back to the overview, which shows what there is."),
    errors.Outdated: Row(409, "Reload the page to see how things stand now."),
    errors.InvalidInput: Row(422, "Correct the entry and send it again."),
    errors.MalformedDelivery: Row(400, "Nothing was changed."),
    errors.EgressRefused: Row(400, "Use the https address of a Jira site."),
    errors.RemoteBusy: Row(503, "Try again in a moment; nothing is lost."),
    errors.RemoteUnreachable: Row(503, "Try again in a moment; nothing is lost."),
    errors.RemoteError: Row(502, "Reload the page; if it happens again, ask your Jira admin."),
    errors.SecretUnreadable: Row(503, "The operator of this service has to look at its keys."),
    BackboneError: Row(500, "Reload the page; if it happens again, tell the operator of this service."),
}


class ErrorTable:
    """Middleware: answer what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; errors come back through ``process_exception``."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of ours; anything else is a bug and stays one (HTTP 500)."""
        if not isinstance(error, BackboneError):
            return None
        row = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
        _count(error, row.status)
        sentence = (
            str(error) if row.status < 500 or isinstance(error, errors.RemoteError) else "This did not work."
        )
        response = _answer(request, row.status, code=error.code, sentence=sentence, remedy=row.remedy)
        if isinstance(error, errors.RemoteBusy):
            response["Retry-After"] = str(int(error.retry_after) + 1)
        return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer an address that is none of ours."""
    return _answer(
        request,
        404,
        code="not_found",
        sentence="There is nothing at this address.",
        remedy="Open Backbone Work Sync from the settings of a space.",
    )


def crashed(request: HttpRequest) -> HttpResponse:
    """Answer a bug; what it was stands in the log only."""
    row = TABLE[BackboneError]
    return _answer(
        request, row.status, code="error", sentence="Something broke on our side.", remedy=row.remedy
    )


def _count(error: BackboneError, status: int) -> None:
    if isinstance(error, errors.NotAuthenticated):
        _log.warning("auth_rejected", case=error.case)
    elif status >= 500:
        _log.error("request_failed", code=error.code)


def _answer(request: HttpRequest, status: int, *, code: str, sentence: str, remedy: str) -> HttpResponse:
    """Answer a browser with a small page, anything else with JSON."""
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"error": code, "message": sentence}, status=status)
    page = format_html(
        '<section class="problem" role="alert"><h2>{}</h2><p>{}</p></section>', sentence, remedy
    )
    return HttpResponse(page, status=status)
