"""The page that waits until somebody has signed in on a Data Center."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.http import HttpResponse

from backbone_app.models import ApplicationLink, Link, LinkAttempt
from tests.support.pages import Reader, parse
from tests.support.sandbox import VirtualClock
from tests.support.sign_in import Stage, alice, stage, world

__all__ = ["alice", "stage", "world"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Alice's page for one link."""

    stage: Stage
    link: str
    attempt: UUID

    def ask(self, shown: str) -> HttpResponse:
        """Ask whether there is news for a page that says this already."""
        jira = self.stage.alice.jira
        path = f"/spaces/{jira.space_id('ALPHA')}/new/data-center/wait/{self.attempt}"
        return jira.visitor("alice").get(path, shown=shown)


@pytest.fixture
def waiting(stage: Stage) -> Waiting:
    """Nobody has opened the link yet."""
    link = stage.link()
    return Waiting(stage, link, LinkAttempt.objects.get().pk)


def test_without_news_nothing_is_swapped(waiting: Waiting) -> None:
    answer = waiting.ask("open")

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_sign_in_that_went_wrong_is_told_once_and_waited_on_for(waiting: Waiting) -> None:
    waiting.stage.browser().sign_in(waiting.link, decision="deny")

    told = parse(waiting.ask("open"))

    said = told.one("p").text
    assert (told.one("h2").text, said) == (
        "The last sign-in did not work",
        "Access was not allowed there. Open the link again to allow it.",
    )
    assert told.one("div").attributes["hx-trigger"] == "every 2s"
    assert waiting.ask(said).status_code == 204


def test_once_somebody_has_signed_in_the_whole_page_goes_on(waiting: Waiting) -> None:
    waiting.stage.browser().sign_in(waiting.link)

    answer = waiting.ask("open")

    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#content", "innerHTML")
    page = parse(answer)
    (current,) = (each for each in page.all("li") if "aria-current" in each.attributes)
    assert current.text.endswith("Choose the space")
    assert [each.text for each in page.all("option")][1:] == ["Gold (GOLD)", "Iron (IRON)"]


def test_an_expired_link_says_so_and_is_asked_about_no_more(waiting: Waiting, clock: VirtualClock) -> None:
    clock.advance(days=7)

    told = parse(waiting.ask("open"))

    assert told.one("h2").text == "This link has expired"
    assert "hx-trigger" not in told.one("div").attributes


def test_a_copied_link_is_withdrawn_in_the_wizard_and_opens_nothing_any_more(waiting: Waiting) -> None:
    jira = waiting.stage.alice.jira
    wizard = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))
    wizard.press("New Synchronization")
    wizard.press("Synchronize with a Data Center Instance")
    wizard.press("Next")
    wizard.press("Copy Link")
    link = wizard.page.one("input", id="link").attributes["value"]
    (button,) = [each for each in wizard.page.all("button") if each.label == "Withdraw Link"]

    wizard.press("Withdraw Link")

    assert button.attributes["hx-confirm"].startswith("Withdraw this link? Whoever has it")
    assert wizard.flag()["title"] == "Link withdrawn"
    waiting.stage.refused(waiting.stage.browser(), link, status=410)


def test_what_somebody_has_used_meanwhile_cannot_be_withdrawn(waiting: Waiting) -> None:
    waiting.stage.browser().sign_in(waiting.link)
    jira = waiting.stage.alice.jira

    answer = jira.visitor("alice").post(
        f"/spaces/{jira.space_id('ALPHA')}/new/data-center/sign-ins/{waiting.attempt}/withdraw"
    )

    assert answer.status_code == 409
    assert "Somebody has used this link already" in answer.content.decode()


@pytest.fixture
def wizard(stage: Stage) -> Reader:
    """Alice, who has two application links: of hooli, and of initech, which stands behind it in the list."""
    for name in ("hooli", "initech"):
        stage.link(name)
    jira = stage.alice.jira
    found = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))
    found.press("New Synchronization")
    found.press("Synchronize with a Data Center Instance")
    return found


def chosen(wizard: Reader) -> str:
    """The address of the application link that is marked."""
    (marked,) = [
        each for each in wizard.page.all("input", name="application") if "checked" in each.attributes
    ]
    address, _, _ = ApplicationLink.objects.get(pk=marked.attributes["value"]).base_url.partition(":8443")
    return address


@pytest.mark.parametrize("way_back", [("Back",), ("Copy Link", "Back"), ("Copy Link", "Withdraw Link")])
def test_the_application_link_that_was_chosen_stays_so(
    stage: Stage, wizard: Reader, way_back: tuple[str, ...]
) -> None:
    first = chosen(wizard)
    other = next(number for name, number in stage.applications.items() if name not in first)

    wizard.press("Next", application=other)
    for label in way_back:
        wizard.press(label)

    assert chosen(wizard) != first


def test_of_one_that_is_removed_another_one_is_marked(stage: Stage, wizard: Reader) -> None:
    first = chosen(wizard)
    number = next(number for name, number in stage.applications.items() if name in first)
    path = f"/spaces/{wizard.space}/new/data-center/{number}/remove"

    wizard.show(wizard.visitor.post(path, application=number))

    assert chosen(wizard) != first


def test_what_was_entered_by_mistake_is_entered_anew_in_the_wizard_with_the_same_callback(
    stage: Stage, wizard: Reader
) -> None:
    number = stage.applications["initech"]
    client = stage.world.sites["initech"].provider.clients[ApplicationLink.objects.get(pk=number).client_id]
    ApplicationLink.objects.filter(pk=number).update(client_id="mistyped")
    wizard.press("Back")
    wizard.press("Synchronize with a Data Center Instance")
    (button,) = [each for each in wizard.page.all("button") if each.attributes.get("id") == f"anew-{number}"]
    wizard.show(wizard.visitor.get(button.attributes["hx-get"]))
    assert wizard.page.one("input", id="callback").attributes["value"] == client.redirect_url

    wizard.press("Save", client_id="", client_secret="secret")
    refused = wizard.page.one("input", name="client_id").attributes["aria-invalid"]
    wizard.press("Save", client_id=client.client_id, client_secret=client.client_secret)

    assert refused == "true"
    assert wizard.flag()["title"] == "Application link entered"
    assert "initech" in chosen(wizard)
    wizard.press("Next")
    (authenticate,) = [each for each in wizard.page.all("a") if each.label == "Authenticate"]
    stage.browser().sign_in(authenticate.attributes["href"])
    assert Link.objects.get().status == "working"


def test_an_application_link_by_which_a_sign_in_works_is_not_entered_anew(stage: Stage) -> None:
    stage.browser().sign_in(stage.link())
    jira, number = stage.alice.jira, stage.applications["initech"]
    path = f"/spaces/{jira.space_id('ALPHA')}/new/data-center/{number}/anew"
    reader = Reader(jira.visitor("alice"), jira.space_id("ALPHA"))
    reader.press("New Synchronization")
    reader.press("Synchronize with a Data Center Instance")

    assert [each for each in reader.page.all("button") if each.label.startswith("Enter ")] == []
    assert reader.visitor.get(path).status_code == 409
    assert stage.alice.get("application-links").said[0]["is_working"] is True
