"""The one table from errors to answers.

Views raise, nobody catches: every error of ours becomes a status here, with a
small page for people (what happened, what to do) or JSON for machines. A call that
was not authenticated learns nothing of the reason; the log counts it by case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backbone_app import errors, metrics
from backbone_app.errors import BackboneError
from backbone_app.web.headers import STANDS_ALONE

Answer = TypeVar("Answer", bound=HttpResponse)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is answered instead of what was wanted; ``field`` names the entry at fault."""

    status: int
    code: str
    sentence: str
    remedy: str
    field: str = ""
    retry_after: float | None = None


_TURNED_AWAY: Final = (
    errors.NotAllowed,
    errors.NotFound,
    errors.MalformedDelivery,
    errors.NotJson,
    errors.TooLarge,
)
"""Counted like what proves nothing; an entry to correct and a page of the past are no refusals."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one class of errors is answered: the status, and what a person can do about it."""

    status: int
    remedy: str


TABLE: Final[dict[type[BackboneError], Row]] = {
    errors.WithoutSecret: Row(
        401,
        "Jira gave this app no secret when it was installed on this site, so nothing that comes from here "
        "can be checked. Remove the app from Jira and install it again; if that does not help, tell its "
        "vendor.",
    ),
    errors.AddressWaiting: Row(
        503,
        "Jira there is asked again and again for a day. Reload the page in a while; nothing is lost. "
        "A Jira admin can have it asked at once: disable the app on this site, and enable it again.",
    ),
    errors.NotAuthenticated: Row(401, "Reload the page in Jira."),
    errors.LinkSpent: Row(
        410,
        "If you wanted to confirm an address, ask whoever wanted you to in Jira to send the mail again. "
        "If you wanted no more mail, nothing is sent to you by this link any more.",
    ),
    errors.Gone: Row(410, "Go back to the page in Jira and choose the download again."),
    errors.LinkGone: Row(410, "Ask whoever sent it to you for a new one."),
    errors.SignInOver: Row(400, "Open the link to sign in again; nothing was changed."),
    errors.NotAllowed: Row(403, "Nothing was changed."),
    errors.NotFound: Row(404, "Go back to the overview, which shows what there is."),
    errors.Closed: Row(410, "Nothing was changed. Go back to the overview to see how things stand now."),
    errors.Outdated: Row(409, "Reload the page to see how things stand now."),
    errors.NotLicensed: Row(
        409, "Nothing was changed. The page Remote licence in the global settings says how it stands."
    ),
    errors.NoOAuthApp: Row(409, "Nothing was changed. Ask the operator of this service for it."),
    errors.LinkToMend: Row(
        409,
        "Nothing was changed. Once somebody has signed in there it can be started.",
    ),
    errors.InvalidInput: Row(422, "Correct the entry and send it again."),
    errors.MalformedDelivery: Row(400, "Nothing was changed."),
    errors.NotJson: Row(415, "Send it as application/json."),
    errors.TooLarge: Row(413, "Send less at once."),
    errors.TooMany: Row(429, "Wait a moment, then try again; nothing is lost."),
    errors.EgressRefused: Row(400, "Use the https address of a Jira site."),
    errors.RemoteBusy: Row(503, "Try again in a moment; nothing is lost."),
    errors.RemoteUnreachable: Row(503, "Try again in a moment; nothing is lost."),
    errors.LinkBroken: Row(502, "Open the synchronization and choose Mend the link."),
    errors.RemoteError: Row(502, "Reload the page; if it happens again, ask your Jira admin."),
    errors.SecretUnreadable: Row(503, "The operator of this service has to look at its keys."),
    BackboneError: Row(500, "Reload the page; if it happens again, tell the operator of this service."),
}


_UNFINISHED: Final = Problem(
    408, code="unfinished", sentence="The request did not arrive in time.", remedy="Send it again."
)


