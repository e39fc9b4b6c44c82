import json

import jwt
import pytest

from jira_sandbox.connect import installing, tokens
from jira_sandbox.front import Front, Request
from jira_sandbox.state.site import Site
from jira_sandbox.wire import ConnectionLost, OutgoingCall, Refusal
from jira_sandbox.world import World
from tests.support.sandbox import APP, ListeningApp, Person, as_app, descriptor, install, standard_world


def paths(app: ListeningApp) -> list[str]:
    return [call.url.removeprefix(APP) for call in app.calls]


def token(call: OutgoingCall) -> str:
    return call.headers["Authorization"].removeprefix("JWT ")


def test_an_installation_tells_the_app_its_secret_and_then_that_it_is_enabled(
    world: World, site: Site
) -> None:
    app = ListeningApp()

    installed = install(world, site, app)

    assert paths(app) == ["/installed", "/enabled"]
    told = json.loads(app.calls[0].body)
    assert told["sharedSecret"] == installed.shared_secret
    assert told["clientKey"] == installed.client_key
    assert (told["key"], told["baseUrl"], told["eventType"]) == (
        "example.app",
        "https://acme.atlassian.net",
        "installed",
    )
    assert "sharedSecret" not in json.loads(app.calls[1].body)


def test_installed_is_signed_with_the_key_that_the_site_serves(world: World, site: Site) -> None:
    app = ListeningApp()
    installed = install(world, site, app)
    signed = token(app.calls[0])

    kid = jwt.get_unverified_header(signed)["kid"]
    served = Front(world).handle("acme", Request("GET", f"/_keys/{kid}"))

    claims = jwt.decode(
        signed,
        served.body,
        algorithms=["RS256"],
        audience=APP,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["iss"] == installed.client_key
    assert claims["aud"] == [APP]
    assert claims["exp"] - claims["iat"] == 180
    assert claims["qsh"] == tokens.query_string_hash("POST", "/installed", [])


def test_other_keys_are_not_served(world: World) -> None:
    assert Front(world).handle("acme", Request("GET", "/_keys/other")).status == 404


def test_enabled_is_signed_with_the_secret(world: World, site: Site) -> None:
    app = ListeningApp()

    installed = install(world, site, app)

    claims = tokens.read_hs256(token(app.calls[1]), installed.shared_secret)
    assert claims["qsh"] == tokens.query_string_hash("POST", "/enabled", [])


@pytest.mark.parametrize("answer", [401, 500, 302, 201, ConnectionLost("gone")])
def test_an_app_that_refuses_is_not_installed(world: World, site: Site, answer: int | OSError) -> None:
    app = ListeningApp()
    app.answers = [answer]

    with pytest.raises(Refusal):
        install(world, site, app)

    assert site.installation is None
    assert paths(app) == ["/installed"]


def test_a_second_installation_brings_a_new_secret_for_the_same_client_and_account(
    world: World, site: Site
) -> None:
    first = install(world, site, ListeningApp())
    second = install(world, site, ListeningApp())

    assert first.shared_secret != second.shared_secret
    assert (first.client_key, first.user) == (second.client_key, second.user)


def test_a_second_installation_that_fails_leaves_the_first(world: World, site: Site) -> None:
    first = install(world, site, ListeningApp())
    refusing = ListeningApp()
    refusing.answers = [500]

    with pytest.raises(Refusal):
        install(world, site, refusing)

    assert site.app is first


def test_the_app_may_work_in_every_space_until_it_is_uninstalled(world: World, site: Site) -> None:
    app = ListeningApp()
    installed = install(world, site, app)
    assert as_app(world, site).create("GAMMA", "by the app")

    installing.uninstall(world, site, send=app)

    assert site.installation is None
    assert not site.may(installed.user, "BROWSE_PROJECTS", space=site.space("GAMMA"))
    assert paths(app)[-1] == "/uninstalled"
    assert jwt.get_unverified_header(token(app.calls[-1]))["alg"] == "RS256"
    with pytest.raises(LookupError):
        installing.uninstall(world, site, send=app)


def test_reinstalling_after_an_uninstall_keeps_the_client_key(world: World, site: Site) -> None:
    first = install(world, site, ListeningApp())
    installing.uninstall(world, site, send=ListeningApp())

    assert install(world, site, ListeningApp()).client_key == first.client_key


def test_a_disabled_app_is_told_and_hears_nothing(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    installing.disable(world, site, send=app)
    alice.create("ALPHA", "unheard")
    installing.enable(world, site, send=app)
    alice.create("ALPHA", "heard")

    assert paths(app) == ["/disabled", "/enabled"]
    assert len(world.outbox) == 1


def test_a_lifecycle_call_the_descriptor_does_not_name_is_not_made(world: World, site: Site) -> None:
    app = ListeningApp()

    install(world, site, app, wanted=descriptor(lifecycle={"installed": "/installed"}))

    assert paths(app) == ["/installed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "has space"},
        {"key": "x" * 81},
        {"baseUrl": "app.example"},
        {"authentication": {"type": "none"}},
        {"lifecycle": {}},
        {"scopes": ["EVERYTHING"]},
        {"modules": {"webhooks": [{"event": "jira:issue_created"}]}},
        {"modules": {"webhooks": [{"event": "", "url": "/hook"}]}},
    ],
)
def test_a_wrong_descriptor_is_refused_before_the_app_is_called(
    world: World, site: Site, wrong: dict[str, object]
) -> None:
    app = ListeningApp()

    with pytest.raises(Refusal) as refused:
        install(world, site, app, wanted=descriptor(**wrong))

    assert refused.value.status == 400
    assert app.calls == []


@pytest.mark.parametrize("body", [b"not json", b"[]"])
def test_a_descriptor_that_is_none_is_refused(world: World, site: Site, body: bytes) -> None:
    with pytest.raises(Refusal):
        installing.install(world, site, APP, fetch=lambda _url: body, send=ListeningApp())


def test_an_app_host_that_is_away_is_said_so(world: World, site: Site) -> None:
    def away(_url: str) -> bytes:
        raise ConnectionLost("away")

    with pytest.raises(Refusal, match="did not give the descriptor"):
        installing.install(world, site, APP, fetch=away, send=ListeningApp())


def test_two_sites_give_one_app_two_clients() -> None:
    both = standard_world(sites={"acme": "https://acme.atlassian.net", "b": "https://b.atlassian.net"})

    first, second = (install(both, site, ListeningApp()) for site in both.sites.values())

    assert first.client_key != second.client_key
    assert first.shared_secret != second.shared_secret
