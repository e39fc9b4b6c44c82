"""The sandbox's Forge: the keys it publishes, the tokens it signs, what it calls and how often."""

import json
from collections.abc import Iterator

import jwt
import pytest
import requests

from jira_sandbox.connect import installing
from jira_sandbox.forge import invoking
from jira_sandbox.forge.apps import ForgeApp
from jira_sandbox.forge.keys import HOST, PATH
from jira_sandbox.front import Front
from jira_sandbox.server import Running, serve
from jira_sandbox.state.apps import License
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.wire import OutgoingCall, Request
from jira_sandbox.world import World
from tests.support.sandbox import APP, ListeningApp, VirtualClock, install

APP_ID = "ari:cloud:ecosystem::app/3ad7b15e-0000-4000-a000-000000000000"
FOREVER = {"verify_exp": False, "verify_iat": False}


@pytest.fixture
def forge(world: World) -> ForgeApp:
    world.forge = ForgeApp(app_id=APP_ID, base_url=APP)
    return world.forge


def paths(app: ListeningApp) -> list[str]:
    return [call.url.removeprefix(APP) for call in app.calls]


def claims(call: OutgoingCall, key: object) -> dict[str, object]:
    token = call.headers["Authorization"].removeprefix("Bearer ")
    return dict(jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, options=FOREVER))  # type: ignore[arg-type]


def test_a_token_is_signed_with_the_key_that_is_published(world: World, site: Site, forge: ForgeApp) -> None:
    app = ListeningApp()
    install(world, site, app)
    call = app.calls[-1]

    with mounted(world):
        published = requests.get(f"https://{HOST}{PATH}")

    (key,) = published.json()["keys"]
    said = claims(call, jwt.PyJWK(key).key)
    assert jwt.get_unverified_header(call.headers["Authorization"].split()[1])["kid"] == key["kid"]
    assert (said["iss"], said["aud"]) == ("forge/invocation-token", APP_ID)
    assert said["exp"] - said["iat"] == 25  # type: ignore[operator]
    assert said["context"] == {"cloudId": site.cloud_id, "moduleKey": "installed"}
    assert "license" not in said["app"]  # type: ignore[operator]


def test_the_keys_are_at_every_site_of_a_machine_too(world: World) -> None:
    served = Front(world).handle("acme", Request("GET", "/_forge/.well-known/jwks.json"))

    assert [key["kid"] for key in served.json()["keys"]] == [world.forge_kid]
    assert Front(world).handle("acme", Request("POST", "/_forge/.well-known/jwks.json")).status == 405
    assert Front(world).handle("acme", Request("GET", "/_forge/jwks.json")).status == 404


def test_while_the_hosts_of_keys_are_down_nobody_reads_them(world: World) -> None:
    world.key_hosts_down = True

    with mounted(world), pytest.raises(requests.ConnectionError):
        requests.get(f"https://{HOST}{PATH}")


def test_the_remote_hears_of_a_new_installation_and_not_of_the_same_again(
    world: World, site: Site, forge: ForgeApp
) -> None:
    app = ListeningApp()
    installed = install(world, site, app)
    again = install(world, site, app)

    assert paths(app) == ["/installed", "/enabled", "/forge/installed", "/installed", "/enabled"]
    assert again.installation_id == installed.installation_id


def test_an_event_names_the_installation_and_the_site(world: World, site: Site, forge: ForgeApp) -> None:
    app = ListeningApp()
    installed = install(world, site, app)

    assert json.loads(app.calls[-1].body) == {
        "id": installed.installation_id.removeprefix("ari:cloud:ecosystem::installation/"),
        "app": {"id": APP_ID.removeprefix("ari:cloud:ecosystem::app/"), "version": "2.0.0"},
        "context": f"ari:cloud:jira::site/{site.cloud_id}",
    }


def test_what_was_removed_comes_back_under_another_name(world: World, site: Site, forge: ForgeApp) -> None:
    app = ListeningApp()
    former = install(world, site, app)
    installing.uninstall(world, site, send=app)

    assert install(world, site, app).installation_id != former.installation_id
    assert paths(app)[-1] == "/forge/installed"


def test_a_call_is_made_again_until_it_succeeds_and_signed_anew(
    world: World, site: Site, forge: ForgeApp, clock: VirtualClock
) -> None:
    app = ListeningApp()
    install(world, site, app)
    app.calls.clear()
    app.answers = [500, ConnectionError("gone"), 204]

    assert invoking.tell(world, site, forge, "scheduled", app) == 204

    assert paths(app) == ["/forge/scheduled"] * 3


def test_a_call_is_given_up_after_the_fifth_time(world: World, site: Site, forge: ForgeApp) -> None:
    app = ListeningApp()
    install(world, site, app)
    app.calls.clear()
    app.answers = [503, 503, 503, 401, ConnectionError("gone")]

    assert invoking.tell(world, site, forge, "upgraded", app) is None

    assert paths(app) == ["/forge/upgraded"] * 5


@pytest.mark.parametrize(("environment", "is_told"), [("PRODUCTION", True), ("DEVELOPMENT", False)])
def test_the_licence_of_a_paid_app_is_told_in_production(
    world: World, site: Site, forge: ForgeApp, environment: str, is_told: bool
) -> None:
    install(world, site, ListeningApp())
    site.app.license = License(active=True, evaluation=True)
    forge.environment = environment

    said = invoking.claims(world, site, forge, "scheduled")["app"]

    assert ("license" in said) is is_told
    assert not is_told or (said["license"]["isActive"], said["license"]["isEvaluation"]) == (True, True)


@pytest.fixture
def running(world: World) -> Iterator[Running]:
    with serve(world) as running:
        yield running


def test_a_demo_registers_the_app_deploys_a_version_and_fires_the_trigger(
    world: World, site: Site, running: Running
) -> None:
    acme = running.addresses["acme"]
    remote = {"app_id": APP_ID, "base_url": f"{acme}/nowhere"}
    before = requests.post(f"{acme}/_sandbox/forge/trigger").status_code
    registered = requests.post(f"{acme}/_sandbox/forge", json=remote)
    install(world, site, ListeningApp())

    upgraded = requests.post(f"{acme}/_sandbox/forge/upgrade", json={"version": "3.0.0"})
    fired = requests.post(f"{acme}/_sandbox/forge/trigger")

    assert before == 409
    assert registered.json() == remote
    assert upgraded.json() == fired.json() == {"status": 404}
    assert world.forge is not None
    assert world.forge.version == "3.0.0"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("forge", {}),
        ("forge", {"app_id": APP_ID}),
        ("forge", {"app_id": 7, "base_url": APP}),
        ("forge/upgrade", {}),
        ("forge/upgrade", {"version": 3}),
    ],
)
def test_a_wish_that_is_not_understood_is_refused(
    running: Running, path: str, body: dict[str, object]
) -> None:
    answer = requests.post(f"{running.addresses['acme']}/_sandbox/{path}", json=body)

    assert answer.status_code == 400
