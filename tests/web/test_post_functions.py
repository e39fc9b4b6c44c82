"""Calls of our post functions from outside: all they can touch is what their own site has a half of."""

import json

import pytest
import structlog

from backbone_app.models import Delivery, Pair, PairSide
from backbone_app.models.pair import PairState
from tests.support.app import Jira
from tests.support.hooks import PAIRED, UNPAIRED, pair_of
from tests.support.hostile import Attack
from tests.support.post_functions import Caller, told
from tests.support.rows import make_synchronization

SYNCHRONIZE, STOP = "/workflow/synchronize", "/workflow/stop"
BOTH = pytest.mark.parametrize("path", [SYNCHRONIZE, STOP])


@pytest.fixture
def pair(jira: Jira) -> Pair:
    """A pair of ALPHA and BETA, of which PAIRED is the left half."""
    return pair_of(jira)


@pytest.fixture
def acme(jira: Jira) -> Caller:
    return Caller(jira)


def test_what_the_attacks_vary_does_what_it_says(jira: Jira, acme: Caller, pair: Pair) -> None:
    alpha = jira.space_id("ALPHA")

    assert acme.post(STOP, told(PAIRED, alpha, pair.synchronization_id)) == 204
    assert acme.post(SYNCHRONIZE, told(UNPAIRED, alpha, pair.synchronization_id)) == 204

    assert Pair.objects.get().state == PairState.SET_ASIDE
    assert Delivery.objects.get(unpaired=True).item == UNPAIRED


@BOTH
def test_case_39_a_call_that_nobody_signed(attack: Attack, jira: Jira, pair: Pair, path: str) -> None:
    content = json.dumps(told(PAIRED, jira.space_id("ALPHA"), pair.synchronization_id)).encode()

    attack.refused("POST", path, body=content)
    attack.refused("POST", path, headers={"Authorization": "JWT a.b.c"}, body=content)


@BOTH
def test_case_39_a_call_signed_with_another_sites_secret_or_for_another_address(
    attack: Attack, jira: Jira, other_jira: Jira, pair: Pair, path: str
) -> None:
    content = json.dumps(told(PAIRED, jira.space_id("ALPHA"), pair.synchronization_id)).encode()
    tokens = [
        other_jira.request_token("POST", path, iss=jira.app.client_key),
        jira.request_token("POST", "/webhooks/jira"),
        jira.page_token("dana"),
    ]

    for token in tokens:
        attack.refused("POST", path, headers={"Authorization": f"JWT {token}"}, body=content)


@BOTH
def test_case_44_a_synchronization_or_work_item_of_another_site_is_left_alone(
    attack: Attack, jira: Jira, other_jira: Jira, pair: Pair, path: str
) -> None:
    theirs = Caller(other_jira)
    spaces = other_jira.space_id("ALPHA"), other_jira.space_id("BETA")
    make_synchronization(other_jira.row, spaces=spaces)

    with attack.coming_to_nothing(), structlog.testing.capture_logs() as logs:
        status = theirs.post(path, told(PAIRED, jira.space_id("ALPHA"), pair.synchronization_id))

    assert status == 204
    (line,) = [each for each in logs if each["event"] == "workflow_call_ignored"]
    assert line["why"] == "unknown_synchronization"
    assert line.keys() == {"event", "tenant", "function", "why", "log_level"}


def test_a_work_item_of_another_site_is_not_the_one_of_the_same_number_here(
    jira: Jira, other_jira: Jira, pair: Pair
) -> None:
    theirs = make_synchronization(
        other_jira.row, spaces=(other_jira.space_id("ALPHA"), other_jira.space_id("BETA"))
    )

    assert Caller(other_jira).post(STOP, told(PAIRED, jira.space_id("ALPHA"), theirs.pk)) == 204

    assert Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE
    assert not PairSide.objects.filter(site=other_jira.row).exists()


@BOTH
@pytest.mark.parametrize("stored", ["", "{}", "nonsense", "7d444840-9dc0-41d1-b245-5ffdce74fad2"])
def test_a_configuration_that_is_none_of_ours_is_ignored_with_a_line_of_the_log(
    attack: Attack, acme: Caller, pair: Pair, path: str, stored: str
) -> None:
    body = {**told(PAIRED, "10000", pair.synchronization_id), "configuration": {"value": stored}}

    with attack.coming_to_nothing(), structlog.testing.capture_logs() as logs:
        assert acme.post(path, body) == 204

    assert [each["why"] for each in logs if each["event"] == "workflow_call_ignored"] == ["unreadable"]


@BOTH
@pytest.mark.parametrize("content", [b"null", b"{", b'{"a": "\\u0000"}', b"[" * 100_000])
def test_case_47_a_call_that_is_no_json(
    attack: Attack, acme: Caller, pair: Pair, path: str, content: bytes
) -> None:
    with attack.coming_to_nothing():
        assert acme.post(path, content) == 400


@BOTH
def test_case_46_a_call_that_does_not_say_it_is_json(
    attack: Attack, acme: Caller, pair: Pair, path: str
) -> None:
    body = told(PAIRED, "10000", pair.synchronization_id)

    with attack.coming_to_nothing():
        assert acme.post(path, body, content_type="text/plain") == 415
