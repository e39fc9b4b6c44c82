"""A Data Center knows us by another secret, or another application link: entered anew, it mends the link."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backbone_app.errors import Outdated
from backbone_app.models import ApplicationLink, AuditEntry, Link
from backbone_app.services import linking
from backbone_app.services.tenants import Caller
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.state.provider import Client
from jira_sandbox.wire import Request
from tests.support.across import ALPHA
from tests.support.hostile import everything
from tests.support.lasting import Lasting, edition, lasting, world
from tests.support.workers import elsewhere, together

__all__ = ["edition", "lasting", "world"]

BROKEN = ("paused", "link_broken", "right")
ENTERED = "Application link entered"


def rotated(lasting: Lasting) -> Client:
    """Give our application link another secret over there."""
    known = lasting.office.site.provider.clients
    client = replace(known[ApplicationLink.objects.get().client_id], client_secret="another-secret")
    known[client.client_id] = client
    return client


def made_anew(lasting: Lasting) -> Client:
    """Delete our application link over there, and make another one with the same callback."""
    office = lasting.office.site
    gone = clients.find(office, ApplicationLink.objects.get().client_id)
    clients.remove(office, gone)
    return clients.register(office, name="Anew", redirect_url=gone.redirect_url, scope=gone.scope)


def anew(lasting: Lasting, client: Client | None) -> None:
    """Enter what the Data Center shows of it now, or (None) what is no application link of it."""
    who = Caller(
        lasting.acme.jira.row.pk, lasting.acme.jira.account("alice"), lasting.acme.jira.site.base_url
    )
    number = ApplicationLink.objects.get().pk
    shown = (client.client_id, client.client_secret) if client else ("id", "secret")
    now = lasting.acme.clock()
    linking.enter_anew(who, ALPHA, number, client_id=shown[0], client_secret=shown[1], now=now)


@pytest.mark.parametrize("change", [rotated, made_anew])
def test_what_is_entered_anew_on_the_page_lets_somebody_in_again(
    lasting: Lasting, change: Callable[[Lasting], Client]
) -> None:
    left = lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    client = change(lasting)
    lasting.break_it()
    page = lasting.page
    page.press("Mend the link")
    page.press("Application Link")
    assert page.page.one("input", id="callback").attributes["value"] == client.redirect_url

    page.press("Save", client_id=client.client_id, client_secret=client.client_secret)
    flag = page.flag()["title"]
    page.press("Mend the link")
    (authenticate,) = [each for each in page.page.all("a") if each.label == "Authenticate"]
    lasting.outsider().sign_in(authenticate.attributes["href"])
    lasting.acme.edit("alice", left, summary="Lamp, mended")
    lasting.wait(minutes=5)

    assert flag == ENTERED
    assert client.client_secret not in repr(everything())
    assert lasting.state() == ("running", "", "")
    (right,) = lasting.office.twins_of(left)
    assert lasting.office.holds(right)["summary"] == "Lamp, mended"
    assert AuditEntry.objects.get(act="application_link_changed").detail == {"address": lasting.row.address}


def test_with_the_former_secret_a_sign_in_says_what_to_do(lasting: Lasting) -> None:
    rotated(lasting)
    lasting.break_it()
    asked = lasting.asked()

    lasting.outsider().sign_in(asked["address"])

    trouble = lasting.alice.get(f"sign-ins/{asked['attempt']}").said["trouble"]
    assert trouble.startswith(
        "The other site gave no access: the client ID or the client secret may be wrong"
    )
    assert "enters the application link anew where that is wrong" in trouble
    assert lasting.row.broken_reason == "invalid_client"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("client_id", ""), ("client_id", "a b"), ("client_secret", ""), ("client_secret", "ü")],
)
def test_what_is_none_is_told_beside_its_field_and_not_kept(lasting: Lasting, field: str, typed: str) -> None:
    lasting.break_it()
    page = lasting.page
    page.press("Mend the link")
    page.press("Application Link")
    before = list(ApplicationLink.objects.values())

    page.press("Save", **({"client_id": "id", "client_secret": "secret"} | {field: typed}))

    (wrong,) = [each for each in page.page.all("input") if each.attributes.get("aria-invalid") == "true"]
    assert wrong.attributes["name"] == field
    assert list(ApplicationLink.objects.values()) == before


def test_of_a_link_that_works_nothing_is_entered(lasting: Lasting) -> None:
    before = list(ApplicationLink.objects.values())

    said = lasting.alice.post(
        f"application-links/{before[0]['id']}/anew", client_id="id", client_secret="secret"
    )

    assert said.status == 409
    assert "It can be entered anew once the other site no longer takes it." in said.said["message"]
    assert list(ApplicationLink.objects.values()) == before


def test_a_link_without_an_application_link_has_none_to_be_entered(lasting: Lasting) -> None:
    lasting.break_it()
    page = lasting.page
    Link.objects.update(application=None)
    path = f"/spaces/{page.space}/synchronizations/{lasting.acme.synchronization_id}/mend/application"

    assert page.visitor.get(path).status_code == 404


def test_who_signed_in_by_what_was_entered_before_begins_again(lasting: Lasting) -> None:
    lasting.break_it()
    asked, browser = lasting.asked(), lasting.outsider()
    back = browser.allow(browser.leave(asked["address"]))
    anew(lasting, rotated(lasting))

    answer = browser.get(back)

    assert answer.status_code == 400
    assert lasting.state() == BROKEN
    browser.sign_in(asked["address"])
    assert lasting.state() == ("running", "", "")


def test_what_is_given_while_it_is_entered_anew_is_given_back_and_nothing_of_it_kept(
    lasting: Lasting,
) -> None:
    lasting.break_it()
    asked = lasting.asked()
    office = lasting.office

    def meanwhile(_: Request) -> None:
        elsewhere(lambda: anew(lasting, made_anew(lasting)))

    office.world.hooks.after("GET", "/myself$", meanwhile)
    lasting.outsider().sign_in(asked["address"])

    told = lasting.alice.get(f"sign-ins/{asked['attempt']}").said
    assert told["status"] == "open"
    assert told["trouble"].startswith("The application link was entered anew meanwhile")
    assert lasting.state() == BROKEN
    lasting.outsider().sign_in(asked["address"])
    assert lasting.state() == ("running", "", "")


def test_what_mends_the_link_at_the_same_moment_leaves_what_it_was_mended_by(lasting: Lasting) -> None:
    lasting.break_it()
    asked, browser = lasting.asked(), lasting.outsider()
    back = browser.allow(browser.leave(asked["address"]))
    before = list(ApplicationLink.objects.values())

    raised = together(lambda: browser.get(back), lambda: anew(lasting, None))

    is_working = lasting.row.status == "working"
    assert [type(each) for each in raised] == ([Outdated] if is_working else [])
    assert (list(ApplicationLink.objects.values()) == before) is is_working
    assert lasting.state() == (("running", "", "") if is_working else BROKEN)


def test_a_copied_link_is_withdrawn_where_it_is_shown(lasting: Lasting) -> None:
    lasting.break_it()
    page = lasting.page
    page.press("Mend the link")
    page.press("Copy Link")
    link = page.page.one("input", id="link").attributes["value"]

    page.press("Withdraw Link")

    assert page.flag()["title"] == "Link withdrawn"
    assert lasting.outsider().get(link).status_code == 410
