"""Signing in on a Data Center, tried by those it is not meant for (cases 58 to 68).

In every case nothing changes and nobody is called, the answer says no reason, and one counter goes up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import Morsel
from itertools import product
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import structlog
from django.http import HttpResponse

from backbone_app.logs import JsonLines
from backbone_app.models import Link, LinkAttempt
from backbone_app.web.sign_in import COOKIE
from jira_sandbox import seed
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import outside
from tests.support.app import Jira, call_app, within_reach
from tests.support.environment import APP
from tests.support.headers import directives
from tests.support.hostile import Attack, everything
from tests.support.initech import BASE
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.pages import parse
from tests.support.sandbox import ACME, VirtualClock

HOOLI = "https://jira.hooli.example"
EVIL = "https://evil.example"
BROWSER = {"Accept": "text/html"}
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


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """acme on the Cloud, and two Data Centers."""
    sites = {"acme": ACME, "initech": BASE, "hooli": HOOLI}
    editions = dict.fromkeys(("initech", "hooli"), DATA_CENTER["dc-10.3"])
    with within_reach(seed.standard(clock, sites, editions=editions)) as made:
        yield made


@pytest.fixture
def alice(jira: Jira, transactional_db: None) -> Machine:
    """Alice, who administers ALPHA on acme, by the API."""
    return Machine(jira, "alice", "ALPHA")


@dataclass(frozen=True, slots=True)
class Stage:
    """Links to sign in with, as alice makes them, and the browsers of those who open them."""

    alice: Machine
    world: World
    attack: Attack
    applications: dict[str, str] = field(default_factory=dict)

    def link(self, name: str = "initech") -> str:
        """The address of a new link to sign in on this Data Center."""
        number = self.applications.get(name) or self._linked(name)
        said = self.alice.post(f"application-links/{number}/sign-in", is_copied=True).said
        return str(said["address"])

    def browser(self, name: str = "initech") -> Outside:
        """A browser that is gina's there."""
        return Outside(self.world, self.world.sites[name], "gina")

    def returning(self, browser: Outside, link: str, **decided: str) -> str:
        """Where the browser is sent back to once gina has decided."""
        return browser.allow(browser.go_on(link)["Location"], **decided)

    def refused(
        self, browser: Outside, target: str, form: dict[str, str] | None = None, *, status: int = 400
    ) -> HttpResponse:
        """Open the target, or send a form there: nothing changes, nobody is called, one counter goes up."""
        with structlog.testing.capture_logs() as lines, self.attack.coming_to_nothing():
            answer = browser.post(target, **form) if form else browser.get(target)
        assert answer.status_code == status
        counted = [line for line in lines if line["event"] == "auth_rejected"]
        assert [line.keys() for line in counted] == [{"event", "case", "log_level"}]
        assert len(parse(answer).all("h2")) == 1
        assert "Location" not in answer
        assert not answer.cookies
        return answer

    def _linked(self, name: str) -> str:
        office = self.world.sites[name]
        begun = self.alice.post("application-links/begin").said
        client = clients.register(office, name="Backbone", redirect_url=begun["callback"], scope="ADMIN")
        shown = {"client_id": client.client_id, "client_secret": client.client_secret}
        said = self.alice.post(f"application-links/{begun['id']}/enter", base_url=office.base_url, **shown)
        assert said.status == 200, said
        self.applications[name] = str(begun["id"])
        return self.applications[name]


@pytest.fixture
def stage(alice: Machine, world: World, attack: Attack) -> Stage:
    """Nothing is linked yet."""
    return Stage(alice, world, attack)


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def with_query(target: str, **changes: str | None) -> str:
    """The same address with other values, or without them."""
    parts = urlsplit(target)
    told = dict(parse_qsl(parts.query)) | changes
    query = urlencode({name: value for name, value in told.items() if value is not None})
    return parts._replace(query=query).geturl()


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
    browser.get(browser.allow(there["Location"]))
    call_app("PUT", urlsplit(link).path)

    token = token_of(link)
    assert parse(shown).one("title").text == "Sign in - Backbone Work Sync"
    assert {shown["Referrer-Policy"], there["Referrer-Policy"]} == {"no-referrer"}
    assert token not in there["Location"]
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

    assert here.post(link, **mine).status_code == 302


