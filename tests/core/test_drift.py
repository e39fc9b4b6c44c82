"""What one answer about many work items tells of each: known, news, or only a read can tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backbone_app.core.comments import Twin, TwinState
from backbone_app.core.drift import Glimpse, Known, SeenComment, Verdict, judge
from backbone_app.core.values import EMPTY, Entry, FieldStep, Item, Side, Stamp, Text, Wiki
from tests.core.world import T0

LATER = T0 + timedelta(minutes=1)
SUMMARY = FieldStep("summary", EMPTY, Text("new"))
DESCRIPTION = FieldStep("description", EMPTY, Wiki("new"))


def item(*entries: Entry, **changes: Any) -> Item:
    """Work item 1 as of LATER with its whole history."""
    usual = {"stamp": Stamp(entries[-1].id if entries else None, LATER), "complete_from": 0}
    plain = Item("1", "A-1", "10", "3", "Task", "ann", T0, Stamp(), entries=entries)
    return replace(plain, **{**usual, **changes})


def entry(number: int, *steps: FieldStep, intent: str | None = None) -> Entry:
    return Entry(number, LATER, "ann", steps or (SUMMARY,), intent)


def comment(number: str = "7", **changes: Any) -> SeenComment:
    return replace(SeenComment(number, "ann", T0, T0, restricted=False), **changes)


def twin(**changes: Any) -> Twin:
    """Comment 7 of the left side and its copy 8."""
    return replace(Twin(Side.LEFT, "7", "8", "l", "r", T0, T0), **changes)


def glimpse(*entries: Entry, comments: tuple[SeenComment, ...] = (), **changes: Any) -> Glimpse:
    return replace(Glimpse(item(*entries), comments, all_comments=True), **changes)


def known(**changes: Any) -> Known:
    """What is known of work item 1 after entry 5."""
    usual = Known(
        side=Side.LEFT,
        stamp=Stamp(5, T0),
        rich=Stamp(5, T0),
        confirmed=None,
        incomplete=False,
        twins=(),
        own=frozenset({"ours"}),
        account="us",
        is_shared=False,
        travels=True,
        joined=None,
        rich_fields=frozenset({"description"}),
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ((entry(5),), Verdict.KNOWN),
        ((entry(5), entry(6)), Verdict.NEWS),
        ((entry(5), entry(6, intent="ours")), Verdict.KNOWN),
        ((entry(5), entry(6, intent="of another pair")), Verdict.NEWS),
        ((), Verdict.KNOWN),
    ],
)
def test_an_entry_after_the_last_look_is_news_unless_it_is_ours(
    seen: tuple[Entry, ...], verdict: Verdict
) -> None:
    assert judge(glimpse(*seen), known()) is verdict


def test_rich_text_that_was_not_read_is_news_although_a_later_entry_is_known() -> None:
    seen = glimpse(entry(5, DESCRIPTION), entry(6))

    assert judge(seen, known(stamp=Stamp(6, T0), rich=Stamp(4, T0))) is Verdict.NEWS
    assert judge(seen, known(stamp=Stamp(6, T0), rich=Stamp(5, T0))) is Verdict.KNOWN


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (comment(), Verdict.KNOWN),
        (comment(updated=LATER), Verdict.NEWS),
        (comment("9"), Verdict.NEWS),
        (comment("9", author="us"), Verdict.KNOWN),
        (comment("9", restricted=True), Verdict.KNOWN),
        (comment("9", restricted=None), Verdict.NEWS),
    ],
)
def test_a_comment_is_known_as_of_its_row(seen: SeenComment, verdict: Verdict) -> None:
    row = twin() if seen.id == "7" else twin(left="", state=TwinState.GONE)

    assert judge(glimpse(entry(5), comments=(seen,)), known(twins=(row,))) is verdict


@pytest.mark.parametrize("author", ["", "us", "bob"])
def test_where_we_act_as_a_person_whoever_has_written_it_a_comment_needs_its_row(author: str) -> None:
    seen = glimpse(entry(5), comments=(comment(author=author),))

    assert judge(seen, known(is_shared=True)) is Verdict.NEWS
    assert judge(seen, known(account="")) is Verdict.NEWS


@pytest.mark.parametrize(("author", "verdict"), [("us", Verdict.KNOWN), ("bob", Verdict.NEWS)])
def test_what_was_read_as_a_person_may_well_be_another_pairs_copy(author: str, verdict: Verdict) -> None:
    seen = glimpse(entry(5), comments=(comment("9", author=author),))

    assert judge(seen, known(is_shared=True, confirmed=LATER)) is verdict


def test_comments_that_do_not_travel_or_are_older_than_the_pair_need_no_row() -> None:
    seen = glimpse(entry(5), comments=(comment(),))

    assert judge(seen, known(travels=False)) is Verdict.KNOWN
    assert judge(seen, known(joined=T0)) is Verdict.KNOWN
    assert judge(seen, known(joined=T0 - timedelta(seconds=1))) is Verdict.NEWS


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (twin(), Verdict.NEWS),
        (twin(state=TwinState.GONE), Verdict.NEWS),
        (twin(origin=Side.RIGHT), Verdict.NEWS),
        (twin(origin=Side.RIGHT, state=TwinState.GONE), Verdict.KNOWN),
        (twin(origin=Side.RIGHT, left=""), Verdict.KNOWN),
        (twin(left_updated=LATER + timedelta(seconds=1)), Verdict.KNOWN),
    ],
)
def test_a_comment_that_is_gone_is_news_unless_that_is_known_or_its_row_is_newer(
    row: Twin, verdict: Verdict
) -> None:
    assert judge(glimpse(entry(5)), known(twins=(row,))) is verdict


@pytest.mark.parametrize(
    "part",
    [
        {"all_comments": False},
        {"item": item(entry(7), complete_from=7)},
        {"item": item(entry(5), complete_from=None)},
    ],
)
def test_an_answer_that_shows_a_part_only_leaves_it_to_a_read(part: dict[str, Any]) -> None:
    seen = glimpse(entry(5), **part)

    assert judge(seen, known(stamp=Stamp(7, T0), rich=Stamp(5, T0))) is Verdict.UNSURE


def test_what_was_confirmed_is_known_whatever_the_answer_leaves_out_but_a_comment_needs_its_row() -> None:
    seen = glimpse(entry(9), comments=(comment(restricted=None),), all_comments=False)

    assert judge(seen, known(confirmed=LATER)) is Verdict.KNOWN
    assert judge(replace(seen, comments=(comment(),)), known(confirmed=LATER)) is Verdict.NEWS


@pytest.mark.parametrize("moved", [timedelta(minutes=-10), timedelta(milliseconds=1)])
def test_an_update_at_any_other_time_than_the_confirmed_one_is_looked_at(moved: timedelta) -> None:
    assert judge(glimpse(entry(9)), known(confirmed=LATER + moved)) is Verdict.NEWS


def test_where_something_stands_in_the_way_only_what_was_confirmed_is_known() -> None:
    assert judge(glimpse(entry(5)), known(incomplete=True)) is Verdict.UNSURE
    assert judge(glimpse(entry(9)), known(incomplete=True, confirmed=LATER)) is Verdict.KNOWN
    assert judge(glimpse(), known(stamp=Stamp(), rich=Stamp())) is Verdict.UNSURE
