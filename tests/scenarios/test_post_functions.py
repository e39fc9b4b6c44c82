"""Post functions in a workflow: taken with the transition, told by Jira, done by the queue."""

from uuid import UUID

import pytest

from backbone_app.core.failures import RULES
from backbone_app.models import Failure, JournalEntry, Pair, Synchronization
from tests.support.app import Jira
from tests.support.cleaning import clean, delete, marked
from tests.support.pages import parse
from tests.support.post_functions import STOP, SYNCHRONIZE, put_into
from tests.support.scenario import Story
from tests.support.two_sites import Across, across, world

__all__ = ["across", "world"]

STOPPED = RULES["stopped_by_workflow"].sentence


@pytest.fixture
def desk(across: Across) -> Across:
    """ALPHA's workflow: in progress is synchronized, done is not."""
    made = across.acme.synchronization_id
    put_into(across.acme.jira, "alice", "ALPHA", "In Progress", SYNCHRONIZE, made)
    put_into(across.acme.jira, "alice", "ALPHA", "Done", STOP, made)
    return across


@pytest.fixture
def old(desk: Across) -> str:
    """A work item of ALPHA that was created while nothing was synchronized."""
    desk.acme.stop()
    item = desk.acme.create("ALPHA", "Broken lamp", labels=["hall"])
    desk.acme.comment("alice", item, "It flickers.")
    desk.acme.start()
    desk.settle()
    return item


def panel(jira: Jira, person: str, item: str) -> str:
    return parse(jira.visitor(person).get(f"/panel/{item}")).text


def test_a_transition_gives_an_old_work_item_its_twin_on_the_other_site_and_keeps_it_in_step(
    desk: Across, old: str
) -> None:
    assert desk.initech.twins_of(old) == []

    desk.acme.move("alice", old, "In Progress")
    desk.settle()

    twin = desk.twin_of(old)
    assert desk.initech.holds(twin) == desk.acme.holds(old)
    assert [text.splitlines()[-1] for text in desk.initech.comments(twin)] == ["It flickers."]
    desk.initech.edit("gina", twin, summary="Mended lamp")
    desk.settle()
    assert desk.acme.holds(old)["summary"] == "Mended lamp"


def test_a_transition_sets_the_pair_aside_and_another_one_takes_it_up_with_all_that_changed(
    desk: Across, old: str
) -> None:
    desk.acme.move("alice", old, "In Progress")
    desk.settle()
    twin = desk.twin_of(old)

    desk.acme.move("alice", old, "Done")
    desk.settle()
    desk.acme.edit("alice", old, summary="Only here")
    desk.initech.edit("gina", twin, labels=["only-there"])
    desk.settle()
    between = desk.acme.holds(old), desk.initech.holds(twin), desk.initech.status(twin)
    said = panel(desk.acme.jira, "alice", old), panel(desk.initech.jira, "gina", twin)
    desk.acme.move("alice", old, "In Progress")
    desk.settle()

    assert between[0] != between[1]
    assert between[2] == "In Progress"
    assert all(STOPPED in each for each in said)
    assert desk.acme.holds(old) == desk.initech.holds(twin)
    assert desk.acme.holds(old) == {"summary": "Only here", "labels": ["only-there"], "priority": "Medium"}
    assert STOPPED not in panel(desk.acme.jira, "alice", old)
    assert (Failure.objects.count(), Pair.objects.get().reason) == (0, "")


def test_what_jira_repeats_is_done_once_also_after_a_later_transition(desk: Across, old: str) -> None:
    desk.acme.move("alice", old, "In Progress")
    (first,) = [each for each in desk.acme.hold_back(old) if each.event == "post function"]
    desk.acme.jira.deliver(first)
    desk.settle()
    desk.acme.move("alice", old, "Done")
    desk.settle()

    assert desk.acme.jira.deliver(first)
    desk.settle()

    assert len(desk.initech.twins_of(old)) == 1
    assert Pair.objects.get().reason == "stopped_by_workflow"


def test_the_activity_of_both_sides_says_that_it_was_a_workflow(desk: Across, old: str) -> None:
    desk.acme.move("alice", old, "In Progress")
    desk.settle()
    desk.acme.move("alice", old, "Done")
    desk.settle()

    twin = desk.twin_of(old)
    for story, person, item in ((desk.acme, "alice", old), (desk.initech, "gina", twin)):
        feed = parse(story.jira.visitor(person).get(f"/panel/{item}/activity")).text
        assert "A workflow started synchronizing it" in feed
        assert "A workflow stopped synchronizing it" in feed
    assert JournalEntry.objects.filter(kind__startswith="workflow").count() == 4


def test_one_that_was_asked_for_while_it_is_stopped_gets_its_twin_after_the_start(
    desk: Across, old: str
) -> None:
    desk.acme.stop()

    desk.acme.move("alice", old, "In Progress")
    desk.acme.jira.deliver_all()
    desk.acme.work()
    before = desk.initech.twins_of(old)
    desk.acme.start()
    desk.settle()

    assert before == []
    assert len(desk.initech.twins_of(old)) == 1


@pytest.fixture
def further(story: Story) -> UUID:
    """A second synchronization, which a workflow of BETA asks for a twin in."""
    story.synchronize("BETA", "GAMMA")
    found = Synchronization.objects.exclude(pk=story.synchronization_id).get().pk
    put_into(story.jira, "dana", "BETA", "Selected", SYNCHRONIZE, found)
    return found


def test_a_twin_starts_no_twin_of_its_own_in_another_synchronization(story: Story, further: UUID) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()

    story.move("bob", story.twin_of(left), "Selected")
    story.settle()

    assert Pair.objects.count() == 1


@pytest.mark.parametrize("is_clean", [True, False], ids=["without its mark", "its mark is not removed yet"])
def test_a_twin_of_a_synchronization_that_was_deleted_gets_one_where_a_workflow_asks(
    story: Story, further: UUID, is_clean: bool
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    former = story.twin_of(left)
    delete(story)
    if is_clean:
        clean(story)
    assert (marked(story) == []) is is_clean

    story.edit("bob", former, summary="Nothing asks for a twin")
    story.settle()
    by_itself = Pair.objects.count()
    story.move("bob", former, "Selected")
    story.settle()

    assert by_itself == 0
    assert Pair.objects.get().synchronization_id == further
    assert len(story.twins_of(former)) == 1


@pytest.mark.parametrize("named", [None, "", "no id"])
def test_a_twin_that_our_rows_have_forgotten_is_a_twin_by_its_mark(
    story: Story, further: UUID, named: str | None
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    twin = story.twin_of(left)
    Pair.objects.all().delete()
    if named is not None:
        story.issue(twin).properties["backbone-twin"]["synchronization"] = named

    story.move("bob", twin, "Selected")
    story.settle()

    assert not Pair.objects.exists()


def test_what_its_synchronization_does_not_map_gets_no_twin(story: Story) -> None:
    put_into(story.jira, "alice", "ALPHA", "In Progress", SYNCHRONIZE, story.synchronization_id)
    item = story.jira.person("alice").create("ALPHA", "Too big", kind="Epic")

    story.move("alice", item, "In Progress")
    story.settle()

    assert not Pair.objects.exists()
    assert "Its work type is not synchronized." in panel(story.jira, "alice", item)
