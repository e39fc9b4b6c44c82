from dataclasses import replace
from typing import Any

import pytest

from jira_sandbox import seed
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ISSUE = "/rest/api/3/issue"


def of(name: str, value: object) -> dict[str, Any]:
    """A field by its id."""
    return {name: value}


@pytest.fixture(autouse=True)
def team(site: Site) -> None:
    """A team-managed space that alice administers."""
    seed.team_managed(site, key="TEAM", lead="alice", members=["carol"])


def own_fields(alice: Person) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in alice.get("/rest/api/3/field").json() if "scope" in each}


def test_types_and_statuses_are_the_spaces_own(alice: Person, site: Site) -> None:
    space = site.space("TEAM")
    scope = {"type": "PROJECT", "project": {"id": space.id}}

    issue = alice.create("TEAM", "one")

    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown["issuetype"]["name"], shown["issuetype"]["scope"]) == ("Task", scope)
    assert shown["issuetype"]["id"] != site.work_type("Task").id
    assert (shown["status"]["name"], shown["status"]["scope"]) == ("To Do", scope)
    assert shown["project"]["simplified"] is True
    assert shown["issuerestriction"]["shouldDisplay"] is True
    alice.move(issue, "Done")
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["status"]["name"] == "Done"


def test_fields_have_the_scope_of_the_space_and_are_set_there_alone(alice: Person, site: Site) -> None:
    fields = own_fields(alice)
    colour = fields["Colour"]

    issue = alice.create("TEAM", "one", **of(colour["id"], {"value": "Red"}))

    assert colour["scope"]["project"]["id"] == site.space("TEAM").id
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"][colour["id"]]["value"] == "Red"
    elsewhere = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}
    refused = alice.post(ISSUE, {"fields": {**elsewhere, colour["id"]: {"value": "Red"}}})
    assert set(refused.json()["errors"]) == {colour["id"]}
    assert colour["id"] not in alice.get(f"{ISSUE}/{alice.create('ALPHA', 'one')}").json()["fields"]


def test_fields_of_one_name_in_two_spaces_are_two(alice: Person, site: Site) -> None:
    seed.team_managed(site, key="OTHER", lead="alice")

    named = [each for each in alice.get("/rest/api/3/field").json() if each["name"] == "Story point estimate"]

    assert len({each["id"] for each in named}) == 2
    assert {each["scope"]["project"]["id"] for each in named} == {
        site.space("TEAM").id,
        site.space("OTHER").id,
    }


def test_the_create_screen_has_the_spaces_fields(alice: Person, site: Site) -> None:
    space = site.space("TEAM")
    page = alice.get(f"{ISSUE}/createmeta/TEAM/issuetypes/{space.type_ids[1]}?maxResults=200").json()

    custom = {each["name"] for each in page["fields"] if "custom" in each["schema"]}

    assert custom == {"Story point estimate", "Colour", "Start date"}


def test_fields_of_team_managed_spaces_are_not_searched(dana: Person, site: Site) -> None:
    listed = dana.get("/rest/api/3/field/search?query=story%20point&type=custom").json()["values"]

    assert [each["name"] for each in listed] == ["Story points"]


def test_a_field_of_the_space_is_nowhere_else_whatever_its_context_says(alice: Person, site: Site) -> None:
    colour = own_fields(alice)["Colour"]["id"]
    everywhere = tuple(replace(each, space_ids=()) for each in site.custom_fields[colour].contexts)
    site.put_field(replace(site.custom_fields[colour], contexts=everywhere))

    here, there = alice.create("TEAM", "one"), alice.create("ALPHA", "two")

    assert colour in alice.get(f"{ISSUE}/{here}").json()["fields"]
    assert colour not in alice.get(f"{ISSUE}/{there}").json()["fields"]
