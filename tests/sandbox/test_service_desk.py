"""What work items of a service desk have beside others: request type, participants, organizations."""

from typing import Any

import pytest

from jira_sandbox import seedfields
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ISSUE = "/rest/api/3/issue"
SEARCH = "/rest/api/3/search/jql"


@pytest.fixture(autouse=True)
def desk(site: Site) -> None:
    """BETA is a service desk."""
    seedfields.open_desk(site, site.space("BETA"))


def names(site: Site) -> dict[str, str]:
    """The ids of the fields by their kind."""
    return {each.kind: each.id for each in site.custom_fields.values() if each.kind in seedfields.DESK_TITLES}


def request_type(site: Site, name: str) -> str:
    return next(each.id for each in site.request_types.values() if each.name == name)


def test_a_request_has_a_type_participants_and_organizations(bob: Person, site: Site) -> None:
    kind, people, groups = names(site).values()
    number, (charlie, _) = request_type(site, "Task request"), site.organizations
    wanted: dict[str, Any] = {
        kind: number,
        people: [{"accountId": site.user("carol").account_id}],
        groups: [int(charlie)],
    }

    issue = bob.create("BETA", "one", **wanted)

    shown = bob.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown[kind]["requestType"]["id"], shown[kind]["requestType"]["name"]) == (number, "Task request")
    assert shown[kind]["requestType"]["issueTypeId"] == site.work_type("Task").id
    assert shown[kind]["currentStatus"]["status"] == "Open"
    assert shown[kind]["currentStatus"]["statusDate"]["jira"] == shown["created"]
    assert shown[kind]["_links"]["agent"] == "https://acme.atlassian.net/browse/BETA-1"
    assert [each["displayName"] for each in shown[people]] == ["Carol Cook"]
    link = f"https://acme.atlassian.net/rest/servicedeskapi/organization/{charlie}"
    assert shown[groups] == [{"id": charlie, "name": "Charlie Cakes", "_links": {"self": link}}]


def test_the_fields_tell_what_they_are(bob: Person, site: Site) -> None:
    listed = {each["id"]: each["schema"] for each in bob.get("/rest/api/3/field").json()}

    told = {kind: (listed[name]["type"], listed[name].get("items")) for kind, name in names(site).items()}

    assert told == {
        "vp-origin": ("sd-customerrequesttype", None),
        "sd-request-participants": ("array", "user"),
        "sd-customer-organizations": ("array", "sd-customerorganization"),
    }
    assert listed[names(site)["vp-origin"]]["custom"] == "com.atlassian.servicedesk:vp-origin"


def test_changes_are_told_by_names(bob: Person, site: Site) -> None:
    kind, _, groups = names(site).values()
    issue, charlie = bob.create("BETA", "one"), next(iter(site.organizations))
    number = request_type(site, "Task request")

    bob.edit(issue, **{kind: number, groups: [charlie]})
    bob.put(f"{ISSUE}/{issue}", {"update": {groups: [{"remove": charlie}]}})

    entries = bob.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    told = [
        [(each["field"], each["from"], each["to"], each["toString"]) for each in entry["items"]]
        for entry in entries
    ]
    assert told == [
        [
            ("Request Type", None, number, "Task request"),
            ("Organizations", None, f"[{charlie}]", "Charlie Cakes"),
        ],
        [("Organizations", f"[{charlie}]", "", "")],
    ]


def test_what_the_desk_does_not_know_is_refused(bob: Person, alice: Person, site: Site) -> None:
    kind, people, groups = names(site).values()
    issue, elsewhere = bob.create("BETA", "one"), alice.create("ALPHA", "two")
    bug = request_type(site, "Bug request")
    words = f"Request type '{bug}' does not exist or does not fit the issue type."

    def errors(person: Person, number: str, **fields: Any) -> dict[str, str]:
        answer = person.put(f"{ISSUE}/{number}", {"fields": fields})
        assert answer.status == 400
        told: dict[str, str] = answer.json()["errors"]
        return told

    assert errors(bob, issue, **{kind: bug}) == {kind: words}
    assert errors(bob, issue, **{groups: [99]}) == {groups: "Organization '99' does not exist."}
    assert errors(bob, issue, **{groups: 1}) == {groups: "data was not an array"}
    assert errors(bob, issue, **{people: [{"accountId": "x"}]}).keys() == {people}
    assert errors(alice, elsewhere, **{groups: []}).keys() == {groups}


def test_requests_are_searched(bob: Person, site: Site) -> None:
    kind, people, groups = names(site).values()
    wanted: dict[str, Any] = {
        kind: request_type(site, "Task request"),
        people: [{"accountId": site.user("carol").account_id}],
        groups: [next(iter(site.organizations))],
    }
    issue, _ = bob.create("BETA", "one", **wanted), bob.create("BETA", "two")

    for clause in (
        "'Request Type' = 'task request'",
        "'Request participants' = 'Carol Cook'",
        "Organizations in ('Charlie Cakes')",
    ):
        assert bob.post(SEARCH, {"jql": clause}).json()["issues"] == [{"id": issue}]
