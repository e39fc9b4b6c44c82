"""A synchronization with a Cloud site without our app: from its address to work items, by the API."""

from uuid import UUID

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.models import AuditEntry, Endpoint, Link, LinkAttempt, Site, Synchronization
from jira_sandbox.world import World
from tests.support import licences, links
from tests.support.app import Jira
from tests.support.hostile import everything
from tests.support.machine import Machine
from tests.support.remote_cloud import (
    alice,
    asked,
    created,
    linked,
    oauth_app,
    visitor,
    world,
)
from tests.support.sandbox import ACME, INITECH, VirtualClock
from tests.support.scenario import Story

__all__ = ["alice", "oauth_app", "world"]


def test_a_synchronization_is_created_over_a_link_that_somebody_else_signs_in_with(
    alice: Machine, world: World, clock: VirtualClock
) -> None:
    partner = alice.get("clouds/partner", base_url=f"{INITECH}/", space_key="gold").said
    link = asked(alice, base_url=partner["base_url"], is_copied=True)
    waiting = alice.get(f"sign-ins/{link['attempt']}").said["status"]

    page = visitor(world).sign_in(link["address"])

    assert partner == {
        "base_url": INITECH,
        "space_key": "GOLD",
        "has_app": False,
        "obstacle": "",
        "link": None,
    }
    assert b"may act on initech.atlassian.net" in page.content
    found = alice.get(f"sign-ins/{link['attempt']}").said
    assert (waiting, found["status"], found["trouble"]) == ("open", "linked", "")
    gold = world.sites["initech"].space("GOLD").id
    offer = alice.get(f"links/{found['link']}/offer", partner_space=gold).said
    assert (offer["title"]["name"], offer["missing"]) == ("ALPHA \N{EN DASH} GOLD", [])
    made = created(alice, found["link"])
    _carries_a_work_item(alice, world, clock, UUID(made), found["link"])
    assert Endpoint.objects.get().remote_id == UUID(found["link"])


def _carries_a_work_item(
    alice: Machine, world: World, clock: VirtualClock, synchronization: UUID, link: str
) -> None:
    """Start it, and see an edit arrive on either side."""
    assert alice.post(f"synchronizations/{synchronization}/start").status == 204
    here = Story(alice.jira, clock, None, synchronization)  # type: ignore[arg-type]  # nobody acts by it
    there = Story(Jira(world, world.sites["initech"]), clock, None, synchronization)  # type: ignore[arg-type]
    remote = Site.objects.get(pk=link)
    left = here.create("ALPHA", "Lamp")
    _settle(here, remote)
    right = there.twin_of(left)
    there.edit("gina", right, summary="Lamp over there")
    jobs.reconcile()
    _settle(here, remote)
    clock.advance(minutes=20)
    jobs.sweep()
    jobs.reconcile()
    _settle(here, remote)
    assert here.holds(left)["summary"] == "Lamp over there"


def _settle(story: Story, remote: Site) -> None:
    for _ in range(5):
        story.clock.advance(seconds=1)
        story.jira.deliver_all()
        links.take_in(story.jira.world, "initech", remote, clock=story.clock)
        story.work()
        jobs.sweep()


def test_what_is_kept_is_the_site_the_account_and_both_tokens_sealed(alice: Machine, world: World) -> None:
    linked(alice, world)

    row = Link.objects.select_related("site").get()
    there = world.sites["initech"]
    assert (row.owner, row.application, row.address) == (alice.jira.row, None, INITECH)
    assert row.site.cloud_id == there.cloud_id
    assert row.site.app_account == there.user("gina").account_id
    assert row.access_sealed != row.refresh_sealed != b""
    assert [each["base_url"] for each in alice.get("clouds").said] == [INITECH]


def test_case_67_of_a_site_that_the_token_is_not_good_on_nothing_is_kept(
    alice: Machine, world: World
) -> None:
    link, browser = asked(alice), visitor(world, "alice", chooses="acme")
    before = everything()

    page = browser.sign_in(link["address"])

    assert b"was not let in" in page.content
    assert b"another site than the one that is asked for" in page.content
    assert b"Use another account" in page.content
    said = alice.get(f"sign-ins/{link['attempt']}").said
    assert (said["status"], said["link"]) == ("open", None)
    assert not Link.objects.exists()
    assert not Site.objects.filter(status="linked").exists()
    assert everything().keys() == before.keys()


def test_whoever_chose_another_site_goes_again_and_chooses_the_right_one(
    alice: Machine, world: World
) -> None:
    link, browser = asked(alice), visitor(world, "alice", chooses="acme")
    page = browser.sign_in(link["address"]).content.decode()
    attempt = LinkAttempt.objects.get()
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    browser.chooses = "initech"

    gone = browser.post(f"/signed-in/{attempt.pk}/again", form_token=token)
    back = browser.get(browser.allow(gone["Refresh"].removeprefix("0; url=")))

    assert b"may act on initech.atlassian.net" in browser.get(back["Location"]).content
    assert Link.objects.get().site.app_account == world.sites["initech"].user("alice").account_id


def test_nobody_goes_again_without_our_own_form_or_from_another_browser(alice: Machine, world: World) -> None:
    link, browser = asked(alice), visitor(world, "alice", chooses="acme")
    page = browser.sign_in(link["address"]).content.decode()
    attempt = LinkAttempt.objects.get()
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    again = f"/signed-in/{attempt.pk}/again"

    assert browser.post(again, form_token="x").status_code == 400
    assert visitor(world).post(again, form_token=token).status_code == 410


