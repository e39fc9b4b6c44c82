"""Links to sign in with, tried by those they are not meant for (cases 58, 61, 62).

In every case nothing changes and nobody is called, the answer says no reason, and one counter goes up.
"""

from urllib.parse import urlsplit

import pytest

from backbone_app.logs import JsonLines
from backbone_app.models import LinkAttempt
from tests.support import outside
from tests.support.app import call_app
from tests.support.hostile import everything
from tests.support.initech import BASE
from tests.support.outside import Outside
from tests.support.pages import parse
from tests.support.sandbox import VirtualClock
from tests.support.sign_in import Stage, alice, stage, token_of, world

__all__ = ["alice", "stage", "world"]

BROWSER = {"Accept": "text/html"}


def form_of(browser: Outside, link: str) -> dict[str, str]:
    (form,) = outside.page(browser.get(link)).forms
    return form.values


def test_case_58_a_copied_link_has_256_bits_and_only_their_digest_is_kept(stage: Stage) -> None:
    links = {stage.link() for _ in range(20)}

    tokens = {token_of(each) for each in links}
    assert len(tokens) == 20
    assert {len(each) for each in tokens} == {43}
    assert not [each for each in tokens if each in repr(everything())]
    assert {len(each.digest) for each in LinkAttempt.objects.all()} == {64}


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 42, "a" * 44, "a" * 10_000, "ä" * 43])
def test_case_58_a_link_of_nobody_opens_nothing_and_says_no_more_than_one_that_is_over(
    stage: Stage, clock: VirtualClock, token: str
) -> None:
    link = stage.link()
    clock.advance(days=7)

    late = stage.refused(stage.browser(), link, status=410)
    guessed = stage.refused(stage.browser(), f"/sign-in/{token}", status=410)

    assert guessed.content == late.content


def test_case_61_the_token_stands_in_no_title_referer_or_log(
    stage: Stage, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    link = stage.link()
    browser = stage.browser()
    stage.world.trace.start()

    shown = browser.get(link)
    there = browser.go_on(link)
    browser.get(browser.allow(outside.leads_to(there)))
    call_app("PUT", urlsplit(link).path)

    token = token_of(link)
    assert parse(shown).one("title").text == "Sign in - Backbone Work Sync"
    assert {shown["Referrer-Policy"], there["Referrer-Policy"]} == {"no-referrer"}
    assert token not in outside.leads_to(there)
    assert token not in stage.world.trace.text().decode()
    written = [JsonLines().format(record) for record in caplog.records]
    assert any("/sign-in/[token]" in line for line in written)
    assert token not in f"{written}{capfd.readouterr()}"


@pytest.mark.parametrize("ahead", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {}])
def test_case_62_to_look_at_a_link_starts_nothing(stage: Stage, ahead: dict[str, str]) -> None:
    link = stage.link()
    before = everything()

    answers = [call_app("GET", urlsplit(link).path, headers=BROWSER | ahead) for _ in range(3)]

    assert [each.status_code for each in answers] == [200] * 3
    assert {name: rows for name, rows in everything().items() if rows != before[name]}.keys() <= {
        "Pace",
        "Spending",
    }
    assert LinkAttempt.objects.get().state_digest == ""


def test_case_62_only_our_own_form_in_the_same_browser_starts_a_sign_in(stage: Stage) -> None:
    link, other = stage.link(), stage.link()
    here, elsewhere, fresh = (stage.browser() for _ in range(3))
    mine, of_another_link = form_of(here, link), form_of(here, other)
    of_another_browser = form_of(elsewhere, link)

    for form in ({"x": "y"}, {"form_token": "x"}, of_another_link, of_another_browser):
        stage.refused(here, link, form)
    stage.refused(elsewhere, link, mine)
    stage.refused(fresh, link, mine)

    assert outside.leads_to(here.post(link, **mine)).startswith(BASE)


def test_case_62_a_form_that_lay_open_for_an_hour_is_too_old(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, browser = stage.link(), stage.browser()
    form = form_of(browser, link)
    monkeypatch.setattr("backbone_app.web.sign_in.FORM_SECONDS", -1)

    stage.refused(browser, link, form)
