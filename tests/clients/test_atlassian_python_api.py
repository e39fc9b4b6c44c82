"""What people do with ``atlassian-python-api``: on the Cloud in either version of the API, on Data Center."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import requests

from jira_sandbox.state.site import Site
from tests.clients.by_atlassian import Dialect, client, dialect_of
from tests.clients.kinds import CLOUD, CLOUD_V3, DATA_CENTERS, Kind

KINDS = (CLOUD, CLOUD_V3, *DATA_CENTERS)
NAME = "Bericht ☕ über alles.bin"


@pytest.fixture(scope="module")
def dialect(kind: Kind) -> Dialect:
    return dialect_of(kind)


@pytest.fixture(scope="module")
def jira(kind: Kind, site: Site) -> Iterator[Any]:
    """As alice, who administers ALPHA."""
    with client(kind, site, "alice") as opened:
        yield opened


@pytest.fixture(scope="module")
def admin(kind: Kind, site: Site) -> Iterator[Any]:
    with client(kind, site, "dana") as opened:
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


def test_it_knows_the_site_and_itself(jira: Any, dialect: Dialect, site: Site) -> None:
    assert jira.get_server_info()["baseUrl"] == site.base_url
    assert dialect.user(jira, jira.myself()[dialect.id])["displayName"] == "Alice Archer"


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


def test_edit(jira: Any, dialect: Dialect, issue: str) -> None:
    jira.update_issue_field(issue, {"summary": "Two", "description": rich(jira, "new")})
    jira.edit_issue(issue, {"labels": [{"add": "a"}]}, notify_users=False)
    jira.issue_update(issue, {"priority": {"name": "High"}}, update={"labels": [{"add": "b"}]})
    jira.issue_field_value_append(issue, "labels", "c")

    assert (field(jira, issue, "summary"), field(jira, issue, "description")) == ("Two", rich(jira, "new"))
    assert sorted(jira.get_issue_labels(issue)) == ["a", "b", "c"]
    changes = [each["items"][-1]["toString"] for each in dialect.history(jira, issue)]
    assert changes == ["new", "a", "a b", "a b c"]


def test_history_of_several(jira: Any, dialect: Dialect, issue: str) -> None:
    jira.update_issue_field(issue, {"summary": "Two"})
    jira.update_issue_field(issue, {"summary": "Three"})

    (history,) = jira.get_changelogs_bulk([issue])["issueChangeLogs"]

    told = [each["id"] for each in dialect.history(jira, issue)]
    assert [each["id"] for each in history["changeHistories"]] == told


def test_search_page_by_page(jira: Any, dialect: Dialect) -> None:
    jira.create_issues(
        [
            {
                "fields": {
                    "project": {"key": "ALPHA"},
                    "issuetype": {"name": "Task"},
                    "summary": f"{number}",
                    "labels": ["paged"],
                }
            }
            for number in range(23)
        ]
    )
    query = "labels = paged ORDER BY key"

    pages = dialect.two_pages(jira, query, 10)
    everything = dialect.found(jira, query)

    told = [each["fields"]["summary"] for each in everything]
    assert told == [str(number) for number in range(23)]
    assert [each["fields"]["summary"] for each in pages] == told[:20]


def test_count(jira: Any) -> None:
    for _ in range(3):
        made(jira, labels=["counted"])

    assert jira.approximate_issue_count("labels = counted")["count"] == 3


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


def test_transition(jira: Any, dialect: Dialect, issue: str) -> None:
    offered = [each["name"] for each in jira.get_issue_transitions(issue)]

    jira.set_issue_status(issue, "In Progress")
    jira.issue_transition(issue, "Done")

    assert offered == ["Start"]
    assert jira.get_issue_status(issue) == "Done"
    steps = [(each["from"], each["to"]) for each in jira.get_issue_status_changelog(issue)]
    assert dialect.latest_first(steps) == [("In Progress", "Done"), ("To Do", "In Progress")]


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


def test_watch(jira: Any, dialect: Dialect, issue: str) -> None:
    (carol,) = dialect.people(jira, "carol")

    jira.issue_add_watcher(issue, carol[dialect.id])

    assert "Carol Cook" in [each["displayName"] for each in jira.issue_get_watchers(issue)["watchers"]]
    dialect.unwatch(jira, issue, carol[dialect.id])
    assert "Carol Cook" not in [each["displayName"] for each in jira.issue_get_watchers(issue)["watchers"]]


def test_assign(jira: Any, dialect: Dialect, issue: str) -> None:
    jira.assign_issue(issue, jira.myself()[dialect.id])

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
    assert [each["name"] for each in field(jira, issue, "fixVersions")] == ["1.0"]


def test_delete_a_version(jira: Any, issue: str) -> None:
    space = jira.project("ALPHA")["id"]
    version = jira.add_version(project_key="ALPHA", project_id=space, version="3.0")
    jira.update_issue_field(issue, {"fixVersions": [{"name": "3.0"}]})

    jira.delete_version(version["id"])

    assert field(jira, issue, "fixVersions") == []


def test_component(jira: Any, dialect: Dialect, issue: str) -> None:
    component = jira.create_component({"project": "ALPHA", "name": "Lamps"})["id"]
    jira.update_issue_field(issue, {"components": [{"id": component}]})
    jira.update_component({"name": "Lights", dialect.lead: jira.myself()[dialect.id]}, component)

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


def test_what_a_form_is_made_of(jira: Any, dialect: Dialect, issue: str) -> None:
    types = jira.issue_createmeta_issuetypes("ALPHA")[dialect.types]
    asked = jira.issue_createmeta_fieldtypes("ALPHA", types[0]["id"])[dialect.fields]

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


def test_matching_queries(jira: Any, issue: str) -> None:
    number = int(jira.issue(issue)["id"])

    (match,) = jira.match_jql([number], ["project = ALPHA"])["matches"]

    assert match["matchedIssues"] == [number]


def test_completing_a_query(jira: Any) -> None:
    offered = jira.get_autocomplete_suggestion("priority", "Hi")["results"]

    assert [each["value"] for each in offered] == ["High", "Highest"]


def test_groups(admin: Any) -> None:
    admin.create_group("testers")

    assert "testers" in [each["name"] for each in admin.get_groups(query="test")["groups"]]
    assert admin.get_all_users_from_group("testers")["total"] == 0
    admin.remove_group("testers")


def test_delete(jira: Any, issue: str) -> None:
    jira.delete_issue(issue)

    assert not jira.issue_exists(issue)
    with pytest.raises(requests.HTTPError, match=r"(?i)issue does not exist"):
        jira.issue(issue)


def test_a_wrong_value_is_told_with_its_field(jira: Any, issue: str) -> None:
    with pytest.raises(requests.HTTPError, match="You must specify a summary") as on_creation:
        made(jira, summary="")
    with pytest.raises(requests.HTTPError, match="Error parsing date string: tomorrow") as on_edit:
        jira.update_issue_field(issue, {"duedate": "tomorrow"})

    assert on_creation.value.response.json()["errors"].keys() == {"summary"}
    assert on_edit.value.response.json()["errors"].keys() == {"duedate"}
    assert on_edit.value.response.status_code == 400


def test_a_wrong_query(jira: Any, dialect: Dialect) -> None:
    with pytest.raises(requests.HTTPError, match="Field 'nosuch' does not exist"):
        dialect.found(jira, "nosuch = 1")


def test_a_search_that_is_no_more(jira: Any) -> None:
    """The client's old search is answered as the Cloud answers it since it was taken away."""
    with pytest.raises(requests.HTTPError) as caught:
        jira.get("rest/api/2/search", params={"jql": "project = ALPHA"})

    assert caught.value.response.status_code == 410


def test_a_wrong_secret(kind: Kind, site: Site) -> None:
    with client(kind, site, "alice", "guess") as stranger, pytest.raises(requests.HTTPError) as caught:
        stranger.myself()

    assert caught.value.response.status_code == 401


def test_what_one_may_not(kind: Kind, site: Site, issue: str) -> None:
    with client(kind, site, "bob") as bob, pytest.raises(requests.HTTPError) as unseen:
        bob.issue(issue)
    with client(kind, site, "carol") as carol, pytest.raises(requests.HTTPError) as forbidden:
        carol.create_component({"project": "ALPHA", "name": "Mine"})

    assert [each.value.response.status_code for each in (unseen, forbidden)] == [kind.hidden, 403]
