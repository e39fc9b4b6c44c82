"""What people do with ``jira``, the oldest of the Python clients; it speaks version 2 of the API."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jira import JIRA, Issue, JIRAError

from jira_sandbox.state.site import Site
from tests.clients.by_jira import Dialect, client, dialect_of
from tests.clients.kinds import CLOUD, DATA_CENTERS, Kind
from tests.support.subtasks import NAME as SUB_TASK
from tests.support.subtasks import allow_subtasks

KINDS = (CLOUD, *DATA_CENTERS)
NAME = "Bericht ☕ über alles.bin"


@pytest.fixture(scope="module")
def dialect(kind: Kind) -> Dialect:
    return dialect_of(kind)


@pytest.fixture(scope="module")
def jira(kind: Kind, site: Site) -> Iterator[JIRA]:
    """As alice, who administers ALPHA."""
    with closing(client(kind, site, "alice")) as opened:
        yield opened


@pytest.fixture(scope="module")
def admin(kind: Kind, site: Site) -> Iterator[JIRA]:
    with closing(client(kind, site, "dana")) as opened:
        yield opened


@pytest.fixture
def issue(jira: JIRA) -> Issue:
    return jira.create_issue(project="ALPHA", summary="One", issuetype={"name": "Task"})


def again(jira: JIRA, issue: Issue) -> Issue:
    return jira.issue(issue.key)


def test_it_sees_what_the_site_is(jira: JIRA, dialect: Dialect, site: Site) -> None:
    info = jira.server_info()

    assert (info["baseUrl"], info["deploymentType"]) == (site.base_url, dialect.deployment)
    assert jira.myself()["displayName"] == "Alice Archer"
    assert jira.user(jira.current_user()).displayName == "Alice Archer"


def test_create(jira: JIRA) -> None:
    issue = jira.create_issue(
        project="ALPHA",
        summary="Tee ☕",
        description="h1. Plan\n\n*bold* and {{code}}",
        issuetype={"name": "Bug"},
        priority={"name": "High"},
        labels=["one", "two"],
        duedate="2027-01-31",
    )

    fields = again(jira, issue).fields
    assert (fields.summary, str(fields.issuetype), str(fields.priority)) == ("Tee ☕", "Bug", "High")
    assert fields.description == "h1. Plan\n\n*bold* and {{code}}"
    assert (sorted(fields.labels), fields.duedate, str(fields.status)) == (
        ["one", "two"],
        "2027-01-31",
        "To Do",
    )
    assert (str(fields.reporter), fields.assignee) == ("Alice Archer", None)


def test_create_several_of_which_one_is_wrong(jira: JIRA) -> None:
    wishes = [
        {"project": {"key": "ALPHA"}, "summary": summary, "issuetype": {"name": "Task"}}
        for summary in ("first", "", "third")
    ]

    made = jira.create_issues(wishes)

    assert [each["status"] for each in made] == ["Success", "Error", "Success"]
    assert [str(each["issue"].fields.summary) for each in made if each["issue"]] == ["first", "third"]
    assert "You must specify a summary of the issue." in str(made[1]["error"])


def test_edit(jira: JIRA, dialect: Dialect, issue: Issue) -> None:
    issue.update(summary="Two", description="_new_", fields={"labels": ["a"]})
    issue.update(update={"labels": [{"add": "b"}], "summary": [{"set": "Three"}]})
    issue.add_field_value("labels", "c")

    seen = again(jira, issue)
    assert (seen.fields.summary, seen.fields.description) == ("Three", "_new_")
    assert sorted(seen.fields.labels) == ["a", "b", "c"]
    history = dialect.latest_first(jira.issue(issue.key, expand="changelog").changelog.histories)
    assert [each.items[0].toString for each in history if each.items[0].field == "labels"] == [
        "a b c",
        "a b",
        "a",
    ]


def test_a_sub_task_hangs_below_its_parent(jira: JIRA, site: Site, issue: Issue) -> None:
    allow_subtasks(site, site.space("ALPHA"))

    part = jira.create_issue(
        project="ALPHA", summary="Part", issuetype={"name": SUB_TASK}, parent={"key": issue.key}
    )

    assert again(jira, part).fields.parent.key == issue.key
    assert [each.key for each in again(jira, issue).fields.subtasks] == [part.key]


def test_a_task_hangs_below_an_epic(jira: JIRA) -> None:
    epic = jira.create_issue(project="ALPHA", summary="Epic", issuetype={"name": "Epic"})

    task = jira.create_issue(
        project="ALPHA", summary="Below", issuetype={"name": "Task"}, parent={"key": epic.key}
    )

    assert again(jira, task).fields.parent.key == epic.key


def test_search_page_by_page(jira: JIRA, dialect: Dialect) -> None:
    wishes = [
        {"project": {"key": "ALPHA"}, "summary": f"{n}", "issuetype": {"name": "Task"}, "labels": ["paged"]}
        for n in range(23)
    ]
    jira.create_issues(wishes, prefetch=False)
    query = "project = ALPHA AND labels = paged ORDER BY key"

    pages = dialect.two_pages(jira, query, 10)
    everything = dialect.found(jira, query)
    old_way = jira.search_issues(query, maxResults=False, fields="summary,labels")

    told = [each.fields.summary for each in everything]
    assert told == [str(n) for n in range(23)]
    assert [each.fields.summary for each in pages] == told[:20]
    assert [each.key for each in old_way] == [each.key for each in everything]


def test_count(jira: JIRA) -> None:
    wish = {"project": {"key": "ALPHA"}, "summary": "x", "issuetype": {"name": "Task"}, "labels": ["counted"]}
    jira.create_issues([wish] * 23, prefetch=False)

    assert jira.approximate_issue_count("project = ALPHA AND labels = counted") == 23


def test_search_for_texts_people_and_times(jira: JIRA, dialect: Dialect) -> None:
    issue = jira.create_issue(project="ALPHA", summary="Straßenlaterne flackert", issuetype={"name": "Bug"})

    def found(query: str) -> list[str]:
        return [each.key for each in dialect.found(jira, query)]

    assert found('summary ~ "flackert"') == [issue.key]
    assert issue.key in found("reporter = currentUser() AND created >= -1d AND resolution IS EMPTY")
    assert found(f"key = {issue.key} AND statusCategory = Done") == []


def test_comment(jira: JIRA, issue: Issue) -> None:
    comment = jira.add_comment(issue, "Hello *there*")
    hidden = jira.add_comment(issue, "For us", visibility={"type": "role", "value": "Developers"})
    comment.update(body="Hello _again_")

    assert [each.body for each in jira.comments(issue)] == ["Hello _again_", "For us"]
    assert (hidden.visibility.type, hidden.visibility.value) == ("role", "Developers")
    assert str(jira.comment(issue.key, comment.id).author) == "Alice Archer"
    comment.delete()
    assert [each.id for each in jira.comments(issue)] == [hidden.id]


def test_attach_and_fetch_back(jira: JIRA, issue: Issue, blob: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(blob)

    made = jira.add_attachment(issue, str(path))

    (listed,) = again(jira, issue).fields.attachment
    assert (listed.id, listed.filename, listed.size) == (made.id, NAME, len(blob))
    assert listed.get() == blob
    assert b"".join(jira.attachment(made.id).iter_content(chunk_size=65_536)) == blob
    listed.delete()
    assert again(jira, issue).fields.attachment == []
    assert jira.attachment_meta()["enabled"] is True


def test_transition(jira: JIRA, dialect: Dialect, issue: Issue) -> None:
    offered = {each["name"]: each["id"] for each in jira.transitions(issue)}

    jira.transition_issue(issue, "Start", comment="On it")
    jira.transition_issue(issue, jira.transitions(issue)[0]["id"])

    seen = jira.issue(issue.key, expand="changelog")
    histories = dialect.latest_first(seen.changelog.histories)
    steps = [item for each in histories for item in each.items if item.field == "status"]
    assert list(offered) == ["Start"]
    assert steps[-1].toString == "In Progress"
    assert str(seen.fields.status) == steps[0].toString
    assert [each.body for each in jira.comments(issue)] == ["On it"]


def test_link(jira: JIRA, issue: Issue) -> None:
    other = jira.create_issue(project="ALPHA", summary="Other", issuetype={"name": "Task"})

    jira.create_issue_link("Blocks", issue.key, other.key, comment={"body": "One first"})

    (link,) = again(jira, issue).fields.issuelinks
    (back,) = again(jira, other).fields.issuelinks
    assert (link.outwardIssue.key, link.type.outward) == (other.key, "blocks")
    assert (back.inwardIssue.key, back.type.inward) == (issue.key, "is blocked by")
    assert jira.issue_link(link.id).type.name == "Blocks"
    link.delete()
    assert again(jira, other).fields.issuelinks == []


def test_link_to_somewhere_else(jira: JIRA, issue: Issue) -> None:
    jira.add_simple_link(issue.key, {"url": "https://example.com/spec", "title": "The spec"})

    (link,) = jira.remote_links(issue)
    assert (link.object.url, link.object.title) == ("https://example.com/spec", "The spec")
    link.delete()
    assert jira.remote_links(issue) == []


def test_work_log(jira: JIRA, issue: Issue) -> None:
    issue.update(fields={"timetracking": {"originalEstimate": "1d"}})

    first = jira.add_worklog(
        issue, timeSpent="2h", comment="*Dug*", started=datetime(2026, 11, 20, 9, tzinfo=UTC)
    )
    second = jira.add_worklog(issue, timeSpentSeconds="3600", adjustEstimate="new", newEstimate="3h")

    assert [(each.timeSpentSeconds, each.comment) for each in jira.worklogs(issue)] == [
        (7200, "*Dug*"),
        (3600, ""),
    ]
    assert first.started == "2026-11-20T09:00:00.000+0000"
    tracked = again(jira, issue).fields.timetracking.raw
    names = ("originalEstimate", "remainingEstimate", "timeSpent")
    assert [tracked[each] for each in names] == ["1d", "3h", "3h"]
    first.update(timeSpent="1h")
    second.delete()
    assert [each.timeSpent for each in jira.worklogs(issue.key)] == ["1h"]


def test_watch_and_vote(jira: JIRA, kind: Kind, site: Site, issue: Issue) -> None:
    jira.add_watcher(issue, "Carol")

    assert "Carol Cook" in [str(each) for each in jira.watchers(issue).watchers]
    jira.remove_watcher(issue, "Carol")
    assert "Carol Cook" not in [str(each) for each in jira.watchers(issue).watchers]
    with closing(client(kind, site, "carol")) as carol:
        carol.add_vote(issue.key)
        assert (carol.votes(issue.key).votes, carol.votes(issue.key).hasVoted) == (1, True)
        carol.remove_vote(issue.key)
    assert jira.votes(issue).votes == 0


def test_assign(jira: JIRA, issue: Issue) -> None:
    jira.assign_issue(issue, "Carol Cook")

    assert str(again(jira, issue).fields.assignee) == "Carol Cook"
    jira.assign_issue(issue, None)
    assert again(jira, issue).fields.assignee is None


def test_version(jira: JIRA, issue: Issue) -> None:
    version = jira.create_version("1.0", "ALPHA", description="First", releaseDate="2027-01-31")
    issue.update(fields={"fixVersions": [{"name": "1.0"}]})
    version.update(released=True, name="1.0.0")

    assert [(each.name, each.released) for each in jira.project_versions("ALPHA")] == [("1.0.0", True)]
    assert str(jira.get_project_version_by_name("ALPHA", "1.0.0")) == "1.0.0"
    assert jira.version_count_related_issues(version.id)["issuesFixedCount"] == 1
    assert jira.version_count_unresolved_issues(version.id) == 1


def test_delete_a_version(jira: JIRA, issue: Issue) -> None:
    version = jira.create_version("2.0", "ALPHA")
    issue.update(fields={"fixVersions": [{"name": "2.0"}]})

    version.delete()

    assert again(jira, issue).fields.fixVersions == []


def test_component(jira: JIRA, issue: Issue) -> None:
    component = jira.create_component("Lamps", "ALPHA", description="All that shines", leadUserName="alice")
    issue.update(fields={"components": [{"name": "Lamps"}]})
    component.update(name="Lights")

    assert [each.name for each in jira.project_components("ALPHA")] == ["Lights"]
    assert [each.name for each in again(jira, issue).fields.components] == ["Lights"]
    assert jira.component_count_related_issues(component.id) == 1
    component.delete()
    assert again(jira, issue).fields.components == []


def test_property(jira: JIRA, issue: Issue) -> None:
    jira.add_issue_property(issue.key, "sync.state", {"step": 1, "names": ["ä"]})

    assert [each.key for each in jira.issue_properties(issue.key)] == ["sync.state"]
    held = jira.issue_property(issue.key, "sync.state")
    assert (held.value.step, held.value.names) == (1, ["ä"])
    held.delete()
    assert jira.issue_properties(issue.key) == []


def test_what_a_form_is_made_of(jira: JIRA, dialect: Dialect, issue: Issue) -> None:
    forms = dialect.forms(jira, "ALPHA")

    assert forms.keys() >= {"Task", "Bug", "Story", "Epic"}
    assert "summary" in forms["Task"]
    assert "summary" in jira.editmeta(issue)["fields"]
    assert {"summary", "labels"} <= {each["id"] for each in jira.fields()}
    assert [str(each) for each in jira.priorities()] == ["Highest", "High", "Medium", "Low", "Lowest"]
    assert {str(each) for each in jira.statuses()} >= {"To Do", "In Progress", "Done"}
    assert jira.issue_type_by_name("Bug").name == "Bug"
    assert "Developers" in jira.project_roles("ALPHA")


def test_spaces_and_people(jira: JIRA, dialect: Dialect, admin: JIRA) -> None:
    assert [each.key for each in jira.projects()] == ["ALPHA"]
    assert str(jira.project("ALPHA").lead) == "Alice Archer"
    assert [str(each) for each in dialect.people(jira, "carol")] == ["Carol Cook"]
    assert admin.add_group("testers")
    assert "testers" in admin.groups()
    assert admin.remove_group("testers")


def test_delete(jira: JIRA, issue: Issue) -> None:
    issue.delete(deleteSubtasks=True)

    with pytest.raises(JIRAError, match=r"(?i)issue does not exist") as caught:
        jira.issue(issue.key)
    assert caught.value.status_code == 404


def test_a_wrong_value_is_told_with_its_field(jira: JIRA, issue: Issue) -> None:
    with pytest.raises(JIRAError) as on_creation:
        jira.create_issue(project="ALPHA", summary="", issuetype={"name": "Task"})
    with pytest.raises(JIRAError) as on_edit:
        issue.update(fields={"duedate": "tomorrow", "priority": {"name": "Huge"}})

    assert on_creation.value.status_code == on_edit.value.status_code == 400
    assert on_creation.value.text == "You must specify a summary of the issue."
    assert on_edit.value.response is not None
    assert on_edit.value.response.json()["errors"].keys() == {"duedate", "priority"}


def test_a_wrong_query(jira: JIRA, dialect: Dialect) -> None:
    with pytest.raises(JIRAError, match="Field 'nosuch' does not exist") as caught:
        dialect.found(jira, "nosuch = 1")

    assert caught.value.status_code == 400


def test_a_wrong_secret(kind: Kind, site: Site) -> None:
    with pytest.raises(JIRAError) as caught:
        client(kind, site, "alice", "guess")

    assert caught.value.status_code == 401


def test_what_one_may_not(kind: Kind, dialect: Dialect, site: Site, issue: Issue) -> None:
    with closing(client(kind, site, "bob")) as bob:
        with pytest.raises(JIRAError, match=dialect.unseen) as unseen:
            bob.issue(issue.key)
        with pytest.raises(JIRAError, match="No project could be found") as not_there:
            bob.project("ALPHA")
    with closing(client(kind, site, "carol")) as carol, pytest.raises(JIRAError) as forbidden:
        carol.create_component("Mine", "ALPHA")

    assert [each.value.status_code for each in (unseen, not_there, forbidden)] == [
        kind.hidden,
        404,
        403,
    ]
