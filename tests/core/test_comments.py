"""The rules for comments: examples first here, since each rule is a sentence somebody relies on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backbone_app.core.canonical import digest
from backbone_app.core.comments import (
    Add,
    Adopt,
    Change,
    Comment,
    CommentStep,
    Forget,
    News,
    Note,
    NoteKind,
    Reason,
    Remove,
    Twin,
    TwinState,
    decide,
    written,
)
from backbone_app.core.configuration import Comments
from backbone_app.core.richtext import with_line
from backbone_app.core.values import EMPTY, Empty, Rich, Side
from tests.core.world import KEYS, T0, doc, mention

BOTH = Comments(author_line="{author} wrote:")
NEAR_FAR = (("near", 5.0), ("far", 500.0))
OFF = Comments(to_right=False, to_left=False, author_line="{author} wrote:")


def at(second: float) -> timedelta:
    return timedelta(seconds=second)


def comment(
    number: str = "1",
    body: Rich | Empty | None = None,
    *,
    restricted: bool = False,
    by_us: bool = False,
    mark: str = "",
    second: float = 0,
) -> Comment:
    author, name = ("us", "Backbone") if by_us else ("ann", "Ann")
    text = doc("hello") if body is None else body
    return Comment(number, author, name, text, restricted, T0, T0 + at(second), by_us, mark)


def seen(side: Side, one: Comment) -> News:
    return News(side, one, one.id, missing=False)


def lacking(side: Side, number: str) -> News:
    return News(side, None, number, missing=True)


def body_of(text: Rich | Empty, author: str = "Ann") -> Rich:
    return with_line(text, f"{author} wrote:")


def twin(side: Side = Side.LEFT, original: Rich | Empty | None = None) -> Twin:
    """Comment 1 of ``side`` and its copy 2 on the other."""
    text = doc("hello") if original is None else original
    one = Twin(side, "", "", "", "", None, None)
    one = one.with_side(side, comment_id="1", digest=digest(KEYS[side], "comment", text), updated=T0)
    sent = digest(KEYS[side.other], "comment", body_of(text))
    return one.with_side(side.other, comment_id="2", digest=sent, updated=T0)


def steps(twins: list[Twin], *news: News, comments: Comments = BOTH) -> tuple[CommentStep, ...]:
    return decide(comments, twins, news, keys=KEYS)


@pytest.mark.parametrize("side", Side)
def test_a_comment_is_copied_with_a_line_that_names_its_author(side: Side) -> None:
    found = steps([], seen(side, comment()))

    becomes = twin(side).with_side(
        side.other, comment_id="", digest=twin(side).digest_on(side.other), updated=None
    )
    assert found == (Add(side.other, "1", body_of(doc("hello")), becomes),)


def test_the_copys_base_is_what_jira_made_of_it() -> None:
    (add,) = steps([], seen(Side.LEFT, comment()))
    assert isinstance(add, Add)
    stored = comment("2", body_of(doc("hello")), by_us=True, mark="i", second=3)

    known = written(add.becomes, Side.RIGHT, stored, key=KEYS[Side.RIGHT])

    assert known == replace(twin(), right_updated=T0 + at(3))
    assert steps([known], seen(Side.LEFT, comment()), seen(Side.RIGHT, stored)) == ()


@pytest.mark.parametrize(
    "kept",
    [comment(restricted=True), comment(by_us=True, mark="intent"), comment(restricted=True, by_us=True)],
)
def test_what_is_restricted_or_a_copy_itself_does_not_leave(kept: Comment) -> None:
    assert steps([], seen(Side.LEFT, kept)) == ()


def test_a_mark_that_is_not_ours_makes_no_copy() -> None:
    (add,) = steps([], seen(Side.LEFT, comment(mark="forged")))

    assert isinstance(add, Add)


def test_what_our_own_account_wrote_by_other_means_is_a_comment() -> None:
    (add,) = steps([], seen(Side.LEFT, comment(by_us=True)))

    assert isinstance(add, Add)


def test_comments_leave_only_the_way_that_is_on() -> None:
    one_way = replace(BOTH, to_left=False)

    found = steps([], seen(Side.LEFT, comment()), seen(Side.RIGHT, comment("5")), comments=one_way)

    assert [(step.to, step.source_id) for step in found if isinstance(step, Add)] == [(Side.RIGHT, "1")]
    assert len(found) == 1


def test_several_comments_are_copied_in_the_order_they_were_written() -> None:
    late, early = comment("1"), replace(comment("9"), created=T0 - at(60))

    found = steps([], seen(Side.LEFT, late), seen(Side.LEFT, early))

    assert [step.source_id for step in found if isinstance(step, Add)] == ["9", "1"]


def test_a_mention_of_somebody_unknown_there_becomes_a_name() -> None:
    people = {Side.LEFT: None, Side.RIGHT: frozenset[str]()}
    news = [seen(Side.LEFT, comment(body=doc(mention("bob", "Bob"))))]

    (add,) = decide(BOTH, [], news, keys=KEYS, people=people)

    assert isinstance(add, Add)
    assert add.body == body_of(doc("@Bob"))


def test_a_comment_that_says_nothing_still_has_its_author() -> None:
    (add,) = steps([], seen(Side.LEFT, comment(body=EMPTY)))

    assert isinstance(add, Add)
    assert add.body == doc("Ann wrote:")


def test_an_edit_of_the_original_changes_the_copy() -> None:
    (change,) = steps([twin()], seen(Side.LEFT, comment(body=doc("new"), second=9)))

    becomes = replace(twin(original=doc("new")), left_updated=T0 + at(9))
    assert change == Change(Side.RIGHT, "2", body_of(doc("new")), becomes)


def test_an_edit_older_than_what_is_known_changes_nothing() -> None:
    known = replace(twin(), left_updated=T0 + at(9))

    assert steps([known], seen(Side.LEFT, comment(body=doc("old"), second=8))) == ()


def test_an_edit_that_looks_minutes_older_is_one_after_the_clock_was_set_back() -> None:
    known = replace(twin(), left_updated=T0 + at(600))

    (change,) = steps([known], seen(Side.LEFT, comment(body=doc("new"), second=8)))

    assert isinstance(change, Change)
    assert change.becomes.left_updated == T0 + at(8)


def test_an_edited_copy_is_left_and_told_once() -> None:
    edited = seen(Side.RIGHT, comment("2", doc("mine"), by_us=True, mark="i", second=9))

    (note,) = steps([twin()], edited)

    assert note == Note(Side.RIGHT, NoteKind.COPY_EDITED, "2", replace(twin(), told=True))
    assert isinstance(note, Note)
    assert steps([note.becomes], edited) == ()


def test_an_edited_copy_is_overwritten_when_the_original_changes_and_told_again_if_edited_again() -> None:
    edited = seen(Side.RIGHT, comment("2", doc("mine"), second=9))

    note, change = steps([twin()], edited, seen(Side.LEFT, comment(body=doc("new"), second=5)))

    assert isinstance(note, Note)
    assert change == Change(
        Side.RIGHT,
        "2",
        body_of(doc("new")),
        replace(twin(original=doc("new")), left_updated=T0 + at(5)),
    )
    assert isinstance(change, Change)
    assert [type(step) for step in steps([change.becomes], edited)] == [Note]


def test_an_edit_of_the_copy_never_comes_back_to_the_original() -> None:
    found = steps([twin(Side.RIGHT)], seen(Side.LEFT, comment("2", doc("mine"), second=9)))

    assert [type(step) for step in found] == [Note]


def test_a_deleted_original_takes_its_copy_along() -> None:
    (remove,) = steps([twin()], lacking(Side.LEFT, "1"))

    gone = replace(twin(), state=TwinState.GONE, told=True)
    assert remove == Remove(Side.RIGHT, "2", Reason.DELETED, gone)


@pytest.mark.parametrize("state", [TwinState.GONE, TwinState.WITHDRAWN])
def test_a_deleted_original_without_a_copy_is_forgotten(state: TwinState) -> None:
    without = replace(twin(), state=state)

    assert steps([without], lacking(Side.LEFT, "1")) == (Forget(without),)


def test_when_both_are_deleted_nothing_is_left_to_do() -> None:
    assert steps([twin()], lacking(Side.LEFT, "1"), lacking(Side.RIGHT, "2")) == (Forget(twin()),)


def test_a_deleted_copy_stays_deleted_and_is_told_once() -> None:
    (note,) = steps([twin()], lacking(Side.RIGHT, "2"))

    assert note == Note(
        Side.RIGHT, NoteKind.COPY_DELETED, "2", replace(twin(), state=TwinState.GONE, told=True)
    )
    assert isinstance(note, Note)
    edited = seen(Side.LEFT, comment(body=doc("new"), second=9))
    assert steps([note.becomes], edited, lacking(Side.RIGHT, "2")) == ()


def test_an_edit_of_the_original_while_its_copy_is_deleted_brings_nothing_back() -> None:
    edited = seen(Side.LEFT, comment(body=doc("new"), second=9))

    found = steps([twin()], edited, lacking(Side.RIGHT, "2"))

    assert [type(step) for step in found] == [Note]


def test_a_comment_that_becomes_restricted_is_taken_back_and_sent_anew_when_allowed() -> None:
    (remove,) = steps([twin()], seen(Side.LEFT, comment(restricted=True, second=5)))

    withdrawn = twin().with_side(Side.RIGHT, comment_id="", digest="", updated=None)
    withdrawn = replace(withdrawn, state=TwinState.WITHDRAWN)
    assert remove == Remove(Side.RIGHT, "2", Reason.RESTRICTED, withdrawn)
    assert isinstance(remove, Remove)
    assert steps([remove.becomes], seen(Side.LEFT, comment(restricted=True, second=6))) == ()
    (again,) = steps([remove.becomes], seen(Side.LEFT, comment(body=doc("new"), second=9)))
    assert isinstance(again, Add)
    assert (again.source_id, again.body, again.becomes.state) == ("1", body_of(doc("new")), TwinState.ACTIVE)


def test_a_restriction_counts_even_where_comments_are_switched_off() -> None:
    (remove,) = steps([twin()], seen(Side.LEFT, comment(restricted=True, second=5)), comments=OFF)

    assert isinstance(remove, Remove)


def test_where_comments_are_switched_off_nothing_else_travels() -> None:
    withdrawn = replace(
        twin().with_side(Side.RIGHT, comment_id="", digest="", updated=None), state=TwinState.WITHDRAWN
    )

    assert steps([twin()], seen(Side.LEFT, comment(body=doc("new"), second=9)), comments=OFF) == ()
    assert steps([twin()], lacking(Side.LEFT, "1"), comments=OFF) == ()
    assert steps([withdrawn], seen(Side.LEFT, comment(second=9)), comments=OFF) == ()


def test_the_same_id_on_the_other_side_is_another_comment() -> None:
    found = steps([twin()], seen(Side.RIGHT, comment("1", doc("other"))), seen(Side.LEFT, comment("2")))

    assert [(step.to, step.source_id) for step in found if isinstance(step, Add)] == [
        (Side.RIGHT, "2"),
        (Side.LEFT, "1"),
    ]


@pytest.mark.parametrize(
    "news", [seen(Side.LEFT, comment(body=doc("new"), second=9)), lacking(Side.LEFT, "1")]
)
def test_a_copy_that_is_still_being_written_is_settled_first(news: News) -> None:
    under_way = twin().with_side(Side.RIGHT, comment_id="", digest="sent", updated=None)

    assert steps([under_way], news) == ()


LATE = seen(Side.LEFT, comment(body=doc("new"), second=9))


@pytest.mark.parametrize(
    ("stronger", "reason"),
    [
        (lacking(Side.LEFT, "1"), Reason.DELETED),
        (seen(Side.LEFT, comment(restricted=True, second=9)), Reason.RESTRICTED),
    ],
)
def test_missing_outdoes_any_sight_and_of_one_moment_the_restricted_sight_counts(
    stronger: News, reason: Reason
) -> None:
    one, other = steps([twin()], stronger, LATE), steps([twin()], LATE, stronger)

    assert one == other
    assert [step.reason for step in one if isinstance(step, Remove)] == [reason]


def test_of_several_sights_the_newest_counts() -> None:
    early = seen(Side.LEFT, comment(body=doc("old"), second=5))

    assert steps([twin()], early, LATE) == steps([twin()], LATE, early) == steps([twin()], LATE)


def test_a_restriction_that_moved_no_clock_counts() -> None:
    (remove,) = steps([twin()], seen(Side.LEFT, comment(restricted=True)))

    assert isinstance(remove, Remove)


def test_nothing_of_a_comment_is_printed() -> None:
    (add,) = steps([], seen(Side.LEFT, comment(body=doc("canary"))))

    assert "canary" not in repr(add) + repr(seen(Side.LEFT, comment(body=doc("canary"))))


# --- rows that were lost -----------------------------------------------------------------------


def made(number: str, text: Rich, *, mark: str, second: float = 0) -> Comment:
    """A copy that our own account wrote."""
    return comment(number, body_of(text), by_us=True, mark=mark, second=second)


def rebuilt(*news: News, writes: dict[str, Twin] | None = None) -> tuple[CommentStep, ...]:
    return decide(BOTH, [], news, keys=KEYS, made=writes or {})


@pytest.mark.parametrize("side", Side)
def test_an_original_without_a_row_finds_the_copy_that_our_write_names(side: Side) -> None:
    copy = made("2", doc("hello"), mark="m")
    wrote = twin(side).with_side(side.other, comment_id="", digest="sent", updated=None)

    (step,) = rebuilt(seen(side, comment()), seen(side.other, copy), writes={"m": wrote})

    assert step == Adopt(twin(side))


def test_what_the_original_has_become_since_is_sent_to_the_adopted_copy() -> None:
    copy = made("2", doc("hello"), mark="m")
    edited = comment(body=doc("changed"), second=9)

    adopt, change = rebuilt(seen(Side.LEFT, edited), seen(Side.RIGHT, copy), writes={"m": twin()})

    assert adopt == Adopt(twin())
    assert isinstance(change, Change)
    assert (change.copy_id, change.body) == ("2", body_of(doc("changed")))


def test_a_lost_row_of_a_comment_that_became_restricted_lets_nothing_stand() -> None:
    copy = made("2", doc("hello"), mark="m")

    adopt, remove = rebuilt(
        seen(Side.LEFT, comment(restricted=True)), seen(Side.RIGHT, copy), writes={"m": twin()}
    )

    assert isinstance(adopt, Adopt)
    assert isinstance(remove, Remove)


def test_without_a_trace_of_the_write_the_same_text_nearest_in_time_is_the_copy() -> None:
    near, far = (replace(made(name, doc("hello"), mark=name), created=T0 + at(s)) for name, s in NEAR_FAR)

    steps = rebuilt(seen(Side.LEFT, comment()), seen(Side.RIGHT, far), seen(Side.RIGHT, near))

    assert steps == (Adopt(replace(twin(), right=near.id)),)


def test_two_originals_alike_find_a_copy_each_and_a_third_is_copied() -> None:
    originals = [replace(comment(str(number)), created=T0 + at(number)) for number in (1, 2, 3)]
    copies = [
        replace(made(str(10 + one), doc("hello"), mark=f"m{one}"), created=T0 + at(one)) for one in (1, 2)
    ]

    steps = rebuilt(*(seen(Side.LEFT, one) for one in originals), *(seen(Side.RIGHT, one) for one in copies))

    assert [type(step) for step in steps] == [Adopt, Adopt, Add]
    assert [step.becomes.right for step in steps if isinstance(step, Adopt)] == ["11", "12"]


def test_another_text_or_another_originals_copy_is_not_adopted() -> None:
    other = made("2", doc("else"), mark="m")
    of_another = made("3", doc("hello"), mark="n")

    (step,) = rebuilt(
        seen(Side.LEFT, comment()),
        seen(Side.RIGHT, other),
        seen(Side.RIGHT, of_another),
        writes={"n": replace(twin(), left="99")},
    )

    assert isinstance(step, Add)


def test_a_copy_that_names_its_original_is_the_copy_although_no_row_tells_of_its_write() -> None:
    named = replace(made("2", doc("hello"), mark="m", second=500), original="1")
    unnamed = made("3", doc("hello"), mark="n")

    (step,) = rebuilt(seen(Side.LEFT, comment()), seen(Side.RIGHT, unnamed), seen(Side.RIGHT, named))

    assert step == Adopt(replace(twin(), right_updated=named.updated))


def test_a_named_copy_of_another_text_is_brought_in_step_with_its_original() -> None:
    named = replace(made("2", doc("before"), mark="m"), original="1")

    adopt, change = rebuilt(seen(Side.LEFT, comment()), seen(Side.RIGHT, named))

    assert isinstance(adopt, Adopt)
    assert isinstance(change, Change)
    assert (change.copy_id, change.body) == ("2", body_of(doc("hello")))


def test_a_copy_that_already_says_what_its_original_became_is_not_written_again() -> None:
    edited, copy = comment(body=doc("changed"), second=9), made("2", doc("changed"), mark="m", second=10)

    (step,) = steps([twin()], seen(Side.LEFT, edited), seen(Side.RIGHT, copy))

    agreed = twin(original=doc("changed"))
    assert step == Adopt(replace(agreed, left_updated=edited.updated, right_updated=copy.updated))
