"""Two kinds of trouble at once: a refusal and a deletion, a lost answer and a deletion, two refusals."""

import pytest

from backbone_app import jobs
from backbone_app.ledger import leases
from backbone_app.models import Failure, Intent, Pair
from backbone_app.services import troubles
from backbone_app.services.syncing.syncing import sync_pair
from jira_sandbox.fields import plain
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story
from tests.support.workers import EDIT, altered

COMMENT = ("POST", "/comment$")
SEVERITY = "customfield_10050"


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Lamp", priority={"name": "Medium"})
    story.settle()
    return left, story.twin_of(left)


def delete(story: Story, item: str) -> None:
    answer = story.jira.person("dana").delete(f"/rest/api/3/issue/{item}")
    assert answer.status == 204, answer.body


def told() -> list[tuple[str, str, str]]:
    """What stands in the way: side, row and code."""
    return list(Failure.objects.order_by("side", "row").values_list("side", "row", "code"))


def create_twin(story: Story) -> None:
    """Let alice choose *Create new twin* for the only failure."""
    space = story.jira.space_id("ALPHA")
    failure = Failure.objects.get()
    troubles.create_twin(story.alice, space, story.synchronization_id, failure.pk, now=story.clock())
    story.settle()


@pytest.mark.parametrize("call", [EDIT, COMMENT], ids=["an edit", "a comment"])
def test_a_write_whose_answer_was_lost_ends_when_its_work_item_is_deleted(
    story: Story, pair: tuple[str, str], call: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=call, kind="lose_answer_after_effect"))
    story.edit("alice", left, priority={"name": "High"})
    story.comment("alice", left, "Hello")
    story.jira.deliver_all()
    story.work()
    assert Intent.objects.filter(state="open").exists()

    delete(story, right)
    story.jira.deliver_all()
    story.clock.advance(minutes=30)
    story.release_leases()
    story.settle()

    assert not Intent.objects.filter(state="open").exists()
    assert (story.pair().state, story.pair().reason) == ("set aside", "deleted")


