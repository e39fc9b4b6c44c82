"""How often one may call: buckets, addresses, sites and people."""

import json
from typing import Any

import pytest
import structlog
from django.conf import LazySettings
from django.test import Client, RequestFactory

from backbone_app.web import rates
from backbone_app.web.rates import Buckets
from tests.support.app import Jira, call_app
from tests.support.hostile import Attack, everything, foreign_rs256, install_body, post, signed

DESCRIPTOR = "/atlassian-connect.json"
HOOK = "/webhooks/jira"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_minutes_worth_and_fills_at_an_even_pace() -> None:
    clock = Clock()
    buckets = Buckets(clock)

    first = [buckets.take("a", per_minute=60) for _ in range(60)]
    empty = buckets.take("a", per_minute=60)
    clock.now += 0.75
    nearly = buckets.take("a", per_minute=60)
    clock.now += 0.25
    again = [buckets.take("a", per_minute=60) for _ in range(2)]

    assert first == [0.0] * 60
    assert empty == pytest.approx(1.0)
    assert nearly == pytest.approx(0.25)
    assert again == [0.0, pytest.approx(1.0)]


def test_a_bucket_does_not_run_over() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    buckets.take("a", per_minute=10)

    clock.now += 3600

    assert [buckets.take("a", per_minute=10) > 0 for _ in range(11)] == [False] * 10 + [True]


def test_everybody_has_a_bucket_of_their_own_and_whoever_was_longest_away_is_forgotten() -> None:
    buckets = Buckets(Clock(), most_keys=2)

    for key in ("a", "b", "a", "c"):
        assert buckets.take(key, per_minute=10) == 0.0

    assert [buckets.take("a", per_minute=10) > 0 for _ in range(9)] == [False] * 8 + [True]
    assert [buckets.take("b", per_minute=10) > 0 for _ in range(10)] == [False] * 10


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("no address", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_as_what_one_customer_has(seen: str, counted: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=seen)

    assert rates.client_address(request) == counted


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "counted"),
    [
        (False, "198.51.100.9", "192.0.2.7"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1, 203.0.113.5,198.51.100.9", "198.51.100.9"),
        (True, "198.51.100.9,", "unknown"),
    ],
)
def test_only_what_our_own_proxy_has_seen_is_believed(
    settings: LazySettings, *, behind_proxy: bool, forwarded: str, counted: str
) -> None:
    settings.BACKBONE_BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": forwarded})

    assert rates.client_address(request) == counted


def test_behind_a_proxy_that_forwards_nothing_its_own_address_counts(settings: LazySettings) -> None:
    settings.BACKBONE_BEHIND_PROXY = True

    assert rates.client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")) == "192.0.2.7"


def test_what_anybody_may_call_is_answered_so_often_to_one_address(
    jira: Jira, settings: LazySettings
) -> None:
    settings.BACKBONE_ADDRESS_CALLS_PER_MINUTE = 10
    with structlog.testing.capture_logs() as logs:
        answers = [call_app("GET", DESCRIPTOR) for _ in range(15)]
    elsewhere = Client().get(DESCRIPTOR, REMOTE_ADDR="192.0.2.7")

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 5
    assert json.loads(answers[-1].content)["code"] == "too_many"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 7
    assert "no-store" in answers[-1]["Cache-Control"]
    assert elsewhere.status_code == 200
    assert logs == [{"event": "rate_limited", "kind": "address", "log_level": "warning"}]


@pytest.mark.parametrize("kid", ["a-key", "../x"])
def test_a_flood_of_forged_installations_is_told_to_wait_and_atlassians_from_that_address_are_taken_in(
    attack: Attack, jira: Jira, settings: LazySettings, path: str, claims: dict[str, Any], kid: str
) -> None:
    settings.BACKBONE_ADDRESS_CALLS_PER_MINUTE = settings.BACKBONE_ADDRESS_REFUSALS_PER_MINUTE = 10
    before, body = everything(), install_body(jira)
    forged = [foreign_rs256(claims, kid=f"{kid}-{number}") for number in range(14)]

    statuses = [post(path, each, body) for each in forged]

    assert statuses[10:] == [429] * 4
    assert set(statuses[:10]) <= {401, 503}
    assert everything() == before
    assert [post(path, signed(jira, claims), body) for _ in range(12)] == [204] * 12


