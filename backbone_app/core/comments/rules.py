"""The rules for the comments of one pair: which are copied, changed, taken back.

Only the side where a comment was written changes or deletes it. A copy that
somebody edits is left until the original changes, a copy that somebody deletes
stays deleted, and what is restricted to some readers never leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from backbone_app.core import texts
from backbone_app.core.canonical import digest
from backbone_app.core.comments.adoption import FIELD, Made, adopted
from backbone_app.core.comments.twins import (
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
)
from backbone_app.core.configuration import Comments
from backbone_app.core.values import Empty, Rich, Side, Wiki
from backbone_app.core.wikitext import NAMELESS

People = Mapping[Side, frozenset[str] | None]
EVERYBODY: Final[People] = {Side.LEFT: None, Side.RIGHT: None}
BACKWARDS: Final = timedelta(minutes=1)
NOTHING_MADE: Final[Made] = {}


def decide(
    comments: Comments,
    twins: Sequence[Twin],
    news: Sequence[News],
    *,
    keys: Mapping[Side, bytes],
    people: People = EVERYBODY,
    made: Made = NOTHING_MADE,
    names: Mapping[str, str] = NAMELESS,
) -> tuple[CommentStep, ...]:
    """Work out what the news of one pair's comments ask for, in whatever order the news came.

    ``keys`` are the sites' digest keys, ``people`` the account ids known to
    exist on each side's site (None: everybody who can be mentioned), ``names``
    what those are called whose ids say nothing there. ``made``
    says what our own writes made of copies whose rows may have been lost.
    News that are older than what a twin remembers change nothing; a comment
    that is missing stays so, whatever was seen of it. A comment of ours with a
    mark is some pair's copy, and copies are never copied on.
    """
    rules, latest = _Rules(comments, keys, people, names), _latest(news)
    steps: list[CommentStep] = []
    for twin in sorted(twins, key=lambda twin: (twin.origin, twin.id_on(twin.origin))):
        original, copy = (
            _fresh(latest.get((side, twin.id_on(side))), twin, side)
            for side in (twin.origin, twin.origin.other)
        )
        steps += rules.known(twin, original, copy)
    places = {(side, twin.id_on(side)) for twin in twins for side in Side}
    found = [(one.side, one.comment) for place, one in latest.items() if place not in places and one.comment]
    found.sort(key=lambda one: (one[1].created, one[0], one[1].id))
    return (*steps, *_without_a_twin(rules, found, made))


def _without_a_twin(rules: "_Rules", found: Sequence[tuple[Side, Comment]], made: Made) -> list[CommentStep]:
    """Copy what no twin knows, unless its copy is there already; a copy is adopted once."""
    steps: list[CommentStep] = []
    copies = {(side, one.id): one for side, one in found if _is_copy(one)}
    for side, comment in found:
        if _is_copy(comment):
            continue
        there = [one for (where, _), one in copies.items() if where is side.other]
        twin = rules.adopted(side, comment, there, made)
        if twin:
            del copies[side.other, twin.id_on(side.other)]
            steps += [Adopt(twin), *rules.active(twin, comment, None)]
        else:
            steps += rules.unknown(side, comment)
    return steps


def _is_copy(comment: Comment) -> bool:
    return comment.by_us and bool(comment.mark)


def written(twin: Twin, side: Side, answer: Comment, *, key: bytes) -> Twin:
    """Give the twin once Jira has answered to our write of its copy on ``side``: the base is the answer."""
    body = digest(key, FIELD, answer.body)
    return twin.with_side(side, comment_id=answer.id, digest=body, updated=answer.updated)


def _latest(news: Sequence[News]) -> Mapping[tuple[Side, str], News]:
    """Keep the last word on each comment: missing is for ever, then the newest sight counts."""
    latest: dict[tuple[Side, str], News] = {}
    for one in news:
        known = latest.get((one.side, one.id))
        if known is None or _supersedes(one, known):
            latest[one.side, one.id] = one
    return latest


def _supersedes(one: News, known: News) -> bool:
    if one.comment is None or known.comment is None:
        return one.missing
    return _age(one.comment) > _age(known.comment)


def _age(comment: Comment) -> tuple[datetime, bool, str]:
    # Of two sights from one moment the one that lets less out counts.
    return comment.updated, comment.restricted, texts.source(comment.body)


def is_earlier(updated: datetime, known: datetime) -> bool:
    """Whether a comment was seen as it stood shortly before what is known of it.

    What looks older by more than ``BACKWARDS`` is no late sight: the site's clock was set back.
    """
    return known - BACKWARDS <= updated < known


def _fresh(news: News | None, twin: Twin, side: Side) -> News | None:
    known = twin.updated_on(side)
    stale = news and news.comment and known and is_earlier(news.comment.updated, known)
    return None if stale else news


@dataclass(frozen=True, slots=True)
class _Rules:
    """What may happen to the comments of one pair."""

    comments: Comments
    keys: Mapping[Side, bytes] = field(repr=False)
    people: People
    names: Mapping[str, str]

    def unknown(self, side: Side, comment: Comment) -> list[CommentStep]:
        """Copy an original, unless it must not leave."""
        if comment.restricted or not self.comments.travel(side.other):
            return []
        return [self.add(Twin(side, "", "", "", "", None, None), comment)]

    def adopted(self, side: Side, original: Comment, copies: Sequence[Comment], made: Made) -> Twin | None:
        """Find the copy of an original without a row among our own comments on the other side."""
        if not copies:
            return None
        body = self.body(original, side.other)
        agreed = self.as_sent(Twin(side, "", "", "", "", None, None), original, body)
        return adopted(agreed, original, copies, made, key=self.keys[side.other])

    def known(self, twin: Twin, original: News | None, copy: News | None) -> list[CommentStep]:
        """Answer to news of an original, of its copy, or of both."""
        if twin.state is TwinState.ACTIVE and not twin.id_on(twin.origin.other):
            return []  # the copy is being written: whether it stands is settled first
        if original and original.missing:
            return self.deleted(twin, copy)
        seen = original.comment if original else None
        if twin.state is TwinState.ACTIVE:
            return self.active(twin, seen, copy)
        may_return = twin.state is TwinState.WITHDRAWN and self.comments.travel(twin.origin.other)
        return [self.add(twin, seen)] if may_return and seen and not seen.restricted else []

    def deleted(self, twin: Twin, copy: News | None) -> list[CommentStep]:
        """Take the copy back with its original."""
        to = twin.origin.other
        if twin.state is not TwinState.ACTIVE or (copy and copy.missing):
            return [Forget(twin)]
        if not self.comments.travel(to):
            return []
        becomes = replace(twin, state=TwinState.GONE, told=True)
        return [Remove(to, twin.id_on(to), Reason.DELETED, becomes)]

    def active(self, twin: Twin, original: Comment | None, copy: News | None) -> list[CommentStep]:
        """Keep a copy as its original is; what must not be read there goes, whichever way is on."""
        to = twin.origin.other
        if copy and copy.missing:
            becomes = replace(twin, state=TwinState.GONE, told=True)
            return [Note(to, NoteKind.COPY_DELETED, twin.id_on(to), becomes)]
        if original and original.restricted:
            without = twin.with_side(to, comment_id="", digest="", updated=None)
            becomes = replace(without, state=TwinState.WITHDRAWN, told=False)
            return [Remove(to, twin.id_on(to), Reason.RESTRICTED, becomes)]
        if original and copy and copy.comment and (both := self.changed_alike(twin, original, copy.comment)):
            return [Adopt(both)]
        steps: list[CommentStep] = []
        if copy and copy.comment and self.differs(twin, to, copy.comment) and not twin.told:
            twin = replace(twin, told=True)
            steps.append(Note(to, NoteKind.COPY_EDITED, twin.id_on(to), twin))
        if original and self.differs(twin, twin.origin, original) and self.comments.travel(to):
            steps.append(self.change(twin, original))
        return steps

    def changed_alike(self, twin: Twin, original: Comment, copy: Comment) -> Twin | None:
        """Give the twin where its copy already says what its original has become; None elsewhere."""
        if not self.differs(twin, twin.origin, original):
            return None
        sent = self.as_sent(twin, original, self.body(original, twin.origin.other))
        if self.differs(sent, sent.origin.other, copy):
            return None
        return written(sent, sent.origin.other, copy, key=self.keys[sent.origin.other])

    def differs(self, twin: Twin, side: Side, comment: Comment) -> bool:
        """Whether a comment is another than when the two last agreed."""
        return digest(self.keys[side], FIELD, comment.body) != twin.digest_on(side)

    def add(self, twin: Twin, original: Comment) -> Add:
        """Send an original, for the first time or anew."""
        body = self.body(original, twin.origin.other)
        return Add(twin.origin.other, original.id, body, self.as_sent(twin, original, body))

    def change(self, twin: Twin, original: Comment) -> Change:
        """Send what an original has become, over whatever its copy says."""
        to = twin.origin.other
        body = self.body(original, to)
        return Change(to, twin.id_on(to), body, self.as_sent(twin, original, body))

    def body(self, original: Comment, to: Side) -> Rich | Wiki:
        """Give the copy's text: who wrote it, then what."""
        body = original.body
        crossed = body if isinstance(body, Empty) else texts.across(body, self.people[to], self.names)
        return texts.with_line(crossed, self.comments.line(original.author_name))

    def as_sent(self, twin: Twin, original: Comment, body: Rich | Wiki) -> Twin:
        """Give the twin as it is once ``body`` stands as the copy of ``original``."""
        side, to = twin.origin, twin.origin.other
        base = digest(self.keys[side], FIELD, original.body)
        agreed = twin.with_side(side, comment_id=original.id, digest=base, updated=original.updated)
        sent = digest(self.keys[to], FIELD, body)
        copied = agreed.with_side(to, comment_id=twin.id_on(to), digest=sent, updated=twin.updated_on(to))
        return replace(copied, state=TwinState.ACTIVE, told=False)