def test_a_hidden_twin_is_told_with_its_side_although_a_comment_waits_too(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.site.hide_issue(story.issue(right), from_account=story.jira.site.app.user)

    story.edit("alice", left, priority={"name": "High"})
    story.comment("alice", left, "Hello?")
    story.settle()

    assert told() == [("right", "", "remote_missing")]


def test_what_stood_in_the_way_is_no_matter_once_a_work_item_is_deleted(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.site.take_off_screen(story.jira.site.space("BETA"), "priority")
    story.edit("alice", left, priority={"name": "High"})
    story.settle()
    assert told() == [("right", "priority", "field_not_on_screen")]

    delete(story, right)
    story.settle()

    assert told() == []


def test_a_comment_refused_beside_a_block_is_told_too(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair
    beta = story.jira.site.space("BETA")
    story.jira.site.deny(story.jira.site.app.user, "ADD_COMMENTS", space=beta)
    story.jira.site.require(beta, SEVERITY, title="Severity")

    story.comment("alice", left, "Hello")
    story.edit("alice", left, summary="Brighter lamp")
    story.settle()

    assert told() == [("right", "", "required_field_missing"), ("right", "comment", "comment_not_allowed")]


def test_a_block_that_became_another_one_is_told_once(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    home = story.issue(left).space_id
    story.issue(left).space_id = story.jira.site.space("GAMMA").id
    story.edit("dana", left, summary="Away")
    story.settle()
    assert told() == [("left", "", "moved_away")]

    story.issue(left).space_id = home
    story.jira.site.hide_issue(story.issue(right), from_account=story.jira.site.app.user)
    story.edit("alice", left, summary="Home, and the twin away")
    story.settle()

    assert told() == [("right", "", "remote_missing")]


def test_an_ignored_refusal_is_forgotten_once_another_value_was_written(
    story: Story, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right = pair
    long = "A lamp that is very broken indeed"
    story.edit("alice", left, summary=long)
    monkeypatch.setattr(plain, "SUMMARY_LENGTH", 20)
    story.settle()
    space, failure = story.jira.space_id("ALPHA"), Failure.objects.get()
    troubles.ignore(story.alice, space, story.synchronization_id, failure.pk, now=story.clock())

    story.edit("alice", left, summary="Short")
    story.settle()
    assert told() == []
    monkeypatch.setattr(plain, "SUMMARY_LENGTH", 40)
    story.edit("alice", left, summary=long)
    story.settle()

    assert story.holds(right)["summary"] == long


def test_an_empty_summary_holds_back_no_other_field(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, priority={"name": "Low"})
    (delivery,) = story.hold_back(left)

    story.jira.deliver(altered(delivery, lambda body: body["issue"]["fields"].update(summary=None)))
    story.settle()

    assert story.holds(right)["priority"] == "Low"
    assert told() == [("right", "summary", "empty_summary")]


def test_a_field_that_a_creation_had_to_leave_out_comes_later_and_does_not_flow_back(story: Story) -> None:
    beta = story.jira.site.space("BETA")
    story.jira.site.take_off_screen(beta, "priority")
    left = story.create("ALPHA", "Lamp", priority={"name": "High"})
    story.settle()
    assert told() == [("right", "priority", "field_not_on_screen")]

    story.edit("bob", story.twin_of(left), summary="Bob's lamp")
    story.settle()
    assert story.holds(left) == {"summary": "Bob's lamp", "priority": "High", "labels": []}
    story.jira.site.put_on_screen(beta, "priority")
    space = story.jira.space_id("ALPHA")
    troubles.retry_all(story.alice, space, story.synchronization_id, now=story.clock())
    story.settle()

    assert story.holds(story.twin_of(left))["priority"] == "High"
    assert told() == []


def test_a_crossed_edit_that_nobody_weighed_is_in_the_way_of_no_new_twin(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Alice's")

    def cross(_request: object) -> None:
        story.clock.advance(seconds=30)
        story.edit("bob", right, summary="Bob's")
        busy = Misfortune(match=EDIT, kind="busy", headers={"Retry-After": "60"})
        story.jira.world.misfortunes.add(busy)

    story.jira.deliver_all()
    story.jira.world.hooks.before(*EDIT, cross)
    jobs.sync()
    assert Intent.objects.filter(state="crossed").exists()
    delete(story, right)
    story.clock.advance(minutes=10)
    story.settle()
    story.edit("alice", left, summary="Alone")
    story.settle()

    create_twin(story)

    assert len(story.twins_of(left)) == 1


def test_a_copy_whose_original_was_deleted_gets_a_new_twin_there_and_none_in_a_third_space(
    story: Story,
) -> None:
    story.synchronize("BETA", "GAMMA")
    left = story.create("ALPHA", "Lamp")
    story.settle()
    right = story.twin_of(left)
    delete(story, left)
    story.settle()
    story.edit("bob", right, summary="Alone")
    story.settle()

    create_twin(story)
    story.edit("bob", right, summary="Alone no more")
    story.settle()
    story.check_everything()

    spaces = [story.jira.site.space_of(one).key for one in story.jira.site.issues.values()]
    assert sorted(spaces) == ["ALPHA", "BETA"]


def test_where_nothing_is_left_nothing_is_made_anew(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    delete(story, right)
    story.settle()
    story.edit("alice", left, summary="Alone")
    story.settle()
    delete(story, left)
    story.settle()

    create_twin(story)

    assert story.pair().reason in {"deleted", "remote_missing"}
    assert list(story.jira.site.issues) == []


def test_a_work_item_that_never_had_a_twin_is_offered_none_once_it_is_gone_itself(story: Story) -> None:
    story.jira.site.require(story.jira.site.space("BETA"), SEVERITY, title="Severity")
    left = story.create("ALPHA", "Lamp")
    story.settle()
    story.jira.site.hide_issue(story.issue(left), from_account=story.jira.site.app.user)
    story.clock.advance(hours=25)
    story.check()
    assert ("left", "", "remote_missing") in told()

    space = story.jira.space_id("ALPHA")
    shown = troubles.listed(story.alice, space, story.synchronization_id, page=1, now=story.clock())

    assert "create twin" not in {way for each in shown.open for way in each.ways_out}


def test_comments_that_nobody_told_of_are_copied_to_the_last_although_jira_is_busy_meanwhile(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Lamp")
    for number in range(3):
        story.comment("alice", left, f"Remark {number}")
    story.hold_back(left)
    story.edit("alice", left, summary="Brighter lamp")

    def busy(_request: object) -> None:
        story.jira.world.misfortunes.add(Misfortune(match=COMMENT, kind="busy", headers={"Retry-After": "3"}))

    story.jira.world.hooks.after(*COMMENT, busy)
    story.settle()
    story.clock.advance(seconds=10)
    story.settle()

    assert len(story.comments(story.twin_of(left))) == 3


def test_what_one_synchronization_does_not_find_gets_no_twin_in_another_one_by_the_news_it_has(
    story: Story,
) -> None:
    story.synchronize("ALPHA", "GAMMA")
    left = story.create("ALPHA", "Lamp")
    story.jira.deliver_all()
    story.pair_up()
    stopped = Pair.objects.exclude(synchronization=story.synchronization_id).get().pk
    for claim in leases.claim_due(now=story.clock(), limit=2):
        if claim.pair_id != stopped:
            sync_pair(claim, story.clock)
    right = story.twin_of(left)
    delete(story, left)
    story.lose()
    story.edit("bob", right, summary="Alone")
    story.jira.deliver_all()
    story.work()
    assert told() == [("left", "", "remote_missing")]

    story.release_leases()
    story.settle()

    assert list(story.jira.site.issues) == [right]
    assert told() == [("left", "", "remote_missing")] * 2


def test_what_is_not_found_when_its_pair_is_decided_on_gets_no_twin_by_the_news_it_has(story: Story) -> None:
    left = story.create("ALPHA", "Lamp")
    story.comment("alice", left, "Which one?")
    story.jira.deliver_all()
    delete(story, left)
    story.lose()

    story.settle()

    assert list(story.jira.site.issues) == []
    assert told() == [("left", "", "remote_missing")]


def test_a_work_item_without_comments_to_list_is_told_as_missing_with_its_side(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    story.comment("alice", left, "Which one?")
    story.jira.deliver_all()
    delete(story, left)
    story.lose()
    story.jira.world.meters.reset()

    story.settle()

    assert told() == [("left", "", "remote_missing")]
    assert story.app_calls() == [
        "GET /rest/api/3/issue/{issueIdOrKey}/comment",
        "GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}",
    ]
