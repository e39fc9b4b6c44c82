"""What is answered is what is described, and what our client needs is among it."""

import json
import re

import pytest

from jira_sandbox.datacenter import table as datacenter
from jira_sandbox.rest.table import ROUTES
from tests.support.conformance import descriptions, known_errors, ours

OPERATIONS = {each.name: each for each in ROUTES if not each.template.startswith("/rest/api/2/")}
described = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)


@described
def test_every_operation_is_described_and_asks_for_the_scope_it_says() -> None:
    excused = {each.place for each in known_errors.CLOUD.errors if each.rule == "operation"}
    told = {
        name: each.told.get("x-atlassian-connect-scope")
        for name, each in descriptions.CLOUD.operations.items()
    }
    differing = {name: each.scope for name, each in OPERATIONS.items() if each.scope != told.get(name)}

    assert differing.keys() - excused == set()
    assert excused <= OPERATIONS.keys() - told.keys()


def test_what_our_client_uses_is_answered_with_a_scope_our_app_has() -> None:
    scopes = json.loads((ours.ROOT / "atlassian-connect.json").read_text())["scopes"]

    assert {name: each.scope for name, each in OPERATIONS.items() if name in ours.listed()} == ours.listed()
    assert set(ours.listed().values()) - {"NONE"} <= set(scopes)


def test_the_table_of_what_our_client_uses_has_all_of_its_calls_and_no_others() -> None:
    spelt = {name for name in ours.calls_in_source() if not _is_data_centers(name)}
    listed = {re.sub(r"\{\w+\}", "{}", name) for name in ours.listed()}
    fields = "GET /rest/api/3/issue/createmeta/{}/issuetypes/{}"  # spelt from the path of all types
    asked_of_any = "GET /rest/api/3/serverInfo"  # spelt for a Data Center: which it is, nobody knows yet

    assert spelt | {fields, asked_of_any} == listed


def test_the_table_of_data_center_has_what_our_client_asks_of_it_alone_and_what_is_answered_there() -> None:
    alone = {name for name in ours.calls_in_source() if _is_data_centers(name)}
    listed = {re.sub(r"\{\w+\}", "{}", name) for name in ours.listed_of_data_center()}
    answered = {re.sub(r"\{\w+\}", "{}", each.name) for each in datacenter.ROUTES}
    shared = {name.replace("/rest/api/3/", "/rest/api/2/") for name in ours.calls_in_source()}
    fields = "GET /rest/api/2/issue/createmeta/{}/issuetypes/{}"  # spelt from the path of all types

    assert alone <= listed <= answered
    assert listed - {fields} <= alone | shared


def _is_data_centers(name: str) -> bool:
    return any(
        f" {beginning}" in name for beginning in ("/rest/api/2/", "/rest/webhooks/", "/rest/jira-webhook/")
    )
