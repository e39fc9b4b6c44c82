"""The comments of one pair: ``twins`` are the values, ``rules`` decide."""

from backbone_app.core.comments.rules import EVERYBODY, FIELD, People, decide, written
from backbone_app.core.comments.twins import (
    Add,
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

__all__ = [
    "EVERYBODY",
    "FIELD",
    "Add",
    "Change",
    "Comment",
    "CommentStep",
    "Forget",
    "News",
    "Note",
    "NoteKind",
    "People",
    "Reason",
    "Remove",
    "Twin",
    "TwinState",
    "decide",
    "written",
]
