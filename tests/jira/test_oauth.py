"""How we get tokens of a Data Center and of Atlassian, use them and lose them, over the wire."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings

from backbone_app.errors import EgressRefused, OutcomeUnknown, RemoteBusy, RemoteRefused, RemoteUnreachable
from backbone_app.gateway import doors, linked
from backbone_app.jira import oauth, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.dialects import DATA_CENTER, Dialect
from backbone_app.jira.egress import Door
from backbone_app.jira.oauth import Application, Refused, Tokens, cloud, data_center
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support import provider, threelo
from tests.support.browsing import Browser
from tests.support.sandbox import VirtualClock, standard_world

AUTH, API = settings.BACKBONE_AUTH_URL, settings.BACKBONE_API_URL
TOKEN_CALL = ("POST", "/rest/oauth2/latest/token")
SECRET = oauth.verifier(lambda size: bytes(range(size)))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def speaking(door: Door, base_url: str, tokens: Tokens, dialect: Dialect) -> JiraClient:
    return JiraClient(
        base_url=base_url,
        authorize=lambda *_: f"Bearer {tokens.access}",
        door=door,
        account="",
        dialect=dialect,
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A Data Center that knows us as an application, and our door to it."""

    world: World
    site: Site
    door: Door
    application: Application

    def code(self) -> str:
        """The code that alice comes back with, who has let us in."""
        address = data_center.authorize_url(
            self.site.base_url, self.application, scope="WRITE", state="s", verifier=SECRET
        )
        target = urlsplit(address)
        browser = Browser(self.world, self.site).as_person("alice")
        said = provider.answered(provider.agree(browser, f"{target.path}?{target.query}"))
        assert said["state"] == "s"
        return said["code"]

    def exchange(self, code: str, verifier: str = SECRET) -> Tokens:
        return data_center.exchange(
            self.door, self.site.base_url, self.application, code=code, verifier=verifier
        )

    def refresh(self, tokens: Tokens) -> Tokens:
        return data_center.refresh(
            self.door, self.site.base_url, self.application, refresh_token=tokens.refresh
        )

    def who(self, tokens: Tokens) -> str:
        return read.account(speaking(self.door, self.site.base_url, tokens, DATA_CENTER))


@pytest.fixture(params=provider.WITH_PROVIDER)
def link(request: pytest.FixtureRequest, clock: VirtualClock) -> Iterator[Link]:
    world = provider.data_center(request.param, clock)
    site = world.sites["acme"]
    client = clients.register(site, name="Backbone", redirect_url=provider.CALLBACK, scope="WRITE")
    door = Door(linked.any_host(), clock=clock)
    with mounted(world):
        application = Application(client.client_id, client.client_secret, client.redirect_url)
        yield Link(world, site, door, application)
    door.close()


def test_a_verifier_is_told_as_the_standard_has_it() -> None:
    assert oauth.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    )
    assert len(SECRET) == 43


def test_a_code_brings_tokens_that_act_as_who_let_us_in(link: Link, clock: VirtualClock) -> None:
    tokens = link.exchange(link.code())

    assert link.who(tokens) == link.site.user("alice").account_id
    assert tokens.expires - clock.now == timedelta(seconds=link.site.provider.token_life.total_seconds())
    assert all(part not in repr(tokens) for part in (tokens.access, tokens.refresh))
    assert link.application.client_secret not in repr(link.application)


def test_a_code_is_worth_nothing_without_its_verifier_or_twice(link: Link) -> None:
    code = link.code()

    with pytest.raises(Refused) as unproven:
        link.exchange(code, oauth.verifier(bytes))
    link.exchange(code)
    with pytest.raises(Refused) as used:
        link.exchange(code)

    assert (unproven.value.reason, used.value.reason) == ("invalid_grant", "invalid_grant")


def test_new_tokens_kill_both_old_ones(link: Link) -> None:
    first = link.exchange(link.code())
    second = link.refresh(first)

    assert link.who(second) == link.site.user("alice").account_id
    with pytest.raises(RemoteRefused):
        link.who(first)
    with pytest.raises(Refused) as refused:
        link.refresh(first)
    assert refused.value.reason == "invalid_grant"


def test_an_answer_that_is_lost_leaves_it_open_whether_the_old_ones_live(link: Link) -> None:
    first = link.exchange(link.code())
    lost = Misfortune(match=TOKEN_CALL, kind="lose_answer_after_effect", caller="nobody")
    link.world.misfortunes.add(lost)

    with pytest.raises(OutcomeUnknown):
        link.refresh(first)

    with pytest.raises(Refused):
        link.refresh(first)


