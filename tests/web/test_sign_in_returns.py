"""Ways back from elsewhere that nobody was sent on, or only somebody else (cases 63 to 68).

In every case nothing changes and nobody is called, the answer says no reason, and one counter goes up.
"""

import re
from itertools import product
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from backbone_app.models import Link, LinkAttempt
from tests.support.environment import APP
from tests.support.initech import BASE
from tests.support.outside import leads_to, page
from tests.support.pages import parse
from tests.support.sign_in import GLOBEX, HOOLI, Stage, alice, stage, with_query, world

__all__ = ["alice", "stage", "world"]

EVIL = "https://evil.example"
CALLBACKS = {"initech": "/oauth/dc/{}", "globex": "/oauth/cloud"}
TARGETS = (
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "https://backbone.example@evil.example",
    "%2F%2Fevil.example",
    EVIL,
)


@pytest.fixture(params=CALLBACKS)
def where(request: pytest.FixtureRequest) -> str:
    """Where somebody signs in: a Data Center, or a Cloud site."""
    return str(request.param)


@pytest.mark.parametrize(
    "state", [None, "", "x", "a" * 43, "a" * 42, "' OR 1=1 --", "\x00" * 43, "ä" * 43, "a" * 10_000]
)
def test_case_63_a_state_that_is_missing_or_wrong_is_refused(
    stage: Stage, where: str, state: str | None
) -> None:
    browser = stage.browser(where)
    back = stage.returning(browser, stage.link(where))

    stage.refused(browser, with_query(back, state=state))

    assert browser.get(back).status_code == 303
    assert Link.objects.exists()


def test_case_63_a_state_is_used_once(stage: Stage, where: str) -> None:
    browser = stage.browser(where)
    back = stage.returning(browser, stage.link(where))

    assert browser.get(back).status_code == 303

    stage.refused(browser, back)


def test_case_63_a_state_that_another_try_has_replaced_is_over(stage: Stage, where: str) -> None:
    browser, link = stage.browser(where), stage.link(where)
    first = stage.returning(browser, link)
    stage.returning(browser, link)

    stage.refused(browser, first)


@pytest.mark.parametrize("has_been_here", [True, False])
def test_case_63_the_state_of_another_browser_is_refused(
    stage: Stage, where: str, has_been_here: bool
) -> None:
    link, theirs, victim = stage.link(where), stage.browser(where), stage.browser(where)
    back = stage.returning(theirs, link)
    if has_been_here:
        victim.get(link)

    stage.refused(victim, back)

    assert not Link.objects.exists()


def test_case_63_two_states_at_once_are_refused(stage: Stage, where: str) -> None:
    browser = stage.browser(where)
    back = stage.returning(browser, stage.link(where))

    for more in ("state=x", "code=x", "error=x", "iss=x&iss=y"):
        stage.refused(browser, f"{back}&{more}&{more}")


def test_case_63_what_became_of_a_sign_in_is_shown_to_that_browser_only(stage: Stage, where: str) -> None:
    browser, link = stage.browser(where), stage.link(where)
    told = browser.get(stage.returning(browser, link))["Location"]
    stranger = stage.browser(where)
    stranger.get(link)

    assert browser.get(told).status_code == 200
    stage.refused(stranger, told, status=410)
    stage.refused(stage.browser(where), told, status=410)


def test_case_64_the_same_way_back_twice_gives_nothing_the_second_time(stage: Stage, where: str) -> None:
    browser = stage.browser(where)
    back = stage.returning(browser, stage.link(where))
    browser.get(back)
    generation = Link.objects.get().generation

    stage.refused(browser, back)
    stage.refused(browser, with_query(back, state="b" * 43))

    assert Link.objects.get().generation == generation


@pytest.mark.parametrize("is_used", [True, False])
def test_case_64_a_code_of_another_try_is_worth_nothing(stage: Stage, is_used: bool) -> None:
    """Somebody has a code that was meant for another browser: PKCE holds it to the one that asked."""
    theirs, mine = stage.browser(), stage.browser()
    caught = stage.returning(theirs, stage.link())
    if is_used:
        theirs.get(caught)
    links = Link.objects.count()
    code = dict(parse_qsl(urlsplit(caught).query))["code"]
    back = stage.returning(mine, stage.link())

    told = mine.get(with_query(back, code=code))["Location"]

    assert b"was not let in" in mine.get(told).content
    assert Link.objects.count() == links
    assert {each.generation for each in Link.objects.all()} <= {1}


@pytest.mark.parametrize(
    "name", ["next", "return_to", "returnTo", "redirect_uri", "redirect", "url", "RelayState", "callback"]
)
def test_case_65_no_page_takes_where_it_leads_to_from_its_address(stage: Stage, name: str) -> None:
    link, browser = stage.link(), stage.browser()
    (form,) = (each.values for each in page(browser.get(link)).forms)

    for target, spelled in product(TARGETS, (name, name.upper())):
        more = urlencode({spelled: target})
        shown = browser.get(f"{link}?{more}")
        there = leads_to(browser.post(f"{link}?{more}", **{spelled: target, **form}))
        assert "evil" not in f"{shown.content!r}{shown.headers}{there}"
        asked = dict(parse_qsl(urlsplit(there).query))
        assert there.startswith(f"{BASE}/rest/oauth2/latest/authorize?")
        assert asked["redirect_uri"] == f"{APP}/oauth/dc/{stage.applications['initech']}"
    back = browser.allow(there)
    arrived = browser.get(f"{back}&{urlencode({name: EVIL})}")
    assert re.fullmatch(r"/signed-in/[0-9a-f-]{36}", arrived["Location"])
    assert "evil" not in browser.get(f"{arrived['Location']}?{urlencode({name: EVIL})}").content.decode()


