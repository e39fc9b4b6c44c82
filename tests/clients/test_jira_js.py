"""What people do with ``jira.js``, at a site and by the gateway; all is named as in its documentation."""

import base64
from collections.abc import Iterator

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.clients.by_jira_js import WRONG, Client, Entrance, HttpException
from tests.support import node

NAME = "Bericht ☕ über alles.bin"


@pytest.fixture(scope="module", params=["site", "gateway"])
def entrance(world: World, site: Site, request: pytest.FixtureRequest) -> Entrance:
    return Entrance.to(world, site, request.param)


@pytest.fixture(scope="module")
def program(entrance: Entrance) -> Iterator[node.Program]:
    with node.running("jira.js", entrance.host, needs="jira.js") as started:
        yield started


@pytest.fixture(params=[2, 3], ids=["Version2Client", "Version3Client"])
def jira(program: node.Program, entrance: Entrance, request: pytest.FixtureRequest) -> Client:
    """As alice, who administers ALPHA."""
    return Client(program, request.param, entrance.credentials("alice"))


@pytest.fixture
def issue(jira: Client) -> str:
    return jira.create()


def test_it_knows_the_site_and_itself(jira: Client, site: Site) -> None:
    assert jira.call("serverInfo.getServerInfo")["baseUrl"] == site.base_url
    assert jira.call("myself.getCurrentUser")["displayName"] == "Alice Archer"


def test_create(jira: Client) -> None:
    key = jira.create(summary="Tee ☕", description=jira.rich("a text"), labels=["one"], duedate="2027-01-31")

    fields = jira.fields(key)
    assert (fields["summary"], fields["labels"], fields["duedate"]) == ("Tee ☕", ["one"], "2027-01-31")
    assert fields["description"] == jira.rich("a text")
    assert fields["status"]["name"] == "To Do"


def test_create_several(jira: Client) -> None:
    wishes = [
        {"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Bug"}, "summary": text}}
        for text in ("first", "second")
    ]

    made = jira.call("issues.createIssues", issueUpdates=wishes)["issues"]

    names = [each["key"] for each in made]
    found = jira.call("issues.bulkFetchIssues", issueIdsOrKeys=names, fields=["summary"])
    assert [each["fields"]["summary"] for each in found["issues"]] == ["first", "second"]


def test_edit(jira: Client, issue: str) -> None:
    jira.call(
        "issues.editIssue",
        issueIdOrKey=issue,
        fields={"summary": "Two", "description": jira.rich("new")},
        update={"labels": [{"add": "a"}]},
    )
    jira.call("issues.assignIssue", issueIdOrKey=issue, accountId=myself(jira))

    fields = jira.fields(issue)
    assert (fields["summary"], fields["description"], fields["labels"]) == ("Two", jira.rich("new"), ["a"])
    assert fields["assignee"]["displayName"] == "Alice Archer"
    changes = jira.call("issues.getChangeLogs", issueIdOrKey=issue)["values"]
    (bulk,) = jira.call("issues.getBulkChangelogs", issueIdsOrKeys=[issue])["issueChangeLogs"]
    assert [each["items"][-1]["toString"] for each in changes] == ["a", "Alice Archer"]
    assert bulk["changeHistories"] == changes


def test_search_page_by_page(jira: Client, entrance: Entrance) -> None:
    label = f"js-{jira.version}-{entrance.way}"
    wishes = [
        {
            "fields": {
                "project": {"key": "ALPHA"},
                "issuetype": {"name": "Task"},
                "summary": f"{number}",
                "labels": [label],
            }
        }
        for number in range(13)
    ]
    jira.call("issues.createIssues", issueUpdates=wishes)
    asked = {"jql": f"labels = {label} ORDER BY key", "fields": ["summary"], "maxResults": 5}

    first = jira.call("issueSearch.searchForIssuesUsingJqlEnhancedSearch", **asked)
    second = jira.call(
        "issueSearch.searchForIssuesUsingJqlEnhancedSearchPost", **asked, nextPageToken=first["nextPageToken"]
    )
    third = jira.call(
        "issueSearch.searchForIssuesUsingJqlEnhancedSearch", **asked, nextPageToken=second["nextPageToken"]
    )

    found = [each["fields"]["summary"] for page in (first, second, third) for each in page["issues"]]
    assert found == [str(number) for number in range(13)]
    assert [page["isLast"] for page in (first, second, third)] == [False, False, True]
    assert jira.call("issueSearch.countIssues", jql=f"labels = {label}")["count"] == 13


