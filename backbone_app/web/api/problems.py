"""What the API answers when a call comes to nothing: the same table as the pages', as JSON."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse
from rest_framework.exceptions import APIException, ValidationError

from backbone_app.errors import BackboneError
from backbone_app.web import errors
from backbone_app.web.errors import Problem


def handler(error: Exception, context: Mapping[str, Any]) -> JsonResponse | None:  # noqa: ARG001 - DRF's signature
    """Answer errors of ours and of the framework; anything else is a bug and climbs on."""
    if isinstance(error, BackboneError):
        return errors.in_json(errors.problem_of(error))
    if isinstance(error, APIException):
        return errors.in_json(_problem(error))
    return None


def _problem(error: APIException) -> Problem:
    if not isinstance(error, ValidationError):
        return Problem(error.status_code, code="malformed", sentence=str(error.detail), remedy="")
    faults = error.detail if isinstance(error.detail, dict) else {}
    said = [f"{name}: {' '.join(map(str, faults[name]))}" for name in sorted(faults)]
    return Problem(400, code="malformed", sentence=" ".join(said), remedy="", field=min(faults, default=""))
