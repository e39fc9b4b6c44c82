"""What is known of a pair's comments, and the steps that follow from news of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from backbone_app.core.values import Empty, Rich, Side, Wiki


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as a read shows it.

    ``restricted``: not everybody who sees the work item may see it. ``by_us``:
    our own account wrote it. ``mark`` is the id of the intent that made it as a
    copy, "" where there is none; ``original_item`` and ``original`` then name the work
    item and the comment that it copies ("" in marks from before they did).
    """

    id: str
    author: str
    author_name: str
    body: Rich | Wiki | Empty = field(repr=False)
    restricted: bool
    created: datetime
    updated: datetime
    by_us: bool
    mark: str = ""
    original_item: str = ""
    original: str = ""


class TwinState(StrEnum):
    """How an original and its copy stand."""

    ACTIVE = "active"
    GONE = "gone"  # one of the two was deleted; no copy ever comes back
    WITHDRAWN = "withdrawn"  # the original became restricted and we deleted the copy


@dataclass(frozen=True, slots=True)
class Twin:
    """An original on side ``origin`` and its copy on the other, by their ids on each side.

    A copy that does not stand yet, or any more, has the id "". Digests are of
    the bodies as they last agreed, each side's under its own key. ``told``: the
    feed already says that the copy was edited or deleted.
    """

    origin: Side
    left: str
    right: str
    left_digest: str
    right_digest: str
    left_updated: datetime | None
    right_updated: datetime | None
    state: TwinState = TwinState.ACTIVE
    told: bool = False

    def id_on(self, side: Side) -> str:
        """Give that side's comment id."""
        return self.left if side is Side.LEFT else self.right

    def digest_on(self, side: Side) -> str:
        """Give that side's digest."""
        return self.left_digest if side is Side.LEFT else self.right_digest

    def updated_on(self, side: Side) -> datetime | None:
        """Give the time of that side's last known change."""
        return self.left_updated if side is Side.LEFT else self.right_updated

    def with_side(self, side: Side, *, comment_id: str, digest: str, updated: datetime | None) -> "Twin":
        """Give the same twin with that side as told."""
        if side is Side.LEFT:
            return replace(self, left=comment_id, left_digest=digest, left_updated=updated)
        return replace(self, right=comment_id, right_digest=digest, right_updated=updated)


@dataclass(frozen=True, slots=True)
class News:
    """A comment that was seen, or one that the complete list of a readable work item lacks.

    ``comment`` is None exactly when it is ``missing``.
    """

    side: Side
    comment: Comment | None
    id: str
    missing: bool


class Reason(StrEnum):
    """Why a copy is removed."""

    DELETED = "deleted"
    RESTRICTED = "restricted"


class NoteKind(StrEnum):
    """What the feed says of a copy."""

    COPY_EDITED = "copy_edited"
    COPY_DELETED = "copy_deleted"


@dataclass(frozen=True, slots=True)
class Add:
    """Write a copy; ``becomes`` lacks its id until ``rules.written`` puts it in."""

    to: Side
    source_id: str
    body: Rich | Wiki = field(repr=False)
    becomes: Twin


@dataclass(frozen=True, slots=True)
class Change:
    """Give a copy its original's new body.

    Where Jira says that the copy is not there, that is news: the complete list
    tells whether somebody deleted it.
    """

    to: Side
    copy_id: str
    body: Rich | Wiki = field(repr=False)
    becomes: Twin


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a copy; one that is gone already is as good."""

    to: Side
    copy_id: str
    reason: Reason
    becomes: Twin


@dataclass(frozen=True, slots=True)
class Note:
    """Tell the feed of the copy's side, once."""

    side: Side
    kind: NoteKind
    copy_id: str
    becomes: Twin


@dataclass(frozen=True, slots=True)
class Adopt:
    """Know a copy again whose row was lost: nothing is written."""

    becomes: Twin


@dataclass(frozen=True, slots=True)
class Forget:
    """Neither comment is left: the twin's row says nothing any more."""

    twin: Twin


CommentStep = Add | Change | Remove | Note | Adopt | Forget