def test_comment(jira: Client, issue: str) -> None:
    only_us = {"type": "role", "value": "Developers"}
    text = "comment" if jira.version == 2 else "body"  # how the client wants it when one is changed
    first = jira.call("issueComments.addComment", issueIdOrKey=issue, comment=jira.rich("Hello"))
    jira.call("issueComments.addComment", issueIdOrKey=issue, comment=jira.rich("For us"), visibility=only_us)
    again = {text: jira.rich("Hello again")}
    jira.call("issueComments.updateComment", issueIdOrKey=issue, id=first["id"], **again)

    told = jira.call("issueComments.getComments", issueIdOrKey=issue)["comments"]
    assert [each["body"] for each in told] == [jira.rich("Hello again"), jira.rich("For us")]
    assert told[1]["visibility"]["value"] == "Developers"
    jira.call("issueComments.deleteComment", issueIdOrKey=issue, id=first["id"])
    assert jira.call("issueComments.getComments", issueIdOrKey=issue)["total"] == 1


def test_attach_and_fetch_back(jira: Client, issue: str, blob: bytes) -> None:
    sent = {"filename": NAME, "file": {"bytes": base64.b64encode(blob).decode()}}

    (made,) = jira.call("issueAttachments.addAttachment", issueIdOrKey=issue, attachment=sent)

    fetched = jira.call("issueAttachments.getAttachmentContent", id=made["id"])
    assert base64.b64decode(fetched["bytes"]) == blob
    part = jira.call("issueAttachments.getAttachmentContent", id=made["id"], range="bytes=10-19")
    assert base64.b64decode(part["bytes"]) == blob[10:20]
    assert [each["filename"] for each in jira.fields(issue)["attachment"]] == [NAME]
    jira.call("issueAttachments.removeAttachment", id=made["id"])
    assert jira.fields(issue)["attachment"] == []


def test_transition(jira: Client, issue: str) -> None:
    (start,) = jira.call("issues.getTransitions", issueIdOrKey=issue)["transitions"]

    jira.call("issues.doTransition", issueIdOrKey=issue, transition={"id": start["id"]})

    assert (start["name"], start["to"]["name"]) == ("Start", "In Progress")
    assert jira.fields(issue)["status"]["name"] == "In Progress"


def test_link(jira: Client, issue: str) -> None:
    other = jira.create()

    jira.call(
        "issueLinks.linkIssues",
        type={"name": "Blocks"},
        inwardIssue={"key": issue},
        outwardIssue={"key": other},
    )

    (link,) = jira.fields(issue)["issuelinks"]
    assert link["outwardIssue"]["key"] == other
    assert jira.call("issueLinks.getIssueLink", linkId=link["id"])["inwardIssue"]["key"] == issue
    jira.call("issueLinks.deleteIssueLink", linkId=link["id"])
    assert jira.fields(other)["issuelinks"] == []


def test_link_to_somewhere_else(jira: Client, issue: str) -> None:
    target = {"url": "https://example.com/spec", "title": "The spec"}
    made = jira.call(
        "issueRemoteLinks.createOrUpdateRemoteIssueLink", issueIdOrKey=issue, globalId="spec=1", object=target
    )

    (link,) = jira.call("issueRemoteLinks.getRemoteIssueLinks", issueIdOrKey=issue)
    assert (link["id"], link["globalId"], link["object"]["title"]) == (made["id"], "spec=1", "The spec")
    jira.call("issueRemoteLinks.deleteRemoteIssueLinkByGlobalId", issueIdOrKey=issue, globalId="spec=1")
    assert jira.call("issueRemoteLinks.getRemoteIssueLinks", issueIdOrKey=issue) == []


