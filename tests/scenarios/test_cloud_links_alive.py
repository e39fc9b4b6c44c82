"""A link to a Cloud site that breaks, is mended by one sign-in, and is taken back by whoever signed in."""

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.gateway import tokens
from backbone_app.models import AuditEntry, Link, LinkHook, Synchronization
from backbone_app.queue import Job
from jira_sandbox import threelo
from jira_sandbox.world import World
from tests.support.outside import page
from tests.support.remote_cloud import AtAtlassian, Line, alice, line, oauth_app, visitor, world
from tests.support.workers import is_awake

__all__ = ["alice", "line", "oauth_app", "world"]


def break_it(line: Line) -> None:
    """Let gina remove the app under Connected apps, and a worker come upon that: its token has not ended."""
    site = line.initech.jira.site
    threelo.revoke(line.acme.jira.world, line.app, site.user("gina"))
    line.acme.create("ALPHA", "Comes upon it")
    for _ in range(4):
        line.acme.clock.advance(seconds=2)
        line.acme.jira.deliver_all()
        line.acme.work()
    jobs.sweep()
    if is_awake(Job.FOLLOW_LINKS):
        jobs.follow_links()


def asked(line: Line) -> str:
    """The address of a link that mends it."""
    said = line.alice.post(f"{line.path}/mend", is_copied=True)
    assert said.status == 201, said
    return str(said.said["address"])


def test_one_sign_in_mends_it_and_everything_since_is_brought_over(line: Line, world: World) -> None:
    left = line.acme.create("ALPHA", "Lamp")
    line.settle()
    right = line.initech.twin_of(left)
    break_it(line)
    broken = line.state()
    line.acme.edit("alice", left, summary="Lamp, mended")
    line.initech.edit("alice", right, labels=["hall"])
    line.initech.jira.world.outbox.clear()

    visitor(world).sign_in(asked(line))

    assert (broken, line.state()) == (("paused", "link_broken"), ("running", ""))
    line.settle()
    line.acme.clock.advance(minutes=2)
    jobs.sweep()
    jobs.reconcile()
    line.settle()
    assert line.initech.holds(right)["summary"] == "Lamp, mended"
    assert line.acme.holds(left)["labels"] == ["hall"]
    line.follow(days=1)
    assert len(line.there) == 1
    assert line.alice.post(f"{line.path}/mend").status == 409


def test_where_less_is_allowed_than_was_somebody_has_to_sign_in_again(line: Line, world: World) -> None:
    for consent in world.accounts.consents.values():
        consent["initech"] -= {"write:jira-work"}
    line.acme.create("ALPHA", "Lamp")
    line.settle()
    broken = line.state()

    visitor(world).sign_in(asked(line))
    line.settle()

    assert (broken, line.state()) == (("paused", "link_broken"), ("running", ""))
    assert "Lamp" in [issue.fields["summary"] for issue in world.sites["initech"].issues.values()]


def test_another_site_does_not_mend_it_and_another_account_neither(line: Line, world: World) -> None:
    break_it(line)
    link = asked(line)

    elsewhere = visitor(world, "alice", chooses="acme").sign_in(link)
    somebody = visitor(world, "alice").sign_in(link)

    assert b"another site than the one" in elsewhere.content
    assert b"work as another account" in somebody.content
    assert line.state() == ("paused", "link_broken")


def test_a_site_that_was_renamed_is_found_by_its_id(line: Line, world: World) -> None:
    break_it(line)
    link, site = asked(line), world.sites["initech"]
    site.base_url = "https://initech-renamed.atlassian.net"

    page = visitor(world).sign_in(link)

    assert b"may act on" in page.content
    assert line.state() == ("running", "")


def test_without_the_operators_oauth_app_it_is_said_who_has_to_act(
    line: Line, settings: LazySettings
) -> None:
    break_it(line)
    settings.BACKBONE_OAUTH_CLIENT_ID = settings.BACKBONE_OAUTH_CLIENT_SECRET = ""

    said = line.alice.post(f"{line.path}/mend")

    assert (said.status, said.said["code"]) == (409, "no_oauth_app")


@pytest.fixture
def signed_in(line: Line, world: World) -> tuple[AtAtlassian, str]:
    """Gina has mended the link with one that was sent to her: her browser, and the link's address."""
    break_it(line)
    address, browser = asked(line), visitor(world)
    browser.sign_in(address)
    assert line.state()[0] == "running"
    return browser, address


def test_the_link_takes_back_what_it_gave_and_says_what_atlassian_still_lists(
    line: Line, signed_in: tuple[AtAtlassian, str]
) -> None:
    browser, address = signed_in
    (form,) = page(browser.get(f"{address}/take-back")).forms

    said = browser.post(form.action, **form.values).content

    assert b"may no longer act on initech.atlassian.net" in said
    assert b"Connected apps" in said
    assert b"did not answer" not in said
    assert line.state() == ("paused", "link_broken")
    assert tokens.newest(Link.objects.get()) == ""
    assert AuditEntry.objects.filter(act="link_taken_back").count() == 1


def test_everything_goes_that_was_made_at_every_stage(line: Line) -> None:
    line.alice.post(f"{line.path}/delete")
    line.follow()

    removed = line.alice.post(f"links/{line.link.pk}/remove")

    assert removed.status == 204
    assert line.there == []
    assert not LinkHook.objects.exists()
    assert not Link.objects.exists()
    assert not Synchronization.objects.exists()
