"""The laws of comments, over two sides where people write, edit, restrict and delete at will."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.comments import (
    Add,
    Change,
    Comment,
    CommentStep,
    Forget,
    News,
    Remove,
    Twin,
    TwinState,
    decide,
    written,
)
from backbone_app.core.configuration import Comments
from backbone_app.core.richtext import text
from backbone_app.core.values import Rich, Side, Wiki
from tests.core.world import KEYS, T0, doc

ACTS = ("write", "write restricted", "edit", "restrict", "allow", "delete")
SCRIPTS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from(Side), st.integers(0, 5)), min_size=1, max_size=8
)
COMMENTS = st.builds(Comments, st.booleans(), st.booleans())
BOTH_WAYS = Comments()


@dataclass
class Thread:
    """The comments of both sides, what we know of them, and a clock that every act moves on."""

    comments: Comments
    sides: dict[Side, dict[str, Comment]] = field(default_factory=lambda: {side: {} for side in Side})
    twins: dict[tuple[Side, str], Twin] = field(default_factory=dict)
    ticks: int = 0

    def tick(self) -> int:
        self.ticks += 1
        return self.ticks

    def post(self, side: Side, body: Rich | Wiki, *, restricted: bool = False, mark: str = "") -> Comment:
        number = self.tick()
        now = T0 + timedelta(seconds=number)
        made = Comment(str(number), "ann", "Ann", body, restricted, now, now, bool(mark), mark)
        self.sides[side][made.id] = made
        return made

    def act(self, what: str, side: Side, which: int) -> None:
        here = self.sides[side]
        if what.startswith("write"):
            self.post(side, doc(f"said {self.ticks}."), restricted=what.endswith("restricted"))
        elif here:
            one = here[sorted(here)[which % len(here)]]
            if what == "delete":
                del here[one.id]
            else:
                here[one.id] = self._changed(one, what)

    def _changed(self, one: Comment, what: str) -> Comment:
        number = self.tick()
        updated = T0 + timedelta(seconds=number)
        if what == "edit":
            return replace(one, body=doc(f"edited {number}."), updated=updated)
        return replace(one, restricted=what == "restrict", updated=updated)

    def news(self) -> list[News]:
        """What reading both sides' complete lists tells."""
        sights = [News(side, one, one.id, False) for side in Side for one in self.sides[side].values()]
        ids = {(side, twin.id_on(side)) for twin in self.twins.values() for side in Side} - {
            (side, "") for side in Side
        }
        lacking = [News(side, None, one, True) for side, one in sorted(ids) if one not in self.sides[side]]
        return [*sights, *lacking]

    def decide(self, news: list[News]) -> tuple[CommentStep, ...]:
        return decide(self.comments, list(self.twins.values()), news, keys=KEYS)

    def settle(self, news: list[News] | None = None) -> tuple[CommentStep, ...]:
        made = self.decide(self.news() if news is None else news)
        for one in made:
            self.carry_out(one)
        return made

    def carry_out(self, one: CommentStep) -> None:
        if isinstance(one, Forget):
            del self.twins[_place(one.twin)]
            return
        becomes = one.becomes
        if isinstance(one, Add):
            answer = self.post(one.to, one.body, mark="intent")
            becomes = written(becomes, one.to, answer, key=KEYS[one.to])
        elif isinstance(one, Change):
            copy = self.sides[one.to].get(one.copy_id)
            if copy is None:
                self.settle([News(one.to, None, one.copy_id, missing=True)])
                return
            answer = replace(copy, body=one.body, updated=T0 + timedelta(seconds=self.tick()))
            self.sides[one.to][one.copy_id] = answer
            becomes = written(becomes, one.to, answer, key=KEYS[one.to])
        elif isinstance(one, Remove):
            self.sides[one.to].pop(one.copy_id, None)  # gone already is as good
        self.twins[_place(becomes)] = becomes

    def standing(self) -> dict[Side, list[str]]:
        """What can be read on each side, in no order."""
        return {side: sorted(_words(one) for one in self.sides[side].values()) for side in Side}


