"""Who may use Backbone, read and set by machines of Jira admins."""

from typing import Any

import pytest

from tests.support.app import Jira
from tests.support.machine import Machine

ADDRESS = "/api/1/settings/access"


@pytest.fixture
def dana(jira: Jira) -> Machine:
    """The Jira admin."""
    return Machine(jira, "dana", "ALPHA")


def rule(jira: Jira, *names: str, **changes: object) -> dict[str, Any]:
    groups = [{"id": jira.site.group(name).id, "name": name} for name in names]
    return {"is_restricted": True, "groups": groups, **changes}


def test_the_rule_is_set_and_read(dana: Machine, alice: Machine, jira: Jira) -> None:
    assert dana.get(ADDRESS).said == {"is_restricted": False, "groups": []}

    assert dana.post(f"{ADDRESS}/save", **rule(jira, "jira-administrators")).status == 204

    (group,) = dana.get(ADDRESS).said["groups"]
    assert (group["name"], group["is_gone"]) == ("jira-administrators", False)
    refused = alice.get("synchronizations")
    assert refused.status == 403
    assert "jira-administrators" in refused.said["message"]


def test_hardly_anybody_left_has_to_be_confirmed(dana: Machine, jira: Jira) -> None:
    refused = dana.post(f"{ADDRESS}/save", **rule(jira))
    assert (refused.status, refused.said["field"]) == (422, "confirmed")

    assert dana.post(f"{ADDRESS}/save", **rule(jira, confirmed=True)).status == 204
    assert jira.row.is_restricted


@pytest.mark.parametrize(
    "entered",
    [
        {},
        {"is_restricted": True},
        {"is_restricted": "perhaps", "groups": []},
        {"is_restricted": True, "groups": {}},
        {"is_restricted": True, "groups": [{"id": "1"}]},
        {"is_restricted": True, "groups": [{"id": "1", "name": "n", "is_gone": True}]},
        {"is_restricted": True, "groups": [{"id": "1" * 65, "name": "n"}]},
        {"is_restricted": True, "groups": [{"id": str(one), "name": "n"} for one in range(21)]},
        {"is_restricted": True, "groups": [], "by": "me"},
    ],
)
def test_what_is_not_understood_changes_nothing(dana: Machine, jira: Jira, entered: dict[str, Any]) -> None:
    assert dana.post(f"{ADDRESS}/save", **entered).status == 400

    assert not jira.row.is_restricted


def test_an_admin_of_a_space_may_neither_read_nor_set_it(alice: Machine, jira: Jira) -> None:
    assert alice.get(ADDRESS).status == 403
    assert alice.post(f"{ADDRESS}/save", **rule(jira, "staff")).status == 403

    assert not jira.row.is_restricted