@pytest.mark.parametrize("notice", ["/enabled", "/disabled"])
def test_a_site_that_switches_us_on_and_off_without_end_is_turned_away_for_itself(
    jira: Jira, other_jira: Jira, settings: LazySettings, notice: str
) -> None:
    settings.BACKBONE_SITE_WEBHOOKS_PER_MINUTE = 10

    statuses = [post(notice, each.request_token("POST", notice), install_body(each)) for each in [jira] * 12]
    calm = post(notice, other_jira.request_token("POST", notice), install_body(other_jira))

    assert statuses == [204] * 10 + [429] * 2
    assert calm == 204


def test_who_proves_nothing_is_told_to_wait_and_others_at_that_address_are_served(
    jira: Jira, settings: LazySettings
) -> None:
    settings.BACKBONE_ADDRESS_REFUSALS_PER_MINUTE = 10
    with structlog.testing.capture_logs() as logs:
        rubbish = [call_app("POST", HOOK).status_code for _ in range(14)]
        page = call_app("GET", f"/api/1/spaces/{jira.space_id('ALPHA')}/synchronizations").status_code
    jira.person("alice").create("ALPHA", "Signed properly")

    assert rubbish == [401] * 10 + [429] * 4
    assert page == 429
    assert jira.deliver_all() == 1
    assert [line["event"] for line in logs] == ["auth_rejected"] * 10 + ["rate_limited"]


def test_a_site_that_sends_more_than_any_jira_does_is_asked_to_send_it_again(
    jira: Jira, other_jira: Jira, settings: LazySettings
) -> None:
    settings.BACKBONE_SITE_WEBHOOKS_PER_MINUTE = 10
    for each in (jira, other_jira):
        for number in range(11):
            each.person("alice").create("ALPHA", f"Number {number}")

    flood, calm = jira.deliver_all(), [other_jira.deliver(each) for each in other_jira.deliveries()[:10]]

    assert flood == 10
    assert len(jira.deliveries()) == 1  # it stays with Jira, which comes again
    assert all(calm)


def test_one_person_cannot_use_up_what_their_site_may_do(
    jira: Jira, other_jira: Jira, settings: LazySettings
) -> None:
    settings.BACKBONE_PERSON_CALLS_PER_MINUTE = 10
    settings.BACKBONE_SITE_CALLS_PER_MINUTE = 15
    alice, bob = jira.visitor("alice"), jira.visitor("bob")
    overview = f"/api/1/spaces/{jira.space_id('ALPHA')}/synchronizations"

    of_alice = [alice.get(overview).status_code for _ in range(12)]
    of_bob = [bob.get(overview).status_code for _ in range(7)]
    of_her_namesake = other_jira.visitor("alice").get(overview).status_code

    assert of_alice == [200] * 10 + [429] * 2
    assert of_bob == [403] * 5 + [429] * 2
    assert other_jira.account("alice") == jira.account("alice")
    assert of_her_namesake == 200


def test_a_page_says_what_happened_and_what_to_do(jira: Jira, settings: LazySettings) -> None:
    settings.BACKBONE_PERSON_CALLS_PER_MINUTE = 10
    page = f"/spaces/{jira.space_id('ALPHA')}/overview"

    answers = [jira.visitor("alice").get(page) for _ in range(11)]

    assert answers[-1].status_code == 429
    assert "too many calls" in answers[-1].content.decode()
    assert "Wait a moment" in answers[-1].content.decode()
    assert f"frame-ancestors {jira.site.base_url};" in f"{answers[-1]['Content-Security-Policy']};"
