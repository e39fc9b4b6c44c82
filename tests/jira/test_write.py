"""What we change on a Jira, and that its history says why."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backbone_app.core import richtext
from backbone_app.core.values import EMPTY, Day, FieldStep, Labels, Option, Text, TwinMark, Wiki
from backbone_app.errors import OutcomeUnknown, RemoteBusy, RemoteMissing, RemoteRefused
from backbone_app.jira import read, webhooks, write
from backbone_app.jira.egress import Door
from backbone_app.jira.write import Cause, Created, Draft
from jira_sandbox.misfortunes import Kind, Misfortune
from tests.jira.conftest import Play, Script, scripted

EDITED = datetime(2026, 11, 21, 23, 0, 0, 789_000, tzinfo=UTC)
CAUSE = Cause(intent="intent-1", edited=EDITED, actor="actor-1", note="From BETA-7", overwrote=(4711, 4720))
MARK = TwinMark("intent-1", origin_site="site-1", origin_item="10007", synchronization="sync-1")


DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hello"}]}],
}
RICH = richtext.canonical(DOCUMENT)


def sent(jira: Script) -> dict[str, Any]:
    """The body of the only call."""
    (request,) = jira.requests
    body: dict[str, Any] = json.loads(request.split(b"\r\n\r\n", 1)[1])
    return body


def draft(play: Play, **fields: Any) -> Draft:
    given = {"summary": Text("twin"), **fields}
    return Draft(space=play.space_id("BETA"), type_id="10001", fields=given, mark=MARK)


def created(play: Play, **fields: Any) -> Created:
    return write.create(play.client, draft(play, **fields), cause=CAUSE, timeout=5)


def history_of(play: Play, number: str) -> list[dict[str, Any]]:
    """The work item's history as a person sees it."""
    values: list[dict[str, Any]] = play.alice.get(f"/rest/api/3/issue/{number}/changelog").json()["values"]
    return values


def test_a_twin_is_created_with_its_mark_in_one_call(play: Play) -> None:
    play.world.meters.reset()

    twin = created(play, priority=Option("Low"), labels=Labels(frozenset({"b", "a"})))

    assert play.calls == 1
    found = read.item(play.client, twin.id)
    assert (found.key, found.type_id, found.space) == (twin.key, "10001", play.space_id("BETA"))
    assert (found.mark, found.creator) == (MARK, play.client.account)
    assert (
        found.fields.items()
        >= {
            "summary": Text("twin"),
            "priority": Option("Low"),
            "labels": Labels(frozenset({"a", "b"})),
        }.items()
    )


def test_an_empty_field_is_left_to_jiras_default(play: Play) -> None:
    twin = created(play, priority=EMPTY)

    assert read.item(play.client, twin.id).fields["priority"] == Option("Medium")


def test_a_creation_that_jira_refuses_names_the_field(play: Play) -> None:
    with pytest.raises(RemoteRefused) as refused:
        created(play, priority=Option("Urgent beyond measure"))

    assert "priority" in refused.value.fields


def test_a_lost_answer_to_a_creation_is_unknown_and_the_twin_is_found_by_its_mark(play: Play) -> None:
    created(play, summary=Text("an older one"))
    play.clock.advance(minutes=30)
    play.world.misfortunes.add(
        Misfortune(match=("POST", r"/issue$"), kind="lose_answer_after_effect", site="acme")
    )

    with pytest.raises(OutcomeUnknown):
        created(play)

    (found,) = read.created_by_us(play.client, play.space_id("BETA"), play.clock.now)
    assert (found.mark, found.mark_known, found.fields["summary"]) == (MARK, True, Text("twin"))


def test_twins_of_many_pages_are_all_found(play: Play) -> None:
    for number in range(105):
        created(play, summary=Text(str(number)))

    found = read.created_by_us(play.client, "BETA", play.clock.now - timedelta(minutes=1))

    assert {one.fields["summary"] for one in found} == {Text(str(number)) for number in range(105)}


def test_an_edit_is_one_call_that_answers_with_the_item_and_our_own_entry(play: Play) -> None:
    number = play.alice.create("ALPHA", "old", labels=["keep", "drop"])
    play.clock.advance(seconds=5)
    play.world.meters.reset()

    found = write.edit(
        play.client,
        number,
        sets={"summary": Text("new"), "priority": Option("Highest")},
        labels_add={"add"},
        labels_remove={"drop"},
        cause=CAUSE,
        timeout=5,
    )

    assert play.calls == 1
    assert (
        found.fields.items()
        >= {
            "summary": Text("new"),
            "priority": Option("Highest"),
            "labels": Labels(frozenset({"keep", "add"})),
        }.items()
    )
    ours = found.entries[-1]
    assert (ours.intent, ours.edited, ours.author) == ("intent-1", EDITED, play.client.account)
    assert FieldStep("summary", Text("old"), Text("new")) in ours.steps
    assert ours.edit("summary").at == EDITED
    assert not found.mark_known


