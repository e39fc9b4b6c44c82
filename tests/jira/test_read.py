"""What we ask of a Jira, answered by the sandbox."""

import json
from datetime import UTC, datetime

import pytest

from backbone_app.core.configuration import StatusShape, WorkType
from backbone_app.core.values import EMPTY, FieldStep, Labels, Option, Stamp, Text, TwinMark
from backbone_app.errors import RemoteMissing, RemoteRefused
from backbone_app.jira import items, read
from backbone_app.jira.egress import Door
from tests.jira.conftest import Play, scripted

MARK = {"nonce": "n-1", "originSite": "s-1", "originItem": "10001"}


def test_an_item_is_read_in_one_call_with_fields_history_and_mark(play: Play) -> None:
    number = play.alice.create("ALPHA", "old", labels=["a"], priority={"name": "High"})
    play.clock.advance(seconds=10)
    play.alice.edit(number, summary="new")
    play.world.meters.reset()

    found = read.item(play.client, number)

    assert play.calls == 1
    assert (
        found.fields.items()
        >= {
            "summary": Text("new"),
            "priority": Option("High"),
            "labels": Labels(frozenset({"a"})),
            "status": Option("To Do"),
        }.items()
    )
    assert (found.space, found.type_name) == (play.space_id("ALPHA"), "Task")
    assert found.creator == play.site.user("alice").account_id
    assert (found.mark, found.mark_known) == (None, True)
    (entry,) = found.entries
    assert (entry.at, entry.author, entry.intent) == (play.clock.now, found.creator, None)
    assert entry.steps == (FieldStep("summary", Text("old"), Text("new")),)
    assert found.stamp == Stamp(entry.id, play.clock.now)
    assert found.complete_from == 0


