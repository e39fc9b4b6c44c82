"""After a write: applied or not, which entry was ours, who was crossed, what is the base."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backbone_app.core.authorship import Attempt, Author
from backbone_app.core.canonical import digest
from backbone_app.core.expectation import Expectation, expect
from backbone_app.core.plan import (
    Base,
    BaseChange,
    FieldBase,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
    plan,
)
from backbone_app.core.settle import (
    Crossed,
    Followed,
    Verdict,
    judge,
    still_open,
    still_owed,
)
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import (
    EMPTY,
    Edit,
    Entry,
    FieldStep,
    Item,
    Option,
    Side,
    Stamp,
    Text,
    Value,
    Wiki,
)
from tests.core.world import (
    DESCRIPTION,
    KEYS,
    LABELS,
    PRIORITY,
    SUMMARY,
    T0,
    agreed,
    configured,
    doc,
    edit,
    elements,
    labels,
    view,
)

KEY = KEYS[Side.RIGHT]
OURS, INTENT, SEEN = "our account", "intent-7", 100
WINDOW = (T0, T0 + timedelta(seconds=30))
OLD, SENT, THEIRS = Text("old"), Text("sent"), Text("theirs")

TITLE = FieldWrite("summary", "summary", SENT, agreed(SUMMARY, SENT))
URGENT = FieldWrite("priority", "urgency", Option("High"), agreed(PRIORITY, Option("High")))
TAGS = LabelsWrite(
    "labels",
    "tags",
    add=("new",),
    remove=("gone",),
    becomes=BaseChange("labels", add=elements(LABELS, "new"), remove=elements(LABELS, "gone")),
)


def expected(*writes: FieldWrite | LabelsWrite, also: tuple[BaseChange, ...] = ()) -> Expectation:
    return expect(Operation(OperationKind.EDIT, Side.RIGHT, writes, also=also), key=KEY)


def step(field: str, after: Value, before: Value = OLD) -> FieldStep:
    return FieldStep(field, before, after)


def entry(
    number: int, *steps: FieldStep, author: str = "bob", intent: str | None = None, second: float = 5
) -> Entry:
    return Entry(number, T0 + timedelta(seconds=second), author, steps, intent)


def ours(number: int, *steps: FieldStep) -> Entry:
    return entry(number, *steps, author=OURS, intent=INTENT)


def answer(fields: dict[str, Value], *entries: Entry) -> Item:
    return Item("1", "B-1", "20", "20002", "Task", OURS, T0, Stamp(), fields, entries)


def attempt(*, seen: int | None = SEEN, has_happened: bool = False) -> Attempt:
    return Attempt(INTENT, Author(OURS, is_shared=False), seen, WINDOW, has_happened)


def verdict(expectation: Expectation, item: Item, *, seen: int | None = SEEN) -> Verdict:
    return judge(expectation, item, attempt(seen=seen), key=KEY)


def test_an_entry_with_our_intent_is_ours_and_the_base_becomes_as_planned() -> None:
    found = verdict(
        expected(TITLE, also=(agreed(PRIORITY, EMPTY),)),
        answer({"summary": SENT}, ours(101, step("summary", SENT))),
    )

    assert found == Verdict(True, (agreed(SUMMARY, SENT), agreed(PRIORITY, EMPTY)), {})


def test_it_is_ours_even_if_somebody_wrote_again_since() -> None:
    found = verdict(
        expected(TITLE),
        answer(
            {"summary": THEIRS}, ours(101, step("summary", SENT)), entry(102, step("summary", THEIRS, SENT))
        ),
    )

    assert found == Verdict(True, (agreed(SUMMARY, SENT),), {})


def test_the_base_of_the_written_side_is_what_the_site_made_of_the_value() -> None:
    stored = Text("sent, trimmed")

    found = verdict(expected(TITLE), answer({"summary": stored}, ours(101, step("summary", stored))))

    planned = agreed(SUMMARY, SENT)
    assert found.becomes == (BaseChange("summary", planned.left, digest(KEY, "summary", stored)),)


def test_on_the_left_it_is_the_lefts_base() -> None:
    operation = Operation(OperationKind.EDIT, Side.LEFT, (TITLE,))
    stored, key = Text("sent, trimmed"), KEYS[Side.LEFT]
    item = answer({"summary": stored}, ours(101, step("summary", stored)))

    found = judge(expect(operation, key=key), item, attempt(), key=key)

    planned = agreed(SUMMARY, SENT)
    assert found.becomes == (BaseChange("summary", digest(key, "summary", stored), planned.right),)


def test_a_field_that_our_entry_does_not_show_became_what_was_sent() -> None:
    found = verdict(
        expected(URGENT, TITLE),
        answer({"summary": SENT, "urgency": Option("High")}, ours(101, step("summary", SENT))),
    )

    assert found.becomes == (agreed(PRIORITY, Option("High")), agreed(SUMMARY, SENT))


def test_a_write_that_was_planned_to_leave_the_base_alone_leaves_it_alone() -> None:
    first_of_two = replace(TITLE, becomes=agreed(SUMMARY, OLD))

    found = verdict(expected(first_of_two), answer({"summary": SENT}, ours(101, step("summary", SENT))))

    assert found.becomes == (agreed(SUMMARY, OLD),)


def test_an_edit_between_what_the_plan_saw_and_our_write_is_crossed() -> None:
    bobs = entry(101, step("summary", Text("first")), second=1)
    bobs_last = entry(102, step("summary", THEIRS), second=2)

    found = verdict(
        expected(URGENT, TITLE),
        answer({"summary": SENT}, bobs, bobs_last, ours(103, step("summary", SENT))),
    )

    crossed = Crossed(THEIRS, Edit(T0 + timedelta(seconds=2), "bob", 102))
    becomes = (agreed(PRIORITY, Option("High")),)
    assert found == Verdict(True, becomes, {"summary": crossed}, idle=frozenset({"urgency"}))


def test_a_crossed_edit_that_another_one_followed_gives_way_to_what_was_sent() -> None:
    crossing, following = (
        entry(101, step("summary", THEIRS)),
        entry(103, step("summary", Text("later"), SENT)),
    )
    item = answer({"summary": Text("later")}, crossing, ours(102, step("summary", SENT)), following)

    found = verdict(expected(TITLE), item)

    assert found.crossed == {}
    assert found.becomes == (TITLE.becomes,)
    assert found.followed == {
        "summary": Followed("summary", Crossed(THEIRS, crossing.edit("summary")), SENT, TITLE.becomes)
    }


def test_a_crossed_edit_is_weighed_although_another_field_was_edited_since() -> None:
    crossing, other = entry(101, step("summary", THEIRS)), entry(103, step("urgency", Option("Low")))
    item = answer({"summary": SENT}, crossing, ours(102, step("summary", SENT)), other)

    found = verdict(expected(TITLE), item)

    assert (found.crossed, found.followed) == ({"summary": Crossed(THEIRS, crossing.edit("summary"))}, {})


def test_what_a_write_gave_back_wins_by_being_followed_and_leaves_the_base_alone() -> None:
    crossing, following = (
        entry(101, step("summary", THEIRS)),
        entry(103, step("summary", Text("later"), SENT)),
    )
    item = answer({"summary": Text("later")}, crossing, ours(102, step("summary", SENT)), following)

    found = verdict(expected(replace(TITLE, becomes=BaseChange("summary"))), item)

    assert found.crossed == {}
    assert found.followed["summary"].becomes == BaseChange("summary")


@pytest.mark.parametrize("becomes", [BaseChange("summary", right="r"), BaseChange("summary", UNDER_WAY, "r")])
def test_what_a_write_only_walked_towards_has_not_won_by_being_followed(becomes: BaseChange) -> None:
    crossing, following = (
        entry(101, step("summary", THEIRS)),
        entry(103, step("summary", Text("later"), SENT)),
    )
    item = answer({"summary": Text("later")}, crossing, ours(102, step("summary", SENT)), following)

    found = verdict(expected(replace(TITLE, becomes=becomes)), item)

    assert (found.crossed, found.followed) == ({"summary": Crossed(THEIRS, crossing.edit("summary"))}, {})


def test_what_the_plan_had_seen_is_not_crossed() -> None:
    seen = entry(SEEN, step("summary", THEIRS))

    found = verdict(expected(TITLE), answer({"summary": SENT}, seen, ours(101, step("summary", SENT))))

    assert found == Verdict(True, (agreed(SUMMARY, SENT),), {})


def test_without_any_entry_seen_before_all_earlier_ones_are_crossed() -> None:
    early = entry(3, step("summary", THEIRS))
    item = answer({"summary": SENT}, early, ours(101, step("summary", SENT)))

    assert verdict(expected(TITLE), item, seen=None).crossed["summary"].value == THEIRS


def test_an_edit_to_what_we_sent_crosses_nothing_and_is_still_to_be_weighed() -> None:
    same = entry(101, step("summary", SENT))

    found = verdict(expected(TITLE), answer({"summary": SENT}, same, ours(102, step("urgency", EMPTY))))

    assert found == Verdict(True, (), {}, idle=frozenset({"summary"}))


def test_another_write_of_ours_with_another_intent_is_an_edit_of_that_side() -> None:
    other = entry(101, step("summary", THEIRS), author=OURS, intent="intent-of-another-synchronization")

    found = verdict(expected(TITLE), answer({"summary": SENT}, other, ours(102, step("summary", SENT))))

    assert found.crossed["summary"].edit.author == OURS


def test_labels_are_never_crossed() -> None:
    bobs = entry(101, step("tags", labels("gone", "bobs")))
    item = answer({"tags": labels("bobs", "new")}, bobs, ours(102, step("tags", labels("bobs", "new"))))

    assert verdict(expected(TAGS), item) == Verdict(True, (TAGS.becomes,), {})


def test_a_site_that_drops_our_intent_shows_account_time_and_values_instead() -> None:
    bobs = entry(101, step("summary", THEIRS))
    unnamed = entry(
        102, step("summary", SENT), step("tags", labels("new"), labels("gone")), author=OURS, second=6
    )

    found = verdict(expected(TITLE, TAGS), answer({"summary": SENT}, bobs, unnamed))

    assert found.applied
    assert found.becomes == (TAGS.becomes,)
    assert found.crossed["summary"].value == THEIRS


def test_of_a_write_that_was_answered_no_clock_has_to_tell() -> None:
    bobs = entry(101, step("summary", THEIRS))
    set_back = entry(102, step("summary", SENT), author=OURS, second=-3600)
    item = answer({"summary": SENT}, bobs, set_back)

    found = judge(expected(TITLE), item, attempt(has_happened=True), key=KEY)

    assert found.applied
    assert found.crossed["summary"].value == THEIRS
    assert not verdict(expected(TITLE), item).applied


@pytest.mark.parametrize(
    "stranger",
    [
        entry(101, step("summary", SENT), author="bob"),
        entry(101, step("summary", SENT), author=OURS, intent="another intent"),
        entry(101, step("summary", SENT), author=OURS, second=-1),
        entry(101, step("summary", SENT), author=OURS, second=31),
        entry(101, step("summary", SENT), step("environment", THEIRS), author=OURS),
        entry(101, step("summary", THEIRS), author=OURS),
        entry(101, author=OURS),
        entry(SEEN, step("summary", SENT), author=OURS),
    ],
)
def test_every_other_entry_is_a_strangers(stranger: Entry) -> None:
    later = entry(102, step("summary", THEIRS, SENT))

    found = verdict(expected(TITLE), answer({"summary": THEIRS}, stranger, later))

    assert found == Verdict(False, (), {}, idle=frozenset({"summary"}))


@pytest.mark.parametrize("second", [0, 30])
def test_the_window_includes_its_ends(second: float) -> None:
    unnamed = entry(101, step("summary", SENT), author=OURS, second=second)

    assert verdict(expected(TITLE), answer({"summary": THEIRS}, unnamed)).applied


def test_without_a_changelog_the_values_that_stand_tell() -> None:
    title_and_tags = expected(TITLE, TAGS)

    assert verdict(title_and_tags, answer({"summary": SENT, "tags": labels("new", "x")})) == Verdict(
        True, (agreed(SUMMARY, SENT), TAGS.becomes), {}
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": OLD, "tags": labels("new")},
        {"summary": SENT, "tags": labels()},
        {"summary": SENT, "tags": labels("new", "gone")},
        {"summary": SENT, "tags": EMPTY},
        {"summary": SENT},
        {"tags": labels("new")},
    ],
)
def test_a_write_that_does_not_wholly_stand_was_not_applied(fields: dict[str, Value]) -> None:
    found = verdict(expected(TITLE, TAGS), answer(fields))

    assert found == Verdict(False, (), {}, idle=frozenset({"summary", "tags"}))


def test_a_value_that_somebody_else_entered_since_is_theirs_even_if_it_equals_ours() -> None:
    bobs = entry(101, step("summary", SENT))

    assert not verdict(expected(TITLE), answer({"summary": SENT}, bobs)).applied


def test_labels_that_stand_count_whoever_else_touched_the_set() -> None:
    bobs = entry(101, step("tags", labels("new", "bobs")))

    assert verdict(expected(TAGS), answer({"tags": labels("new", "bobs")}, bobs)).applied


def test_a_crossed_edit_that_is_newer_wins_when_the_plan_is_made_again() -> None:
    base = Base({"summary": FieldBase(agreed(SUMMARY, OLD).left, agreed(SUMMARY, OLD).right)}, {})
    left = view(Side.LEFT, {"summary": SENT}, edits={"summary": edit("ann", second=-60)})
    item = answer({"summary": SENT}, entry(101, step("summary", THEIRS)), ours(102, step("summary", SENT)))
    found = verdict(expected(TITLE), item)
    crossed = found.crossed["summary"]

    claim = view(
        Side.RIGHT,
        {"summary": crossed.value},
        edits={"summary": crossed.edit},
        current={"summary": item.fields["summary"]},
    )
    again = plan(configured(SUMMARY), base.after(found.becomes), left, claim)

    assert [(o.side, w.value) for o in again.operations for w in o.writes if isinstance(w, FieldWrite)] == [
        (Side.LEFT, THEIRS),
        (Side.RIGHT, THEIRS),
    ]
    assert [(c.winner, c.left_edit) for c in again.conflicts] == [(Side.RIGHT, edit("ann", second=-60))]


def test_a_claim_that_the_new_base_does_not_hold_has_lost() -> None:
    rows = configured(SUMMARY, PRIORITY).fields
    claims = {"summary": digest(KEY, "summary", SENT), "urgency": "1:untouched"}

    assert still_open(claims, (agreed(SUMMARY, SENT),), rows, Side.RIGHT) == {"summary", "urgency"}
    assert still_open(claims, (agreed(SUMMARY, THEIRS),), rows, Side.RIGHT) == {"urgency"}
    assert still_open(claims, (BaseChange("summary"),), rows, Side.RIGHT) == {"summary", "urgency"}


TOLD = FieldWrite("description", "details", doc("sent"), agreed(DESCRIPTION, doc("sent")))
CLEARED = FieldWrite("description", "details", EMPTY, agreed(DESCRIPTION, EMPTY))
WRITTEN = step("details", Wiki("*sent*"), Wiki("old"))


def stored(value: Value) -> BaseChange:
    planned = agreed(DESCRIPTION, doc("sent"))
    return BaseChange("description", planned.left, digest(KEY, "details", value))


def test_the_base_of_a_rich_text_is_the_document_as_the_answer_shows_it() -> None:
    found = verdict(expected(TOLD), answer({"details": doc("sent", " by us")}, ours(101, WRITTEN)))

    assert found == Verdict(True, (stored(doc("sent", " by us")),), {})


def test_a_document_somebody_changed_since_is_not_taken_for_what_we_wrote() -> None:
    later = entry(102, step("details", Wiki("later"), Wiki("*sent*")))

    found = verdict(expected(TOLD), answer({"details": doc("later")}, ours(101, WRITTEN), later))

    assert found == Verdict(True, (agreed(DESCRIPTION, doc("sent")),), {})


def test_a_document_the_answer_does_not_show_became_what_was_sent() -> None:
    assert verdict(expected(TOLD), answer({}, ours(101, WRITTEN))).becomes == (
        agreed(DESCRIPTION, doc("sent")),
    )


def test_an_edit_of_a_rich_text_before_ours_is_always_crossed_and_known_as_wiki() -> None:
    bobs = entry(101, step("details", Wiki("*sent*"), Wiki("old")), second=1)

    found = verdict(expected(TOLD), answer({"details": doc("sent")}, bobs, ours(102, WRITTEN)))

    crossed = Crossed(Wiki("*sent*"), Edit(T0 + timedelta(seconds=1), "bob", 101))
    assert found == Verdict(True, (), {"details": crossed})


def test_a_rich_text_that_we_wrote_without_a_step_is_what_somebody_had_entered() -> None:
    bobs = entry(101, step("details", Wiki("*sent*"), Wiki("old")), second=1)
    written = answer({"details": doc("sent"), "summary": SENT}, bobs, ours(102, step("summary", SENT)))

    found = verdict(expected(TITLE, TOLD), written)

    assert found == Verdict(True, (agreed(SUMMARY, SENT),), {}, idle=frozenset({"details"}))


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(("first", "last", "is_crossed"), [(2, 1, False), (2, 4, True), (-9, -8, False)])
def test_what_another_write_of_ours_gave_back_before_this_one_was_not_crossed(
    is_known: bool, first: int, last: int, is_crossed: bool
) -> None:
    before = entry(SEEN, step("summary", OLD, THEIRS), second=-8)
    there, back = step("summary", THEIRS, OLD), step("summary", OLD, THEIRS)
    others = (
        replace(entry(101, there, author=OURS, intent="i-1"), edited=T0 + timedelta(seconds=first)),
        replace(entry(102, back, author=OURS, intent="i-2"), edited=T0 + timedelta(seconds=last)),
    )
    entries = (*([before] if is_known else []), *others, ours(103, step("summary", SENT, OLD)))

    found = verdict(expected(TITLE), answer({"summary": SENT}, *entries))

    is_crossed = is_crossed or (not is_known and last > first)
    assert (found.crossed != {}) is is_crossed


def test_a_site_that_drops_our_intent_shows_that_we_wrote_a_rich_text_not_which() -> None:
    unnamed = entry(101, WRITTEN, author=OURS)

    found = verdict(expected(TOLD), answer({"details": doc("sent")}, unnamed))

    assert found == Verdict(True, (agreed(DESCRIPTION, doc("sent")),), {})


def test_a_rich_text_written_is_never_taken_for_one_cleared() -> None:
    unnamed = entry(101, WRITTEN, author=OURS)

    assert not verdict(expected(CLEARED), answer({"details": doc("other")}, unnamed)).applied


def test_clearing_a_rich_text_is_found_by_its_emptiness() -> None:
    unnamed = entry(101, step("details", EMPTY, Wiki("old")), author=OURS)

    found = verdict(expected(CLEARED), answer({"details": EMPTY}, unnamed))

    assert found == Verdict(True, (agreed(DESCRIPTION, EMPTY),), {})


def test_a_claim_is_owed_until_it_is_put_back() -> None:
    claim = digest(KEY, "summary", THEIRS)
    put_back = replace(TITLE, value=THEIRS, becomes=BaseChange("summary"))
    on_the_way = replace(TITLE, becomes=BaseChange("summary"))

    assert still_owed({"summary": claim, "urgency": "1:x"}, expected(put_back)) == {"urgency"}
    assert still_owed({"summary": claim}, expected(on_the_way)) == {"summary"}
    assert still_owed({"summary": claim}, expected(TITLE)) == frozenset()
