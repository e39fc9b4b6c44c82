"""Two spaces of one site in step: the everyday story, with its cost in calls."""

import pytest

from backbone_app.models import Delivery, Intent
from tests.support.scenario import Story

READ = "GET /rest/api/3/issue/{issueIdOrKey}"
WRITE = "PUT /rest/api/3/issue/{issueIdOrKey}"
CREATE = "POST /rest/api/3/issue"


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, with the counters at zero."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def test_a_new_work_item_gets_a_twin_for_one_read_and_one_write_and_the_echo_is_free(story: Story) -> None:
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})

    story.settle()

    expected = {"summary": "Broken lamp", "priority": "High", "labels": ["hall"]}
    assert story.holds(story.twin_of(left)) == expected
    assert story.app_calls() == [READ, CREATE]


@pytest.mark.parametrize(
    "names", [("synchronization", "originSite", "originItem"), ("nonce",), ("originItem",)]
)
def test_jira_itself_finds_the_twin_of_a_work_item(story: Story, names: tuple[str, ...]) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.create("ALPHA", "Another one")
    story.settle()
    twin = story.twin_of(left)
    mark = story.issue(twin).properties["backbone-twin"]
    clauses = [f'issue.property[backbone-twin].{name} = "{mark[name]}"' for name in names]

    found = story.jira.person("bob").post("/rest/api/3/search/jql", {"jql": " AND ".join(clauses)}).json()

    assert [each["id"] for each in found["issues"]] == [twin]
    assert mark["synchronization"] == str(story.synchronization_id)


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "Broken lamp in the hall"},
        {"labels": ["hall", "urgent"]},
        {"labels": []},
        {"priority": {"name": "Low"}},
    ],
    ids=["summary", "label added", "label removed", "priority"],
)
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_an_edit_of_either_side_costs_one_read_and_one_write_and_nothing_for_the_echo(
    story: Story, pair: tuple[str, str], change: dict[str, object], who: str
) -> None:
    left, right = pair

    story.edit(who, left if who == "alice" else right, **change)
    story.settle()

    assert story.holds(left) == story.holds(right)
    assert story.app_calls() == [READ, WRITE]


def test_a_delivery_that_comes_twice_is_known(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="Once")
    (delivery,) = story.hold_back(left)

    story.jira.deliver(delivery)
    story.jira.deliver(delivery)
    story.settle()

    assert story.holds(right)["summary"] == "Once"
    assert Delivery.objects.filter(key=delivery.identifier).count() == 1
    assert story.app_calls() == [READ, WRITE]


def test_deliveries_out_of_order_end_in_the_newest_state(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="First")
    story.edit("alice", left, summary="Second")
    first, second = story.hold_back(left)

    story.jira.deliver(second)
    story.work()
    story.jira.deliver(first)
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Second"
    assert story.app_calls() == [READ, WRITE]


def test_edits_of_different_fields_on_both_sides_both_survive(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.edit("alice", left, summary="New words")
    story.edit("bob", right, priority={"name": "Low"})
    story.settle()

    assert (
        story.holds(left)
        == story.holds(right)
        == {"summary": "New words", "priority": "Low", "labels": ["hall"]}
    )
    assert "conflict summary" not in story.journal()


def test_labels_of_both_sides_merge_by_additions_and_removals(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.edit("alice", left, labels=["lamp"])
    story.edit("bob", right, labels=["hall", "urgent"])
    story.settle()

    assert story.holds(left)["labels"] == story.holds(right)["labels"] == ["lamp", "urgent"]


def test_the_newer_edit_of_one_field_wins_and_the_loser_is_kept(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.edit("alice", left, summary="Older")
    story.clock.advance(seconds=10)
    story.edit("bob", right, summary="Newer")
    loser = story.issue(left).changelog[-1].id
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Newer"
    assert story.journal().count("conflict summary") == 1
    overwriting = story.issue(left).changelog[-1].history_metadata
    assert overwriting is not None
    assert overwriting["extraData"]["overwrote"] == str(loser)


def test_edits_of_the_same_moment_are_decided_for_the_left(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.edit("alice", left, summary="Left")
    story.edit("bob", right, summary="Right")
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Left"
    assert story.journal().count("conflict summary") == 1


def test_a_work_item_created_before_the_start_gets_no_twin_by_itself(story: Story) -> None:
    story.stop()
    old = story.create("ALPHA", "Old")
    story.start()
    story.jira.world.meters.reset()

    story.edit("alice", old, summary="Old, edited")
    story.settle()

    assert story.twins_of(old) == []
    assert story.app_calls() == []


def test_a_twin_starts_no_further_twin_and_no_intent_stays_open(story: Story) -> None:
    left = story.create("ALPHA", "One")
    right = story.create("BETA", "Two")

    story.settle()

    assert len(story.twins_of(left)) == len(story.twins_of(right)) == 1
    assert len(story.jira.site.issues) == 4
    assert set(Intent.objects.values_list("state", flat=True)) == {"done"}


def test_a_clone_of_a_twin_is_a_new_work_item_with_a_twin_of_its_own(
    story: Story, pair: tuple[str, str]
) -> None:
    _, right = pair

    clone = story.create("BETA", "Clone")
    story.issue(clone).properties |= story.issue(right).properties
    story.hold_back(clone)
    story.edit("bob", clone, summary="Clone of the lamp")
    story.settle()

    assert "backbone-twin" not in story.issue(clone).properties
    assert len(story.twins_of(clone)) == 1


def test_a_deleted_work_item_leaves_its_twin_alone(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.jira.person("dana").delete(f"/rest/api/3/issue/{left}")
    story.settle()

    assert right in story.jira.site.issues
    assert (story.pair().state, story.pair().reason) == ("set aside", "deleted")
    assert story.app_calls() == []


def test_changes_made_while_stopped_arrive_after_the_start(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.stop()
    story.edit("alice", left, summary="While stopped")
    story.settle()
    assert story.holds(right)["summary"] == "Broken lamp"

    story.start()
    story.settle()

    assert story.holds(right)["summary"] == "While stopped"
