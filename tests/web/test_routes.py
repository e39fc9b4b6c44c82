"""Every address states its credential, and takes no other: walked over the whole URLconf."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from backbone_app.web.auth import Credential
from jira_sandbox.connect import tokens
from tests.support.app import Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import Attack, request_hash

EXAMPLES = {"str": "10000", "int": "1", "uuid": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
EXPECTED = {
    "/atlassian-connect.json": Credential.PUBLIC,
    "/installed": Credential.LIFECYCLE,
    "/uninstalled": Credential.LIFECYCLE,
    "/enabled": Credential.SIGNED_REQUEST,
    "/disabled": Credential.SIGNED_REQUEST,
    "/webhooks/jira": Credential.SIGNED_REQUEST,
    "/space-settings": Credential.SIGNED_REQUEST,
    "/global-settings": Credential.SIGNED_REQUEST,
    "/panel": Credential.SIGNED_REQUEST,
    "/api/1/schema.json": Credential.PUBLIC,
    "/downloads/10000": Credential.DOWNLOAD_TICKET,
}
"""Everything but what only our own pages call, and machines with their token."""
WITHOUT_TOKEN = {Credential.PUBLIC: 200, Credential.DOWNLOAD_TICKET: 410}
"""What is answered where no token is asked for; no other credential is looked at there."""
API = ("/api/1/spaces/", "/api/1/items/", "/api/1/settings/", "/api/1/audit")
OWN_PAGES = ("/spaces/", "/panel/", "/settings/", *API)


def views() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each address with its variables filled in, and its view."""
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "urls.py is one flat table"
        yield (
            "/" + re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], str(pattern.pattern)),
            pattern.callback,
        )


def addresses() -> list[str]:
    return [address for address, _ in views()]


def credential_of(address: str) -> Credential:
    return Credential(dict(views())[address].statement.credential)  # type: ignore[attr-defined]  # that is what we test


def methods(address: str) -> list[str]:
    """The methods that get beyond 405."""
    return [method for method in ("GET", "POST") if call_app(method, address).status_code != 405]


def token_of(kind: Credential, jira: Jira, method: str, address: str) -> str:
    """The best token that a holder of this credential could have here."""
    qsh = request_hash(method, address)
    if kind is Credential.LIFECYCLE:
        return tokens.sign_rs256(jira.claims(aud=[APP], qsh=qsh), kid=jira.world.kid)
    if kind is Credential.OWN_PAGE:
        return jira.page_token("dana")
    return jira.request_token(method, address, person="dana")


def test_every_view_states_its_credential() -> None:
    stated = {address: credential_of(address) for address, _ in views()}

    pages = {address: Credential.OWN_PAGE for address in stated if address.startswith(OWN_PAGES)}
    assert all(any(address.startswith(prefix) for address in pages) for prefix in OWN_PAGES)
    assert stated == EXPECTED | pages


@pytest.mark.django_db
@pytest.mark.parametrize("address", addresses())
def test_without_a_token_only_the_public_addresses_answer(address: str) -> None:
    answers = {call_app(method, address).status_code for method in ("GET", "POST")}

    expected = WITHOUT_TOKEN.get(credential_of(address), 401)
    assert expected in answers
    assert answers <= {expected, 405}


def wrong_credentials() -> list[tuple[str, Credential]]:
    """Each address that is not public, with each credential that is not the one it takes."""
    offered = {Credential.LIFECYCLE, Credential.SIGNED_REQUEST, Credential.OWN_PAGE}
    return [
        (address, kind)
        for address in addresses()
        if (stated := credential_of(address)) not in WITHOUT_TOKEN
        for kind in sorted(offered - {stated})
    ]


@pytest.mark.parametrize(("address", "kind"), wrong_credentials())
def test_another_credential_than_the_stated_one_is_refused(
    attack: Attack, jira: Jira, address: str, kind: Credential
) -> None:
    accepted = methods(address)
    assert accepted

    for method in accepted:
        token = token_of(kind, jira, method, address)
        attack.refused(method, address, headers={"Authorization": f"JWT {token}"})


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_case_48_no_address_knows_other_methods(address: str, method: str) -> None:
    assert call_app(method, address).status_code == 405


def test_case_48_a_method_cannot_be_smuggled_in_a_header(jira: Jira) -> None:
    answer = call_app("GET", "/disabled", headers={"X-HTTP-Method-Override": "POST"})

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "address", ["/", "//installed", "/installed/", "/installed/..;/", "/admin", "/static/x"]
)
def test_what_is_not_in_the_table_is_not_there(address: str) -> None:
    assert call_app("GET", address).status_code == 404