class ErrorTable:
    """Middleware: answer what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; errors come back through ``process_exception``.

        Django refuses a method without a word: that answer gets some here, as every other one has.
        """
        response = self._get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _wrong_method(request, allowed=response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of ours; anything else is a bug and stays one (HTTP 500)."""
        if isinstance(error, UnreadablePostError):
            return _answer(request, _UNFINISHED)
        return answered(request, error) if isinstance(error, BackboneError) else None


def answered(request: HttpRequest, error: BackboneError) -> HttpResponse:
    """Answer an error of ours, as the table says."""
    return _answer(request, problem_of(error))


def problem_of(error: BackboneError) -> Problem:
    """Look an error up in the table, and count it in the log."""
    row = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    _count(error, row.status)
    is_told = row.status < 500 or isinstance(error, errors.RemoteError | errors.AddressWaiting)
    return Problem(
        status=row.status,
        code=error.code,
        sentence=str(error) if is_told else "This did not work.",
        remedy=row.remedy,
        field=error.field if isinstance(error, errors.InvalidInput) else "",
        retry_after=error.retry_after if isinstance(error, errors.RemoteBusy | errors.TooMany) else None,
    )


def in_json(problem: Problem) -> JsonResponse:
    """Answer a machine."""
    said = {"code": problem.code, "message": problem.sentence}
    if problem.field:
        said["field"] = problem.field
    return _timed(JsonResponse(said, status=problem.status), problem)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer what Django refuses to read: a foreign host, a broken form."""
    _reject("malformed")
    remedy = "Open Backbone Work Sync from Jira."
    return _answer(
        request, Problem(400, code="malformed", sentence="This request cannot be read.", remedy=remedy)
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer what Django itself forbids."""
    _reject("forbidden")
    remedy = TABLE[errors.NotAllowed].remedy
    return _answer(request, Problem(403, code="not_allowed", sentence="This is not allowed.", remedy=remedy))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer an address that is none of ours."""
    _reject("no_such_address")
    problem = Problem(
        404,
        code="not_found",
        sentence="There is nothing at this address.",
        remedy="Open Backbone Work Sync from the settings of a space.",
    )
    return _answer(request, problem)


def crashed(request: HttpRequest) -> HttpResponse:
    """Answer a bug; what it was stands in the log only."""
    metrics.ANSWERS_FAILED.up(code="crash")
    row = TABLE[BackboneError]
    broken = Problem(row.status, code="error", sentence="Something broke on our side.", remedy=row.remedy)
    return _answer(request, broken)


def _wrong_method(request: HttpRequest, *, allowed: str) -> HttpResponse:
    _reject("method")
    remedy = "Open Backbone Work Sync from Jira."
    sentence = "This address does not take requests of this kind."
    answer = _answer(request, Problem(405, code="method_not_allowed", sentence=sentence, remedy=remedy))
    answer["Allow"] = allowed
    return answer


def _reject(case: str) -> None:
    """Count a request that was turned away, as a probe would make them; the case is all that is logged."""
    _log.warning("auth_rejected", case=case)
    metrics.REJECTIONS.up(case=case)


def _count(error: BackboneError, status: int) -> None:
    if isinstance(error, errors.NotAuthenticated):
        _reject(error.case)
    elif isinstance(error, _TURNED_AWAY):
        _reject(error.code)
    elif status >= 500:
        log = _log.warning if error.retryable else _log.error  # a site's bad hour is nobody's alarm
        log("request_failed", code=error.code)
        metrics.ANSWERS_FAILED.up(code=error.code)


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Answer a browser with a small page, anything else with JSON."""
    if "text/html" not in request.headers.get("Accept", ""):
        return in_json(problem)
    page = format_html(
        '<section class="problem" role="alert"><h2>{}</h2><p>{}</p></section>',
        problem.sentence,
        problem.remedy,
    )
    if STANDS_ALONE in request.META:
        page = SafeString(render_to_string("outside/problem.html", {"problem": page}))
    return _timed(HttpResponse(page, status=problem.status), problem)


def _timed(response: Answer, problem: Problem) -> Answer:
    if problem.retry_after is not None:
        response["Retry-After"] = str(int(problem.retry_after) + 1)
    return response