def test_work_log(jira: Client, issue: str) -> None:
    made = jira.call(
        "issueWorklogs.addWorklog",
        issueIdOrKey=issue,
        timeSpentSeconds=7200,
        started="2026-11-20T09:00:00.000+0000",
        comment=jira.rich("Dug"),
    )
    jira.call("issueWorklogs.updateWorklog", issueIdOrKey=issue, id=made["id"], timeSpent="1h")

    (logged,) = jira.call("issueWorklogs.getIssueWorklog", issueIdOrKey=issue)["worklogs"]
    assert (logged["timeSpentSeconds"], logged["started"]) == (3600, "2026-11-20T09:00:00.000+0000")
    assert logged["comment"] == jira.rich("Dug")
    jira.call("issueWorklogs.deleteWorklog", issueIdOrKey=issue, id=made["id"])
    assert jira.call("issueWorklogs.getIssueWorklog", issueIdOrKey=issue)["worklogs"] == []


def test_watch_and_vote(jira: Client, entrance: Entrance, issue: str) -> None:
    (carol,) = jira.call("userSearch.findUsers", query="carol")
    jira.call("issueWatchers.addWatcher", issueIdOrKey=issue, accountId=carol["accountId"])

    watching = jira.call("issueWatchers.getIssueWatchers", issueIdOrKey=issue)["watchers"]
    assert "Carol Cook" in [each["displayName"] for each in watching]
    jira.call("issueWatchers.removeWatcher", issueIdOrKey=issue, accountId=carol["accountId"])
    watching = jira.call("issueWatchers.getIssueWatchers", issueIdOrKey=issue)["watchers"]
    assert "Carol Cook" not in [each["displayName"] for each in watching]
    voter = Client(jira.program, jira.version, entrance.credentials("carol"))
    voter.call("issueVotes.addVote", issueIdOrKey=issue)
    assert jira.call("issueVotes.getVotes", issueIdOrKey=issue)["votes"] == 1


def test_version(jira: Client, issue: str) -> None:
    space = int(jira.call("projects.getProject", projectIdOrKey="ALPHA")["id"])
    first, second = (
        jira.call("projectVersions.createVersion", name=name, projectId=space) for name in ("1.0", "2.0")
    )
    jira.call("issues.editIssue", issueIdOrKey=issue, fields={"fixVersions": [{"id": first["id"]}]})
    jira.call("projectVersions.updateVersion", id=first["id"], released=True, releaseDate="2027-01-31")

    told = jira.call("projectVersions.getProjectVersions", projectIdOrKey="ALPHA")
    assert [(each["name"], each["released"]) for each in told] == [("1.0", True), ("2.0", False)]
    assert jira.call("projectVersions.getVersionRelatedIssues", id=first["id"])["issuesFixedCount"] == 1
    jira.call("projectVersions.deleteAndReplaceVersion", id=first["id"], moveFixIssuesTo=int(second["id"]))
    assert [each["name"] for each in jira.fields(issue)["fixVersions"]] == ["2.0"]
    jira.call("projectVersions.deleteAndReplaceVersion", id=second["id"])


def test_component(jira: Client, issue: str) -> None:
    made = jira.call("projectComponents.createComponent", name="Lamps", project="ALPHA")
    jira.call("issues.editIssue", issueIdOrKey=issue, fields={"components": [{"id": made["id"]}]})
    jira.call("projectComponents.updateComponent", id=made["id"], name="Lights", leadAccountId=myself(jira))

    page = jira.call("projectComponents.getProjectComponentsPaginated", projectIdOrKey="ALPHA")["values"]
    assert [(each["name"], each["lead"]["displayName"]) for each in page] == [("Lights", "Alice Archer")]
    assert [each["name"] for each in jira.fields(issue)["components"]] == ["Lights"]
    jira.call("projectComponents.deleteComponent", id=made["id"])
    assert jira.fields(issue)["components"] == []


