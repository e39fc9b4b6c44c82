"""New Synchronization with another Cloud instance, step by step; what its people and the partner's see."""

import re

import pytest

from backbone_app.models import Synchronization
from tests.support.app import INITECH, Jira
from tests.support.pages import Reader, parse, values
from tests.support.sandbox import VirtualClock

MODE = "Immediate or review"


@pytest.fixture
def choosing(alice: Reader) -> Reader:
    """Alice on the page that asks for the partner instance."""
    alice.press("New Synchronization")
    alice.press("Synchronize with another Cloud instance")
    return alice


def ask(reader: Reader, key: str = "GOLD") -> None:
    """Go through the whole wizard from the overview."""
    reader.press("New Synchronization")
    reader.press("Synchronize with another Cloud instance")
    reader.press("Next", base_url=INITECH, space_key=key)
    reader.press("Next")
    reader.press("Next")
    reader.press("Send Request")


def step(reader: Reader) -> str:
    """The step that is marked as the current one."""
    return reader.page.one("li", aria_current="step").text.lstrip("1234 ")


def facts(reader: Reader) -> dict[str, str]:
    """The list of terms and what is said of each."""
    page = reader.page
    return dict(zip([e.text for e in page.all("dt")], [e.text for e in page.all("dd")], strict=True))


def test_the_steps_are_those_of_the_manual(choosing: Reader, gold: Reader) -> None:
    labels = {each.attributes["for"]: each.text for each in choosing.page.all("label")}
    seen = [step(choosing)]
    for entries in ({"base_url": INITECH, "space_key": "gold"}, {}, {}):
        choosing.press("Next", **entries)
        seen.append(step(choosing))

    assert choosing.page.one("h1").text == "Synchronize with another Cloud instance"
    assert labels == {"id_base_url": "Base URL *", "id_space_key": "Space Key *"}
    assert seen == ["Partner Instance", MODE, "Name and description", "Overview"]
    assert facts(choosing) == {
        "Your space": "Alpha (ALPHA)",
        "Partner instance": INITECH,
        "Partner space": "GOLD",
        MODE: "immediate. An edit by either side is live when it is saved.",
        "Name": "ALPHA \N{EN DASH} GOLD",
        "Description": "Keeps work items of Alpha and GOLD on initech.atlassian.net in step.",
        "Synchronized at first": "Same-named work types and fields, both ways",
    }
    assert not Synchronization.objects.exists()


def chosen(reader: Reader) -> list[str]:
    """The radio buttons that are marked."""
    radios = reader.page.all("input", type="radio")
    return [each.attributes["value"] for each in radios if "checked" in each.attributes]


def test_both_modes_are_explained_and_immediate_is_chosen(choosing: Reader, gold: Reader) -> None:
    choosing.press("Next", base_url=INITECH, space_key="GOLD")

    options = choosing.page.all("label", class_="option")
    assert [each.one("strong").text for each in options] == ["immediate", "review"]
    assert "An edit by either side is live when it is saved." in options[0].text
    assert "is a draft until the other side has accepted it." in options[1].text
    assert "cannot be changed later" in choosing.page.one("fieldset").text
    assert chosen(choosing) == ["immediate"]


def test_review_and_a_message_reach_the_asked_side_and_survive_back_and_next(
    choosing: Reader, gold: Reader
) -> None:
    choosing.press("Next", base_url=INITECH, space_key="GOLD")
    choosing.press("Next", mode="review")
    choosing.press("Next")
    choosing.press("Back", message="Shall <b>we</b>?\nSoon")
    choosing.press("Back")
    marked = chosen(choosing)
    choosing.press("Back")
    choosing.press("Next")
    choosing.press("Next")
    choosing.press("Next")
    seen, said = facts(choosing)[MODE], values(choosing.page.one("form"))["message"]
    choosing.press("Send Request")
    gold.reload()
    listed = gold.page.one("p", class_="lines").text
    gold.press("View Request")

    means = "review. An edit by either side is a draft until the other side has accepted it."
    assert marked == ["review"]
    assert (seen, facts(gold)[MODE]) == (means, means)
    assert said == "Shall <b>we</b>?\nSoon"
    assert facts(gold)["Their message"] == "Shall <b>we</b>? Soon"
    assert listed == "\N{LEFT DOUBLE QUOTATION MARK}Shall <b>we</b>? Soon\N{RIGHT DOUBLE QUOTATION MARK}"


def test_a_message_that_is_too_long_is_said_beside_the_field(choosing: Reader, gold: Reader) -> None:
    choosing.press("Next", base_url=INITECH, space_key="GOLD")
    choosing.press("Next")
    choosing.press("Next")
    choosing.press("Send Request", message="x" * 1001)

    assert step(choosing) == "Overview"
    assert "1000" in choosing.page.one("ul", class_="errorlist").text
    assert not Synchronization.objects.exists()


