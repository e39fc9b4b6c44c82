"""Pair Existing Work Items as a person meets it: keys, comparison, choice, result; and deciding later."""

import pytest

from backbone_app.models import Pair, Site
from tests.support.existing import in_alpha, strangers
from tests.support.pages import Reader
from tests.support.scenario import Story, story

__all__ = ["story"]

PAIR = "Pair existing work items"


@pytest.fixture
def alice(story: Story) -> Reader:
    """The admin of ALPHA on its overview."""
    return Reader(story.jira.visitor("alice"), story.jira.space_id("ALPHA"))


@pytest.fixture
def keys(story: Story) -> dict[str, str]:
    """What a person enters for two work items that differ in summary and labels."""
    left, right = strangers(
        story, {"summary": "Left <b>", "labels": ["hall"]}, {"summary": "Right", "priority": {"name": "Low"}}
    )
    return {"own_key": story.issue(left).key, "partner_key": story.issue(right).key}


def table(reader: Reader) -> dict[str, list[str]]:
    """The comparison, a row for each field."""
    rows = reader.page.one("tbody").all("tr")
    return {row.attributes["data-field"]: [cell.text for cell in row.all("td")] for row in rows}


def test_two_keys_are_compared_then_paired_and_the_page_says_what_happened(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    alice.press(PAIR)
    assert "Beta (BETA)" in alice.page.text

    alice.press("Compare", **keys)

    assert alice.page.one("h1").text == f"{keys['own_key']} and {keys['partner_key']}"
    assert alice.page.one("p", class_="lead").text == (
        f"3 fields are equal, 1 will be filled in {keys['partner_key']}, "
        f"0 will be filled in {keys['own_key']}, 2 differ."
    )
    assert table(alice)["Summary"] == ["Left <b>", "Differs: you choose"]
    assert table(alice)["Labels"] == ["hall", f"Filled in {keys['partner_key']}"]
    assert "Right" not in alice.page.text
    assert [each.text for each in alice.page.all("label")] == [
        "Your space's values",
        "The partner space's values",
        "The newer edit of each field",
        "Ask me later: leave what differs as it is",
    ]
    assert next(each for each in alice.page.all("input") if "checked" in each.attributes).has(
        {"value": "ask"}
    )

    alice.press("Pair", choice="own")

    assert alice.page.one("h1").text == f"{keys['own_key']} and {keys['partner_key']} are a pair"
    assert [each.text for each in alice.page.all("button")] == ["Pair More", "Overview"]
    assert Pair.objects.get().choice == "left"
    alice.press("Overview")
    assert alice.status() == "RUNNING"


def test_an_objection_stands_beside_the_field_and_what_was_entered_stays(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    alice.press(PAIR)

    alice.press("Compare", own_key=keys["own_key"], partner_key="BETA-999")

    (objection,) = alice.page.all("ul", class_="errorlist")
    assert objection.parent is not None
    assert objection.parent.one("input").attributes["name"] == "partner_key"
    assert objection.text.startswith("It was not found in the partner space, Beta (BETA)")
    assert alice.page.one("input", name="own_key").attributes["value"] == keys["own_key"]


def test_nothing_entered_is_asked_for(alice: Reader) -> None:
    alice.press(PAIR)

    alice.press("Compare")

    assert [each.text for each in alice.page.all("ul", class_="errorlist")] == [
        "Enter the key of the work item in your space.",
        "Enter the key of the work item in the partner space.",
    ]


def test_back_keeps_the_keys_and_writes_nothing(alice: Reader, keys: dict[str, str]) -> None:
    alice.press(PAIR)
    alice.press("Compare", **keys)

    alice.press("Back")

    shown = {name: alice.page.one("input", name=name).attributes["value"] for name in keys}
    assert shown == keys
    assert not Pair.objects.exists()


def test_without_a_choice_the_comparison_is_shown_again(alice: Reader, keys: dict[str, str]) -> None:
    alice.press(PAIR)
    alice.press("Compare", **keys)

    alice.press("Pair", choice="everything")

    assert (
        alice.page.one("ul", class_="errorlist").text == "This cannot be chosen. Choose one of those above."
    )
    assert not Pair.objects.exists()


def test_where_nothing_differs_nothing_is_chosen(story: Story, alice: Reader) -> None:
    left, right = strangers(story, {"summary": "Same"}, {"summary": "Same"})
    alice.press(PAIR)
    alice.press("Compare", own_key=story.issue(left).key, partner_key=story.issue(right).key)

    assert alice.page.all("fieldset") == []
    alice.press("Pair")

    assert [each.text for each in alice.page.all("button")] == ["Pair More", "Overview"]


def test_somebody_who_was_faster_is_told_of_beside_the_key(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    alice.press(PAIR)
    alice.press("Compare", **keys)
    in_alpha(story).pair(keys["own_key"], keys["partner_key"])

    alice.press("Pair", choice="own")

    assert alice.page.one("ul", class_="errorlist").text == "These two are a pair already."


def test_a_pair_that_asks_can_be_decided_on_its_page(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    alice.press(PAIR)
    alice.press("Compare", **keys)
    alice.press("Pair", choice="ask")
    story.settle()

    alice.press("Decide")
    assert table(alice)["Summary"] == ["Left <b>", "Right"]
    assert list(table(alice)) == ["Priority", "Summary"]
    question = alice.page.one("form").attributes["hx-confirm"]
    assert question.startswith("Write the values you chose?")
    assert question.endswith("it is kept in the activity.")
    alice.press("Decide", choice="everything")
    assert (
        alice.page.one("ul", class_="errorlist").text == "This cannot be chosen. Choose one of those above."
    )
    alice.press("Decide", choice="partner")

    assert alice.flag()["title"] == "Decided: it takes effect now"
    assert alice.page.one("h1").text == "ALPHA and BETA"
    story.settle()
    left = Pair.objects.get().sides.get(side="left").item
    assert story.holds(left)["summary"] == "Right"
    decided = alice.show(
        alice.visitor.get(
            f"/spaces/{alice.space}/synchronizations/{story.synchronization_id}"
            f"/pairs/{Pair.objects.get().pk}/decide"
        )
    )
    assert "There is nothing to decide any more" in decided.text


def test_the_panel_and_the_overview_say_that_somebody_must_choose(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    in_alpha(story).pair(keys["own_key"], keys["partner_key"])
    story.settle()
    left = Pair.objects.get().sides.get(side="left").item

    panel = alice.visitor.get(f"/panel/{left}").content.decode()

    assert "somebody must choose" in panel
    assert "somebody must choose" in alice.reload().text


def test_without_retention_what_gives_way_stands_in_jiras_history(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    Site.objects.update(retention_days=0)
    alice.press(PAIR)
    alice.press("Compare", **keys)
    assert "kept in Jira's history" in alice.page.text
    alice.press("Pair", choice="ask")

    alice.press("Decide")

    assert alice.page.one("form").attributes["hx-confirm"].endswith("it is kept in Jira's history.")


def test_while_the_synchronization_is_stopped_everything_waits_for_the_start(
    story: Story, alice: Reader, keys: dict[str, str]
) -> None:
    story.stop()
    alice.reload()
    alice.press(PAIR)
    alice.press("Compare", **keys)

    alice.press("Pair", choice="own")
    said = alice.page.text
    (pair,) = Pair.objects.all()
    address = f"/spaces/{alice.space}/synchronizations/{story.synchronization_id}/pairs/{pair.pk}/decide"
    alice.show(alice.visitor.get(address))
    alice.press("Decide", choice="partner")

    assert "They are brought in step after the start." in said
    assert alice.flag()["title"] == "Decided: it takes effect after the start"