def test_each_field_of_an_edit_keeps_the_time_of_its_own(play: Play) -> None:
    number, before = play.alice.create("ALPHA", "old"), EDITED - timedelta(hours=1)
    cause = replace(CAUSE, older={"priority": before})

    found = write.edit(
        play.client,
        number,
        sets={"summary": Text("new"), "priority": Option("Highest")},
        cause=cause,
        timeout=5,
    )

    ours = found.entries[-1]
    assert (ours.edit("summary").at, ours.edit("priority").at) == (EDITED, before)


def test_the_history_tells_people_where_a_change_came_from(play: Play) -> None:
    number = play.alice.create("ALPHA", "old")

    write.edit(play.client, number, sets={"summary": Text("new")}, cause=CAUSE, timeout=5)

    assert history_of(play, number)[-1]["historyMetadata"] == {
        "type": "backbone",
        "description": "From BETA-7",
        "generator": {"id": "backbone", "type": "backbone-app", "displayName": "Backbone Work Sync"},
        "actor": {"id": "actor-1", "type": "backbone-actor"},
        "cause": {"id": "intent-1", "type": "backbone-intent"},
        "extraData": {
            "intent": "intent-1",
            "edited": "2026-11-21T23:00:00.789+00:00",
            "overwrote": "4711,4720",
        },
    }


def test_a_cause_without_an_edit_or_a_loser_says_nothing_of_them(play: Play) -> None:
    cause = Cause(intent="intent-1", edited=None, actor="actor-1", note="resync")

    assert write.history(cause)["extraData"] == {"intent": "intent-1"}


def test_an_entry_that_somebody_else_signed_as_ours_is_not_ours(play: Play) -> None:
    number = play.alice.create("ALPHA", "old")
    play.alice.put(
        f"/rest/api/3/issue/{number}",
        {"fields": {"summary": "forged"}, "historyMetadata": write.history(CAUSE)},
    )

    (entry,) = read.item(play.client, number).entries

    assert (entry.intent, entry.edited) == (None, None)


def test_labels_others_add_meanwhile_stay(play: Play) -> None:
    number = play.alice.create("ALPHA", "a", labels=["a"])
    play.world.hooks.before("PUT", number, lambda _: play.alice.edit(number, labels=["a", "theirs"]))

    found = write.edit(play.client, number, sets={}, labels_add=["ours"], cause=CAUSE, timeout=5)

    assert found.fields["labels"] == Labels(frozenset({"a", "ours", "theirs"}))


def test_clearing_a_field_sends_null(play: Play) -> None:
    number = play.alice.create("ALPHA", "a", priority={"name": "High"})
    bodies: list[dict[str, Any]] = []
    play.world.hooks.before("PUT", number, lambda request: bodies.append(json.loads(request.body)))

    write.edit(play.client, number, sets={"priority": EMPTY}, cause=CAUSE, timeout=5)

    assert bodies[0]["fields"] == {"priority": None}


def test_a_description_and_a_due_date_are_created_as_document_and_day(door: Door) -> None:
    draft = Draft(
        space="10001", type_id="3", fields={"description": RICH, "duedate": Day("2026-12-24")}, mark=MARK
    )

    with scripted(door, {"id": "10008", "key": "BETA-8"}) as jira:
        write.create(jira.client, draft, cause=CAUSE, timeout=5)

    assert sent(jira)["fields"] == {
        "project": {"id": "10001"},
        "issuetype": {"id": "3"},
        "description": DOCUMENT,
        "duedate": "2026-12-24",
    }