@pytest.mark.parametrize("issuer", [EVIL, HOOLI, f"{BASE}/", BASE.upper(), "x", "<b>"])
def test_case_66_a_site_that_calls_itself_otherwise_is_refused(stage: Stage, issuer: str) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link())

    stage.refused(browser, with_query(back, iss=issuer))

    assert browser.get(with_query(back, iss=BASE)).status_code == 303
    assert Link.objects.exists()


def test_case_66_what_one_data_center_gave_is_refused_at_the_callback_of_another(stage: Stage) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link("initech"))
    stage.link("hooli")
    mixed_up = back.replace(stage.applications["initech"], stage.applications["hooli"])

    stage.refused(browser, mixed_up)
    stage.refused(browser, with_query(mixed_up, iss=HOOLI))
    stage.refused(browser, with_query(back, iss=HOOLI))

    assert not Link.objects.exists()


def test_case_66_a_code_goes_to_no_other_data_center_than_the_one_that_was_asked(stage: Stage) -> None:
    """The browser is at the right callback, with the other one's code: it is not taken there."""
    here, there = stage.browser("initech"), stage.browser("hooli")
    foreign = stage.returning(there, stage.link("hooli"))
    back = stage.returning(here, stage.link("initech"))
    code = dict(parse_qsl(urlsplit(foreign).query))["code"]
    calls = len(stage.attack.outgoing.urls)

    here.get(with_query(back, code=code))

    asked = {urlsplit(url).hostname for url in stage.attack.outgoing.urls[calls:]}
    assert asked == {urlsplit(BASE).hostname}
    assert not Link.objects.exists()


def test_case_66_what_atlassian_gave_is_refused_at_the_callback_of_a_data_center_and_back(
    stage: Stage,
) -> None:
    here, there = stage.browser("globex"), stage.browser("initech")
    back = stage.returning(here, stage.link("globex"))
    other = stage.returning(there, stage.link("initech"))
    callback = f"/oauth/dc/{stage.applications['initech']}"

    stage.refused(here, back.replace("/oauth/cloud", callback))
    stage.refused(there, other.replace(callback, "/oauth/cloud"))
    for issuer in (EVIL, GLOBEX, BASE, "https://auth.atlassian.com/", "x"):
        stage.refused(here, with_query(back, iss=issuer))

    assert not Link.objects.exists()
    assert here.get(with_query(back, iss="https://auth.atlassian.com")).status_code == 303


def test_case_64_a_code_of_atlassians_that_was_used_is_worth_nothing_to_another_browser(
    stage: Stage,
) -> None:
    theirs, mine = stage.browser("globex"), stage.browser("globex")
    caught = stage.returning(theirs, stage.link("globex"))
    theirs.get(caught)
    generation = Link.objects.get().generation
    code = dict(parse_qsl(urlsplit(caught).query))["code"]
    back = stage.returning(mine, stage.link("globex"))

    told = mine.get(with_query(back, code=code))["Location"]

    assert b"was not let in" in mine.get(told).content
    assert Link.objects.get().generation == generation


@pytest.mark.parametrize("name", ["next", "return_to", "redirect_uri", "RelayState"])
def test_case_65_nor_does_the_way_to_atlassian_and_back(stage: Stage, name: str) -> None:
    link, browser = stage.link("globex"), stage.browser("globex")
    (form,) = (each.values for each in page(browser.get(link)).forms)

    for target in TARGETS:
        more = urlencode({name: target})
        there = leads_to(browser.post(f"{link}?{more}", **{name: target, **form}))
        asked = dict(parse_qsl(urlsplit(there).query))
        assert there.startswith("https://auth.atlassian.com/authorize?")
        assert "evil" not in there
        assert asked["redirect_uri"] == f"{APP}/oauth/cloud"
    arrived = browser.get(f"{browser.allow(there)}&{urlencode({name: EVIL})}")
    assert re.fullmatch(r"/signed-in/[0-9a-f-]{36}", arrived["Location"])


OUR_SCRIPTS = {"/static/outside.js", "/static/copy.js"}
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "error", [SCRIPT, f'"><img src=x onerror=alert(1)>{SCRIPT}', "access_denied", "é\r\nX: y"]
)
def test_case_68_what_the_other_site_says_of_an_error_is_not_shown(
    stage: Stage, where: str, error: str
) -> None:
    link, browser = stage.link(where), stage.browser(where)
    back = stage.returning(browser, link, decision="deny")

    told = browser.get(with_query(back, error=error, error_description=SCRIPT, error_uri=EVIL))
    shown = browser.get(told["Location"])
    again = browser.get(link)

    for answer in (told, shown, again):
        said = f"{answer.content.decode()}{answer.headers}"
        assert not [each for each in (error, "alert(1)", "evil", "X: y") if each in said]
        assert {each.attributes.get("src") for each in parse(answer).all("script")} <= OUR_SCRIPTS
    assert b"was not allowed there" in shown.content
    assert LinkAttempt.objects.get().trouble == "denied"
    assert not Link.objects.exists()


def test_case_68_an_error_without_a_state_is_answered_with_nothing_of_it(stage: Stage, where: str) -> None:
    browser, link = stage.browser(where), stage.link(where)
    browser.get(link)
    callback = CALLBACKS[where].format(stage.applications.get(where))
    target = f"{callback}?{urlencode({'error': SCRIPT})}"

    answer = stage.refused(browser, target)

    assert b"alert(" not in answer.content
