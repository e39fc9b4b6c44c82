"""What people do with ``atlassian-python-api``, in either version of the API.

Its own types would have every answer be None at times; so the tests take the client as anything.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import requests
from atlassian import Jira

from jira_sandbox.state.site import Site

NAME = "Bericht ☕ über alles.bin"


def client(site: Site, name: str, version: str = "2", password: str = "") -> Jira:
    return Jira(
        url=site.base_url,
        username=name,
        password=password or f"secret-{name}",
        cloud=True,
        api_version=version,
    )


@pytest.fixture(scope="module", params=["2", "3"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def jira(site: Site, version: str) -> Iterator[Any]:
    """As alice, who administers ALPHA."""
    with client(site, "alice", version) as opened:
        yield opened


@pytest.fixture(scope="module")
def admin(site: Site, version: str) -> Iterator[Any]:
    with client(site, "dana", version) as opened:
        yield opened


@pytest.fixture
def issue(jira: Any) -> str:
    return made(jira)


def made(jira: Any, **fields: object) -> str:
    """Create a work item and give its key."""
    wish = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "One", **fields}
    return str(jira.issue_create(fields=wish)["key"])


def rich(jira: Any, text: str) -> Any:
    """A text as the version of the API takes and gives it."""
    if jira.api_version == "2":
        return text
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def field(jira: Any, issue: str, name: str) -> Any:
    return jira.issue_field_value(issue, name)


def test_it_knows_the_site_and_itself(jira: Any, site: Site) -> None:
    assert jira.get_server_info()["baseUrl"] == site.base_url
    assert jira.user(account_id=jira.myself()["accountId"])["displayName"] == "Alice Archer"


def test_create(jira: Any) -> None:
    key = made(jira, summary="Tee ☕", description=rich(jira, "a text"), labels=["one"], duedate="2027-01-31")

    fields = jira.issue(key)["fields"]
    assert (fields["summary"], fields["labels"], fields["duedate"]) == ("Tee ☕", ["one"], "2027-01-31")
    assert fields["description"] == rich(jira, "a text")
    assert jira.get_issue_status(key) == "To Do"
    assert jira.issue_exists(key)


def test_create_several(jira: Any) -> None:
    wishes = [
        {"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Bug"}, "summary": text}}
        for text in ("first", "second")
    ]

    answer = jira.create_issues(wishes)

    assert [field(jira, each["key"], "summary") for each in answer["issues"]] == ["first", "second"]
    assert answer["errors"] == []


def test_edit(jira: Any, issue: str) -> None:
    jira.update_issue_field(issue, {"summary": "Two", "description": rich(jira, "new")})
    jira.edit_issue(issue, {"labels": [{"add": "a"}]}, notify_users=False)
    jira.issue_update(issue, {"priority": {"name": "High"}}, update={"labels": [{"add": "b"}]})
    jira.issue_field_value_append(issue, "labels", "c")

    assert (field(jira, issue, "summary"), field(jira, issue, "description")) == ("Two", rich(jira, "new"))
    assert sorted(jira.get_issue_labels(issue)) == ["a", "b", "c"]
    changes = jira.get_issue_changelog(issue)["values"]
    assert [each["items"][-1]["toString"] for each in changes] == ["new", "a", "a b", "a b c"]
    (history,) = jira.get_changelogs_bulk([issue])["issueChangeLogs"]
    assert [each["id"] for each in history["changeHistories"]] == [each["id"] for each in changes]


def test_search_page_by_page(jira: Any, version: str) -> None:
    label = f"paged-{version}"
    jira.create_issues(
        [
            {
                "fields": {
                    "project": {"key": "ALPHA"},
                    "issuetype": {"name": "Task"},
                    "summary": f"{number}",
                    "labels": [label],
                }
            }
            for number in range(23)
        ]
    )
    query = f"labels = {label} ORDER BY key"

    first = jira.enhanced_jql(query, fields="summary", limit=10)
    second = jira.enhanced_jql(query, fields="summary", limit=10, nextPageToken=first["nextPageToken"])
    everything = jira.enhanced_jql_get_list_of_tickets(query, fields="summary")

    told = [each["fields"]["summary"] for each in everything]
    assert told == [str(number) for number in range(23)]
    pages = [*first["issues"], *second["issues"]]
    assert [each["fields"]["summary"] for each in pages] == told[:20]
    assert jira.approximate_issue_count(query)["count"] == 23


def test_comment(jira: Any, issue: str) -> None:
    only_us = {"type": "role", "value": "Developers"}
    comment = jira.issue_add_comment(issue, rich(jira, "Hello"))["id"]
    hidden = jira.issue_add_comment(issue, rich(jira, "For us"), visibility=only_us)
    jira.issue_edit_comment(issue, comment, rich(jira, "Hello again"))

    bodies = [each["body"] for each in jira.issue_get_comments(issue)["comments"]]
    assert bodies == [rich(jira, "Hello again"), rich(jira, "For us")]
    assert (hidden["visibility"]["type"], hidden["visibility"]["value"]) == ("role", "Developers")
    assert jira.issue_get_comment(issue, comment)["author"]["displayName"] == "Alice Archer"
    jira.set_comment_property(comment, "seen", {"by": 1})
    assert jira.get_comment_property(comment, "seen")["value"]["value"] == {"by": 1}


def test_attach_and_fetch_back(jira: Any, issue: str, blob: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(blob)

    (made,) = jira.add_attachment(issue, str(path))

    (listed,) = jira.get_attachments_ids_from_issue(issue)
    assert (listed["attachment_id"], listed["filename"]) == (made["id"], NAME)
    assert jira.get_attachment_content(made["id"]) == blob
    assert jira.get_attachment(made["id"])["size"] == len(blob)
    jira.get_all_attachment_contents(issue, path=str(tmp_path))
    (packed,) = tmp_path.glob("*.zip")
    assert ZipFile(packed).read(NAME) == blob
    jira.remove_attachment(made["id"])
    assert field(jira, issue, "attachment") == []


def test_attach_an_open_file(jira: Any, issue: str) -> None:
    small = BytesIO(b"\x00\xff")
    small.name = "two bytes.bin"

    (made,) = jira.add_attachment_object(issue, small)

    assert jira.get_attachment_content(made["id"]) == b"\x00\xff"


def test_transition(jira: Any, issue: str) -> None:
    offered = [each["name"] for each in jira.get_issue_transitions(issue)]

    jira.set_issue_status(issue, "In Progress")
    jira.issue_transition(issue, "Done")

    assert offered == ["Start"]
    assert jira.get_issue_status(issue) == "Done"
    steps = [(each["from"], each["to"]) for each in jira.get_issue_status_changelog(issue)]
    assert steps == [("In Progress", "Done"), ("To Do", "In Progress")]


def test_link(jira: Any, issue: str) -> None:
    other = made(jira)

    jira.create_issue_link(
        {
            "type": {"name": "Blocks"},
            "inwardIssue": {"key": issue},
            "outwardIssue": {"key": other},
            "comment": {"body": rich(jira, "One first")},
        }
    )

    (link,) = field(jira, issue, "issuelinks")
    (back,) = field(jira, other, "issuelinks")
    assert (link["outwardIssue"]["key"], back["inwardIssue"]["key"]) == (other, issue)
    assert jira.get_issue_link(link["id"])["type"]["inward"] == "is blocked by"
    jira.remove_issue_link(link["id"])
    assert field(jira, other, "issuelinks") == []
    assert "Blocks" in jira.get_issue_link_types_names()


def test_link_to_somewhere_else(jira: Any, issue: str) -> None:
    for title in ("The spec", "The new spec"):
        jira.create_or_update_issue_remote_links(
            issue, "https://example.com/spec", title, global_id="spec=1", relationship="is told in"
        )

    (link,) = jira.get_issue_remote_links(issue)
    assert (link["object"]["title"], link["relationship"]) == ("The new spec", "is told in")
    assert jira.get_issue_remote_link_by_id(issue, link["id"])["globalId"] == "spec=1"
    jira.delete_issue_remote_link_by_id(issue, link["id"])
    assert jira.get_issue_remote_links(issue) == []


def test_work_log(jira: Any, issue: str) -> None:
    jira.issue_worklog(issue, "2026-11-20T10:00:00.000+0000", 7200)
    made = jira.issue_add_json_worklog(issue, {"timeSpent": "1h", "comment": rich(jira, "Dug")})

    logged = jira.issue_get_worklog(issue)["worklogs"]
    assert [each["timeSpentSeconds"] for each in logged] == [7200, 3600]
    assert (logged[0]["started"], logged[1]["comment"]) == ("2026-11-20T10:00:00.000+0000", rich(jira, "Dug"))
    assert field(jira, issue, "timetracking")["timeSpent"] == "3h"
    assert [each["id"] for each in jira.get_worklogs([int(made["id"])])] == [made["id"]]


def test_watch(jira: Any, issue: str) -> None:
    (carol,) = jira.user_find_by_user_string(query="carol")

    jira.issue_add_watcher(issue, carol["accountId"])

    assert "Carol Cook" in [each["displayName"] for each in jira.issue_get_watchers(issue)["watchers"]]
    jira.issue_delete_watcher(issue, account_id=carol["accountId"])
    assert "Carol Cook" not in [each["displayName"] for each in jira.issue_get_watchers(issue)["watchers"]]


def test_assign(jira: Any, issue: str) -> None:
    jira.assign_issue(issue, jira.myself()["accountId"])

    assert field(jira, issue, "assignee")["displayName"] == "Alice Archer"
    jira.assign_issue(issue)
    assert field(jira, issue, "assignee") is None
    assert "Carol Cook" in [
        each["displayName"] for each in jira.get_all_assignable_users_for_project("ALPHA")
    ]


def test_version(jira: Any, issue: str) -> None:
    space = jira.project("ALPHA")["id"]
    first, second = (
        jira.add_version(project_key="ALPHA", project_id=space, version=name) for name in ("1.0", "2.0")
    )
    jira.update_issue_field(issue, {"fixVersions": [{"name": "1.0"}]})
    jira.update_version(first["id"], description="First", is_released=True)

    (released, unreleased) = jira.get_project_versions("ALPHA")
    assert (released["name"], released["description"], released["released"]) == ("1.0", "First", True)
    assert (unreleased["name"], unreleased["released"]) == ("2.0", False)
    jira.move_version(second["id"], position="First")
    assert [each["name"] for each in jira.get_project_versions_paginated("ALPHA")["values"]] == ["2.0", "1.0"]
    for each in (first, second):
        jira.delete_version(each["id"])
    assert field(jira, issue, "fixVersions") == jira.get_project_versions("ALPHA") == []


def test_component(jira: Any, issue: str) -> None:
    component = jira.create_component({"project": "ALPHA", "name": "Lamps"})["id"]
    jira.update_issue_field(issue, {"components": [{"id": component}]})
    jira.update_component({"name": "Lights", "leadAccountId": jira.myself()["accountId"]}, component)

    assert [each["name"] for each in jira.get_project_components("ALPHA")] == ["Lights"]
    assert jira.component(component)["lead"]["displayName"] == "Alice Archer"
    assert jira.get_component_related_issues(component)["issueCount"] == 1
    jira.delete_component(component)
    assert field(jira, issue, "components") == []


def test_property(jira: Any, issue: str) -> None:
    jira.set_issue_property(issue, "sync.state", {"step": 1, "names": ["ä"]})

    assert [each["key"] for each in jira.get_issue_property_keys(issue)["keys"]] == ["sync.state"]
    assert jira.get_issue_property(issue, "sync.state")["value"] == {"step": 1, "names": ["ä"]}
    jira.delete_issue_property(issue, "sync.state")
    assert jira.get_issue_property_keys(issue)["keys"] == []


def test_what_a_form_is_made_of(jira: Any, issue: str) -> None:
    types = jira.issue_createmeta_issuetypes("ALPHA")["issueTypes"]
    asked = jira.issue_createmeta_fieldtypes("ALPHA", types[0]["id"])["fields"]

    assert {each["name"] for each in types} >= {"Task", "Bug", "Story", "Epic"}
    assert {each["fieldId"] for each in asked if each["required"]} >= {"summary", "issuetype", "project"}
    assert "summary" in jira.issue_editmeta(issue)["fields"]
    assert [each["name"] for each in jira.get_all_priorities()] == [
        "Highest",
        "High",
        "Medium",
        "Low",
        "Lowest",
    ]
    assert {each["id"] for each in jira.get_all_fields()} >= {"summary", "labels"}
    assert "Developers" in jira.get_project_roles("ALPHA")


def test_matching_queries_and_completing_them(jira: Any, issue: str) -> None:
    number = int(jira.issue(issue)["id"])

    (match,) = jira.match_jql([number], ["project = ALPHA"])["matches"]

    assert match["matchedIssues"] == [number]
    assert [each["value"] for each in jira.get_autocomplete_suggestion("priority", "Hi")["results"]] == [
        "High",
        "Highest",
    ]


def test_groups(admin: Any) -> None:
    admin.create_group("testers")

    assert "testers" in [each["name"] for each in admin.get_groups(query="test")["groups"]]
    assert admin.get_all_users_from_group("testers")["total"] == 0
    admin.remove_group("testers")


def test_delete(jira: Any, issue: str) -> None:
    jira.delete_issue(issue)

    assert not jira.issue_exists(issue)
    with pytest.raises(requests.HTTPError, match="Issue does not exist"):
        jira.issue(issue)


def test_a_wrong_value_is_told_with_its_field(jira: Any, issue: str) -> None:
    with pytest.raises(requests.HTTPError, match="You must specify a summary") as on_creation:
        made(jira, summary="")
    with pytest.raises(requests.HTTPError, match="Error parsing date string: tomorrow") as on_edit:
        jira.update_issue_field(issue, {"duedate": "tomorrow"})

    assert on_creation.value.response.json()["errors"].keys() == {"summary"}
    assert on_edit.value.response.json()["errors"].keys() == {"duedate"}
    assert on_edit.value.response.status_code == 400


def test_a_wrong_query(jira: Any) -> None:
    with pytest.raises(requests.HTTPError, match="Field 'nosuch' does not exist"):
        jira.enhanced_jql("nosuch = 1")


def test_a_search_that_is_no_more(site: Site) -> None:
    """The client's old search is answered as the Cloud answers it since it was taken away."""
    with client(site, "alice") as jira, pytest.raises(requests.HTTPError) as caught:
        jira.get("rest/api/2/search", params={"jql": "project = ALPHA"})

    assert caught.value.response.status_code == 410


def test_a_wrong_password(site: Site, version: str) -> None:
    with client(site, "alice", version, "guess") as stranger, pytest.raises(requests.HTTPError) as caught:
        stranger.myself()

    assert caught.value.response.status_code == 401


def test_what_one_may_not(site: Site, version: str, issue: str) -> None:
    with client(site, "bob", version) as bob, pytest.raises(requests.HTTPError) as unseen:
        bob.issue(issue)
    with client(site, "carol", version) as carol, pytest.raises(requests.HTTPError) as forbidden:
        carol.create_component({"project": "ALPHA", "name": "Mine"})

    assert [each.value.response.status_code for each in (unseen, forbidden)] == [404, 403]
