"""Calls made up from the API's own description: each is answered as described, and nothing breaks."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.parameters import ParameterLocation

from tests.support.described import Stage
from tests.support.environment import APP
from tests.support.mail import NOWHERE
from tests.support.scenario import Story, story
from tests.support.slices import WHOLE

__all__ = ["story"]

DESCRIBED = json.loads((Path(__file__).resolve().parents[3] / "docs" / "openapi.json").read_text())
EXAMPLES = 60 if WHOLE else 4
load_all_checks()
HELD: Any = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
    ]
)
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED)
SCHEMA.app = WSGIHandler()
_FOUND: Any = list(SCHEMA.get_all_operations())
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in _FOUND}


@pytest.fixture
def stage(story: Story, settings: LazySettings) -> Stage:
    """A site in which every id stands for something."""
    settings.BACKBONE_MAIL = NOWHERE
    return Stage(story)


def with_known(case: Case[Any], known: dict[str, Any], sure: frozenset[str]) -> None:
    """Put what stands for something in place of what was made up, except where nonsense was asked for."""
    made_up = {
        ParameterLocation.PATH: case.path_parameters,
        ParameterLocation.QUERY: case.query,
        ParameterLocation.BODY: case.body,
    }
    for place, said in made_up.items():
        told = case.meta.components.get(place) if case.meta else None
        if isinstance(said, dict) and not (told and told.mode is GenerationMode.NEGATIVE):
            said.update({name: known[name] for name in said if name in known and name in sure})


KNOWN_NAMES = (
    "address",
    "item",
    "sync_id",
    "failure",
    "pair_id",
    "request_id",
    "partner_space",
    "own_key",
    "partner_key",
    *("application", "attempt", "link", "base_url", "client_id", "client_secret"),
)
SURE = (
    st.just(frozenset(KNOWN_NAMES))
    | st.just(frozenset(KNOWN_NAMES))
    | st.frozensets(st.sampled_from(KNOWN_NAMES))
)
FAMILIES = {
    "the site's": ("/settings/", "/audit", "/items/"),
    "requests": ("/requests", "/partners", "/addressee"),
    "links": ("/application-links", "/sign-ins", "/links", "/clouds"),
    "errors": ("/errors",),
    "pairs": ("/pairs", "/existing"),
}
"""Operations that share one story, by a part of their address; the rest is about synchronizations."""


def is_nonsense(case: Case[Any]) -> bool:
    """Whether anything wrong is sent: a token is put right, and an empty list is no entry."""
    parts = case.meta.components if case.meta else {}
    wrong = {place for place, part in parts.items() if part.mode is GenerationMode.NEGATIVE}
    unsent = any(value in ([], {}, None) for value in (case.query or {}).values())
    return bool(wrong - {ParameterLocation.HEADER}) and not unsent


def statuses(stage: Stage, operation: str, mode: GenerationMode) -> set[int]:
    """Make calls of one operation and hold each answer against the description; the statuses seen."""
    described, seen = OPERATIONS[operation], set[int]()

    @drawn(
        max_examples=EXAMPLES,
        derandomize=not WHOLE,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode), sure=SURE)
    def call(case: Case[Any], sure: frozenset[str]) -> None:
        if mode is GenerationMode.NEGATIVE and not is_nonsense(case):
            return
        known = stage.known(operation)
        with_known(case, known, sure | {"space", "base_url", "space_key", "choice", "document"})
        headers = stage.headers(operation)
        answer = case.call(base_url=APP, headers=headers)
        case.validate_response(answer, checks=HELD, headers=headers)
        seen.add(answer.status_code)

    call()
    return seen


def operations(family: str) -> list[str]:
    """The operations of a family, in the description's order."""
    parts = FAMILIES.get(family)
    others = tuple(part for named in FAMILIES.values() for part in named)
    return [
        name
        for name, found in OPERATIONS.items()
        if any(part in found.path for part in parts or others) is (parts is not None)
    ]


def test_every_operation_is_of_one_family() -> None:
    named = [name for family in (*FAMILIES, "synchronizations") for name in operations(family)]

    assert sorted(named) == sorted(OPERATIONS)


@pytest.mark.parametrize("family", [*FAMILIES, "synchronizations"])
def test_every_call_is_answered_as_described(stage: Stage, family: str) -> None:
    names = operations(family)

    understood = {name: statuses(stage, name, GenerationMode.POSITIVE) for name in names}
    nonsense = {name: statuses(stage, name, GenerationMode.NEGATIVE) for name in names}

    assert {name: seen for name, seen in understood.items() if not seen - {400, 401, 403, 404}} == {}
    assert {
        name: seen for name, seen in nonsense.items() if not all(400 <= each < 500 for each in seen)
    } == {}