def test_property(jira: Client, issue: str) -> None:
    key = {"issueIdOrKey": issue, "propertyKey": "sync.state"}
    jira.call("issueProperties.setIssueProperty", **key, propertyValue={"step": 1, "names": ["ä"]})

    assert jira.call("issueProperties.getIssueProperty", **key)["value"] == {"step": 1, "names": ["ä"]}
    jira.call("issueProperties.deleteIssueProperty", **key)
    assert jira.call("issueProperties.getIssuePropertyKeys", issueIdOrKey=issue)["keys"] == []


def test_what_a_form_is_made_of(jira: Client, issue: str) -> None:
    types = jira.call("issues.getCreateIssueMetaIssueTypes", projectIdOrKey="ALPHA")["issueTypes"]
    asked = jira.call(
        "issues.getCreateIssueMetaIssueTypeId", projectIdOrKey="ALPHA", issueTypeId=types[0]["id"]
    )["fields"]

    assert {each["name"] for each in types} >= {"Task", "Bug", "Story", "Epic"}
    assert {each["fieldId"] for each in asked if each["required"]} >= {"summary", "issuetype", "project"}
    assert "summary" in jira.call("issues.getEditIssueMeta", issueIdOrKey=issue)["fields"]
    assert [each["key"] for each in jira.call("projects.searchProjects")["values"]] == ["ALPHA"]
    assert {each["id"] for each in jira.call("issueFields.getFields")} >= {"summary", "labels"}


def test_delete(jira: Client, issue: str) -> None:
    jira.call("issues.deleteIssue", issueIdOrKey=issue)

    with pytest.raises(HttpException) as caught:
        jira.fields(issue)
    assert caught.value.status == 404
    assert caught.value.body["errorMessages"] == [
        "Issue does not exist or you do not have permission to see it."
    ]


def test_a_wrong_value_is_told_with_its_field(jira: Client, issue: str) -> None:
    with pytest.raises(HttpException) as on_creation:
        jira.create(summary="")
    with pytest.raises(HttpException) as on_edit:
        jira.call("issues.editIssue", issueIdOrKey=issue, fields={"duedate": "tomorrow"})

    assert (on_creation.value.status, on_edit.value.status) == (400, 400)
    assert on_creation.value.body["errors"] == {"summary": "You must specify a summary of the issue."}
    assert on_edit.value.body["errors"] == {"duedate": "Error parsing date string: tomorrow"}


def test_a_search_that_is_no_more(jira: Client) -> None:
    with pytest.raises(HttpException) as caught:
        jira.call("issueSearch.searchForIssuesUsingJql", jql="project = ALPHA")

    assert caught.value.status == 410
    assert "search/jql" in caught.value.body["errorMessages"][0]


def test_who_one_is_not_and_what_one_may_not(jira: Client, entrance: Entrance, issue: str) -> None:
    impostor, bob, carol = (
        Client(jira.program, jira.version, shown)
        for shown in (WRONG[entrance.way], entrance.credentials("bob"), entrance.credentials("carol"))
    )

    with pytest.raises(HttpException) as unknown:
        impostor.call("myself.getCurrentUser")
    with pytest.raises(HttpException) as unseen:
        bob.fields(issue)
    with pytest.raises(HttpException) as forbidden:
        carol.call("projectComponents.createComponent", name="Mine", project="ALPHA")

    assert [each.value.status for each in (unknown, unseen, forbidden)] == [401, 404, 403]


def myself(jira: Client) -> str:
    return str(jira.call("myself.getCurrentUser")["accountId"])
