"""The webhook of a linked Data Center, on every version: made, heard, kept, and made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from backbone_app import jobs
from backbone_app.core.hooks import HookForm
from backbone_app.jira import webhooks
from backbone_app.ledger import hooks
from backbone_app.models import AuditEntry, Link, LinkHook, PairSide
from backbone_app.models.link import LinkStatus
from backbone_app.queue import Job
from jira_sandbox.world import World
from tests.support.admin_hooks import path, wanted
from tests.support.environment import APP
from tests.support.initech import CONTEXT
from tests.support.link_hooks import Line, edition, line, poor, world
from tests.support.workers import is_awake, together

__all__ = ["edition", "line", "poor", "world"]

on_9 = pytest.mark.parametrize("edition", ["dc-9.12"], indirect=True)
on_10 = pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
on_both = pytest.mark.parametrize("edition", ["dc-9.12", "dc-10.3"], indirect=True)


def test_an_edit_on_the_data_center_arrives_by_the_webhook_that_was_made(line: Line) -> None:
    (made,) = line.there
    assert made.settings.events == tuple(sorted(webhooks.USED))
    assert made.settings.url.startswith(f"{APP}/webhooks/link/")
    assert bool(made.settings.secret) == (line.row.form == HookForm.CONFIGURATION)
    assert line.shown().said["status"] == "made"
    left = line.story.create("ALPHA", "Lamp")
    line.settle()
    (right,) = line.office.twins_of(left)

    line.office.edit("gina", right, summary="Lamp over there")
    line.settle()

    assert line.story.holds(left)["summary"] == "Lamp over there"
    said = line.shown().said
    assert (said["status"], said["trouble"], said["steps"], said["is_ours"]) == ("verified", "", None, True)


@on_both
def test_all_that_people_do_there_arrives_by_it(line: Line) -> None:
    office, story = line.office, line.story
    right = office.create("gina", "Chair")
    line.settle()
    left = PairSide.objects.get(site=story.jira.row).item
    kept, gone = (office.comment("gina", right, text) for text in ("Four legs", "Wobbles"))
    line.settle()
    assert [each.rpartition("\n")[2] for each in story.comments(left)] == ["Four legs", "Wobbles"]

    office.change_comment("gina", right, kept, "Three legs")
    office.delete_comment("gina", right, gone)
    office.edit("gina", right, labels=["hall"])
    line.settle()

    assert [each.rpartition("\n")[2] for each in story.comments(left)] == ["Three legs"]
    assert story.holds(left)["labels"] == ["hall"]


@on_both
def test_it_is_made_once_for_all_synchronizations_of_a_link(line: Line) -> None:
    made = line.alice.post(
        f"links/{line.link.pk}/create", partner_space=line.office.site.space("IRON").id, name="m"
    )

    line.follow()
    line.follow(days=1, seconds=1)

    assert made.status == 201, made
    assert len(line.there) == 1
    assert LinkHook.objects.count() == 1


@on_both
def test_without_an_answer_the_synchronization_is_created_and_the_webhook_made_later(
    line: Line, world: World
) -> None:
    LinkHook.objects.all().delete()
    line.there.clear()
    world.down.add("initech")
    line.follow()
    said = line.shown().said
    assert (said["status"], said["trouble"][:24]) == ("missing", "That Jira did not answer")

    world.down.clear()
    line.follow(seconds=57)
    assert line.there == []
    line.follow(seconds=3)

    assert len(line.there) == 1
    assert (line.shown().said["status"], line.row.attempts) == ("made", 0)


@on_both
def test_one_that_somebody_deleted_is_made_again_by_the_next_day(line: Line) -> None:
    line.there.clear()

    line.follow(hours=23)
    assert line.there == []
    jobs.sweep()
    assert not is_awake(Job.FOLLOW_HOOKS)
    line.story.clock.advance(hours=1)
    jobs.sweep()
    assert is_awake(Job.FOLLOW_HOOKS)
    line.follow()

    assert [each.settings.url for each in line.there] == [hooks.address(line.row)]


@on_both
def test_one_that_somebody_switched_off_or_narrowed_is_replaced(line: Line) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"active": False},
        {"filter": "project = GOLD"},
        {"exclude_body": True},
        {"events": ()},
    )
    for change in changes:
        (before,) = line.there
        before.settings = replace(before.settings, **change)

        line.follow(days=1)

        (after,) = line.there
        assert after.id != before.id
        assert str(after.id) == line.row.number
    line.follow(days=1)
    assert [each.id for each in line.there] == [after.id]


@on_9
def test_after_an_upgrade_across_10_it_is_made_anew_and_signs(line: Line) -> None:
    left = line.story.create("ALPHA", "Lamp")
    line.settle()
    (right,) = line.office.twins_of(left)
    (old,) = line.there
    assert line.shown().said["status"] == "verified"
    line.upgrade("dc-10.3")
    line.office.edit("gina", right, summary="Before we know of the upgrade")
    line.settle()
    assert line.story.holds(left)["summary"] == "Before we know of the upgrade"

    line.follow(days=1)

    (new,) = line.there
    assert new.id != old.id
    assert (new.settings.secret, new.settings.url) == (hooks.secret(line.row), hooks.address(line.row))
    assert line.shown().said["status"] == "made"
    line.office.edit("gina", right, summary="Signed")
    line.settle()
    assert line.story.holds(left)["summary"] == "Signed"
    assert (line.shown().said["status"], line.row.form) == ("verified", HookForm.CONFIGURATION)


@on_both
def test_it_is_taken_away_with_the_last_synchronization_over_the_link(line: Line) -> None:
    second = line.alice.post(
        f"links/{line.link.pk}/create", partner_space=line.office.site.space("IRON").id, name="m"
    ).said["id"]
    line.alice.post(f"synchronizations/{line.story.synchronization_id}/delete")
    line.follow()
    assert len(line.there) == 1

    line.alice.post(f"synchronizations/{second}/delete")
    line.follow()

    assert line.there == []
    assert not LinkHook.objects.exists()


def by_hand(line: Line) -> None:
    """An admin of that Jira makes the webhook as the page says."""
    steps = line.shown().said["steps"]
    secret = {"SECRET": steps["secret"]} if steps["secret"] else {}
    body = wanted(line.office.site, *webhooks.USED, url=steps["url"], **secret)
    answer = line.office.employee("dana").call("POST", f"{CONTEXT}{path(line.office.site)}", body)
    assert answer.status == 201, answer.body


def test_an_account_that_may_not_make_it_is_told_how_it_is_made_by_hand(poor: Line) -> None:
    said = poor.shown().said
    assert (said["status"], said["form"]) == ("missing", poor.office.site.edition.registration)
    assert "does not administer Jira" in said["trouble"]
    assert bool(said["steps"]["secret"]) == (said["form"] == HookForm.CONFIGURATION)
    by_hand(poor)
    right = poor.office.create("alice", "Desk")

    poor.settle()

    said = poor.shown().said
    assert (said["status"], said["is_ours"]) == ("verified", False)
    assert PairSide.objects.filter(item=right).exists()


@on_both
def test_one_made_by_hand_stays_when_the_account_is_allowed_to_make_its_own(poor: Line) -> None:
    by_hand(poor)
    poor.office.create("alice", "Desk")
    poor.settle()
    site = poor.office.site
    site.grant(site.user("gina"), "ADMINISTER")

    assert poor.alice.post(f"{poor.path}/look").status == 204
    poor.follow()

    (kept,) = poor.there
    said = poor.shown().said
    assert (kept.updated_by, poor.row.number) == (site.user("dana").account_id, str(kept.id))
    assert (said["trouble"], said["steps"], said["is_ours"]) == ("", None, False)


@on_both
def test_once_the_account_is_allowed_to_a_look_makes_it_at_once(poor: Line) -> None:
    site = poor.office.site
    site.grant(site.user("gina"), "ADMINISTER")
    poor.follow()
    assert poor.there == []

    assert poor.alice.post(f"{poor.path}/look").status == 204
    poor.follow()

    assert len(poor.there) == 1
    assert poor.shown().said["status"] == "made"
    assert AuditEntry.objects.filter(act="webhook_asked").count() == 1


@on_10
def test_the_page_polls_ever_more_slowly_and_shows_what_has_changed_only(poor: Line) -> None:
    visitor = poor.alice.jira.visitor("alice")
    address = f"/spaces/{poor.alice.jira.space_id('ALPHA')}/{poor.path}"
    page = visitor.get(address).content.decode()
    seen = page.partition('"seen": "')[2].partition('"')[0]
    assert "NOT MADE" in page
    assert poor.target in page
    assert hooks.secret(poor.row) in page

    same = visitor.get(address, turn="3", seen=seen).content.decode()
    by_hand(poor)
    poor.office.create("alice", "Desk")
    poor.settle()
    news = visitor.get(address, turn="4", seen=seen).content.decode()

    assert "load delay:2s" in page
    assert "load delay:20s" in same
    assert "NOT MADE" not in same
    assert "VERIFIED" in news
    assert 'hx-swap-oob="true"' in news


@on_10
def test_only_the_page_of_a_synchronization_with_a_data_center_leads_to_it(line: Line) -> None:
    visitor = line.alice.jira.visitor("alice")
    space = line.alice.jira.space_id("ALPHA")

    page = visitor.get(f"/spaces/{space}/synchronizations/{line.story.synchronization_id}")

    assert f"/{line.path}".encode() in page.content
    assert line.alice.get(f"synchronizations/{line.link.pk}/webhook").status == 404


@on_both
def test_two_workers_at_once_make_one(line: Line) -> None:
    LinkHook.objects.all().delete()
    line.there.clear()

    assert together(jobs.follow_hooks, jobs.follow_hooks) == []

    assert len(line.there) == 1
    assert line.row.number == str(line.there[0].id)


@on_both
def test_a_site_that_does_not_answer_at_the_end_is_asked_again_and_then_left_alone(
    line: Line, world: World
) -> None:
    line.alice.post(f"synchronizations/{line.story.synchronization_id}/delete")
    world.down.add("initech")
    line.follow()
    assert (LinkHook.objects.count(), len(line.there)) == (1, 1)

    for _ in range(9):
        line.follow(hours=7)

    assert not LinkHook.objects.exists()
    world.down.clear()
    line.follow(days=1)
    assert len(line.there) == 1


@on_both
def test_where_nobody_has_let_us_in_any_more_it_waits_for_the_link_to_be_mended(line: Line) -> None:
    line.there.clear()
    Link.objects.update(status=LinkStatus.BROKEN)

    line.follow(days=2)
    assert line.there == []
    Link.objects.update(status=LinkStatus.WORKING)
    line.follow()

    assert len(line.there) == 1
