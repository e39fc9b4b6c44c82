"""New Synchronization with a Cloud Instance, step by step: by whoever signs in, and what is in the way."""

import pytest
from django.conf import LazySettings

from backbone_app.models import LinkAttempt, Synchronization, Unfinished
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import licences
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.pages import Reader
from tests.support.remote_cloud import alice, created, linked, oauth_app, visitor, world
from tests.support.sandbox import INITECH, VirtualClock

__all__ = ["alice", "oauth_app", "world"]

WAY = "Synchronize with a Cloud Instance"
REMOVE = f"Remove the link to {INITECH}"
GOLD = {"base_url": INITECH, "space_key": "gold"}


@pytest.fixture
def reader(alice: Machine) -> Reader:
    """Alice on the page that asks for the partner instance."""
    found = Reader(alice.jira.visitor("alice"), alice.jira.space_id("ALPHA"))
    begin(found)
    return found


def begin(reader: Reader) -> None:
    """Begin from the overview."""
    reader.reload()
    reader.press("New Synchronization")
    reader.press(WAY)


def step(reader: Reader) -> str:
    """The step that is marked as the current one."""
    return reader.page.one("li", aria_current="step").text.lstrip("1234 ")


def headings(reader: Reader) -> list[str]:
    """What stands above parts of the page."""
    return [each.text for each in reader.page.all("h2")]


def authenticate(reader: Reader, world: World, who: str = "gina") -> None:
    """Have somebody sign in with the link that the page shows, and let the page look for it."""
    (link,) = [each for each in reader.page.all("a") if each.label == "Authenticate"]
    visitor(world, who).sign_in(link.attributes["href"])
    look(reader)


def look(reader: Reader) -> None:
    """Let the page look how far the sign-in has come."""
    reader.show(reader.visitor.get(reader.page.one("div", id="waiting").attributes["hx-get"]))


def test_the_steps_are_those_of_the_manual(reader: Reader, world: World) -> None:
    labels = {each.attributes["for"]: each.text for each in reader.page.all("label")}
    seen = [step(reader)]
    reader.press("Next", **GOLD)
    seen.append(step(reader))
    authenticate(reader, world)
    seen.append(step(reader))
    reader.press("Next")
    seen.append(step(reader))
    facts = [each.text for each in reader.page.all("dd")]

    reader.press("Create")

    assert labels == {"id_base_url": "Base URL *", "id_space_key": "Space Key *"}
    assert seen == ["Partner Instance", "Sign in", "Name and description", "Overview"]
    assert facts[:3] == ["Alpha (ALPHA)", INITECH, "Gold (GOLD)"]
    assert reader.flag()["title"] == "Synchronization created"
    assert reader.status() == "STOPPED"
    assert not Unfinished.objects.exists()


def test_copy_link_makes_one_for_somebody_else_and_back_keeps_what_was_entered(reader: Reader) -> None:
    reader.press("Next", **GOLD)

    reader.press("Copy Link")

    shown = reader.page.one("input", id="link").attributes["value"]
    assert "/sign-in/" in shown
    assert LinkAttempt.objects.filter(is_copied=True).count() == 1
    reader.press("Back")
    entered = {each: reader.page.one("input", name=each).attributes["value"] for each in GOLD}
    assert entered == GOLD | {"space_key": "gold"}


def test_a_copied_link_is_withdrawn_and_what_was_entered_is_there_to_make_another_one(reader: Reader) -> None:
    reader.press("Next", **GOLD)
    reader.press("Copy Link")

    reader.press("Withdraw Link")

    assert reader.flag()["title"] == "Link withdrawn"
    entered = {each: reader.page.one("input", name=each).attributes["value"] for each in GOLD}
    assert entered == GOLD | {"space_key": "gold"}
    (copied,) = LinkAttempt.objects.filter(is_copied=True)
    assert copied.ended_at is not None
    assert copied.link is None


