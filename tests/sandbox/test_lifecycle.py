import json
import threading

import jwt
import pytest
import requests

from jira_sandbox.connect import installing, lifecycle
from jira_sandbox.state.apps import License
from jira_sandbox.state.site import Site
from jira_sandbox.transport import KEY_HOSTS, mounted
from jira_sandbox.wire import Fetch, OutgoingCall, Refusal
from jira_sandbox.world import World
from tests.support.sandbox import APP, AppCaller, ListeningApp, Person, as_app, descriptor, install

MYSELF = "/rest/api/3/myself"


def payload(call: OutgoingCall) -> dict[str, str]:
    return dict(json.loads(call.body))


def paths(app: ListeningApp) -> list[str]:
    return [call.url.removeprefix(APP) for call in app.calls]


def fetched(**changes: object) -> Fetch:
    return lambda _url: json.dumps(descriptor(**changes)).encode()


def test_the_payload_of_an_installation_has_all_members(world: World, site: Site) -> None:
    app = ListeningApp()

    installed = install(world, site, app)

    assert payload(app.calls[0]) == {
        "key": "example.app",
        "clientKey": installed.client_key,
        "cloudId": site.cloud_id,
        "sharedSecret": installed.shared_secret,
        "publicKey": "",
        "serverVersion": "100000",
        "pluginsVersion": "1001.0.0-SNAPSHOT",
        "baseUrl": "https://acme.atlassian.net",
        "displayUrl": "https://acme.atlassian.net",
        "displayUrlServicedeskHelpCenter": "https://acme.atlassian.net",
        "productType": "jira",
        "description": "Atlassian Jira at https://acme.atlassian.net",
        "installationId": installed.installation_id,
        "eventType": "installed",
    }


def test_a_paid_app_is_told_its_entitlement(world: World, site: Site) -> None:
    install(world, site, ListeningApp())
    site.app.license = License(active=True, entitlement_number="SEN-1", entitlement_id="e-1")
    app = ListeningApp()

    install(world, site, app)

    told = payload(app.calls[0])
    assert (told["serviceEntitlementNumber"], told["entitlementNumber"]) == ("SEN-1", "SEN-1")
    assert told["entitlementId"] == "e-1"


def test_a_new_secret_makes_tokens_of_the_old_one_void(world: World, site: Site) -> None:
    old = install(world, site, ListeningApp()).shared_secret
    caller = as_app(world, site)
    before = caller.get(MYSELF).status

    install(world, site, ListeningApp())

    late = AppCaller(caller.front, site, "", secret=old)
    assert (before, late.get(MYSELF).status, caller.get(MYSELF).status) == (200, 401, 200)


def test_deliveries_under_way_are_signed_with_the_new_secret(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "told late")

    anew = install(world, site, ListeningApp())
    world.deliver(app)

    signed = app.calls[-1].headers["Authorization"].removeprefix("JWT ")
    told = jwt.decode(
        signed, anew.shared_secret, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )
    assert told["iss"] == anew.client_key


def test_two_installations_do_not_go_on_at_once(world: World, site: Site) -> None:
    refused: list[Refusal] = []

    def send(call: OutgoingCall) -> int:
        if call.url.endswith("/installed"):
            with pytest.raises(Refusal) as meanwhile:
                install(world, site, ListeningApp())
            refused.append(meanwhile.value)
        return 204

    install(world, site, send)

    assert [each.status for each in refused] == [409]
    assert install(world, site, ListeningApp()) is site.app


def test_an_app_that_refuses_may_be_installed_again(world: World, site: Site) -> None:
    refusing = ListeningApp()
    refusing.answers = [500]
    with pytest.raises(Refusal):
        install(world, site, refusing)

    assert install(world, site, ListeningApp()) is site.app