def test_a_mark_on_an_item_is_read(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    play.alice.put(f"/rest/api/3/issue/{number}/properties/{items.MARK}", MARK)

    assert read.item(play.client, number).mark == TwinMark(
        nonce="n-1", origin_site="s-1", origin_item="10001"
    )


def test_a_field_hidden_from_the_app_is_absent_and_not_empty(play: Play) -> None:
    number = play.alice.create("ALPHA", "a", priority={"name": "High"})
    play.site.hide_field("priority", from_account=play.site.app.user)

    assert "priority" not in read.item(play.client, number).fields


def test_a_field_that_is_shown_and_holds_nothing_is_empty(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    play.site.issue(number).fields["priority"] = None

    found = read.item(play.client, number).fields

    assert (found["priority"], found["labels"]) == (EMPTY, Labels(frozenset()))


def test_a_long_history_is_complete_from_the_oldest_entry_that_came_and_the_rest_can_be_read(
    play: Play,
) -> None:
    number = play.alice.create("ALPHA", "0")
    for count in range(1, 106):
        play.alice.edit(number, summary=str(count))

    found = read.item(play.client, number)
    everything = read.entries_since(play.client, number, 0)
    newest = read.entries_since(play.client, number, everything[-3].id)

    assert len(found.entries) == 40
    assert found.complete_from == found.entries[0].id
    assert [entry.steps[0].after for entry in everything] == [Text(str(count)) for count in range(1, 106)]
    assert found.entries == everything[-40:]
    assert newest == everything[-2:]


def test_an_item_that_is_gone_or_hidden_is_missing(play: Play) -> None:
    hidden = play.alice.create("ALPHA", "a")
    alpha = play.site.space("ALPHA")
    play.site.revoke(play.site.app.user, "BROWSE_PROJECTS", space=alpha)

    for number in ("99999", hidden):
        with pytest.raises(RemoteMissing):
            read.item(play.client, number)


def test_what_another_made_since_is_not_ours(play: Play) -> None:
    play.alice.create("ALPHA", "somebody else's")

    assert read.created_by_us(play.client, "ALPHA", play.clock.now) == ()


def test_spaces_are_listed_as_far_as_the_app_may_browse(play: Play) -> None:
    gamma = play.site.space("GAMMA")
    play.site.revoke(play.site.app.user, "BROWSE_PROJECTS", space=gamma)

    found = read.spaces(play.client)

    assert [(one.key, one.name) for one in found] == [("ALPHA", "Alpha"), ("BETA", "Beta")]
    assert found[0] == read.space(play.client, "ALPHA") == read.space(play.client, found[0].id)
    with pytest.raises(RemoteMissing):
        read.space(play.client, "GAMMA")


def test_more_spaces_than_fit_a_page_are_all_listed(play: Play) -> None:
    alice = play.site.user("alice")
    for number in range(120):
        key = f"S{number}"
        made = play.site.add_space(key=key, name=key, lead=alice, type_names=["Task"], screen=set())
        play.site.grant(play.site.app.user, "BROWSE_PROJECTS", space=made)

    assert len(read.spaces(play.client)) == 123


def test_a_shape_names_the_types_and_the_fields_that_can_be_set(play: Play) -> None:
    shape = read.shape(play.client, "BETA")

    assert [(one.name, one.subtask) for one in shape.types] == [
        ("Task", False),
        ("Bug", False),
        ("Story", False),
    ]
    assert all({"summary", "priority", "labels"} <= set(one.fields) for one in shape.types)
    assert shape.types[0] == WorkType(id="10001", name="Task", subtask=False, fields=shape.types[0].fields)


@pytest.mark.parametrize(
    ("name", "space", "may"), [("alice", "ALPHA", True), ("alice", "BETA", False), ("carol", "ALPHA", False)]
)
def test_a_persons_rights_in_a_space_are_asked_of_jira(name: str, space: str, may: bool, play: Play) -> None:
    account = play.site.user(name).account_id

    found = read.may(
        play.client, account=account, space=play.space_id(space), permission="ADMINISTER_PROJECTS"
    )

    assert found is may


def test_of_many_spaces_those_a_person_may_browse_are_found_with_one_call_a_thousand(play: Play) -> None:
    bob, seen = play.site.user("bob"), []
    for number in range(1100):
        made = play.site.add_space(key=f"S{number}", name="x", lead=bob, type_names=[], screen=set())
        if number % 100 == 0:
            play.site.grant(bob, "BROWSE_PROJECTS", space=made)
            seen.append(made.id)
    play.world.meters.reset()

    found = read.may_browse(play.client, account=bob.account_id, spaces=list(play.site.spaces))

    assert found == {play.space_id("BETA"), *seen}
    assert play.calls == 2
    assert read.may_browse(play.client, account=bob.account_id, spaces=[]) == frozenset()


def test_only_who_administers_jira_is_its_admin(play: Play) -> None:
    admins = [
        name
        for name in ("alice", "bob", "carol", "dana")
        if read.may_globally(play.client, account=play.site.user(name).account_id, permission="ADMINISTER")
    ]

    assert admins == ["dana"]


def test_nobodys_account_has_no_rights(play: Play) -> None:
    with pytest.raises(RemoteRefused):
        read.may_globally(play.client, account="nobody", permission="ADMINISTER")


def test_the_account_is_the_apps_own(play: Play) -> None:
    assert read.account(play.client) == play.site.app.user.account_id


def test_a_history_entry_without_id_or_time_is_left_out() -> None:
    at = "2026-11-22T01:02:03.456+0000"
    told = [{"id": "7", "created": at}, {"id": "5", "created": at}, {"created": at}, {"id": "6"}, None]

    assert [entry.id for entry in items.entries(told, account="app-1")] == [5, 7]


def test_a_search_by_time_starts_15_hours_early_as_jql_reads_the_time_in_a_zone_we_do_not_know(
    play: Play,
) -> None:
    asked: list[str] = []
    play.world.hooks.before(
        "POST", "search/jql", lambda request: asked.append(json.loads(request.body)["jql"])
    )

    read.created_by_us(play.client, "ALPHA", datetime(2026, 11, 22, 14, 30, 59, tzinfo=UTC))

    assert "created >= '2026-11-21 23:29'" in asked[0]


def test_a_field_that_cannot_be_set_is_no_part_of_a_shape(door: Door) -> None:
    described = [
        {"fieldId": "summary", "operations": ["set"]},
        {"fieldId": "votes", "operations": []},
        {"fieldId": "issuelinks", "operations": ["add"]},
    ]
    types = {"issueTypes": [{"id": "5", "name": "Sub-task", "subtask": True}], "total": 1}

    with scripted(door, types, {"fields": described, "total": 3}, []) as jira:
        shape = read.shape(jira.client, "ALPHA")

    assert shape.types == (WorkType(id="5", name="Sub-task", subtask=True, fields=("summary",)),)
    assert shape.statuses == ()


def test_a_shape_names_the_statuses_of_all_types_once_in_the_order_of_their_workflows(door: Door) -> None:
    def status(name: str, category: str) -> dict[str, object]:
        return {"id": "1", "name": name, "statusCategory": {"id": 2, "key": category}}

    task = {"name": "Task", "statuses": [status("To Do", "new"), status("Done", "done")]}
    bug = {"name": "Bug", "statuses": [status("To Do", "new"), status("Triage", "indeterminate")]}
    old = {"name": "Old", "statuses": [{"id": "9", "name": "Limbo"}]}

    with scripted(door, {"issueTypes": [], "total": 0}, [task, bug, old]) as jira:
        shape = read.shape(jira.client, "ALPHA")

    assert shape.statuses == (
        StatusShape("To Do", "new"),
        StatusShape("Done", "done"),
        StatusShape("Triage", "indeterminate"),
        StatusShape("Limbo", ""),
    )


def test_the_statuses_of_a_space_come_from_its_workflows(play: Play) -> None:
    alpha, beta = (read.shape(play.client, key).statuses for key in ("ALPHA", "BETA"))

    assert alpha[:3] == (
        StatusShape("To Do", "new"),
        StatusShape("In Progress", "indeterminate"),
        StatusShape("Done", "done"),
    )
    assert beta != alpha
