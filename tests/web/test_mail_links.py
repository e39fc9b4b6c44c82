"""The links of mails, opened by their owners, by scanners, and by whoever guesses."""

import json
import secrets

import pytest
import structlog
from django.conf import LazySettings
from django.http import HttpResponse

from backbone_app.logs import JsonLines
from backbone_app.models import NoticeAddress
from tests.support.addressees import Owner, add_address, links, send_mails
from tests.support.app import Jira, call_app
from tests.support.headers import directives
from tests.support.hostile import everything
from tests.support.mail import Post, post
from tests.support.pages import parse
from tests.support.sandbox import VirtualClock

__all__ = ["post"]

PURPOSES = ("confirm", "leave")
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def carol(jira: Jira, post: Post, clock: VirtualClock) -> Owner:
    """Carol, who was just asked whether she wants mail about ALPHA."""
    carol = Owner(post, "carol@customer.example")
    entered = {"address": carol.address, "pause": "on"}
    jira.visitor("alice").post(f"/spaces/{jira.space_id('ALPHA')}/notifications", **entered)
    send_mails(clock, seconds=10)
    return carol


@pytest.mark.parametrize("purpose", PURPOSES)
def test_looking_changes_nothing_however_often_and_by_whomever(carol: Owner, purpose: str) -> None:
    target, before = links(carol.mails[0])[purpose], everything()
    ahead = {"Sec-Purpose": "prefetch", "User-Agent": "a scanner of mail"}

    looked = [call_app(method, target, headers=BROWSER | ahead) for method in ("GET", "HEAD", "GET")]

    assert [answer.status_code for answer in looked] == [200] * 3
    assert everything() == before


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_page_stands_alone_and_is_kept_by_nobody(carol: Owner, purpose: str) -> None:
    answer = carol.open(purpose)

    assert directives(answer)["frame-ancestors"] == "'none'"
    assert directives(answer)["form-action"] == "'self'"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    page = parse(answer)
    assert page.one("html").attributes["lang"] == "en"
    assert len(page.all("h1")) == 1
    (form,) = page.all("form")
    assert form.attributes == {"method": "post"}


def test_confirming_says_what_comes_and_leaving_that_nothing_does(carol: Owner) -> None:
    confirmed = parse(carol.open("confirm", method="POST"))
    offered = parse(carol.open("leave"))
    left = parse(carol.open("leave", method="POST"))

    assert confirmed.one("h1").text == "Address confirmed"
    assert "space ALPHA on acme.atlassian.net is sent to it: Pauses" in confirmed.text
    assert "gets mail about space ALPHA" in offered.text
    assert left.one("h1").text == "Unsubscribed"
    assert not NoticeAddress.objects.exists()


def test_a_mail_program_unsubscribes_with_its_one_click(carol: Owner) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    target = links(carol.mails[0])["leave"]

    answer = call_app("POST", target, headers=headers, body=b"List-Unsubscribe=One-Click")

    assert answer.status_code == 200
    assert not NoticeAddress.objects.exists()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_ticket_is_good_for_what_it_was_sent_for_alone(carol: Owner, purpose: str) -> None:
    (other,) = {*PURPOSES} - {purpose}
    ticket = links(carol.mails[0])[other].rpartition("/")[2]

    assert call_app("POST", f"/mail/{purpose}/{ticket}").status_code == 410
    assert NoticeAddress.objects.get().confirmed_at is None


@pytest.mark.parametrize("ticket", ["x", "a" * 43, "a" * 42, "a" * 44, "a" * 10_000, "%00" * 43, "ä" * 43])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_ticket_of_nobody_is_a_whole_page_that_says_what_to_do(
    jira: Jira, ticket: str, method: str
) -> None:
    answer = call_app(method, f"/mail/confirm/{ticket}", headers=BROWSER)

    assert answer.status_code in {404, 410}
    if answer.status_code == 410:
        page = parse(answer)
        assert page.one("h2").text == "This link was used already, is too old, or was never sent by us."
        assert "to send the mail again" in page.text
        assert directives(answer)["frame-ancestors"] == "'none'"


def test_a_site_that_switched_the_app_off_has_nobody_confirmed_and_everybody_may_leave(
    jira: Jira, carol: Owner
) -> None:
    jira.disable()

    assert carol.open("confirm", method="POST").status_code == 410
    assert carol.open("leave", method="POST").status_code == 200


def guess(purpose: str) -> HttpResponse:
    return call_app("POST", f"/mail/{purpose}/{secrets.token_urlsafe(32)}")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_thousand_guesses_are_turned_away_with_an_alarm_and_nobody_elses_ticket_is(
    carol: Owner, settings: LazySettings, purpose: str
) -> None:
    settings.BACKBONE_TICKET_GUESSES_PER_MINUTE = 30
    settings.BACKBONE_BEHIND_PROXY = True
    with structlog.testing.capture_logs() as logs:
        answers = [guess(purpose).status_code for _ in range(1000)]
    target = links(carol.mails[0])[purpose]

    elsewhere = call_app("GET", target, headers=BROWSER | {"X-Forwarded-For": "198.51.100.7"})
    here = call_app("GET", target, headers=BROWSER)

    assert answers[:30] == [410] * 30
    assert answers.count(429) > 950
    alarms = [line for line in logs if line["event"] == "tickets_guessed"]
    assert alarms
    assert {line["log_level"] for line in alarms} == {"critical"}
    assert len(alarms) + len([line for line in logs if line["event"] == "rate_limited"]) < 40
    assert (elsewhere.status_code, here.status_code) == (200, 429)
    assert int(here["Retry-After"]) >= 1


def test_no_ticket_and_no_address_is_logged_or_lies_open_in_a_table(
    carol: Owner, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    told = links(carol.mails[0])
    before = json.dumps([list(map(repr, row)) for rows in everything().values() for row in rows])
    for purpose, target in told.items():
        call_app("PUT", target)
        carol.open(purpose)
        carol.open(purpose, method="POST")
        carol.open(purpose, method="POST")

    written = [JsonLines().format(record) for record in caplog.records]
    assert any("/mail/leave/[token]" in line for line in written)
    for target in told.values():
        assert target.rpartition("/")[2] not in f"{before}{written}{capfd.readouterr()}"
    assert carol.address not in f"{before}{written}"


def test_the_address_of_another_place_is_not_touched(jira: Jira, carol: Owner, clock: VirtualClock) -> None:
    other = add_address(jira, carol.address, now=clock())

    carol.open("leave", method="POST")

    assert NoticeAddress.objects.get() == other
