"""The pages for signing in: the one cookie there is, whom they lead to, and who may frame them."""

import re
from http.cookies import Morsel

from django.http import HttpResponse

from backbone_app.web.sign_in import COOKIE
from tests.support.app import call_app
from tests.support.environment import APP
from tests.support.headers import directives
from tests.support.outside import leads_to
from tests.support.pages import parse
from tests.support.sign_in import Stage, alice, stage, token_of, world

__all__ = ["alice", "stage", "world"]

BROWSER = {"Accept": "text/html"}


def morsel(answer: HttpResponse) -> "Morsel[str]":
    (found,) = answer.cookies.values()
    return found


def test_the_one_cookie_is_held_to_this_host_and_to_a_quarter_of_an_hour(stage: Stage) -> None:
    link, browser = stage.link(), stage.browser()
    first = morsel(browser.get(link))
    second = morsel(browser.go_on(link))

    assert COOKIE.startswith("__Host-")
    for each in (first, second):
        assert (each.key, each["path"], each["domain"], each["samesite"]) == (COOKIE, "/", "", "Lax")
        assert (each["secure"], each["httponly"], each["max-age"]) == (True, True, 900)
        assert re.fullmatch(r"[\w-]{43}", each.value)
    assert first.value == second.value
    assert token_of(link) not in first.value


def test_coming_back_and_reading_what_became_of_it_set_no_cookie(stage: Stage) -> None:
    browser, link = stage.browser(), stage.link()
    back = stage.returning(browser, link)

    told = browser.get(back)
    shown = browser.get(told["Location"])

    assert (told.cookies, shown.cookies) == ({}, {})
    assert not call_app("GET", back.removeprefix(APP), headers=BROWSER).cookies


def test_the_pages_stand_alone_and_lead_to_us_and_the_site_asked_for_only(stage: Stage) -> None:
    browser, link = stage.browser(), stage.link()
    landing, gone = browser.get(link), browser.get(f"{APP}/sign-in/x")
    leaving = browser.go_on(link)
    told = browser.get(browser.allow(leads_to(leaving)))
    arrived = browser.get(told["Location"])

    answers = (landing, leaving, told, arrived, gone)
    assert {directives(each)["frame-ancestors"] for each in answers} == {"'none'"}
    assert {directives(each)["form-action"] for each in answers} == {"'self'"}
    assert {each["Cache-Control"] for each in answers} == {"no-cache, no-store"}
    assert {each["Cross-Origin-Opener-Policy"] for each in answers} == {"unsafe-none"}
    for page in (landing, arrived, gone):
        assert parse(page).one("html").attributes["lang"] == "en"
        assert parse(page).one("title").text.endswith("Backbone Work Sync")
