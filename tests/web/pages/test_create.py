"""New Synchronization, step by step."""

import pytest

from backbone_app.models import Synchronization
from tests.support.app import Jira
from tests.support.pages import Element, Reader, parse, values


@pytest.fixture
def choosing(alice: Reader) -> Reader:
    """Alice on the page that asks for the space."""
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    return alice


def test_only_the_ways_that_work_are_offered(alice: Reader) -> None:
    alice.press("New Synchronization")

    assert [each.label for each in alice.page.all("button")] == [
        "Synchronize with another space on this instance",
        "Synchronize with another Cloud instance",
        "Synchronize with a Cloud Instance",
        "Synchronize with a Data Center Instance",
        "Cancel",
    ]


def test_every_other_space_of_the_site_can_be_chosen(choosing: Reader) -> None:
    options = choosing.page.one("select", name="partner").all("option")

    assert [each.text for each in options] == ["Choose a space", "Beta (BETA)", "Gamma (GAMMA)"]
    assert step(choosing) == "Choose the space"


def test_a_space_that_the_person_may_not_see_is_not_offered_and_cannot_be_asked(
    alice: Reader, jira: Jira
) -> None:
    jira.site.revoke(jira.site.user("alice"), "BROWSE_PROJECTS", space=jira.site.space("GAMMA"))
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    offered = [each.text for each in alice.page.one("select", name="partner").all("option")]

    alice.press("Next", partner=jira.space_id("GAMMA"))

    assert offered == ["Choose a space", "Beta (BETA)"]
    assert step(alice) == "Choose the space"


def test_no_space_chosen_is_said_beside_the_field(choosing: Reader) -> None:
    choosing.press("Next", partner="")

    select = choosing.page.one("select", name="partner")
    message = choosing.page.one("ul", class_="errorlist")
    assert step(choosing) == "Choose the space"
    assert message.text == "Choose the space you want to synchronize with."
    assert message.attributes["id"] in select.attributes["aria-describedby"].split()
    assert select.attributes["aria-invalid"] == "true"


@pytest.mark.parametrize("entered", ["own", "99999", "../../x"])
def test_a_space_that_was_not_offered_cannot_be_chosen(choosing: Reader, entered: str) -> None:
    choosing.press("Next", partner=choosing.space if entered == "own" else entered)

    assert step(choosing) == "Choose the space"
    assert (
        choosing.page.one("ul", class_="errorlist").text == "This space cannot be chosen. Choose another one."
    )


def test_name_and_description_are_offered(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))

    assert step(choosing) == "Name and description"
    assert entered(choosing)["name"] == "ALPHA \N{EN DASH} BETA"
    assert entered(choosing)["description"] == "Keeps work items of Alpha and Beta in step."


def test_every_field_has_a_label_of_its_own(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))

    labels = {each.attributes["for"]: each.text for each in choosing.page.all("label")}
    assert labels == {"id_name": "Name *", "id_description": "Description"}
    assert choosing.page.one("input", id="id_name").attributes["name"] == "name"
    assert choosing.page.one("textarea", id="id_description").attributes["name"] == "description"


@pytest.mark.parametrize(
    ("name", "said"), [("", "Enter a name."), ("   ", "Enter a name."), ("x" * 121, "120")]
)
def test_a_name_that_cannot_be_used_is_said_beside_the_field_and_kept(
    choosing: Reader, jira: Jira, name: str, said: str
) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Next", name=name, description="kept")

    assert step(choosing) == "Name and description"
    assert said in choosing.page.one("ul", class_="errorlist").text
    assert entered(choosing)["description"] == "kept"


def test_back_and_next_keep_what_was_entered(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Next", name="Ours & theirs", description="two\nlines")
    assert step(choosing) == "Overview"

    choosing.press("Back")
    assert entered(choosing)["name"] == "Ours & theirs"
    choosing.press("Back")
    assert entered(choosing)["partner"] == jira.space_id("BETA")
    choosing.press("Next")
    choosing.press("Next")

    assert step(choosing) == "Overview"
    assert facts(choosing.page)["Name"] == "Ours & theirs"
    assert facts(choosing.page)["Description"] == "two lines"


def test_another_partner_gets_another_name(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Back")
    choosing.press("Next", partner=jira.space_id("GAMMA"))

    assert entered(choosing)["name"] == "ALPHA \N{EN DASH} GAMMA"


def test_the_overview_shows_all_settings_and_nothing_is_sent_yet(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Next")

    assert facts(choosing.page) == {
        "Your space": "Alpha (ALPHA)",
        "Partner space": "Beta (BETA)",
        "Name": "ALPHA \N{EN DASH} BETA",
        "Description": "Keeps work items of Alpha and Beta in step.",
        "Synchronized at first": "Same-named work types and fields, both ways",
    }
    assert not Synchronization.objects.exists()


def test_send_request_leads_to_the_overview_with_a_flag(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Next")
    choosing.press("Send Request")

    assert choosing.status() == "REQUEST SENT"
    assert choosing.flag()["title"] == "Request sent"
    assert choosing.flag()["type"] == "success"


def test_a_second_request_for_the_same_two_spaces_is_refused(choosing: Reader, jira: Jira) -> None:
    choosing.press("Next", partner=jira.space_id("BETA"))
    choosing.press("Next")
    first = choosing.send("Send Request")

    second = choosing.send("Send Request")

    assert (first.status_code, second.status_code) == (200, 409)
    assert "Alpha and Beta already have a synchronization" in parse(second).text
    assert Synchronization.objects.count() == 1


def test_an_ordinary_member_can_neither_look_at_the_spaces_nor_send(choosing: Reader, jira: Jira) -> None:
    carol, beta = jira.visitor("carol"), jira.space_id("BETA")

    seen = carol.get(f"/spaces/{choosing.space}/new/space")
    sent = carol.post(f"/spaces/{choosing.space}/new/send", partner=beta, name="x", description="")

    assert (seen.status_code, sent.status_code) == (403, 403)
    assert "Gamma" not in seen.content.decode()
    assert not Synchronization.objects.exists()


def test_a_forged_last_step_is_checked_like_the_steps_before(choosing: Reader, jira: Jira) -> None:
    target, beta = f"/spaces/{choosing.space}/new/send", jira.space_id("BETA")

    no_space = choosing.visitor.post(target, partner="99999", name="x", description="")
    no_name = choosing.visitor.post(target, partner=beta, name="", description="")

    assert parse(no_space).one("ul", class_="errorlist").text.startswith("This space cannot be chosen.")
    assert parse(no_name).one("ul", class_="errorlist").text == "Enter a name."
    assert not Synchronization.objects.exists()


def step(reader: Reader) -> str:
    """The step that is marked as the current one."""
    return reader.page.one("li", aria_current="step").text.lstrip("123 ")


def entered(reader: Reader) -> dict[str, str]:
    """What the only form holds."""
    return values(reader.page.one("form"))


def facts(page: Element) -> dict[str, str]:
    """The list of terms and what is said of each."""
    return dict(zip([e.text for e in page.all("dt")], [e.text for e in page.all("dd")], strict=True))