def _place(twin: Twin) -> tuple[Side, str]:
    return twin.origin, twin.id_on(twin.origin)


def _words(comment: Comment) -> str:
    assert isinstance(comment.body, Rich)
    return f"{text(comment.body)} {'restricted' if comment.restricted else ''}"


@st.composite
def threads(draw: st.DrawFn, comments: st.SearchStrategy[Comments] = COMMENTS) -> Thread:
    """A thread that was in step once or twice, and to which people have done things since."""
    thread = Thread(draw(comments))
    for _ in range(2):
        for what in draw(SCRIPTS):
            thread.act(*what)
        thread.settle()
    for what in draw(SCRIPTS):
        thread.act(*what)
    return thread


@given(threads())
def test_after_two_rounds_nothing_is_left_to_do(thread: Thread) -> None:
    thread.settle()
    second = thread.settle()

    assert all(isinstance(one, Forget) for one in second)
    assert thread.settle() == ()


@given(threads(), st.data())
def test_the_order_of_the_news_does_not_matter(thread: Thread, data: st.DataObject) -> None:
    news = thread.news()

    assert thread.decide(data.draw(st.permutations(news))) == thread.decide(news)


@given(threads(), st.data())
def test_news_told_one_at_a_time_end_with_the_same_comments(thread: Thread, data: st.DataObject) -> None:
    other = Thread(
        thread.comments, {s: dict(thread.sides[s]) for s in Side}, dict(thread.twins), ticks=thread.ticks
    )
    news = data.draw(st.permutations(other.news()))

    thread.settle()
    for one in news:
        other.settle([one])

    assert other.standing() == thread.standing()


@given(threads(st.just(BOTH_WAYS)))
def test_every_comment_all_may_read_stands_on_both_sides_unless_its_copy_was_deleted(thread: Thread) -> None:
    thread.settle()

    for twin in thread.twins.values():
        original = thread.sides[twin.origin].get(twin.id_on(twin.origin))
        copy = thread.sides[twin.origin.other].get(twin.id_on(twin.origin.other))
        if twin.state is TwinState.ACTIVE:
            assert original is not None
            assert copy is not None
            assert twin.told or _words(original).strip() in _words(copy)
        else:
            assert copy is None
    known = {_place(twin) for twin in thread.twins.values()}
    for side in Side:
        for one in thread.sides[side].values():
            assert one.mark or one.restricted or (side, one.id) in known


@given(threads())
def test_what_is_restricted_is_read_on_its_own_side_only(thread: Thread) -> None:
    thread.settle()

    for side in Side:
        for one in thread.sides[side].values():
            if one.restricted and not one.mark:
                copies = [copy for copy in thread.sides[side.other].values() if copy.mark]
                assert all(_words(one).split(" restricted")[0] not in _words(copy) for copy in copies)


@given(threads())
def test_originals_are_never_touched_and_copies_never_copied_on(thread: Thread) -> None:
    before = _originals(thread)

    made = thread.settle()

    assert _originals(thread) == before
    assert all(one.source_id in before[one.to.other] for one in made if isinstance(one, Add))


def _originals(thread: Thread) -> dict[Side, dict[str, Comment]]:
    return {s: {one.id: one for one in thread.sides[s].values() if not one.mark} for s in Side}


@given(threads())
def test_a_copy_that_somebody_deleted_never_comes_back_and_is_told_once(thread: Thread) -> None:
    thread.settle()
    gone = {place for place, twin in thread.twins.items() if twin.state is TwinState.GONE}

    for _ in range(2):
        for place in gone:
            if place[1] in thread.sides[place[0]]:
                thread.act("edit", place[0], sorted(thread.sides[place[0]]).index(place[1]))
        made = thread.settle()

        assert not [one for one in made if not isinstance(one, Forget) and _place(one.becomes) in gone]
