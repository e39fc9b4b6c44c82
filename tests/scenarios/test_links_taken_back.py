"""Somebody who let us in takes it back behind the link, and an admin removes what nothing uses any more."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from backbone_app import gateway
from backbone_app.errors import LinkBroken
from backbone_app.gateway import tokens
from backbone_app.jira import read
from backbone_app.models import (
    ApplicationLink,
    AuditEntry,
    Link,
    LinkAttempt,
    Site,
    SynchronizationSide,
)
from jira_sandbox.misfortunes import Misfortune
from tests.support.lasting import Lasting, edition, lasting, world
from tests.support.outside import Outside, page
from tests.support.workers import together

__all__ = ["edition", "lasting", "world"]

PAUSED = ("paused", "link_broken", "right")


@pytest.fixture
def signed_in(lasting: Lasting) -> tuple[Outside, str]:
    """Gina has mended the link with one that was sent to her: her browser, and the link's address."""
    lasting.break_it()
    address = lasting.asked(is_copied=True)["address"]
    browser = lasting.outsider()
    browser.sign_in(address)
    assert lasting.state()[0] == "running"
    return browser, address


def in_force(lasting: Lasting) -> int:
    """How many leaves the Data Center knows of."""
    return len(lasting.office.site.provider.grants)


def pressed(browser: Outside, address: str) -> bytes:
    """Open the page that asks, and press its button."""
    (form,) = page(browser.get(address)).forms
    return browser.post(form.action, **form.values).content


def test_the_link_shows_what_it_gave_and_takes_it_back(
    lasting: Lasting, signed_in: tuple[Outside, str]
) -> None:
    browser, address = signed_in
    shown = browser.get(address).content.decode()
    before = in_force(lasting)

    said = pressed(browser, f"{address}/take-back")

    assert "Take back" in shown
    assert "the account that signed in" in shown
    assert b"may no longer act on jira.initech.example" in said
    assert b"did not answer" not in said
    assert (before, in_force(lasting)) == (1, 0)
    assert lasting.state() == PAUSED
    row = lasting.row
    assert (row.broken_reason, bytes(row.access_sealed), bytes(row.refresh_sealed)) == ("revoked", b"", b"")
    entry = AuditEntry.objects.get(act="link_taken_back")
    assert (entry.site_id, entry.actor, entry.account) == (lasting.acme.jira.row.pk, "signer", "")
    assert "is not in force any more" in browser.get(address).content.decode()
    again = browser.get(f"{address}/take-back").content.decode()
    assert "There is nothing to take back" in again


def test_it_can_be_mended_by_another_sign_in_and_the_first_link_takes_that_back_no_more(
    lasting: Lasting, signed_in: tuple[Outside, str]
) -> None:
    browser, address = signed_in
    pressed(browser, f"{address}/take-back")
    lasting.acme.clock.advance(seconds=1)

    lasting.outsider().sign_in(lasting.asked()["address"])

    assert lasting.state() == ("running", "", "")
    assert "There is nothing to take back" in browser.get(f"{address}/take-back").content.decode()
    lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    assert "Lamp" in [issue.fields["summary"] for issue in lasting.office.site.issues.values()]


@pytest.mark.parametrize("number", range(3))
def test_taken_back_while_somebody_signs_in_again_the_new_sign_in_counts(
    lasting: Lasting, signed_in: tuple[Outside, str], number: int
) -> None:
    first, address = signed_in
    (form,) = page(first.get(f"{address}/take-back")).forms
    asked = lasting.alice.post(f"application-links/{ApplicationLink.objects.get().pk}/sign-in").said
    second = lasting.outsider()
    back = second.allow(second.leave(asked["address"]))
    lasting.acme.clock.advance(seconds=1)
    told: list[int] = []

    raised = together(
        lambda: told.append(first.post(form.action, **form.values).status_code),
        lambda: told.append(second.get(back).status_code),
    )

    assert raised == []
    assert sorted(told) in ([200, 303], [303, 409])  # whoever comes first
    lasting.tell_and_work()
    assert lasting.state() == ("running", "", "")
    assert LinkAttempt.objects.get(pk=asked["sign_in"]["id"]).ended_at == lasting.row.authorized_at
    lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    assert "Lamp" in [issue.fields["summary"] for issue in lasting.office.site.issues.values()]


def test_the_page_at_the_end_of_the_sign_in_takes_it_back_too(lasting: Lasting) -> None:
    lasting.break_it()
    browser = lasting.outsider()
    end = browser.sign_in(lasting.asked()["address"])
    attempt = LinkAttempt.objects.get().pk

    said = pressed(browser, f"/signed-in/{attempt}/take-back")

    assert f"/signed-in/{attempt}/take-back" in end.content.decode()
    assert b"may no longer act" in said
    assert lasting.state() == PAUSED
    assert lasting.outsider().get(f"/signed-in/{attempt}/take-back").status_code == 410


def test_without_our_own_form_nothing_is_taken_back(lasting: Lasting, signed_in: tuple[Outside, str]) -> None:
    browser, address = signed_in
    (form,) = page(browser.get(f"{address}/take-back")).forms
    stranger = lasting.outsider()

    assert stranger.post(f"{address}/take-back", **form.values).status_code == 400
    assert browser.post(f"{address}/take-back", form_token="x").status_code == 400
    assert lasting.state()[0] == "running"
    assert in_force(lasting) == 1


