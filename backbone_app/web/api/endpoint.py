"""What every address of the API has in common: one method, one credential, JSON, and strictness.

The credential is the own-page token that the pages use. There is no session, no
negotiation and no browsable API; what is not understood is refused by name rather
than ignored, so that nobody believes to have set what cannot be set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec

from django.utils import timezone
from django.views.decorators.http import require_http_methods
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from backbone_app.services.tenants import Caller
from backbone_app.web import auth
from backbone_app.web.api.answers import ProblemAnswer
from backbone_app.web.auth import Credential, Page, Statement, View, Who

P = ParamSpec("P")

_PROBLEMS: Final = {
    status: OpenApiResponse(ProblemAnswer, description=description)
    for status, description in {
        400: "The entry is not understood: not JSON, a field that is missing, malformed or unknown.",
        401: "The token is missing or not valid.",
        403: "The person lacks the permission, or is in none of the groups that the site is restricted to.",
        404: "There is no such thing, or it is not yours to see.",
        408: "The body did not arrive in time.",
        409: "Somebody else was faster, the step does not fit any more, or no remote licence covers it.",
        410: "The request was answered before, or has expired.",
        413: "The body is larger than 64 KB.",
        422: "The entry is understood but cannot be used.",
        429: "These are too many calls in a short time; Retry-After says when to come again.",
        502: "Jira refused a call.",
        503: "Jira is busy or cannot be reached; try again.",
    }.items()
}


class Strict(serializers.Serializer[Any]):
    """What a caller may send; a field that is not declared is refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Check ``data``; raises ValidationError."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field."] for name in unknown})
        return super().to_internal_value(data)


class Nothing(Strict):
    """An address that takes no entries."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was proven and understood; ``entered`` is what it sends."""

    caller: Caller
    entered: Mapping[str, Any]
    now: datetime


def endpoint(
    method: Literal["GET", "POST"],
    who: Who,
    *,
    answers: serializers.BaseSerializer[Any] | None = None,
    takes: type[Strict] = Nothing,
    status: int = 200,
) -> Callable[[Callable[Concatenate[Call, P], object]], View[P]]:
    """Make a view of a function that is given a ``Call`` and returns what ``answers`` can show.

    ``who`` may call it is asked of Jira by the service. ``takes`` is read from the query of a GET
    and from the body of a POST. Without ``answers`` there is nothing to show: 204.
    """
    succeeds = 204 if answers is None else status

    def made(act: Callable[Concatenate[Call, P], object]) -> View[P]:
        def view(request: Request, *args: P.args, **kwargs: P.kwargs) -> Response:
            entered = _entered(takes if method == "GET" else Nothing, request.query_params.dict())
            if method == "POST":
                entered = _entered(takes, request.data)
            call = Call(caller=_proven(request), entered=entered, now=timezone.now())
            result = act(call, *args, **kwargs)
            return Response(answers and answers.to_representation(result), status=succeeds)

        described = extend_schema(
            operation_id=act.__name__,
            parameters=[takes] if method == "GET" and takes is not Nothing else None,
            request=takes if method == "POST" and takes is not Nothing else None,
            responses={succeeds: answers, **_PROBLEMS},
        )
        named: Any = wraps(act)(view)
        shown = described(api_view([method])(named))
        return auth.stating(
            Statement(Credential.OWN_PAGE, who, Page.API), require_http_methods([method])(shown)
        )

    return made


def _entered(takes: type[Strict], data: Any) -> Mapping[str, Any]:
    checked = takes(data=data)
    checked.is_valid(raise_exception=True)
    entered: Mapping[str, Any] = checked.validated_data
    return entered


def _proven(request: Request) -> Caller:
    caller: object = request.user
    assert isinstance(caller, Caller)  # noqa: S101 - the only authentication there is gives one
    return caller
