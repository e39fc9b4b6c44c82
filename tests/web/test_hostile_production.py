"""What nobody is to see is not there in production either (case 95)."""

import base64
import json
import re

import pytest

from jira_sandbox.connect import tokens
from tests.support.in_production import Answered, Asked, ask
from tests.web.test_hostile_secrets import PRIVATE

SECRETS = {
    "BACKBONE_SECRET_KEY": "canary-of-djangos-key-in-production-mode",
    "BACKBONE_ENCRYPTION_KEYS": f"k1:{base64.b64encode(b'canary-of-a-key-of-production...').decode()}",
}
TOKEN = tokens.sign_hs256({"iss": "somebody", "iat": 1, "exp": 2}, "canary")
HELD_BACK = re.compile(r"(?i)django|python|traceback|urlconf|sqlite|no such table|operationalerror|canary")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Asked, Answered], str]:
    """Every likely address called, and one page on a database without tables; what was answered and said."""
    asked = [Asked(method, target) for method in ("GET", "POST") for target in PRIVATE]
    asked.append(Asked("GET", "/spaces/10000/overview", TOKEN))
    answers, said = ask(asked, database=tmp_path_factory.mktemp("production") / "empty.db", **SECRETS)
    return dict(zip(asked, answers, strict=True)), said


def test_case_95_in_production_too_there_is_nothing_where_admin_debug_and_metrics_use_to_be(
    production: tuple[dict[Asked, Answered], str],
) -> None:
    answers = {asked: answer for asked, answer in production[0].items() if not asked.token}

    assert {asked.target: each.status for asked, each in answers.items() if each.status != 404} == {}
    assert len({each.body for each in answers.values()}) == 1
    assert not [each for each in answers.values() if HELD_BACK.search(each.body + each.headers)]


def test_case_95_in_production_a_crash_is_not_explained_and_what_is_logged_of_it_is_without_secrets(
    production: tuple[dict[Asked, Answered], str],
) -> None:
    (crash,) = [answer for asked, answer in production[0].items() if asked.token]
    said = production[1]

    assert crash.status == 500
    assert not HELD_BACK.search(crash.body + crash.headers)
    events = [json.loads(line) for line in said.splitlines()]
    assert {"django.request"} <= {event.get("logger") for event in events}, (
        "at DEBUG libraries speak as we do"
    )
    assert any("OperationalError" in event.get("exception", "") for event in events)
    secrets = [value.rpartition(":")[2] for value in SECRETS.values()]
    assert not [secret for secret in (*secrets, *TOKEN.split(".")) if secret in said]
    assert "canary" not in said
