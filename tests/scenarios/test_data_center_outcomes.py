"""Writes to a Data Center of which nobody hears what became of them: each happens once, nothing is lost."""

import itertools
from typing import Final

import pytest

from backbone_app.models import Intent
from jira_sandbox.misfortunes import Kind, Misfortune
from tests.support.beyond import Beyond, beyond, pair, world
from tests.support.beyond import some_edition as edition
from tests.support.scenario import paragraphs
from tests.support.slices import WHOLE

__all__ = ["beyond", "edition", "pair", "world"]

ISSUE: Final = r"/rest/api/2/issue/[0-9]+"
CALLS: Final[dict[str, tuple[str, str]]] = {
    "edit": ("PUT", f"{ISSUE}$"),
    "move": ("POST", f"{ISSUE}/transitions$"),
    "comment": ("POST", f"{ISSUE}/comment$"),
    "change": ("PUT", f"{ISSUE}/comment/"),
    "remove": ("DELETE", f"{ISSUE}/comment/"),
}
KINDS: Final[tuple[Kind, ...]] = (
    "lose_answer_after_effect",
    "time_out_before_effect",
    "time_out_after_effect",
    "effect_after_time_out",
)
LATE: Final = 15 + 30
"""A call's effect comes so many seconds after it: thirty after its time-out."""
MEANWHILE: Final = ("nobody", "on the Cloud", "on the Data Center", "whoever let us in")
CASES: Final = list(itertools.product(CALLS, KINDS, MEANWHILE))
SAID: Final[dict[str, list[str]]] = {"comment": ["One", "Two"], "change": ["One, edited"], "remove": []}
"""The comments in the end, where they are not as they were."""
EACH_CALL_AND_KIND: Final = [
    CASES[number * len(MEANWHILE) + (number + number // 4) % 4] for number in range(len(CASES) // 4)
]


@pytest.fixture
def commented(beyond: Beyond, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair with a comment of Alice's that was copied."""
    beyond.acme.comment("alice", pair[0], "One")
    beyond.settle()
    return pair


def begin(beyond: Beyond, left: str, call: str) -> None:
    """Let Alice do on the Cloud what makes us call the Data Center."""
    acme = beyond.acme
    (comment,) = acme.comment_ids(left)
    match call:
        case "edit":
            acme.edit("alice", left, summary="Lamp, mended", description=paragraphs("By alice"))
        case "move":
            acme.move("alice", left, "In Progress", "Done")
        case "comment":
            acme.comment("alice", left, "Two")
        case "change":
            acme.change_comment("alice", left, comment, "One, edited")
        case "remove":
            acme.delete_comment("alice", left, comment)


def go_on(beyond: Beyond, pair: tuple[str, str], who: str) -> None:
    """Let people go on while nobody knows what became of the call."""
    left, right = pair
    match who:
        case "on the Cloud":
            beyond.acme.edit("alice", left, summary="Went on")
        case "on the Data Center":
            beyond.office.edit("alice", right, summary="Went on")
        case "whoever let us in":
            beyond.office.edit("gina", right, summary="Went on")
            beyond.office.comment("gina", right, "Went on")


def come_to_rest(beyond: Beyond) -> None:
    """Let it go on until what became of the call is known, and everything was checked."""
    for _ in range(4):
        beyond.wait(minutes=6)
    beyond.wait(hours=2)
    assert not Intent.objects.exclude(state__in=("done", "void")).exists()


def said(texts: list[str]) -> list[str]:
    """What comments say, without who is said to have said it."""
    return sorted(text.splitlines()[-1] for text in texts)


@pytest.mark.parametrize(("call", "kind", "who"), CASES if WHOLE else EACH_CALL_AND_KIND)
def test_a_write_whose_outcome_is_unknown_happens_once_and_whoever_went_on_is_heard(
    beyond: Beyond, commented: tuple[str, str], call: str, kind: Kind, who: str
) -> None:
    left, right = commented
    misfortunes = beyond.office.world.misfortunes
    misfortunes.add(Misfortune(match=CALLS[call], kind=kind, site="initech", caller="anyone", seconds=LATE))
    begin(beyond, left, call)
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    assert misfortunes.waiting == []

    beyond.acme.clock.advance(seconds=10)
    go_on(beyond, commented, who)
    come_to_rest(beyond)

    assert beyond.acme.holds(left) == beyond.office.holds(right)
    untouched = "Lamp, mended" if call == "edit" else "Broken lamp"
    assert beyond.office.holds(right)["summary"] == (untouched if who == "nobody" else "Went on")
    more = ["Went on"] if who == "whoever let us in" else []
    expected = sorted([*SAID.get(call, ["One"]), *more])
    assert said(beyond.acme.comments(left)) == said(beyond.office.comments(right)) == expected
    assert beyond.office.statuses(right) == (["In Progress", "In Review", "Done"] if call == "move" else [])
    assert beyond.acme.status(left) == beyond.office.status(right)
    if call == "edit":
        assert beyond.office.field(right, "description") == "By alice"
