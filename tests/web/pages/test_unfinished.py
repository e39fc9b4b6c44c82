"""New Synchronization is left half-way and continued: after a reload, another day, at any of its steps."""

import pytest

from backbone_app.models import Synchronization, Unfinished
from tests.support.app import INITECH, Jira
from tests.support.pages import Reader, values
from tests.support.sandbox import VirtualClock

CONTINUE = "Continue where you were"
ACROSS = {"base_url": INITECH, "space_key": "GOLD"}


def step(reader: Reader) -> str:
    """The step that is marked as the current one."""
    return reader.page.one("li", aria_current="step").text.lstrip("1234 ")


def come_back(reader: Reader) -> None:
    """Reload, and ask for a new synchronization."""
    reader.reload()
    reader.press("New Synchronization")


def begin(reader: Reader, way: str) -> None:
    """Begin from the overview."""
    come_back(reader)
    reader.press(way)


def begin_across(reader: Reader) -> None:
    """Begin a request to another instance."""
    begin(reader, "Synchronize with another Cloud instance")


def test_after_each_step_of_another_instance_it_goes_on_there(alice: Reader, gold: Reader) -> None:
    begin_across(alice)
    seen: list[tuple[str, bool]] = []
    for entries in (ACROSS, {"mode": "review"}, {"name": "Ours", "description": "two\nlines"}):
        alice.press("Next", **entries)
        come_back(alice)
        offered = alice.page.one("form", class_="section-message").text
        alice.press(CONTINUE)
        seen.append((step(alice), f": step {len(seen) + 2} of 4, {step(alice)}." in offered))
    alice.press("Send Request", message="Shall we?")

    row = Synchronization.objects.get()
    left, right = row.sides.order_by("side")
    assert seen == [
        ("Immediate or review", True),
        ("Name and description", True),
        ("Overview", True),
    ]
    assert (row.mode, left.name, right.space_key, right.asking_message) == (
        "review",
        "Ours",
        "GOLD",
        "Shall we?",
    )
    assert not Unfinished.objects.exists()


def test_after_each_step_on_this_instance_it_goes_on_there(alice: Reader, jira: Jira) -> None:
    begin(alice, "Synchronize with another space on this instance")
    alice.press("Next", partner=jira.space_id("BETA"))
    come_back(alice)
    alice.press(CONTINUE)
    first = step(alice)
    alice.press("Next", name="Ours")
    come_back(alice)
    alice.press(CONTINUE)

    assert (first, step(alice)) == ("Name and description", "Overview")
    assert "Ours" in [each.text for each in alice.page.all("dd")]


def test_what_was_refused_is_there_to_be_mended(alice: Reader, gold: Reader) -> None:
    begin_across(alice)
    alice.press("Next", base_url="http://initech.atlassian.net", space_key="GOLD")
    come_back(alice)
    alice.press(CONTINUE)

    kept = values(alice.page.one("form"))
    assert step(alice) == "Partner Instance"
    assert (kept["base_url"], kept["space_key"]) == ("http://initech.atlassian.net", "GOLD")
    assert alice.page.all("ul", class_="errorlist") == []


def test_the_way_back_is_kept_too(alice: Reader, gold: Reader) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    alice.press("Next", mode="review")
    alice.press("Back", name="Half a name")
    come_back(alice)
    alice.press(CONTINUE)
    at = step(alice)
    alice.press("Next")

    assert at == "Immediate or review"
    assert values(alice.page.one("form"))["name"] == "Half a name"


def test_what_has_become_wrong_meanwhile_is_said_at_its_step(
    alice: Reader, gold: Reader, other_jira: Jira
) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    other_jira.disable()
    come_back(alice)
    alice.press(CONTINUE)

    assert f"Backbone Work Sync is not enabled on {INITECH}" in alice.page.text


def test_nobody_else_is_offered_it_and_its_author_in_no_other_space(
    alice: Reader, gold: Reader, jira: Jira
) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    for user, key in (("dana", "ALPHA"), ("alice", "BETA")):
        jira.site.grant(jira.site.user(user), "ADMINISTER_PROJECTS", space=jira.site.space(key))

    for name, key in (("dana", "ALPHA"), ("alice", "BETA")):
        other = Reader(jira.visitor(name), jira.space_id(key))
        other.press("New Synchronization")
        assert CONTINUE not in [each.label for each in other.page.all("button")]
        assert "GOLD" not in other.page.text


def test_to_start_over_is_asked_first_and_forgets_it(alice: Reader, gold: Reader) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    come_back(alice)
    (button,) = [each for each in alice.page.all("button") if each.label == "Start over"]
    alice.press("Start over")

    assert "What you entered is forgotten" in button.attributes["hx-confirm"]
    assert CONTINUE not in [each.label for each in alice.page.all("button")]
    assert not Unfinished.objects.exists()


def test_another_way_takes_its_place_with_its_first_step(alice: Reader, gold: Reader, jira: Jira) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    begin(alice, "Synchronize with another space on this instance")
    before = Unfinished.objects.get().way
    alice.press("Next", partner=jira.space_id("BETA"))

    assert (before, Unfinished.objects.get().way) == ("instance", "space")


def test_looking_keeps_nothing(alice: Reader) -> None:
    begin_across(alice)
    begin(alice, "Synchronize with another space on this instance")

    assert not Unfinished.objects.exists()


def test_it_is_offered_for_30_days(alice: Reader, gold: Reader, clock: VirtualClock) -> None:
    begin_across(alice)
    alice.press("Next", **ACROSS)
    clock.advance(days=31)
    come_back(alice)

    assert CONTINUE not in [each.label for each in alice.page.all("button")]


@pytest.mark.parametrize("hostile", ['"><img src=x onerror=alert(1)>', "\0", "x" * 5000, "\N{SNOWMAN}"])
def test_whatever_is_entered_is_kept_as_text_or_not_at_all(alice: Reader, gold: Reader, hostile: str) -> None:
    begin_across(alice)
    alice.press("Next", base_url=hostile, space_key="GOLD")
    come_back(alice)
    alice.press(CONTINUE)

    assert alice.page.all("img") == []
    assert values(alice.page.one("form"))["space_key"] == "GOLD"
