"""The comments of one pair: ``twins`` are the values, ``rules`` decide."""

from backbone_app.core.comments.adoption import FIELD, Made
from backbone_app.core.comments.rules import BACKWARDS, EVERYBODY, People, decide, is_earlier, written
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

__all__ = [
    "BACKWARDS",
    "EVERYBODY",
    "FIELD",
    "Add",
    "Adopt",
    "Change",
    "Comment",
    "CommentStep",
    "Forget",
    "Made",
    "News",
    "Note",
    "NoteKind",
    "People",
    "Reason",
    "Remove",
    "Twin",
    "TwinState",
    "decide",
    "is_earlier",
    "written",
]
