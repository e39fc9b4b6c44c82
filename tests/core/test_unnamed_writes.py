"""Which entry is ours of a write that surely happened, where the site dropped what it said of itself."""

from datetime import timedelta

import pytest

from backbone_app.core.expectation import expect
from backbone_app.core.operations import FieldWrite, Operation, OperationKind
from backbone_app.core.settle import unnamed
from backbone_app.core.values import Entry, FieldStep, Side, Text
from tests.core.world import KEYS, SUMMARY, T0, agreed

OURS, SEEN = "our account", 100
SENT = Text("sent")
TITLE = FieldWrite("summary", "summary", SENT, agreed(SUMMARY, SENT))
EXPECTED = expect(Operation(OperationKind.EDIT, Side.RIGHT, (TITLE,)), key=KEYS[Side.RIGHT])


def entry(number: int, after: Text = SENT, *, author: str = OURS, intent: str | None = None) -> Entry:
    return Entry(number, T0 + timedelta(days=1), author, (FieldStep("summary", Text("old"), after),), intent)


def found(*entries: Entry, seen: int | None = SEEN) -> Entry | None:
    return unnamed(entries, EXPECTED, account=OURS, seen=seen, key=KEYS[Side.RIGHT])


@pytest.mark.parametrize("seen", [SEEN, None])
def test_the_first_that_fits_is_ours_whatever_the_clocks_say(seen: int | None) -> None:
    ours, later = entry(101), entry(102)

    assert found(entry(SEEN + 1, Text("theirs")), ours, later, seen=seen) == ours


@pytest.mark.parametrize(
    "stranger",
    [entry(101, author="bob"), entry(101, intent="named"), entry(101, Text("theirs")), entry(SEEN)],
)
def test_what_another_wrote_or_we_had_seen_is_not_ours(stranger: Entry) -> None:
    assert found(stranger) is None