@pytest.mark.parametrize(
    ("entries", "field", "said"),
    [
        ({"base_url": "", "space_key": "GOLD"}, "base_url", "Enter the base URL"),
        ({"base_url": INITECH, "space_key": ""}, "space_key", "Enter the key"),
        ({"base_url": INITECH, "space_key": "?"}, "space_key", "This is no space key"),
        ({"base_url": "http://initech.atlassian.net", "space_key": "GOLD"}, "base_url", "With http anybody"),
        (
            {"base_url": "https://initech.example", "space_key": "GOLD"},
            "base_url",
            "This is not the base URL",
        ),
        ({"base_url": "https://acme.atlassian.net", "space_key": "GOLD"}, "base_url", "you are on"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_kept(
    choosing: Reader, gold: Reader, entries: dict[str, str], field: str, said: str
) -> None:
    choosing.press("Next", **entries)

    message = choosing.page.one("ul", class_="errorlist")
    control = choosing.page.one("input", name=field)
    kept = values(choosing.page.one("form"))
    assert step(choosing) == "Partner Instance"
    assert said in message.text
    assert message.attributes["id"] in control.attributes["aria-describedby"].split()
    assert control.attributes["aria-invalid"] == "true"
    assert {name: kept[name] for name in entries} == entries


def test_a_site_without_the_app_is_told_what_to_do_and_can_be_tried_again(
    choosing: Reader, gold: Reader, other_jira: Jira
) -> None:
    other_jira.disable()
    choosing.press("Next", base_url=INITECH, space_key="GOLD")
    told = choosing.page.one("div", class_="section-message")
    labels = [each.label for each in choosing.page.all("button")]
    other_jira.enable()
    choosing.press("Try again")

    assert told.one("h2").text == f"Backbone Work Sync is not enabled on {INITECH}"
    assert "Ask a Jira admin of that instance to install" in told.text
    assert labels == ["Back", "Synchronize with a Cloud Instance", "Try again"]
    assert step(choosing) == MODE


def test_back_and_next_keep_what_was_entered(choosing: Reader, gold: Reader) -> None:
    choosing.press("Next", base_url=INITECH, space_key="GOLD")
    choosing.press("Next")
    choosing.press("Next", name="Ours & theirs", description="two\nlines")

    choosing.press("Back")
    assert values(choosing.page.one("form"))["name"] == "Ours & theirs"
    choosing.press("Back")
    assert step(choosing) == MODE
    choosing.press("Back")
    assert values(choosing.page.one("form"))["space_key"] == "GOLD"
    choosing.press("Next")
    choosing.press("Next")
    choosing.press("Next")

    assert step(choosing) == "Overview"
    assert (facts(choosing)["Name"], facts(choosing)["Description"]) == ("Ours & theirs", "two lines")


def test_another_key_gets_another_name(choosing: Reader, gold: Reader) -> None:
    choosing.press("Next", base_url=INITECH, space_key="GOLD")
    choosing.press("Next")
    choosing.press("Back")
    choosing.press("Back")
    choosing.press("Next", space_key="IRON")
    choosing.press("Next")

    assert values(choosing.page.one("form"))["name"] == "ALPHA \N{EN DASH} IRON"


@pytest.mark.parametrize("last", ["", "/mode", "/overview", "/send"])
def test_a_forged_step_is_checked_like_the_steps_before(choosing: Reader, gold: Reader, last: str) -> None:
    good = {"base_url": INITECH, "space_key": "GOLD", "mode": "immediate", "name": "x", "description": ""}
    bad = (
        {"base_url": "x", "mode": "sometimes", "name": ""}
        if last in {"/overview", "/send"}
        else {"base_url": "x"}
    )
    target = f"/spaces/{choosing.space}/new/instance{last}"

    for name, value in bad.items():
        answer = choosing.visitor.post(target, **{**good, name: value})
        assert parse(answer).one("ul", class_="errorlist").text

    assert not Synchronization.objects.exists()


@pytest.mark.parametrize("last", ["", "/mode", "/overview", "/send"])
def test_an_ordinary_member_can_take_no_step(jira: Jira, gold: Reader, last: str) -> None:
    carol, target = jira.visitor("carol"), f"/spaces/{jira.space_id('ALPHA')}/new/instance{last}"
    entered = {"base_url": INITECH, "space_key": "GOLD", "mode": "immediate", "name": "x", "description": ""}

    answers = [carol.post(target, **entered), carol.post(target, **entered, back="yes")]

    assert [each.status_code for each in answers] == [403, 403]
    assert not Synchronization.objects.exists()


def test_a_request_is_sent_with_a_flag_and_seen_on_the_other_site_at_its_next_poll(
    alice: Reader, gold: Reader
) -> None:
    before = gold.page.text
    ask(alice)
    gold.reload()

    assert (alice.status(), gold.status()) == ("REQUEST SENT", "INCOMING REQUEST")
    assert alice.flag()["title"] == "Request sent"
    assert alice.flag()["body"] == "The admins of the partner space will see it if it exists."
    assert alice.page.one("tbody").all("td")[0].text == f"GOLD {INITECH}"
    assert gold.page.one("tbody").all("td")[0].text == "Alpha (ALPHA) https://acme.atlassian.net"
    assert "not synchronized yet" in before


def test_every_page_of_the_sender_is_the_same_byte_for_byte_whether_the_space_exists(
    alice: Reader, gold: Reader
) -> None:
    def pages(key: str) -> list[tuple[int, str]]:
        alice.reload()
        ask(alice, key)
        answers = [alice.last, alice.visitor.get(f"/spaces/{alice.space}/overview")]
        row = Synchronization.objects.get()
        alice.press("View Request")
        answers.append(alice.last)
        again = {"base_url": INITECH, "space_key": key, "mode": "immediate", "name": "x", "description": ""}
        answers.append(alice.visitor.post(f"/spaces/{alice.space}/new/instance/send", **again))
        alice.press("Withdraw Request")
        answers.append(alice.last)
        return [(each.status_code, told(each, key, str(row.id))) for each in answers]

    def told(answer: object, key: str, number: str) -> str:
        text = f"{answer.headers}\n{answer.content.decode()}"  # type: ignore[attr-defined]  # an HttpResponse
        return re.sub(r'"seen": "\w+"', "", text.replace(key, "KEY").replace(number, "ID"))

    known, unknown = pages("GOLD"), pages("LEAD")

    assert known == unknown
    assert [status for status, _ in known] == [200, 200, 200, 409, 200]
    assert not [text for _, text in known if "Undisclosed" in text]


def test_the_asked_side_is_told_who_asks_and_what_acceptance_will_show(alice: Reader, gold: Reader) -> None:
    ask(alice)
    gold.reload()
    gold.press("View Request")

    told = gold.page.one("div", class_="section-message")
    shown = facts(gold)
    assert (shown["Partner space"], shown["Partner instance"]) == (
        "Alpha (ALPHA)",
        "https://acme.atlassian.net",
    )
    assert [each.text for each in told.all("li")] == [
        "its name,",
        "its work types,",
        "its fields,",
        "its users, where a field names them.",
    ]
    assert shown["Asked by"] == alice.visitor.jira.site.user("alice").display_name


def test_the_name_is_told_with_acceptance_and_not_before(alice: Reader, gold: Reader) -> None:
    ask(alice)
    gold.reload()
    gold.press("View Request")
    alice.reload()
    before = alice.page.text
    gold.press("Accept Request")
    alice.reload()

    assert "Undisclosed" not in before
    assert (alice.status(), gold.status()) == ("STOPPED", "STOPPED")
    assert alice.page.one("tbody").all("td")[0].text == f"Undisclosed (GOLD) {INITECH}"


def test_declined_the_sender_reads_the_message_and_no_name(alice: Reader, gold: Reader) -> None:
    ask(alice)
    gold.reload()
    gold.press("View Request")
    gold.press("Decline", message="Not now")
    alice.reload()
    alice.press("View Request")

    assert facts(alice)["Message"] == "Not now"
    assert "Undisclosed" not in alice.last.content.decode()


def test_an_unanswered_request_expires_on_both_sites(
    alice: Reader, gold: Reader, clock: VirtualClock
) -> None:
    ask(alice)
    clock.advance(days=30)
    alice.reload()
    gold.reload()
    refused = gold.visitor.post(f"/spaces/{gold.space}/requests/{Synchronization.objects.get().id}/accept")

    assert (alice.status(), gold.status()) == ("EXPIRED", "EXPIRED")
    assert refused.status_code == 410


def test_either_side_acts_and_the_other_sees_it(alice: Reader, gold: Reader) -> None:
    ask(alice)
    gold.reload()
    gold.press("View Request")
    gold.press("Accept Request")
    alice.reload()
    alice.press("Start")
    gold.reload()
    started = gold.status()
    gold.press("Delete")
    alice.reload()

    assert started == "RUNNING"
    assert alice.page.all("table") == gold.page.all("table") == []
