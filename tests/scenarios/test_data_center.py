"""A Cloud site and a Data Center of every version that can be linked, in step: the everyday story."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.errors import LinkToMend
from backbone_app.ledger.points import QUIET
from backbone_app.models import Intent, Leftover, Reconciliation, ServiceHold, Synchronization
from backbone_app.services import synchronizations, twinning
from backbone_app.services.reconciling.check import BUDGET, ONE_BY_ONE
from jira_sandbox.misfortunes import Kind, Misfortune
from jira_sandbox.wire import Request
from tests.support import links
from tests.support.backups import Backup
from tests.support.beyond import Beyond, beyond, edition, pair, world
from tests.support.scenario import paragraphs

__all__ = ["beyond", "edition", "pair", "world"]

ODD = "h1. Title\r\n\r\n* one \n# two\t\n{noformat}x  {noformat}\n||a||b||\n|1|2|\n[~hank] *not closed"


def test_a_new_work_item_of_either_site_gets_one_twin_on_the_other(beyond: Beyond) -> None:
    mine = beyond.acme.create("ALPHA", "Mine", priority={"name": "High"}, labels=["hall"])
    theirs = beyond.office.create("alice", "Theirs", labels=["yard"])

    beyond.settle()

    assert beyond.office.holds(beyond.twin_of(mine)) == beyond.acme.holds(mine)
    (twin,) = beyond.acme.twins_of(theirs)
    assert beyond.acme.holds(twin) == beyond.office.holds(theirs)
    assert set(Intent.objects.values_list("state", flat=True)) == {"done"}


def test_edits_travel_both_ways(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    beyond.acme.edit("alice", left, summary="From acme", duedate="2026-12-24")
    beyond.settle()
    beyond.office.edit("alice", right, labels=["hall", "urgent"], priority={"name": "Low"})
    beyond.settle()

    expected = {"summary": "From acme", "priority": "Low", "labels": ["hall", "urgent"]}
    assert beyond.acme.holds(left) == beyond.office.holds(right) == expected
    assert beyond.office.field(right, "duedate") == "2026-12-24"
    assert beyond.conflicts() == []


@pytest.mark.parametrize("side", ["cloud", "data center"])
def test_a_status_walks_the_other_sites_workflow(beyond: Beyond, pair: tuple[str, str], side: str) -> None:
    left, right = pair

    if side == "cloud":
        beyond.acme.move("alice", left, "In Progress", "Done")
    else:
        beyond.office.move("alice", right, "In Progress")
    beyond.settle()

    ends = (beyond.acme.status(left), beyond.office.status(right))
    assert ends == (("Done", "Done") if side == "cloud" else ("In Progress", "In Progress"))


def test_comments_cross_and_restricted_ones_do_not(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    beyond.acme.comment("alice", left, "Who can look?")
    beyond.acme.comment("alice", left, "Among us", visibility={"type": "role", "value": "Administrators"})
    beyond.settle()
    mine = beyond.office.comment("alice", right, "I can. *Tomorrow*")
    beyond.settle()

    assert beyond.office.comments(right) == ["Alice Archer commented:\n\nWho can look?", "I can. *Tomorrow*"]
    assert [text.splitlines()[-1] for text in beyond.acme.comments(left)] == [
        "Who can look?",
        "Among us",
        "I can. Tomorrow",
    ]
    assert mine in [one["id"] for one in beyond.office.listed(right)]


def test_a_comment_is_changed_and_deleted_on_both_sides(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair
    first = beyond.acme.comment("alice", left, "Frist")
    second = beyond.office.comment("alice", right, "Scond")
    beyond.settle()

    beyond.acme.change_comment("alice", left, first, "First")
    beyond.office.change_comment("alice", right, second, "Second")
    beyond.settle()

    assert [text.splitlines()[-1] for text in beyond.office.comments(right)] == ["Second", "First"]
    assert [text.splitlines()[-1] for text in beyond.acme.comments(left)] == ["First", "Second"]

    beyond.acme.delete_comment("alice", left, first)
    beyond.office.delete_comment("alice", right, second)
    beyond.settle()

    assert beyond.office.comments(right) == beyond.acme.comments(left) == []


def test_the_newer_edit_wins_and_the_loser_is_kept(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    beyond.acme.edit("alice", left, summary="Older")
    beyond.acme.clock.advance(seconds=10)
    beyond.office.edit("alice", right, summary="Newer")
    beyond.settle()

    assert beyond.acme.holds(left)["summary"] == beyond.office.holds(right)["summary"] == "Newer"
    assert beyond.conflicts() == ["summary"]


def test_an_edit_that_our_write_crosses_is_weighed(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    def cross(_: object) -> None:
        beyond.acme.clock.advance(seconds=30)
        beyond.office.edit("alice", right, summary="Later, unseen")

    beyond.acme.jira.world.hooks.before("PUT", "/rest/api/2/issue/[0-9]+$", cross, caller="anyone")
    beyond.acme.edit("alice", left, summary="Earlier")
    beyond.settle()

    assert beyond.acme.holds(left)["summary"] == beyond.office.holds(right)["summary"] == "Later, unseen"
    assert beyond.conflicts() == ["summary"]


def test_what_no_delivery_told_of_is_found_by_a_check(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair
    beyond.office.edit("alice", right, summary="Unheard of")
    new = beyond.office.create("alice", "New and unheard of")
    assert beyond.office.lose() > 0
    beyond.acme.clock.advance(minutes=30)

    beyond.acme.check()
    beyond.settle()

    assert beyond.acme.holds(left)["summary"] == "Unheard of"
    (twin,) = beyond.acme.twins_of(new)
    assert beyond.acme.holds(twin)["summary"] == "New and unheard of"


def test_a_further_whole_check_of_what_is_in_step_reads_many_at_once_and_nothing_else(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.create("gina", "Made by herself", description=ODD)
    beyond.acme.edit("alice", left, description=paragraphs("From acme"))
    beyond.acme.comment("alice", left, "Who can look?")
    beyond.settle()
    beyond.office.comment("gina", right, "I can")
    beyond.office.move("alice", right, "In Progress")
    beyond.settle()

    def check() -> None:
        beyond.acme.clock.advance(minutes=30)
        beyond.acme.check()
        beyond.settle()

    check()
    calls = links.calls_of_a_whole_check(beyond.office.world, check, clock=beyond.acme.clock)

    assert calls == links.MANY_AT_ONCE


@pytest.mark.parametrize("kind", ["time_out_after_effect", "time_out_before_effect"])
def test_a_creation_whose_answer_is_lost_is_found_again_and_not_made_twice(
    beyond: Beyond, kind: Kind
) -> None:
    misfortunes = beyond.acme.jira.world.misfortunes
    creation = ("POST", "/rest/api/2/issue$")
    misfortunes.add(Misfortune(match=creation, kind=kind, site="initech", caller="anyone"))
    left = beyond.acme.create("ALPHA", "Once")

    beyond.settle()
    assert misfortunes.waiting == []
    for _ in range(3):
        beyond.acme.clock.advance(minutes=5)
        beyond.acme.check()
        beyond.settle()

    assert beyond.office.holds(beyond.twin_of(left))["summary"] == "Once"


def test_whoever_seeks_a_creation_asks_for_no_marks_of_what_others_are_known_to_have_made(
    beyond: Beyond,
) -> None:
    for number in range(5):
        beyond.acme.create("ALPHA", f"Answered {number}")
    beyond.settle()
    lost = Misfortune(
        match=("POST", "/rest/api/2/issue$"), kind="time_out_after_effect", site="initech", caller="anyone"
    )
    beyond.acme.jira.world.misfortunes.add(lost)
    left = beyond.acme.create("ALPHA", "Not answered")
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    beyond.office.lose()
    meters = beyond.office.world.meters
    meters.reset()

    beyond.acme.clock.advance(minutes=2)
    beyond.settle()

    assert beyond.acme.twins_of(left) == []
    assert Intent.objects.get(item=beyond.twin_of(left)).state == "done"
    assert meters.calls(site="initech", route="/properties/") == 1


def test_a_deleted_work_item_leaves_its_twin_alone(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    beyond.office.employee("dana").delete(f"/issue/{right}")
    beyond.settle()

    assert left in beyond.acme.jira.site.issues
    assert (beyond.acme.pair().state, beyond.acme.pair().reason) == ("set aside", "deleted")


def test_text_that_nobody_touches_stays_letter_for_letter(beyond: Beyond) -> None:
    right = beyond.office.create("alice", "Odd text", description=ODD)
    beyond.settle()
    (left,) = beyond.acme.twins_of(right)

    beyond.acme.edit("alice", left, summary="Another summary", labels=["hall"])
    beyond.settle()
    beyond.acme.comment("alice", left, "And a comment")
    beyond.acme.move("alice", left, "In Progress")
    beyond.settle()

    assert beyond.office.field(right, "description") == ODD
    assert beyond.office.field(right, "summary") == "Another summary"


def test_whoever_let_us_in_works_there_by_hand_as_well(beyond: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair

    beyond.office.edit("gina", right, summary="By her own hand")
    beyond.office.comment("gina", right, "Said by herself")
    new = beyond.office.create("gina", "Made by herself")
    beyond.settle()

    assert beyond.acme.holds(left)["summary"] == "By her own hand"
    assert [text.splitlines()[-1] for text in beyond.acme.comments(left)] == ["Said by herself"]
    (twin,) = beyond.acme.twins_of(new)
    assert beyond.acme.holds(twin)["summary"] == "Made by herself"
    assert beyond.office.comments(right) == ["Said by herself"]
    assert (beyond.office.twins_of(new), beyond.conflicts()) == ([], [])


def test_what_she_did_by_hand_and_no_delivery_told_of_is_found_by_a_check(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.comment("gina", right, "Said by herself")
    new = beyond.office.create("gina", "Made by herself")
    assert beyond.office.lose() > 0
    beyond.acme.clock.advance(minutes=30)

    beyond.acme.check()
    beyond.settle()

    assert [text.splitlines()[-1] for text in beyond.acme.comments(left)] == ["Said by herself"]
    assert len(beyond.acme.twins_of(new)) == 1


@pytest.mark.parametrize("choice", ["own", "partner"])
def test_two_work_items_that_were_there_before_are_compared_and_paired_by_hand(
    beyond: Beyond, choice: str
) -> None:
    alice, space = beyond.acme.alice, beyond.acme.jira.space_id("ALPHA")
    beyond.acme.stop()
    left = beyond.acme.create("ALPHA", "Alike", description=paragraphs("The same words"))
    right = beyond.office.create("alice", "Not alike", description="The same words", labels=["yard"])
    beyond.settle()
    beyond.acme.start()
    beyond.acme.clock.advance(seconds=60)
    keys = {"own_key": beyond.acme.issue(left).key, "partner_key": beyond.office.site.issues[right].key}

    shown = twinning.preview(alice, space, beyond.acme.synchronization_id, **keys, now=beyond.acme.clock())
    outlooks = {one.name: one.outlook for one in shown.fields}
    twinning.pair_up(
        alice, space, beyond.acme.synchronization_id, **keys, choice=choice, now=beyond.acme.clock()
    )
    beyond.settle()

    assert (str(outlooks["Description"]), str(outlooks["Summary"])) == ("equal", "differs")
    summary = "Alike" if choice == "own" else "Not alike"
    assert beyond.acme.holds(left)["summary"] == beyond.office.holds(right)["summary"] == summary
    assert beyond.acme.holds(left)["labels"] == beyond.office.holds(right)["labels"]
    assert beyond.office.field(right, "description") == "The same words"


def test_a_token_that_is_taken_back_pauses_the_synchronization_until_its_link_is_mended(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    beyond.office.site.personal_tokens.clear()
    beyond.acme.edit("alice", left, summary="While nobody lets us in")
    beyond.settle()

    row = Synchronization.objects.get()
    assert (row.state, row.pause_reason, row.pause_side) == ("paused", "link_broken", "right")
    with pytest.raises(LinkToMend):
        beyond.acme.start()
    assert beyond.office.holds(right)["summary"] != "While nobody lets us in"


def test_twins_made_after_a_backup_are_pairs_again_after_the_restore_and_not_made_twice(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    backup, taken_at = Backup.take(), beyond.acme.clock()
    beyond.acme.clock.advance(seconds=10)
    mine = beyond.acme.create("ALPHA", "After the backup")
    by_hand = beyond.office.create("gina", "By her own hand")
    beyond.settle()
    twin = beyond.twin_of(mine)
    beyond.office.edit("alice", twin, summary="Edited there")

    beyond.go_back(backup, taken_at)

    assert not ServiceHold.objects.exists()
    assert Synchronization.objects.get().state == "running"
    assert beyond.office.twins_of(mine) == [twin]
    assert len(beyond.acme.twins_of(by_hand)) == 1
    assert beyond.acme.holds(mine)["summary"] == beyond.office.holds(twin)["summary"] == "Edited there"


def test_a_check_after_a_restore_that_asks_for_marks_one_by_one_is_cut_in_time_and_goes_on_where_it_was(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    backup, taken_at = Backup.take(), beyond.acme.clock()
    beyond.acme.clock.advance(seconds=10)
    mine = [beyond.acme.create("ALPHA", f"After the backup {number}") for number in range(12)]
    beyond.settle()
    twins = [beyond.twin_of(item) for item in mine]
    backup.restore()
    beyond.acme.lose()
    beyond.office.lose()
    asked: list[str] = []

    def be_slow(request: Request) -> None:
        asked.append(request.path)
        beyond.acme.clock.advance(seconds=19)
        wait_for_the_next()

    def wait_for_the_next() -> None:
        path = "/rest/api/2/issue/[0-9]+/properties/backbone-twin$"
        beyond.acme.jira.world.hooks.before("GET", path, be_slow, caller="anyone")

    wait_for_the_next()
    call_command("after_restore", taken_at=taken_at)
    beyond.acme.clock.advance(seconds=QUIET.total_seconds() + 1)
    turns = []
    for _ in range(6):
        before = beyond.acme.clock()
        jobs.reconcile()
        turns.append(beyond.acme.clock() - before)
        beyond.acme.clock.advance(seconds=1)

    assert max(turns) < BUDGET + ONE_BY_ONE * timedelta(seconds=20)
    assert len(asked) == len(set(asked)) == 12
    assert [beyond.twin_of(item) for item in mine] == twins


def test_after_a_restore_nobody_asks_for_marks_on_what_others_made_there(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    backup, taken_at = Backup.take(), beyond.acme.clock()
    beyond.acme.clock.advance(seconds=10)
    theirs = [beyond.office.create("alice", f"After the backup {number}") for number in range(3)]
    beyond.settle()
    backup.restore()
    beyond.acme.lose()
    beyond.office.lose()
    call_command("after_restore", taken_at=taken_at)
    beyond.acme.clock.advance(seconds=QUIET.total_seconds() + 1)
    meters = beyond.office.world.meters
    meters.reset()
    for _ in range(3):
        jobs.sweep()
        jobs.reconcile()
        jobs.sweep()
        beyond.settle()

    assert [len(beyond.acme.twins_of(item)) for item in theirs] == [1, 1, 1]
    assert meters.calls(site="initech", route="/properties/") == 0


def test_a_synchronization_deleted_after_the_backup_pauses_by_what_the_cloud_shows(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    acme = beyond.acme
    beyond.office.create("alice", "Theirs")
    beyond.settle()
    backup, taken_at = Backup.take(), acme.clock()
    synchronizations.delete(
        acme.alice, acme.jira.space_id("ALPHA"), acme.synchronization_id, now=acme.clock()
    )
    acme.clock.advance(minutes=30)
    jobs.remove_properties()
    backup.restore()

    call_command("after_restore", taken_at=taken_at)
    acme.clock.advance(seconds=QUIET.total_seconds() + 1)
    acme.jira.world.meters.reset()
    for _ in range(3):
        jobs.sweep()
        jobs.reconcile()
        beyond.settle()

    row = Synchronization.objects.get()
    assert (row.state, row.pause_reason) == ("paused", "deleted_after_backup")


def test_what_she_writes_while_our_write_is_lost_is_not_taken_for_ours(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    misfortunes = beyond.acme.jira.world.misfortunes
    lost = Misfortune(
        match=("PUT", "/rest/api/2/issue/[0-9]+$"),
        kind="time_out_before_effect",
        site="initech",
        caller="anyone",
    )
    misfortunes.add(lost)
    beyond.acme.edit("alice", left, description=paragraphs("From the Cloud"))
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    assert misfortunes.waiting == []

    beyond.office.edit("gina", right, description="By her own hand")
    for _ in range(3):
        beyond.settle()
        beyond.acme.clock.advance(minutes=5)
        beyond.acme.check()

    assert beyond.conflicts() == ["description"]
    shown = beyond.office.field(right, "description")
    assert shown in {"From the Cloud", "By her own hand"}
    assert shown in str(beyond.acme.field(left, "description"))


def test_what_came_from_one_partner_goes_to_no_other_once_their_synchronization_is_deleted(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    acme, clock = beyond.acme, beyond.acme.clock
    row = acme.jira.row
    links.in_step(row, "BETA", beyond.link, "GOLD", clock=clock)
    clock.advance(seconds=60)
    shared = beyond.office.create("alice", "Shared with both")
    theirs = acme.create("ALPHA", "Shared with one")
    beyond.settle()
    in_alpha, in_beta = sorted(acme.twins_of(shared), key=lambda item: acme.issue(item).key)
    acme.comment("alice", in_alpha, "Among us two")
    beyond.settle()
    copied = beyond.twin_of(theirs)

    synchronizations.delete(acme.alice, acme.jira.space_id("ALPHA"), acme.synchronization_id, now=clock())
    clock.advance(minutes=10)
    jobs.remove_properties()
    for item in (shared, copied):
        beyond.office.edit("alice", item, labels=["touched"])
    beyond.settle()
    assert not Leftover.objects.filter(site=beyond.link).exists()
    Reconciliation.objects.update(whole=True, due_at=clock())
    acme.check()
    beyond.settle()

    assert acme.holds(in_beta)["labels"] == ["touched"]
    assert acme.comments(in_beta) == []
    assert acme.twins_of(copied) == []