@pytest.mark.parametrize("turned", [False, True])
def test_disabled_and_uninstalled_come_in_either_order(
    world: World, site: Site, app: ListeningApp, turned: bool
) -> None:
    secret = site.app.shared_secret

    calls = installing.parting(world, site)
    for call in reversed(calls) if turned else calls:
        app(call)

    assert site.installation is None
    assert paths(app) == (["/uninstalled", "/disabled"] if turned else ["/disabled", "/uninstalled"])
    algorithms = {
        path: jwt.get_unverified_header(call.headers["Authorization"].removeprefix("JWT "))["alg"]
        for path, call in zip(paths(app), app.calls, strict=True)
    }
    assert algorithms == {"/disabled": "HS256", "/uninstalled": "RS256"}
    disabled = calls[0].headers["Authorization"].removeprefix("JWT ")
    assert jwt.decode(
        disabled, secret, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )


def test_disabled_and_uninstalled_come_at_the_same_time(world: World, site: Site, app: ListeningApp) -> None:
    both = threading.Barrier(2, timeout=10)

    def send(call: OutgoingCall) -> int:
        both.wait()  # passes only while the other call is under way too
        return app(call)

    installing.uninstall_at_once(world, site, send=send)

    assert sorted(paths(app)) == ["/disabled", "/uninstalled"]


def test_fewer_scopes_leave_fewer_rights(world: World, site: Site) -> None:
    space = site.space("ALPHA")
    rights: list[tuple[bool, bool, bool]] = []
    for scopes in (["ADMIN"], ["PROJECT_ADMIN"], ["READ"]):
        user = install(world, site, ListeningApp(), wanted=descriptor(scopes=scopes)).user
        leads = site.may(user, "ADMINISTER_PROJECTS", space=space)
        rights.append((site.may(user, "ADMINISTER"), leads, site.may(user, "EDIT_ISSUES", space=space)))

    installing.uninstall(world, site, send=ListeningApp())

    assert rights == [(True, True, True), (False, True, True), (False, False, True)]
    assert not site.may(user, "BROWSE_PROJECTS", space=space)


def test_an_update_without_more_scopes_installs_anew(world: World, site: Site, app: ListeningApp) -> None:
    before = site.app.shared_secret

    updated = installing.update(world, site, fetch=fetched(name="Renamed"), send=app)

    assert (updated.name, site.app is updated) == ("Renamed", True)
    assert updated.shared_secret != before
    assert paths(app) == ["/installed", "/enabled"]


def test_an_update_that_asks_for_more_waits_for_an_administrator(
    world: World, site: Site, app: ListeningApp
) -> None:
    more = fetched(scopes=["READ", "WRITE", "DELETE", "ADMIN"])

    waiting = installing.update(world, site, fetch=more, send=app)

    assert sorted(waiting.scopes) == ["DELETE", "READ", "WRITE"]
    assert sorted(waiting.awaited_scopes) == ["ADMIN"]
    assert paths(app) == []
    agreed = installing.install(world, site, waiting.descriptor_url, fetch=more, send=app)
    assert sorted(agreed.scopes) == ["ADMIN", "DELETE", "READ", "WRITE"]
    assert not agreed.awaited_scopes


def test_nothing_is_told_where_the_descriptor_wants_no_call(world: World, site: Site) -> None:
    installed = install(world, site, ListeningApp(), wanted=descriptor(lifecycle={"installed": "/installed"}))

    assert lifecycle.lifecycle_call(world, site, installed, "disabled") is None
    assert installing.parting(world, site) == []


@pytest.mark.parametrize("host", sorted(KEY_HOSTS))
def test_the_key_hosts_know_one_key_and_may_be_down(world: World, host: str) -> None:
    with mounted(world):
        known = requests.get(f"https://{host}/{world.kid}", timeout=5)
        unknown = requests.get(f"https://{host}/other", timeout=5)
        world.key_hosts_down = True
        with pytest.raises(requests.ConnectionError):
            requests.get(f"https://{host}/{world.kid}", timeout=5)

    assert (known.status_code, unknown.status_code) == (200, 404)
    assert known.text.startswith("-----BEGIN PUBLIC KEY-----")