def test_a_name_and_a_long_description_from_before_outlast_the_sign_in_and_stand_in_no_address(
    reader: Reader, world: World
) -> None:
    text = "\u5b57" * 1000
    title = {
        "named_for": world.sites["initech"].space("GOLD").id,
        "name": "Ours",
        "description": text,
    }
    reader.press("Next", **GOLD, **title)
    address = reader.page.one("div", id="waiting").attributes["hx-get"]

    authenticate(reader, world)

    assert reader.page.one("input", name="name").attributes["value"] == "Ours"
    assert reader.page.one("textarea", name="description").text == text
    assert address.endswith("?space_key=gold")


def test_who_comes_back_another_day_goes_on_where_somebody_has_signed_in_meanwhile(
    reader: Reader, world: World
) -> None:
    reader.press("Next", **GOLD)
    reader.press("Copy Link")
    visitor(world).sign_in(reader.page.one("input", id="link").attributes["value"])
    reader.reload()
    reader.press("New Synchronization")

    reader.press("Continue where you were")

    assert step(reader) == "Name and description"
    reader.press("Back")
    assert step(reader) == "Partner Instance"


def test_a_space_that_the_account_does_not_see_is_said_beside_its_key(reader: Reader, world: World) -> None:
    there = world.sites["initech"]
    there.revoke(there.user("gina"), "BROWSE_PROJECTS", space=there.space("IRON"))
    reader.press("Next", base_url=INITECH, space_key="IRON")

    authenticate(reader, world)

    assert step(reader) == "Partner Instance"
    assert "sees no space IRON" in reader.page.text
    assert reader.page.one("input", name="base_url").attributes["value"] == INITECH
    reader.press("Next", space_key="GOLD")
    assert step(reader) == "Name and description"


def test_where_somebody_has_let_us_in_nobody_signs_in_again(
    reader: Reader, alice: Machine, world: World
) -> None:
    created(alice, linked(alice, world))

    reader.press("Next", **GOLD)

    assert step(reader) == "Name and description"


