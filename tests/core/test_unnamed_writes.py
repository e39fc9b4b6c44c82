"""Which entry is ours of a write that surely happened, where the site dropped what it said of itself."""

from datetime import timedelta

import pytest

from backbone_app.core.authorship import Attempt, Author, entry_of, made, unnamed
from backbone_app.core.expectation import expect
from backbone_app.core.operations import FieldWrite, Operation, OperationKind
from backbone_app.core.values import Entry, FieldStep, Rich, Side, Text, Wiki
from tests.core.world import KEYS, SUMMARY, T0, agreed

OURS, SEEN = "our account", 100
SENT = Text("sent")
TITLE = FieldWrite("summary", "summary", SENT, agreed(SUMMARY, SENT))
EXPECTED = expect(Operation(OperationKind.EDIT, Side.RIGHT, (TITLE,)), key=KEYS[Side.RIGHT])


def entry(number: int, after: Text = SENT, *, author: str = OURS, intent: str | None = None) -> Entry:
    return Entry(number, T0 + timedelta(days=1), author, (FieldStep("summary", Text("old"), after),), intent)


def found(*entries: Entry, seen: int | None = SEEN, is_shared: bool = False) -> Entry | None:
    author = Author(OURS, is_shared=is_shared)
    return unnamed(entries, EXPECTED, author=author, seen=seen, key=KEYS[Side.RIGHT])


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


@pytest.mark.parametrize(("told", "is_ours"), [("sent", True), ("hers", False)])
def test_of_an_account_that_a_person_shares_a_text_is_ours_that_says_just_what_was_sent(
    told: str, is_ours: bool
) -> None:
    text = FieldWrite("details", "details", Wiki("sent"), agreed(SUMMARY, Wiki("sent")))
    expected = expect(Operation(OperationKind.EDIT, Side.RIGHT, (text,)), key=KEYS[Side.RIGHT])
    entry = Entry(101, T0, OURS, (FieldStep("details", Wiki("old"), Wiki(told)),))

    shared, alone = (
        unnamed([entry], expected, author=Author(OURS, is_shared=is_shared), seen=SEEN, key=KEYS[Side.RIGHT])
        for is_shared in (True, False)
    )

    assert alone == entry  # nobody else has the account, and a site may tell the text in a form of its own
    assert shared == (entry if is_ours else None)


def test_of_an_account_that_a_person_shares_what_says_just_what_was_sent_is_ours() -> None:
    ours = entry(101)

    assert found(entry(99), ours, is_shared=True) == ours
    assert found(entry(101, Text("hers")), is_shared=True) is None


@pytest.mark.parametrize("has_happened", [True, False])
def test_a_shared_accounts_text_in_another_form_is_ours_where_the_write_surely_happened(
    has_happened: bool,
) -> None:
    text = FieldWrite("details", "details", Rich("{}"), agreed(SUMMARY, Rich("{}")))
    expected = expect(Operation(OperationKind.EDIT, Side.RIGHT, (text,)), key=KEYS[Side.RIGHT])
    told = Entry(101, T0, OURS, (FieldStep("details", Wiki("old"), Wiki("sent")),))
    attempt = Attempt("i", Author(OURS, is_shared=True), SEEN, (T0, T0), has_happened)

    ours, none = (
        entry_of(attempt, entries, expected, key=KEYS[Side.RIGHT], ahead=timedelta(0))
        for entries in ([told], [])
    )

    assert (ours, none) == (told if has_happened else None, None)


@pytest.mark.parametrize(
    ("shown", "is_it"),
    [
        ({"summary": SENT}, True),
        ({"summary": SENT, "priority": Text("of nobody's business")}, True),
        ({"summary": Text("another")}, False),
        ({"priority": SENT}, False),
        ({}, False),
    ],
)
def test_a_work_item_that_is_gone_was_made_by_us_if_it_showed_what_was_sent(
    shown: dict[str, Text], is_it: bool
) -> None:
    assert made(EXPECTED, shown, key=KEYS[Side.RIGHT]) is is_it