def test_pressed_twice_it_is_taken_back_once(lasting: Lasting, signed_in: tuple[Outside, str]) -> None:
    browser, address = signed_in
    (form,) = page(browser.get(f"{address}/take-back")).forms

    answers = [browser.post(form.action, **form.values).status_code for _ in range(2)]

    assert answers == [200, 409]
    assert AuditEntry.objects.filter(act="link_taken_back").count() == 1


def test_where_the_other_site_does_not_answer_our_copy_is_gone_all_the_same(
    lasting: Lasting, signed_in: tuple[Outside, str]
) -> None:
    browser, address = signed_in
    away = Misfortune(
        match=("POST", "/rest/oauth2/latest/revoke"), kind="lose_before_effect", caller="anyone"
    )
    lasting.office.world.misfortunes.add(away)

    said = pressed(browser, f"{address}/take-back")

    assert b"jira.initech.example did not answer" in said
    assert tokens.newest(lasting.row) == ""
    assert lasting.state() == PAUSED


def test_new_tokens_that_come_after_it_was_taken_back_are_used_by_nobody(
    lasting: Lasting, signed_in: tuple[Outside, str]
) -> None:
    """A worker asks for them at that very moment: the other site looks at its clock when it makes them."""
    browser, address = signed_in
    (form,) = page(browser.get(f"{address}/take-back")).forms
    clock, office = lasting.acme.clock, lasting.office.site
    clock.now = lasting.row.expires_at + timedelta(seconds=1)
    answers: list[int] = []

    def looks() -> datetime:
        if lasting.row.refreshing_until and not answers:
            answers.append(0)
            answers[0] = browser.post(form.action, **form.values).status_code
        return clock()

    office.clock = looks
    with pytest.raises(LinkBroken):
        read.account(gateway.client(lasting.link, clock=clock))

    assert answers == [200]
    assert (lasting.row.status, tokens.newest(lasting.row)) == ("broken", "")
    assert lasting.state() == PAUSED


def test_an_application_link_in_use_stays_and_one_that_is_not_is_removed_with_all_it_led_to(
    lasting: Lasting, signed_in: tuple[Outside, str]
) -> None:
    application = ApplicationLink.objects.get().pk
    remove = f"application-links/{application}/remove"
    in_use = lasting.alice.get("application-links").said[0]["in_use"]
    refused = lasting.alice.post(remove)
    lasting.alice.post(f"synchronizations/{lasting.acme.synchronization_id}/delete")
    kept = lasting.alice.get("application-links").said

    removed = lasting.alice.post(remove)

    assert (in_use, refused.status) == (True, 409)
    assert "A synchronization uses this" in refused.said["message"]
    assert [each["in_use"] for each in kept] == [False]
    assert removed.status == 204
    assert lasting.alice.post(remove).status == 404
    gone = (ApplicationLink, Link, LinkAttempt, SynchronizationSide)
    assert [model.objects.count() for model in gone] == [0, 0, 0, 0]
    assert not Site.objects.filter(status="linked").exists()
    assert in_force(lasting) == 0
    entry = AuditEntry.objects.get(act="application_link_removed")
    assert entry.detail == {"address": lasting.office.site.base_url}


def test_of_a_removal_and_a_creation_at_once_one_comes_first(lasting: Lasting) -> None:
    alice, application = lasting.alice, ApplicationLink.objects.get().pk
    alice.post(f"synchronizations/{lasting.acme.synchronization_id}/delete")
    gold = lasting.office.site.space("GOLD").id
    together = threading.Barrier(2)

    def create() -> int:
        return alice.post(f"links/{lasting.link.pk}/create", partner_space=gold, name="n").status

    def remove() -> int:
        return alice.post(f"application-links/{application}/remove").status

    def at_once(call: Callable[[], int]) -> int:
        together.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        created, removed = pool.map(at_once, (create, remove))

    assert removed == (409 if created == 201 else 204)
    assert created in {201, 404, 502, 503}  # not found, or not let in any more when it looked at the space
    assert SynchronizationSide.objects.exists() is (created == 201)
    assert ApplicationLink.objects.exists() is (created == 201)


def test_the_pages_say_that_the_link_stays_and_remove_it(lasting: Lasting) -> None:
    alice = lasting.page
    (delete,) = [each for each in alice.page.all("button") if each.label == "Delete"]
    assert "The link to https://jira.initech.example:8443/jira stays" in delete.attributes["hx-confirm"]
    alice.press("Delete")
    alice.press("New Synchronization")
    alice.press("Synchronize with a Data Center Instance")
    (button,) = [each for each in alice.page.all("button") if each.label.startswith("Remove the app")]

    alice.press(button.label)

    assert "No synchronization uses it" in button.attributes["hx-confirm"]
    assert alice.flag()["title"] == "Application link removed"
    assert not ApplicationLink.objects.exclude(client_id="").exists()


def test_a_sign_in_that_ends_after_its_application_link_was_removed_gives_nothing(lasting: Lasting) -> None:
    application = ApplicationLink.objects.get()
    lasting.break_it()
    browser = lasting.outsider()
    back = browser.allow(browser.leave(lasting.asked()["address"]))
    lasting.alice.post(f"synchronizations/{lasting.acme.synchronization_id}/delete")
    lasting.alice.post(f"application-links/{application.pk}/remove")

    answer = browser.get(back)

    assert answer.status_code == 400
    assert not Link.objects.exists()
