"""Which addresses there are, and what each states about who may call it; test_matrix.py calls them all."""

import pytest

from backbone_app.web.auth import Credential, Who
from tests.support.addresses import paths, routes
from tests.support.app import call_app

STATED = {
    "atlassian-connect.json": (Credential.PUBLIC, Who.ANYBODY),
    "api/1/schema.json": (Credential.PUBLIC, Who.ANYBODY),
    "healthz": (Credential.PUBLIC, Who.ANYBODY),
    "readyz": (Credential.PUBLIC, Who.ANYBODY),
    "installed": (Credential.LIFECYCLE, Who.ATLASSIAN),
    "uninstalled": (Credential.LIFECYCLE, Who.ATLASSIAN),
    "enabled": (Credential.SIGNED_REQUEST, Who.SITE),
    "disabled": (Credential.SIGNED_REQUEST, Who.SITE),
    "forge/installed": (Credential.FORGE, Who.FORGE),
    "forge/upgraded": (Credential.FORGE, Who.FORGE),
    "forge/scheduled": (Credential.FORGE, Who.FORGE),
    "webhooks/jira": (Credential.SIGNED_REQUEST, Who.SITE),
    "webhooks/link/<str:token>": (Credential.LINK_HOOK, Who.LINKED_SITE),
    "space-settings": (Credential.SIGNED_REQUEST, Who.VISITOR),
    "global-settings": (Credential.SIGNED_REQUEST, Who.VISITOR),
    "panel": (Credential.SIGNED_REQUEST, Who.VISITOR),
    "workflow/editor": (Credential.SIGNED_REQUEST, Who.VISITOR),
    "workflow/viewer": (Credential.SIGNED_REQUEST, Who.VISITOR),
    "workflow/synchronize": (Credential.SIGNED_REQUEST, Who.SITE),
    "workflow/stop": (Credential.SIGNED_REQUEST, Who.SITE),
    "mail/confirm/<str:ticket>": (Credential.MAIL_TICKET, Who.HOLDER),
    "mail/leave/<str:ticket>": (Credential.MAIL_TICKET, Who.HOLDER),
    "downloads/<str:ticket>": (Credential.DOWNLOAD_TICKET, Who.HOLDER),
    "sign-in/<str:token>": (Credential.SIGN_IN_LINK, Who.HOLDER),
    "sign-in/<str:token>/take-back": (Credential.SIGN_IN_LINK, Who.HOLDER),
    "signed-in/<uuid:attempt>/take-back": (Credential.SIGN_IN, Who.SIGNING_IN),
    "signed-in/<uuid:attempt>": (Credential.SIGN_IN, Who.SIGNING_IN),
    "signed-in/<uuid:attempt>/again": (Credential.SIGN_IN, Who.SIGNING_IN),
    "oauth/cloud": (Credential.SIGN_IN, Who.SIGNING_IN),
    "oauth/dc/<uuid:application>": (Credential.SIGN_IN, Who.SIGNING_IN),
}
"""Everything but what only our own pages call, and machines with their token."""
BENEATH = {
    "spaces/<str:space>/": Who.SPACE_ADMIN,
    "panel/<str:item>": Who.READER,
    "settings/": Who.JIRA_ADMIN,
    "workflow/": Who.JIRA_ADMIN,
    "api/1/spaces/<str:space>/": Who.SPACE_ADMIN,
    "api/1/items/<str:item>": Who.READER,
    "api/1/settings/": Who.JIRA_ADMIN,
    "api/1/audit": Who.JIRA_ADMIN,
}
"""Who may call what takes an own-page token, by how its address begins."""


def expected(address: str) -> tuple[Credential, Who]:
    """What has to stand above the view; an address that is in neither table fails."""
    if address in STATED:
        return STATED[address]
    (who,) = (who for beginning, who in BENEATH.items() if address.startswith(beginning))
    return Credential.OWN_PAGE, who


def test_every_view_states_what_this_table_says() -> None:
    found = dict(routes())

    assert {address: (each.credential, each.who) for address, each in found.items()} == {
        address: expected(address) for address in found
    }
    assert found.keys() >= STATED.keys()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_case_48_no_address_knows_other_methods(method: str) -> None:
    answers = {call_app(method, address).status_code for address in paths()}

    assert answers == {405}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_case_48_a_method_cannot_be_smuggled_in_a_header(name: str) -> None:
    posting = [each for each in paths() if call_app("GET", each).status_code == 405]

    answers = {call_app("GET", each, headers={name: "POST"}).status_code for each in posting}

    assert len(posting) > 20
    assert answers == {405}


@pytest.mark.parametrize("address", ["/", "/admin", "/static/x"])
def test_what_is_not_in_the_table_is_not_there(address: str) -> None:
    assert call_app("GET", address).status_code == 404
