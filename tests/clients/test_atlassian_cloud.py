"""What people do with ``JiraCloud`` of ``atlassian-python-api``: a method for each operation of version 3."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from atlassian import JiraCloud

from jira_sandbox.state.site import Site

NAME = "Bericht ☕ über alles.bin"
NO_CHECK = {"X-Atlassian-Token": "no-check"}


def rich(text: str) -> dict[str, Any]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def client(site: Site, name: str) -> JiraCloud:
    return JiraCloud(url=site.base_url, username=name, password=f"secret-{name}")


@pytest.fixture(scope="module")
def jira(site: Site) -> Iterator[Any]:
    """As alice, who administers ALPHA."""
    with client(site, "alice") as opened:
        yield opened


@pytest.fixture
def issue(jira: Any) -> str:
    return made(jira)


def made(jira: Any, **fields: object) -> str:
    """Create a work item and give its key."""
    wish = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "One", **fields}
    return str(jira.create_issue(data={"fields": wish})["key"])


def test_create_and_edit_with_the_work_item_for_an_answer(jira: Any) -> None:
    key = made(jira, description=rich("old"), labels=["one"])

    answer = jira.edit_issue(
        key,
        return_issue=True,
        data={"fields": {"description": rich("new")}, "update": {"labels": [{"add": "two"}]}},
    )

    fields = jira.get_issue(key, fields="description,labels")["fields"]
    assert fields == {"description": rich("new"), "labels": ["one", "two"]}
    assert (answer["key"], answer["fields"]["description"]) == (key, rich("new"))


def test_fetch_several_and_their_histories(jira: Any) -> None:
    keys = [made(jira, summary=text) for text in ("first", "second")]
    for key in keys:
        jira.edit_issue(key, data={"fields": {"summary": f"{key}, changed"}})

    found = jira.bulk_fetch_issues(data={"issueIdsOrKeys": keys, "fields": ["summary"]})["issues"]
    told = jira.get_bulk_changelogs(data={"issueIdsOrKeys": keys, "fieldIds": ["summary"]})["issueChangeLogs"]

    assert [each["fields"]["summary"] for each in found] == [f"{key}, changed" for key in keys]
    assert [each["issueId"] for each in told] == [each["id"] for each in found]
    assert [each["changeHistories"][0]["items"][0]["fromString"] for each in told] == ["first", "second"]


def test_search_page_by_page(jira: Any) -> None:
    for number in range(7):
        made(jira, summary=f"{number}", labels=["cloud"])
    query = "project = ALPHA AND labels = cloud ORDER BY key DESC"

    first = jira.enhanced_jql(query, fields=["summary"], limit=4)
    everything = jira.enhanced_jql_get_list_of_tickets(query, fields=["summary"])

    assert [each["fields"]["summary"] for each in first["issues"]] == ["6", "5", "4", "3"]
    assert [each["fields"]["summary"] for each in everything] == [
        str(number) for number in reversed(range(7))
    ]
    assert jira.count_issues(data={"jql": query}) == {"count": 7}


def test_comment(jira: Any, issue: str) -> None:
    number = jira.add_comment(issue, data={"body": rich("Hello")})["id"]

    jira.update_comment(issue, number, data={"body": rich("Hello again")})

    (told,) = jira.get_comments(issue, expand="renderedBody")["comments"]
    assert (told["body"], told["renderedBody"]) == (rich("Hello again"), "<p>Hello again</p>")
    jira.delete_comment(issue, number)
    assert jira.get_comments(issue)["total"] == 0


def test_attach_and_fetch_back(jira: Any, issue: str, blob: bytes) -> None:
    (made,) = jira.add_attachment(issue, files={"file": (NAME, blob)}, headers=NO_CHECK)

    assert (made["filename"], made["size"]) == (NAME, len(blob))
    assert jira.get_attachment_content(made["id"], not_json_response=True) == blob


def test_transition_with_what_comes_with_it(jira: Any, issue: str) -> None:
    (start,) = jira.get_transitions(issue, expand="transitions.fields")["transitions"]

    jira.do_transition(
        issue,
        data={"transition": {"id": start["id"]}, "update": {"comment": [{"add": {"body": rich("On it")}}]}},
    )

    fields = jira.get_issue(issue)["fields"]
    assert fields["status"]["name"] == "In Progress"
    assert [each["body"] for each in fields["comment"]["comments"]] == [rich("On it")]


def test_link(jira: Any, issue: str) -> None:
    other = made(jira)
    jira.link_issues(
        data={"type": {"name": "Blocks"}, "inwardIssue": {"key": issue}, "outwardIssue": {"key": other}}
    )
    target = {"object": {"url": "https://example.com/spec", "title": "The spec"}, "globalId": "spec=1"}
    number = jira.create_or_update_remote_issue_link(issue, data=target)["id"]

    (link,) = jira.get_issue(issue)["fields"]["issuelinks"]
    assert jira.get_issue_link(link["id"])["outwardIssue"]["key"] == other
    jira.delete_issue_link(link["id"])
    assert jira.get_issue(issue)["fields"]["issuelinks"] == []
    assert jira.get_remote_issue_links(issue, global_id="spec=1")["id"] == number


def test_work_log_and_estimates(jira: Any, issue: str) -> None:
    jira.edit_issue(issue, data={"fields": {"timetracking": {"originalEstimate": "1d"}}})

    number = jira.add_worklog(
        issue, adjust_estimate="new", new_estimate="2h", data={"timeSpent": "1h", "comment": rich("Dug")}
    )["id"]
    jira.update_worklog(issue, number, adjust_estimate="leave", data={"timeSpentSeconds": 1800})

    tracked = jira.get_issue(issue)["fields"]["timetracking"]
    assert [tracked[each] for each in ("originalEstimate", "remainingEstimate", "timeSpent")] == [
        "1d",
        "2h",
        "30m",
    ]
    jira.delete_worklog(issue, number, adjust_estimate="manual", increase_by="1h")
    assert jira.get_issue(issue)["fields"]["timetracking"]["remainingEstimate"] == "3h"


def test_watch_and_assign(jira: Any, issue: str) -> None:
    (carol,) = jira.find_users(query="carol")
    jira.add_watcher(issue, data=carol["accountId"])
    jira.assign_issue(issue, data={"accountId": carol["accountId"]})

    watching = [each["displayName"] for each in jira.get_issue_watchers(issue)["watchers"]]
    assert "Carol Cook" in watching
    assert jira.get_issue(issue)["fields"]["assignee"]["displayName"] == "Carol Cook"
    jira.remove_watcher(issue, account_id=carol["accountId"])
    assert jira.get_issue_watchers(issue)["watchCount"] == len(watching) - 1


def test_version(jira: Any, issue: str) -> None:
    (space,) = jira.search_projects(keys="ALPHA")["values"]
    first, second = (
        jira.create_version(data={"name": name, "projectId": int(space["id"])})["id"]
        for name in ("1.0", "2.0")
    )
    jira.edit_issue(issue, data={"fields": {"fixVersions": [{"id": first}]}})

    jira.merge_versions(first, second)

    assert [each["name"] for each in jira.get_issue(issue)["fields"]["fixVersions"]] == ["2.0"]
    assert [each["name"] for each in jira.get_project_versions("ALPHA")] == ["2.0"]
    jira.delete_and_replace_version(second, data={})
    assert jira.get_issue(issue)["fields"]["fixVersions"] == []


def test_component(jira: Any, issue: str) -> None:
    first, second = (
        jira.create_component(data={"name": name, "project": "ALPHA"})["id"] for name in ("Lamps", "Wires")
    )
    jira.edit_issue(issue, data={"fields": {"components": [{"id": first}]}})
    jira.update_component(second, data={"name": "Cables"})

    jira.delete_component(first, move_issues_to=second)

    assert [each["name"] for each in jira.get_issue(issue)["fields"]["components"]] == ["Cables"]
    jira.delete_component(second)


def test_property(jira: Any, issue: str) -> None:
    jira.set_issue_property(issue, "sync.state", data={"step": 1})

    assert jira.get_issue_property(issue, "sync.state")["value"] == {"step": 1}
    assert jira.get_issue(issue, properties="*all", fields="summary")["properties"] == {
        "sync.state": {"step": 1}
    }
    jira.delete_issue_property(issue, "sync.state")
    assert jira.get_issue_property_keys(issue) == {"keys": []}


def test_delete(jira: Any, issue: str) -> None:
    jira.delete_issue(issue, delete_subtasks=True)

    with pytest.raises(requests.HTTPError, match="Issue does not exist") as caught:
        jira.get_issue(issue)
    assert caught.value.response.status_code == 404


def test_refusals_come_with_their_words(jira: Any, site: Site, issue: str) -> None:
    with pytest.raises(requests.HTTPError, match="Operation value must be an Atlassian Document") as wrong:
        jira.edit_issue(issue, data={"fields": {"description": "no document"}})
    with pytest.raises(requests.HTTPError, match="No project could be found with key 'NOPE'") as missing:
        jira.get_project("NOPE")
    with client(site, "carol") as carol, pytest.raises(requests.HTTPError) as forbidden:
        carol.create_version(data={"name": "Mine", "projectId": 10000})

    assert [each.value.response.status_code for each in (wrong, missing, forbidden)] == [400, 404, 404]
