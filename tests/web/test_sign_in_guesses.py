"""Whoever guesses at links to sign in is turned away, with an alarm; the link of somebody else opens."""

import secrets

import structlog
from django.conf import LazySettings

from backbone_app.services import linking
from backbone_app.services.tenants import Caller
from tests.support import link_acts
from tests.support.app import Jira, call_app
from tests.support.figures import samples
from tests.support.sandbox import VirtualClock

BROWSER = {"Accept": "text/html"}
LIMITED = ("rate_limited_total", ("guess",))


def guess(ending: str) -> int:
    return call_app("GET", f"/sign-in/{secrets.token_urlsafe(32)}{ending}", headers=BROWSER).status_code


def test_case_58_a_thousand_guesses_are_turned_away_with_an_alarm_and_nobody_elses_link_is(
    jira: Jira, clock: VirtualClock, settings: LazySettings
) -> None:
    settings.BACKBONE_TICKET_GUESSES_PER_MINUTE = 6
    settings.BACKBONE_BEHIND_PROXY = True
    token, space = secrets.token_urlsafe(32), jira.space_id("ALPHA")
    alice = Caller(jira.row.pk, jira.account("alice"), jira.row.base_url)
    application = link_acts.linked(jira, clock).link.application_id
    assert application is not None
    linking.ask(alice, space, application, token, is_copied=True, now=clock())
    before = samples().get(LIMITED, 0.0)

    with structlog.testing.capture_logs() as logs:
        answers = [guess(ending) for _ in range(500) for ending in ("", "/take-back")]
    target = f"/sign-in/{token}"
    here = [call_app("GET", target, headers=BROWSER).status_code for _ in range(2)]
    elsewhere = call_app("GET", target, headers=BROWSER | {"X-Forwarded-For": "198.51.100.7"})

    assert answers[:6] == [410] * 6
    assert answers.count(429) > 950
    assert samples()[LIMITED] - before > 950
    alarms = [line for line in logs if line["event"] == "tickets_guessed"]
    assert {line["log_level"] for line in alarms} == {"critical"}
    assert len(alarms) + len([line for line in logs if line["event"] == "rate_limited"]) < 40
    assert (elsewhere.status_code, here) == (200, [429, 429])
