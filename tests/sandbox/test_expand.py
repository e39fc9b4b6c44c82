from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, document

ISSUE = "/rest/api/3/issue"
CREATE = "GET /rest/api/3/issue/createmeta"
EDIT = "GET /rest/api/3/issue/{issueIdOrKey}/editmeta"


def expanded(person: Person, issue: str, expand: str, query: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = person.get(f"{ISSUE}/{issue}?expand={expand}{query}").json()
    return shown


def test_titles_and_schemas_are_those_of_the_fields_shown(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    shown = expanded(alice, issue, "names,schema", "&fields=labels,duedate")

    assert shown["names"] == {"labels": "Labels", "duedate": "Due date"}
    assert shown["schema"]["labels"] == {"type": "array", "items": "string", "system": "labels"}
    whole = expanded(alice, issue, "names")
    assert whole["names"].keys() == whole["fields"].keys()


def test_rendered_fields_are_html_and_moments_for_people(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", description=document("a < b"))
    alice.comment(issue, "said")
    logged = {"update": {"worklog": [{"add": {"timeSpent": "1h", "comment": document("done")}}]}}
    assert alice.put(f"{ISSUE}/{issue}", logged).status == 204

    shown = expanded(alice, issue, "renderedFields")

    rendered = shown["renderedFields"]
    assert rendered.keys() == shown["fields"].keys()
    assert rendered["description"] == "<p>a &lt; b</p>"
    assert rendered["created"] == "22/Nov/26 1:02 AM"
    assert rendered["comment"]["comments"][0]["body"] == "<p>said</p>"
    assert rendered["worklog"]["worklogs"][0]["comment"] == "<p>done</p>"
    assert (rendered["summary"], rendered["environment"]) == (None, None)


def test_versioned_representations_come_instead_of_fields(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    shown = expanded(alice, issue, "versionedRepresentations", "&fields=summary")

    assert shown["versionedRepresentations"] == {"summary": {"1": "one"}}
    assert "fields" not in shown


def test_operations_and_transitions_are_those_one_may_take_part_in(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")

    shown = expanded(alice, issue, "operations,transitions")

    (group,) = shown["operations"]["linkGroups"]
    assert [each["id"] for each in group["links"]] == ["edit-issue", "comment-issue", "delete-issue"]
    assert [each["name"] for each in shown["transitions"]] == ["Start"]
    site.revoke(site.user("alice"), "EDIT_ISSUES", "TRANSITION_ISSUES", space=site.space("ALPHA"))
    fewer = expanded(alice, issue, "operations,transitions,editmeta")
    assert [each["id"] for each in fewer["operations"]["linkGroups"][0]["links"]] == [
        "comment-issue",
        "delete-issue",
    ]
    assert (fewer["transitions"], fewer["editmeta"]) == ([], {"fields": {}})


def test_logged_work_is_embedded_as_far_as_twenty(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    for _ in range(21):
        alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpentSeconds": 60})

    worklog = alice.get(f"{ISSUE}/{issue}").json()["fields"]["worklog"]

    assert (len(worklog["worklogs"]), worklog["maxResults"], worklog["total"]) == (20, 20, 21)


@pytest.mark.answers(EDIT)
def test_the_edit_screen_tells_what_can_be_set_by_whom(alice: Person, carol: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.take_off_screen(site.space("ALPHA"), "environment", screens=("edit",))
    site.require(site.space("ALPHA"), "duedate")

    answer = alice.get(f"{ISSUE}/{issue}/editmeta")

    assert answer.status == 200
    fields = answer.json()["fields"]
    assert (fields["duedate"]["required"], fields["labels"]["required"]) == (True, False)
    assert fields["priority"]["allowedValues"][0]["name"] == "Highest"
    assert "environment" not in fields
    assert "resolution" not in fields
    assert expanded(alice, issue, "editmeta")["editmeta"]["fields"] == fields
    theirs = carol.get(f"{ISSUE}/{issue}/editmeta").json()["fields"]
    assert fields.keys() - theirs.keys() == {"reporter", "security"}


@pytest.mark.refuses(EDIT, 403)
@pytest.mark.refuses(EDIT, 404)
def test_what_is_on_no_screen_is_told_to_jiras_administrators(
    alice: Person, bob: Person, dana: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}/editmeta"

    whole = dana.get(f"{path}?overrideScreenSecurity=true").json()["fields"]
    refused = alice.get(f"{path}?overrideEditableFlag=true")

    assert "resolution" in whole
    assert refused.status == 403
    assert "override" in refused.json()["errorMessages"][0]
    assert bob.get(path).status == 404


@pytest.mark.answers(CREATE)
def test_what_can_be_created_is_told_of_all_spaces_at_once(carol: Person, site: Site) -> None:
    answer = carol.get(f"{ISSUE}/createmeta")

    assert answer.status == 200
    shown = answer.json()
    assert (shown["expand"], [each["key"] for each in shown["projects"]]) == ("projects", ["ALPHA", "BETA"])
    assert [each["name"] for each in shown["projects"][1]["issuetypes"]] == ["Task", "Bug", "Story"]
    assert "fields" not in shown["projects"][0]["issuetypes"][0]
    site.revoke(site.user("carol"), "CREATE_ISSUES", space=site.space("BETA"))
    assert [each["key"] for each in carol.get(f"{ISSUE}/createmeta").json()["projects"]] == ["ALPHA"]


def test_spaces_and_types_are_chosen_and_their_fields_expanded(carol: Person, site: Site) -> None:
    query = "projectKeys=ALPHA,NONE&issuetypeNames=Bug&expand=projects.issuetypes.fields"

    (space,) = carol.get(f"{ISSUE}/createmeta?{query}").json()["projects"]

    assert space["id"] == site.space("ALPHA").id
    (kind,) = space["issuetypes"]
    assert (kind["name"], kind["expand"]) == ("Bug", "fields")
    assert kind["fields"]["summary"]["required"] is True
    assert kind["fields"]["issuetype"]["allowedValues"][0]["name"] == "Bug"


def test_a_search_tells_titles_once_for_all_it_found(alice: Person) -> None:
    alice.create("ALPHA", "one")
    alice.create("ALPHA", "two")

    shown = alice.get("/rest/api/3/search/jql?jql=project=ALPHA&fields=summary&expand=names,schema").json()

    assert shown["names"] == {"summary": "Summary"}
    assert shown["schema"] == {"summary": {"type": "string", "system": "summary"}}
    assert all("names" not in each for each in shown["issues"])