def test_a_due_date_is_set_and_cleared_and_each_is_a_step(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")

    for value in (Day("2026-12-24"), EMPTY):
        found = write.edit(play.client, number, sets={"duedate": value}, cause=CAUSE, timeout=5)
        assert found.fields["duedate"] == value

    assert [step for entry in found.entries for step in entry.steps] == [
        FieldStep("duedate", EMPTY, Day("2026-12-24")),
        FieldStep("duedate", Day("2026-12-24"), EMPTY),
    ]


def test_a_description_goes_out_as_a_document_and_comes_back_observed(door: Door) -> None:
    answer = {"id": "10001", "fields": {"description": DOCUMENT}, "changelog": {"histories": [], "total": 0}}

    with scripted(door, answer) as jira:
        found = write.edit(jira.client, "10001", sets={"description": RICH}, cause=CAUSE, timeout=5)

    assert jira.lines == ["PUT /rest/api/3/issue/10001?returnIssue=true&expand=changelog"]
    assert sent(jira)["fields"] == {"description": DOCUMENT}
    assert found.fields == {"description": RICH}


def test_wiki_text_goes_through_version_2_whose_answer_does_not_show_the_document(door: Door) -> None:
    fields = {"description": "h1. hello", "summary": "new"}
    answer = {"id": "10001", "fields": fields, "changelog": {"histories": [], "total": 0}}

    with scripted(door, answer) as jira:
        found = write.edit(
            jira.client,
            "10001",
            sets={"description": Wiki("h1. hello"), "summary": Text("new")},
            cause=CAUSE,
            timeout=5,
        )

    assert jira.lines == ["PUT /rest/api/2/issue/10001?returnIssue=true&expand=changelog"]
    assert sent(jira)["fields"] == fields
    assert found.fields == {"summary": Text("new")}


@pytest.fixture
def silent(play: Play) -> Play:
    """A site that does not know ``returnIssue``: it edits and answers 204, as Data Center does."""
    play.world.hooks.before("PUT", r"/issue/\d+$", forget_the_wish)
    return play


def forget_the_wish(request: Any) -> None:
    request.query[:] = [(name, value) for name, value in request.query if name != "returnIssue"]


def test_where_a_site_does_not_return_the_item_it_is_read_once(silent: Play) -> None:
    number = silent.alice.create("ALPHA", "old")
    silent.world.meters.reset()

    found = write.edit(silent.client, number, sets={"summary": Text("new")}, cause=CAUSE, timeout=5)

    assert silent.calls == 2
    assert found.fields["summary"] == Text("new")
    assert found.entries[-1].intent == "intent-1"


@pytest.mark.parametrize("kind", ["refuse_before_effect", "busy", "lose_before_effect"])
def test_an_edit_that_was_made_and_cannot_be_read_back_is_unknown_and_not_undone(
    kind: Kind, silent: Play
) -> None:
    number = silent.alice.create("ALPHA", "old")
    silent.world.misfortunes.add(Misfortune(match=("GET", r"/issue/\d+$"), kind=kind))

    with pytest.raises(OutcomeUnknown):
        write.edit(silent.client, number, sets={"summary": Text("new")}, cause=CAUSE, timeout=5)


def test_a_busy_site_has_done_nothing(play: Play) -> None:
    number = play.alice.create("ALPHA", "old")
    play.world.misfortunes.add(
        Misfortune(match=("PUT", r"/issue/\d+$"), kind="busy", headers={"Retry-After": "7"})
    )

    with pytest.raises(RemoteBusy) as busy:
        write.edit(play.client, number, sets={"summary": Text("new")}, cause=CAUSE, timeout=5)

    assert busy.value.retry_after == 7
    assert read.item(play.client, number).fields["summary"] == Text("old")


def test_editing_what_is_gone_is_missing(play: Play) -> None:
    with pytest.raises(RemoteMissing):
        write.edit(play.client, "99999", sets={"summary": Text("new")}, cause=CAUSE, timeout=5)


def test_a_mark_is_removed_and_removing_it_again_is_fine(play: Play) -> None:
    twin = created(play)

    for _ in range(2):
        write.remove_mark(play.client, twin.id, timeout=5)

    assert read.item(play.client, twin.id).mark is None


def test_the_delivery_of_our_own_twin_shows_its_mark(play: Play) -> None:
    twin = created(play)
    delivery = next(one for one in play.world.outbox if one.issue_id == twin.id)

    found = webhooks.parse(delivery.body, identifier=delivery.identifier)

    assert found.item is not None
    assert (found.item_id, found.space, found.actor) == (twin.id, play.space_id("BETA"), play.client.account)
    assert (found.item.mark, found.item.creator) == (MARK, play.client.account)


def test_a_description_lives_in_both_versions_and_only_its_absence_is_taken_from_deliveries(
    play: Play,
) -> None:
    number = play.alice.create("ALPHA", "a", description=None)

    for value in (RICH, EMPTY):
        found = write.edit(play.client, number, sets={"description": value}, cause=CAUSE, timeout=5)
        assert found.fields["description"] == value == read.item(play.client, number).fields["description"]
    as_text = write.edit(play.client, number, sets={"description": Wiki("hello")}, cause=CAUSE, timeout=5)

    assert "description" not in as_text.fields
    assert read.item(play.client, number).fields["description"] == RICH
    assert [step for entry in as_text.entries for step in entry.steps] == [
        FieldStep("description", EMPTY, Wiki("hello")),
        FieldStep("description", Wiki("hello"), EMPTY),
        FieldStep("description", EMPTY, Wiki("hello")),
    ]
    told = [webhooks.parse(one.body, identifier=one.identifier) for one in play.world.outbox]
    assert [one.hints for one in told] == [set(), {"description"}, set(), {"description"}]
    assert [one.item and one.item.fields.get("description") for one in told] == [EMPTY, None, EMPTY, None]


def test_a_delivery_and_a_read_of_the_same_moment_are_the_same_observation(play: Play) -> None:
    number = play.alice.create("ALPHA", "old", labels=["a"])
    play.clock.advance(seconds=5)
    play.alice.edit(number, summary="new", labels=["b", "c"])
    delivery = play.world.outbox[-1]

    told = webhooks.parse(delivery.body, identifier=delivery.identifier).item
    seen = read.item(play.client, number)

    assert told is not None
    assert (told.fields, told.stamp, told.entries) == (seen.fields, seen.stamp, seen.entries)
    assert (told.id, told.key, told.space, told.type_id) == (seen.id, seen.key, seen.space, seen.type_id)
