"""A link that breaks: what it carries pauses, both sides are told, and one sign-in brings everything over."""

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.models import AuditEntry, Intent, JournalEntry, Link, Notice, Pair, Reconciliation
from backbone_app.models.link import LinkStatus
from tests.support import links
from tests.support.addressees import add_address
from tests.support.lasting import Lasting, edition, lasting, world
from tests.support.mail import NOWHERE
from tests.support.workers import EDIT

__all__ = ["edition", "lasting", "world"]

BROKEN = ("paused", "link_broken", "right")


@pytest.fixture(autouse=True)
def sends_mail(settings: LazySettings) -> None:
    settings.BACKBONE_MAIL = NOWHERE


def listen(lasting: Lasting) -> None:
    """Have an address that is told of everything in ALPHA."""
    now = lasting.acme.clock()
    add_address(lasting.acme.jira, "ops@customer.example", space="ALPHA", now=now, is_confirmed=True)


def events() -> list[str]:
    """What people are told by mail."""
    return list(Notice.objects.order_by("pk").values_list("event", flat=True))


def test_who_brings_a_pair_in_step_comes_upon_it_and_pauses_it(lasting: Lasting) -> None:
    listen(lasting)

    lasting.break_it()

    assert lasting.state() == BROKEN
    entry = AuditEntry.objects.get(act="paused")
    assert (entry.detail["reason"], entry.detail["reason_lies"]) == ("link_broken", "partner")
    assert events() == ["link_broken"]
    assert Pair.objects.get().reason == "link_broken"
    assert not Intent.objects.filter(state="open").exists()


def test_a_write_after_which_the_link_breaks_is_known_to_have_happened(lasting: Lasting) -> None:
    left = lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    Link.objects.update(refused_at=lasting.acme.clock())  # so that one more refusal breaks it
    lasting.office.world.hooks.after(*EDIT, lambda _: lasting.withdraw_there())
    lasting.acme.edit("alice", left, summary="Lamp, written")
    lasting.tell_and_work()
    lasting.sweep()
    broken = lasting.state()
    (right,) = lasting.office.twins_of(left)

    lasting.outsider().sign_in(lasting.asked()["address"])
    lasting.wait(minutes=5)

    assert broken == BROKEN
    assert lasting.office.site.issues[right].fields["summary"] == "Lamp, written"
    assert set(Intent.objects.filter(kind="edit").values_list("state", flat=True)) == {"done"}
    edited = JournalEntry.objects.filter(kind="edited").values_list("side", flat=True)
    assert list(edited) == ["right"]


def test_who_decides_about_a_work_item_from_there_comes_upon_it_too(lasting: Lasting) -> None:
    lasting.office.create("gina", "From there")
    lasting.deliver()
    lasting.withdraw_there()

    for _ in range(3):
        lasting.acme.pair_up()
        lasting.acme.clock.advance(seconds=2)

    assert lasting.state() == BROKEN
    assert not Pair.objects.exists()
    asked = lasting.asked()
    lasting.outsider().sign_in(asked["address"])
    lasting.wait(minutes=5)
    assert Pair.objects.count() == 1


def test_a_check_comes_upon_it_and_is_not_made_again_and_again(lasting: Lasting) -> None:
    lasting.acme.check()
    lasting.withdraw_there()
    Reconciliation.objects.update(whole=True, due_at=lasting.acme.clock())

    for _ in range(3):
        jobs.reconcile()
        lasting.acme.clock.advance(seconds=2)

    assert lasting.state() == BROKEN
    assert AuditEntry.objects.filter(act="paused").count() == 1


def test_all_that_the_link_carries_pauses_in_one_go(lasting: Lasting) -> None:
    jira, clock = lasting.acme.jira, lasting.acme.clock
    second = links.in_step(jira.row, "BETA", lasting.link, "GOLD", clock=clock)
    Link.objects.update(status=LinkStatus.BROKEN)

    lasting.sweep()
    lasting.sweep()

    assert lasting.state() == BROKEN
    paused = AuditEntry.objects.filter(act="paused").values_list("synchronization", flat=True)
    assert set(paused) == {lasting.acme.synchronization_id, second}


def test_while_it_is_broken_nothing_is_called_and_nothing_counts_as_an_error(lasting: Lasting) -> None:
    lasting.break_it()
    lasting.office.world.meters.reset()

    for _ in range(5):
        lasting.acme.clock.advance(minutes=20)
        jobs.sweep()
        lasting.tell_and_work()
        jobs.reconcile()

    routes = [str(row["route"]) for row in lasting.office.world.meters.snapshot()]
    there = ("GET /rest/api/2", "POST /rest/api/2", "POST /rest/oauth2")
    assert [route for route in routes if route.startswith(there)] == []
    errors = lasting.alice.get(f"synchronizations/{lasting.acme.synchronization_id}/errors").said
    health = errors["health"]
    assert (health["failing"], health["link_broken"]) == (0, True)


def test_starting_over_a_broken_link_is_refused_and_says_what_to_do(lasting: Lasting) -> None:
    lasting.break_it()

    said = lasting.alice.post(f"synchronizations/{lasting.acme.synchronization_id}/start")

    assert (said.status, said.said["code"]) == (409, "link_broken")
    assert "Choose Mend the link" in said.said["message"]
    assert lasting.state() == BROKEN


def test_one_sign_in_mends_it_and_everything_since_is_brought_over(lasting: Lasting) -> None:
    listen(lasting)
    left = lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    right = lasting.twin_of(left)
    lasting.break_it()
    lasting.acme.edit("alice", left, summary="Lamp, mended")
    lasting.office.edit("gina", right, labels=["hall"])
    lasting.office.lose()
    asked = lasting.asked(is_copied=True)

    lasting.outsider().sign_in(asked["address"])

    assert lasting.state() == ("running", "", "")
    assert lasting.alice.get(f"sign-ins/{asked['attempt']}").said["status"] == "linked"
    lasting.settle()
    lasting.wait(minutes=2)
    assert lasting.office.holds(right)["summary"] == "Lamp, mended"
    assert lasting.acme.holds(left)["labels"] == ["hall"]
    assert events() == ["link_broken", "link_mended"]
    assert AuditEntry.objects.filter(act="resumed").count() == 1
    assert lasting.alice.post(f"synchronizations/{lasting.acme.synchronization_id}/mend").status == 409


def test_the_pages_say_it_and_lead_to_the_sign_in_and_back(lasting: Lasting) -> None:
    lasting.break_it()
    overview = lasting.page
    assert "no longer lets Backbone in" in overview.page.text
    overview.press("Mend the link")
    assert "Somebody has to sign in there again" in overview.page.text
    overview.press("← Back")
    assert not [each for each in overview.page.all("button") if each.label == "Start"]
    overview.press("Mend the link")
    (authenticate,) = [each for each in overview.page.all("a") if each.label == "Authenticate"]
    look_at = overview.page.one("div", id="waiting").attributes["hx-get"]
    still = overview.visitor.get(look_at, turn="0")

    lasting.outsider().sign_in(authenticate.attributes["href"])

    overview.show(overview.visitor.get(look_at, turn="1"))
    assert b"Waiting for the sign-in" in still.content
    assert overview.flag()["title"] == "The link is mended"
    assert overview.status() == "RUNNING"


def test_a_pause_that_came_a_moment_after_the_sign_in_is_taken_back(lasting: Lasting) -> None:
    Link.objects.update(status=LinkStatus.BROKEN)
    lasting.sweep()
    Link.objects.update(status=LinkStatus.WORKING)

    lasting.sweep()

    assert lasting.state() == ("running", "", "")