@pytest.mark.parametrize(
    ("misfortune", "error"),
    [
        (
            Misfortune(match=TOKEN_CALL, kind="refuse_after_effect", status=502, caller="nobody"),
            OutcomeUnknown,
        ),
        (Misfortune(match=TOKEN_CALL, kind="cut_short", caller="nobody"), OutcomeUnknown),
        (
            Misfortune(match=TOKEN_CALL, kind="refuse_before_effect", status=404, caller="nobody"),
            RemoteUnreachable,
        ),
        (
            Misfortune(match=TOKEN_CALL, kind="busy", headers={"Retry-After": "7"}, caller="nobody"),
            RemoteBusy,
        ),
    ],
)
def test_what_goes_wrong_on_the_way_says_whether_it_may_have_happened(
    link: Link, misfortune: Misfortune, error: type[Exception]
) -> None:
    first = link.exchange(link.code())
    link.world.misfortunes.add(misfortune)

    with pytest.raises(error):
        link.refresh(first)


def test_a_link_that_was_deleted_there_gives_nothing_any_more(link: Link) -> None:
    tokens = link.exchange(link.code())
    link.site.provider.clients.clear()

    with pytest.raises(Refused):
        link.refresh(tokens)


def test_what_is_revoked_is_worth_nothing(link: Link) -> None:
    tokens = link.exchange(link.code())

    data_center.revoke(link.door, link.site.base_url, link.application, token=tokens.refresh)

    with pytest.raises(Refused):
        link.refresh(tokens)


@dataclass(frozen=True, slots=True)
class Consent:
    """A Cloud site that our app is not on, an OAuth app of ours, and our door to Atlassian."""

    world: World
    site: Site
    app: OAuthApp
    door: Door
    application: Application

    def code(self) -> str:
        """The code that alice comes back with, who has chosen the site."""
        scopes = [*threelo.WORK, "offline_access"]
        address = cloud.authorize_url(AUTH, self.application, scopes=scopes, state="s")
        browser = threelo.Consenting(self.world, self.app)
        browser.query = parse_qsl(urlsplit(address).query)
        asked = browser.sign_in("alice@acme.example.com", "secret-alice")
        return threelo.told(browser.decide(asked, "accept", site=self.site.cloud_id))["code"]

    def tokens(self) -> Tokens:
        return cloud.exchange(self.door, AUTH, self.application, code=self.code())

    def refresh(self, tokens: Tokens) -> Tokens:
        return cloud.refresh(self.door, AUTH, self.application, refresh_token=tokens.refresh)


@pytest.fixture
def consent(clock: VirtualClock) -> Iterator[Consent]:
    world = standard_world(clock)
    app = threelo.an_app(world)
    door = Door(doors.policy(), clock=clock)
    application = Application(app.client_id, app.client_secret, app.callback_url)
    with mounted(world):
        yield Consent(world, world.sites["acme"], app, door, application)
    door.close()


def test_somebody_lets_us_into_a_cloud_site_and_we_reach_it_by_the_gateway(
    consent: Consent, clock: VirtualClock
) -> None:
    tokens = consent.tokens()
    api = JiraClient(
        base_url=API, authorize=lambda *_: f"Bearer {tokens.access}", door=consent.door, account=""
    )

    (resource,) = cloud.resources(api)

    assert (resource.cloud_id, resource.url) == (consent.site.cloud_id, consent.site.base_url)
    assert set(threelo.WORK) <= resource.scopes
    assert tokens.expires == clock.now + timedelta(hours=1)
    reached = JiraClient(
        base_url=cloud.base_url(API, resource.cloud_id),
        authorize=lambda *_: f"Bearer {tokens.access}",
        door=consent.door,
        account="",
    )
    assert read.account(reached) == consent.site.user("alice").account_id


def test_refresh_tokens_rotate_and_an_answer_that_was_lost_is_no_loss_within_ten_minutes(
    consent: Consent, clock: VirtualClock
) -> None:
    first = consent.tokens()
    second = consent.refresh(first)

    clock.advance(minutes=9)
    again = consent.refresh(first)
    clock.advance(minutes=2)
    with pytest.raises(Refused) as refused:
        consent.refresh(first)

    assert len({first.refresh, second.refresh, again.refresh}) == 3
    assert refused.value.reason == "invalid_grant"
    with pytest.raises(Refused):  # the reuse killed the whole family
        consent.refresh(again)


def test_tokens_are_asked_of_the_servers_that_the_settings_name_and_of_no_other(consent: Consent) -> None:
    elsewhere = "https://auth.elsewhere.example"

    with pytest.raises(EgressRefused):
        cloud.exchange(consent.door, elsewhere, consent.application, code=consent.code())

    assert {AUTH, API} == {"https://auth.atlassian.com", "https://api.atlassian.com"}


def test_a_code_is_good_once(consent: Consent) -> None:
    code = consent.code()
    cloud.exchange(consent.door, AUTH, consent.application, code=code)

    with pytest.raises(Refused):
        cloud.exchange(consent.door, AUTH, consent.application, code=code)


def test_what_is_no_list_of_sites_is_no_answer(consent: Consent) -> None:
    tokens = consent.tokens()
    base = cloud.base_url(API, consent.site.cloud_id)
    api = JiraClient(
        base_url=base, authorize=lambda *_: f"Bearer {tokens.access}", door=consent.door, account=""
    )

    with pytest.raises((RemoteUnreachable, RemoteRefused)):
        cloud.resources(api)
