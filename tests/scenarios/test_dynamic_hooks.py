"""The webhook of a linked Cloud site: made, heard, renewed each week, changed with what is synchronized."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

from backbone_app.core.hooks import HookForm
from backbone_app.jira import webhooks
from backbone_app.ledger import hooks
from backbone_app.models import Link, LinkAttempt, LinkHook, Synchronization
from jira_sandbox.world import World
from tests.support.app import call_app
from tests.support.environment import APP
from tests.support.remote_cloud import Line, alice, created, line, oauth_app, visitor, world

__all__ = ["alice", "line", "oauth_app", "world"]


def iron(line: Line) -> str:
    """Create a second synchronization, with IRON; gives its id."""
    there = line.initech.jira.site
    there.grant(there.user("gina"), "CREATE_ISSUES", space=there.space("IRON"))
    return created(line.alice, str(line.link.pk), "IRON")


def test_an_edit_over_there_arrives_by_the_webhook_that_was_made(line: Line) -> None:
    (made,) = line.there
    gold = line.initech.jira.space_id("GOLD")
    assert (made.filter, set(made.events)) == (f"project in ({gold})", set(webhooks.USED))
    assert made.url.startswith(f"{APP}/webhooks/link/")
    said = line.alice.get(f"{line.path}/webhook").said
    assert (said["status"], said["form"], said["is_ours"]) == ("made", HookForm.DYNAMIC, True)
    left = line.acme.create("ALPHA", "Lamp")
    line.settle()
    right = line.initech.twin_of(left)

    line.initech.edit("gina", right, summary="Lamp over there")
    line.settle()

    assert line.acme.holds(left)["summary"] == "Lamp over there"
    said = line.alice.get(f"{line.path}/webhook").said
    assert (said["status"], said["trouble"], said["steps"]) == ("verified", "", None)


def test_it_tells_of_another_space_as_soon_as_that_is_synchronized_and_no_longer(line: Line) -> None:
    gold, other = (line.initech.jira.space_id(key) for key in ("GOLD", "IRON"))
    line.initech.person_creates("alice", "GOLD", "One")
    line.settle()
    assert line.row.verified_at is not None

    second = iron(line)
    line.follow()
    both = [each.filter for each in line.there]
    line.alice.post(f"synchronizations/{second}/delete")
    line.follow()

    assert both == [f"project in ({gold}, {other})"]
    assert [each.filter for each in line.there] == [f"project in ({gold})"]
    assert line.row.number == str(line.there[0].id)
    assert line.row.verified_at is not None


def test_a_space_that_is_gone_keeps_no_other_one_from_being_told_of(line: Line) -> None:
    gold, other = (line.initech.jira.space_id(key) for key in ("GOLD", "IRON"))
    second = iron(line)
    line.follow()
    paused = {"state": "paused", "pause_reason": "space_missing", "pause_side": "right"}
    Synchronization.objects.filter(pk=second).update(**paused)

    line.follow(days=1)
    without = [each.filter for each in line.there]
    Synchronization.objects.filter(pk=second).update(pause_side="left")
    line.follow(days=1)

    assert without == [f"project in ({gold})"]
    assert [each.filter for each in line.there] == [f"project in ({gold}, {other})"]


def test_the_last_space_is_told_of_even_while_it_cannot_be_seen(line: Line) -> None:
    (before,) = line.there
    Synchronization.objects.update(state="paused", pause_reason="space_missing", pause_side="right")

    line.follow(days=1)

    assert [each.id for each in line.there] == [before.id]


def test_it_is_renewed_each_week(line: Line) -> None:
    (first,) = line.there
    line.follow(days=6)
    (same,) = line.there
    line.follow(days=2)

    (renewed,) = line.there

    assert (same.expires, renewed.id) == (first.expires, first.id)
    assert renewed.expires - first.expires > timedelta(days=7)


def test_one_that_was_forgotten_or_narrowed_is_made_anew(line: Line) -> None:
    (first,) = line.there
    line.there.clear()
    line.follow(days=1)
    (second,) = line.there
    line.there[:] = [replace(second, events=("jira:issue_created",))]

    line.follow(days=1)

    (third,) = line.there
    assert len({first.id, second.id, third.id}) == 3
    assert set(third.events) == set(webhooks.USED)


def test_it_is_taken_away_with_the_last_synchronization_over_the_link(line: Line) -> None:
    line.alice.post(f"{line.path}/delete")

    line.follow()

    assert line.there == []
    assert not LinkHook.objects.exists()


def crowd(line: Line) -> None:
    """Have gina's account let our app in for somebody else as well, whose webhook leads elsewhere."""
    line.there[:] = [replace(each, url=f"{APP}/webhooks/link/elsewhere") for each in line.there]
    LinkHook.objects.all().delete()
    line.follow()


def by_hand(line: Line) -> int:
    """Deliver as the webhook does that an admin there has made by the steps."""
    body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "20000"}}).encode()
    steps = line.alice.get(f"{line.path}/webhook").said["steps"]
    signature = hmac.new(steps["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature": f"sha256={signature}"}
    return call_app("POST", steps["url"].removeprefix(APP), headers=headers, body=body).status_code


def test_where_that_jira_does_not_take_it_the_steps_are_shown_until_a_delivery_arrives(line: Line) -> None:
    crowd(line)
    said = line.alice.get(f"{line.path}/webhook").said
    assert (said["status"], "An admin of that Jira makes the webhook" in said["trouble"]) == ("missing", True)

    assert by_hand(line) == 204

    assert line.alice.get(f"{line.path}/webhook").said["status"] == "verified"


def test_the_page_behind_the_link_shows_the_steps_to_whoever_holds_it(line: Line, world: World) -> None:
    crowd(line)
    Link.objects.update(status="broken")
    asked = line.alice.post(f"{line.path}/mend", is_copied=True).said["address"]
    browser = visitor(world)
    end = browser.sign_in(asked).content.decode()
    again = browser.get(asked).content.decode()
    stranger = visitor(world).get(asked).content.decode()
    attempt = LinkAttempt.objects.latest("created_at")

    for shown in (end, again, stranger):
        assert hooks.address(line.row) in shown
        assert "Make the webhook by hand" in shown
    line.acme.clock.advance(days=8)
    assert visitor(world).get(asked).status_code == 410
    assert visitor(world).get(f"/signed-in/{attempt.pk}").status_code == 410


def test_the_page_of_the_synchronization_leads_to_its_webhook(line: Line) -> None:
    visitor_ = line.alice.jira.visitor("alice")
    space = line.alice.jira.space_id("ALPHA")

    page = visitor_.get(f"/spaces/{space}/{line.path}").content.decode()
    shown = visitor_.get(f"/spaces/{space}/{line.path}/webhook").content.decode()

    assert f"{line.path}/webhook" in page
    assert "renewed every week" in shown