def test_what_the_account_may_not_do_is_said_before_create(reader: Reader, world: World) -> None:
    reader.press("Next", base_url=INITECH, space_key="IRON")
    authenticate(reader, world)

    reader.press("Next")

    assert "Create Issues : without it no work item gets a twin there." in reader.page.text
    refused = reader.send("Create")
    assert refused.status_code == 422
    assert b"give it Create Issues" in refused.content


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"base_url": "http://initech.atlassian.net", "space_key": "GOLD"}, "With http anybody"),
        ({"base_url": "https://jira.example.com", "space_key": "GOLD"}, "not the base URL of a Jira Cloud"),
        (
            {"base_url": "https://nowhere.atlassian.net", "space_key": "GOLD"},
            "nowhere.atlassian.net cannot be",
        ),
        ({"base_url": INITECH, "space_key": "1"}, "This is no space key"),
        ({"base_url": "", "space_key": ""}, "Enter the key of the partner space"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(
    reader: Reader, typed: dict[str, str], said: str
) -> None:
    reader.press("Next", **typed)

    assert said in reader.page.text
    assert step(reader) == "Partner Instance"
    assert not LinkAttempt.objects.exists()


@pytest.mark.parametrize("where", ["page", "API"])
@pytest.mark.parametrize(
    ("status", "told"),
    [
        (404, "initech.atlassian.net answers, but not as a Jira does. Check the address"),
        (429, "initech.atlassian.net answers 429: it is not available at present. Nothing is wrong"),
        (503, "initech.atlassian.net answers 503: it is not available at present. Nothing is wrong"),
    ],
)
def test_a_name_under_which_no_jira_answers_is_told_before_anybody_is_sent_there(
    reader: Reader, alice: Machine, world: World, where: str, status: int, told: str
) -> None:
    gone = Misfortune(
        match=("GET", "/serverInfo"), kind="refuse_before_effect", status=status, caller="anyone"
    )
    world.misfortunes.add(gone)

    if where == "page":
        reader.press("Next", **GOLD)
        said = reader.page.text
    else:
        answer = alice.post("clouds/sign-in", base_url=INITECH)
        assert (answer.status, answer.said["field"]) == (422, "base_url")
        said = answer.said["message"]

    assert told in said
    assert not LinkAttempt.objects.exists()


def test_a_data_center_at_such_a_name_is_asked_in_its_own_way(reader: Reader, world: World) -> None:
    address = "https://moved.atlassian.net"
    world.add_site("moved", address, edition=DATA_CENTER["dc-10.3"])

    reader.press("Next", base_url=address, space_key="GOLD")

    assert "This is a Jira Data Center. Go back and choose" in reader.page.text


@pytest.mark.parametrize("status", [401, 403])
def test_a_site_that_tells_strangers_nothing_is_asked_for_a_sign_in(
    reader: Reader, world: World, status: int
) -> None:
    kept = Misfortune(
        match=("GET", "/serverInfo"), kind="refuse_before_effect", status=status, caller="anyone"
    )
    world.misfortunes.add(kept)

    reader.press("Next", **GOLD)

    assert step(reader) == "Sign in"


def test_without_an_oauth_app_the_page_says_what_the_operator_has_to_do(
    reader: Reader, settings: LazySettings
) -> None:
    settings.BACKBONE_OAUTH_CLIENT_ID = settings.BACKBONE_OAUTH_CLIENT_SECRET = ""
    begin(reader)
    before = reader.page.text

    reader.press("Next", **GOLD)

    assert "its operator has to register an OAuth 2.0 (3LO) app" in before
    assert headings(reader) == [f"Nobody can sign in on {INITECH} at present"]
    assert "its operator has to register an OAuth 2.0 (3LO) app" in reader.page.text
    reader.press("Try again")
    assert not LinkAttempt.objects.exists()


def test_without_a_free_endpoint_it_is_said_before_anybody_signs_in(
    reader: Reader, jira: Jira, clock: VirtualClock
) -> None:
    licences.running(jira.row, "hooli", now=clock())

    reader.press("Next", **GOLD)

    assert headings(reader) == [f"Nobody can sign in on {INITECH} at present"]
    assert "covers one partner site, which is taken" in reader.page.text
    assert not LinkAttempt.objects.exists()


def test_an_instance_with_the_app_is_asked_by_a_request(reader: Reader, world: World) -> None:
    Jira(world, world.sites["initech"]).install()
    reader.press("Next", **GOLD)
    said = headings(reader)

    reader.press("Send a request instead")

    assert said == [f"Backbone Work Sync is on {INITECH}"]
    assert step(reader) == "Immediate or review"


def test_an_instance_without_the_app_leads_from_the_request_to_the_sign_in(reader: Reader) -> None:
    reader.reload()
    reader.press("New Synchronization")
    reader.press("Synchronize with another Cloud instance")
    reader.press("Next", **GOLD)

    reader.press(WAY)

    assert step(reader) == "Sign in"
    assert reader.page.one("h1").text == WAY


def test_a_link_that_nothing_uses_can_be_removed(reader: Reader, alice: Machine, world: World) -> None:
    link = linked(alice, world)
    begin(reader)

    reader.press(REMOVE)

    assert reader.flag()["title"] == "Link removed"
    assert not [each for each in reader.page.all("button") if each.label == REMOVE]
    assert alice.get("clouds").said == []
    assert alice.post(f"links/{link}/remove").status == 404


def test_nothing_is_created_before_the_last_step(reader: Reader, world: World) -> None:
    reader.press("Next", **GOLD)
    authenticate(reader, world)
    reader.press("Next", name="Ours")

    assert not Synchronization.objects.exists()
    reader.press("Back")
    assert reader.page.one("input", name="name").attributes["value"] == "Ours"
