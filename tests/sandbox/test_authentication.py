import base64
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from jira_sandbox.connect import installing, tokens
from jira_sandbox.front import Front, Request, Response
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_nobody,
    descriptor,
    install,
)

MYSELF = "/rest/api/3/myself"


def ask(world: World, authorization: str, *, method: str = "GET", path: str = MYSELF) -> Response:
    return Front(world).handle("acme", Request(method, path, [], {"authorization": authorization}))


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def claims(world: World, **changes: object) -> dict[str, Any]:
    now = int(world.clock().timestamp())
    made = {
        "iss": "example.app",
        "iat": now,
        "exp": now + 180,
        "qsh": tokens.query_string_hash("GET", MYSELF, []),
    }
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


@pytest.mark.parametrize("name", ["alice", "alice@acme.example.com"])
def test_a_person_is_known_by_name_or_address_and_password(world: World, name: str) -> None:
    answer = ask(world, basic(f"{name}:secret-alice"))

    assert answer.json()["displayName"] == "Alice Archer"


def signed(claims: dict[str, Any], secret: bytes, *, alg: str) -> str:
    """A token with the sum that HS256 has, whatever its header says."""
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": alg}, claims))
    head = b".".join(part.rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(secret, head, "sha256")).rstrip(b"=")
    return (head + b"." + mac).decode()


def test_an_account_that_is_not_active_is_known_no_more(world: World, site: Site) -> None:
    site.put_user(replace(site.user("alice"), active=False))

    assert ask(world, basic("alice:secret-alice")).status == 401


@pytest.mark.parametrize(
    "authorization",
    [
        basic("alice:secret-bob"),
        basic("alice:"),
        basic("nobody:secret-nobody"),
        basic("addon_example.app:None"),
        "Basic !!!",
        "Bearer something",
    ],
)
def test_wrong_credentials_are_refused(world: World, app: ListeningApp, authorization: str) -> None:
    answer = ask(world, authorization)

    assert answer.status == 401
    assert answer.json()["errorMessages"] == ["Client must be authenticated to access this resource."]


def test_a_stranger_is_refused(world: World, site: Site) -> None:
    assert as_nobody(world, site).get(MYSELF).status == 401


def test_the_app_is_known_by_its_token(world: World, site: Site, app: ListeningApp) -> None:
    shown = as_app(world, site).get(MYSELF).json()

    assert (shown["displayName"], shown["accountType"]) == ("Example", "app")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other.app"},
        {"iss": None},
        {"exp": None},
        {"iat": None},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"exp": "soon"},
        {"qsh": None},
        {"qsh": tokens.PAGE_HASH},
        {"qsh": tokens.query_string_hash("POST", MYSELF, [])},
        {"qsh": tokens.query_string_hash("GET", "/rest/api/3/field", [])},
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    world: World, site: Site, app: ListeningApp, changes: dict[str, object]
) -> None:
    token = tokens.sign_hs256(claims(world, **changes), site.app.shared_secret)

    assert ask(world, f"JWT {token}").status == 401


def test_a_token_signed_with_another_secret_is_refused(world: World, site: Site, app: ListeningApp) -> None:
    assert ask(world, f"JWT {tokens.sign_hs256(claims(world), 'guess')}").status == 401
    assert ask(world, f"JWT {tokens.sign_hs256(claims(world), site.app.shared_secret)}").status == 200


@pytest.mark.parametrize("algorithm", ["none", "RS256", "hs256"])
def test_a_token_of_another_algorithm_is_refused_even_with_the_right_sum(
    world: World, site: Site, app: ListeningApp, algorithm: str
) -> None:
    issued, qsh = int(world.clock().timestamp()), tokens.query_string_hash("GET", MYSELF, [])
    claims = {"iss": site.app.key, "iat": issued, "exp": issued + 60, "qsh": qsh}
    secret = site.app.shared_secret.encode()

    told = [ask(world, f"JWT {signed(claims, secret, alg=each)}").status for each in ("HS256", algorithm)]

    assert told == [200, 401]


def test_a_token_past_its_end_is_refused(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock
) -> None:
    token = tokens.sign_hs256(claims(world), site.app.shared_secret)

    clock.advance(seconds=180)
    assert ask(world, f"JWT {token}").status == 200
    clock.advance(seconds=10)
    assert ask(world, f"JWT {token}").status == 401


def test_without_an_app_no_token_is_good(world: World) -> None:
    assert ask(world, f"JWT {tokens.sign_hs256(claims(world), 'any')}").status == 401


def test_a_disabled_app_is_forbidden(world: World, site: Site, app: ListeningApp) -> None:
    installing.disable(world, site, send=app)

    assert as_app(world, site).get(MYSELF).status == 403


def test_an_app_does_only_what_its_scopes_allow(world: World, site: Site, alice: Person) -> None:
    install(world, site, ListeningApp(), wanted=descriptor(scopes=["READ"]))
    issue = alice.create("ALPHA", "one")

    assert as_app(world, site).get(f"/rest/api/3/issue/{issue}").status == 200
    assert as_app(world, site).put(f"/rest/api/3/issue/{issue}", {"fields": {}}).status == 403
    assert as_app(world, site).delete(f"/rest/api/3/issue/{issue}").status == 403


def test_the_right_to_write_includes_the_right_to_read(world: World, site: Site) -> None:
    install(world, site, ListeningApp(), wanted=descriptor(scopes=["WRITE"]))

    assert as_app(world, site).get(MYSELF).status == 200


def test_an_app_sees_its_own_installation_only(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    path = "/rest/atlassian-connect/1/addons"

    shown = as_app(world, site).get(f"{path}/example.app")

    assert (shown.json()["key"], shown.json()["state"]) == ("example.app", "ENABLED")
    assert as_app(world, site).get(f"{path}/other.app").status == 404
    assert alice.get(f"{path}/example.app").status == 403