def test_who_was_let_into_both_sites_is_let_into_the_one_that_was_asked_for(
    alice: Machine, world: World
) -> None:
    visitor(world, "alice", chooses="acme").sign_in(asked(alice)["address"])

    visitor(world, "alice").sign_in(asked(alice)["address"])

    assert Link.objects.get().site.cloud_id == world.sites["initech"].cloud_id


def test_another_account_is_refused_where_synchronizations_work_as_the_one_before(
    alice: Machine, world: World
) -> None:
    created(alice, linked(alice, world))
    second = asked(alice)

    page = visitor(world, "hank").sign_in(second["address"])

    assert b"work as another account" in page.content
    assert Link.objects.get().generation == 1


def test_who_does_not_allow_it_changes_nothing_and_may_do_so_later(alice: Machine, world: World) -> None:
    link, browser = asked(alice), visitor(world)

    page = browser.sign_in(link["address"], decision="deny")

    assert b"was not let in" in page.content
    assert alice.get(f"sign-ins/{link['attempt']}").said["trouble"].startswith("Access was not allowed")
    browser.sign_in(link["address"])
    assert Link.objects.exists()


def test_the_operators_secret_that_is_wrong_shows_at_the_sign_in(
    alice: Machine, world: World, settings: LazySettings
) -> None:
    settings.BACKBONE_OAUTH_CLIENT_SECRET = "wrong"
    link = asked(alice)

    visitor(world).sign_in(link["address"])

    said = alice.get(f"sign-ins/{link['attempt']}").said["trouble"]
    assert "tell the operator of this service" in said
    assert not Link.objects.exists()


def test_less_than_was_asked_for_is_refused(alice: Machine, world: World) -> None:
    link, browser = asked(alice), visitor(world)
    there = browser.leave(link["address"])
    narrow = there.replace("manage%3Ajira-webhook+", "")

    back = browser.get(browser.allow(narrow))

    assert narrow != there
    assert b"Less was allowed" in browser.get(back["Location"]).content
    assert not Link.objects.exists()


def test_without_an_oauth_app_of_the_operators_nobody_is_sent_anywhere(
    alice: Machine, settings: LazySettings
) -> None:
    settings.BACKBONE_OAUTH_CLIENT_ID = settings.BACKBONE_OAUTH_CLIENT_SECRET = ""

    partner = alice.get("clouds/partner", base_url=INITECH, space_key="GOLD").said
    refused = alice.post("clouds/sign-in", base_url=INITECH)

    assert "its operator has to register" in partner["obstacle"]
    assert (refused.status, refused.said["code"]) == (409, "no_oauth_app")
    assert not LinkAttempt.objects.exists()


def test_without_a_free_endpoint_it_is_said_before_anybody_signs_in(
    alice: Machine, world: World, clock: VirtualClock
) -> None:
    licences.running(alice.jira.row, "hooli", now=clock())

    partner = alice.get("clouds/partner", base_url=INITECH, space_key="GOLD").said
    refused = alice.post("clouds/sign-in", base_url=INITECH)

    assert "which is taken" in partner["obstacle"]
    assert (refused.status, refused.said["code"]) == (409, "not_licensed")


def test_nothing_is_created_beyond_the_licence(alice: Machine, world: World, clock: VirtualClock) -> None:
    link = linked(alice, world)
    licences.running(alice.jira.row, "hooli", now=clock())
    gold = world.sites["initech"].space("GOLD").id

    refused = alice.post(f"links/{link}/create", partner_space=gold, name="n")

    assert (refused.status, refused.said["code"]) == (409, "not_licensed")
    assert Synchronization.objects.count() == 1


def test_a_second_synchronization_with_a_site_that_has_its_endpoint_takes_no_other(
    alice: Machine, world: World
) -> None:
    there = world.sites["initech"]
    there.grant(there.user("gina"), "CREATE_ISSUES", space=there.space("IRON"))
    link = linked(alice, world)
    alice.post(f"synchronizations/{created(alice, link)}/start")

    partner = alice.get("clouds/partner", base_url=INITECH, space_key="IRON").said
    second = created(alice, link, "IRON")

    assert (partner["obstacle"], partner["link"]) == ("", link)
    assert alice.post(f"synchronizations/{second}/start").status == 204
    assert Endpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("http://initech.atlassian.net", "With http anybody on the way"),
        ("https://jira.example.com", "This is not the base URL of a Jira Cloud site"),
        (ACME, "This is the instance you are on"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(alice: Machine, typed: str, said: str) -> None:
    answer = alice.post("clouds/sign-in", base_url=typed)

    assert (answer.status, answer.said["field"]) == (422, "base_url")
    assert said in answer.said["message"]


def test_to_a_site_with_the_app_a_request_is_sent_instead(alice: Machine, world: World) -> None:
    Jira(world, world.sites["initech"]).install()

    partner = alice.get("clouds/partner", base_url=INITECH, space_key="GOLD").said
    refused = alice.post("clouds/sign-in", base_url=INITECH)

    assert partner["has_app"] is True
    assert (refused.status, refused.said["field"]) == (422, "base_url")


def test_a_link_that_nothing_uses_is_removed_with_its_tokens_and_what_waits_for_it(
    alice: Machine, world: World
) -> None:
    link, waiting = linked(alice, world), asked(alice, is_copied=True)
    made = created(alice, link)
    in_use = alice.post(f"links/{link}/remove")
    alice.post(f"synchronizations/{made}/delete")

    removed = alice.post(f"links/{link}/remove")

    assert (in_use.status, removed.status) == (409, 204)
    assert alice.post(f"links/{link}/remove").status == 404
    assert not Link.objects.exists()
    assert not Site.objects.filter(status="linked").exists()
    assert visitor(world).get(waiting["address"]).status_code == 410
    assert AuditEntry.objects.filter(act="cloud_link_removed").get().detail == {"address": INITECH}