def test_case_62_a_form_that_lay_open_for_an_hour_is_too_old(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, browser = stage.link(), stage.browser()
    form = form_of(browser, link)
    monkeypatch.setattr("backbone_app.web.sign_in.FORM_SECONDS", -1)

    stage.refused(browser, link, form)


@pytest.mark.parametrize(
    "state", [None, "", "x", "a" * 43, "a" * 42, "' OR 1=1 --", "\x00" * 43, "ä" * 43, "a" * 10_000]
)
def test_case_63_a_state_that_is_missing_or_wrong_is_refused(stage: Stage, state: str | None) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link())

    stage.refused(browser, with_query(back, state=state))

    assert browser.get(back).status_code == 303
    assert Link.objects.exists()


def test_case_63_a_state_is_used_once(stage: Stage) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link())

    assert browser.get(back).status_code == 303

    stage.refused(browser, back)


def test_case_63_a_state_that_another_try_has_replaced_is_over(stage: Stage) -> None:
    browser, link = stage.browser(), stage.link()
    first = stage.returning(browser, link)
    stage.returning(browser, link)

    stage.refused(browser, first)


@pytest.mark.parametrize("has_been_here", [True, False])
def test_case_63_the_state_of_another_browser_is_refused(stage: Stage, has_been_here: bool) -> None:
    link, theirs, victim = stage.link(), stage.browser(), stage.browser()
    back = stage.returning(theirs, link)
    if has_been_here:
        victim.get(link)

    stage.refused(victim, back)

    assert not Link.objects.exists()


def test_case_63_two_states_at_once_are_refused(stage: Stage) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link())

    for more in ("state=x", "code=x", "error=x", "iss=x&iss=y"):
        stage.refused(browser, f"{back}&{more}&{more}")


def test_case_63_what_became_of_a_sign_in_is_shown_to_that_browser_only(stage: Stage) -> None:
    browser, link = stage.browser(), stage.link()
    told = browser.get(stage.returning(browser, link))["Location"]
    stranger = stage.browser()
    stranger.get(link)

    assert browser.get(told).status_code == 200
    stage.refused(stranger, told, status=410)
    stage.refused(stage.browser(), told, status=410)


def test_case_64_the_same_way_back_twice_gives_nothing_the_second_time(stage: Stage) -> None:
    browser = stage.browser()
    back = stage.returning(browser, stage.link())
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
    form = form_of(browser, link)

    for target, spelled in product(TARGETS, (name, name.upper())):
        more = urlencode({spelled: target})
        shown = browser.get(f"{link}?{more}")
        there = browser.post(f"{link}?{more}", **{spelled: target, **form})["Location"]
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


SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "error", [SCRIPT, f'"><img src=x onerror=alert(1)>{SCRIPT}', "access_denied", "é\r\nX: y"]
)
def test_case_68_what_the_other_site_says_of_an_error_is_not_shown(stage: Stage, error: str) -> None:
    link, browser = stage.link(), stage.browser()
    back = stage.returning(browser, link, decision="deny")

    told = browser.get(with_query(back, error=error, error_description=SCRIPT, error_uri=EVIL))
    shown = browser.get(told["Location"])
    again = browser.get(link)

    for answer in (told, shown, again):
        said = f"{answer.content.decode()}{answer.headers}"
        assert not [each for each in (error, "alert(1)", "evil", "X: y") if each in said]
        assert len(parse(answer).all("script")) <= 1
    assert b"did not allow it" in shown.content
    assert LinkAttempt.objects.get().trouble == "denied"
    assert not Link.objects.exists()


def test_case_68_an_error_without_a_state_is_answered_with_nothing_of_it(stage: Stage) -> None:
    browser, link = stage.browser(), stage.link()
    browser.get(link)
    target = f"/oauth/dc/{stage.applications['initech']}?{urlencode({'error': SCRIPT})}"

    answer = stage.refused(browser, target)

    assert b"alert(" not in answer.content


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
    told = browser.get(browser.allow(leaving["Location"]))
    arrived = browser.get(told["Location"])

    answers = (landing, leaving, told, arrived, gone)
    assert {directives(each)["frame-ancestors"] for each in answers} == {"'none'"}
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(BASE))
    assert [directives(each)["form-action"] for each in answers] == [f"'self' {origin}"] * 2 + ["'self'"] * 3
    assert {each["Cache-Control"] for each in answers} == {"no-cache, no-store"}
    assert {each["Cross-Origin-Opener-Policy"] for each in answers} == {"unsafe-none"}
    for page in (landing, arrived, gone):
        assert parse(page).one("html").attributes["lang"] == "en"
        assert parse(page).one("title").text.endswith("Backbone Work Sync")
