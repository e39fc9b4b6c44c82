"""Why a line of the feed is there, row by row: whose edits, what gave way, how a conflict went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from backbone_app.core.canonical import digest
from backbone_app.core.values import Edit, Side, Value


class Outcome(StrEnum):
    """How a conflict went for the side of its line.

    In a tie the times did not decide. ``followed``: nobody decided, since somebody had gone on from the one
    that won before the two were compared.
    """

    NONE = ""
    WON = "won"
    LOST = "lost"
    WON_TIE = "won tie"
    LOST_TIE = "lost tie"
    WON_FOLLOWED = "won followed"
    LOST_FOLLOWED = "lost followed"

    @property
    def is_followed(self) -> bool:
        """Whether no policy was asked, since somebody had gone on from what won."""
        return self in {Outcome.WON_FOLLOWED, Outcome.LOST_FOLLOWED}


@dataclass(frozen=True, slots=True)
class Why:
    """Where one row of a line comes from.

    ``edits`` are the people's edits it carries, oldest first, made on ``side``;
    ``gave_way`` is the edit that it overwrote or, in a conflict, the one it met.
    ``before`` is what stood there (None: nobody looked). ``way`` names a
    status's row in the configuration: the partner's status and what that is
    here. ``about`` is the id of what the line is about: the work type of a
    creation, the original of a comment; ``code`` tells two lines of a kind apart.
    """

    edits: tuple[Edit, ...] = ()
    side: Side | None = None
    before: Value | None = None
    gave_way: Edit | None = None
    way: tuple[str, str] | None = None
    outcome: Outcome = Outcome.NONE
    about: str = ""
    code: str = ""


NOTHING: Final[Mapping[str, Why]] = MappingProxyType({})


def causes_of(values: Mapping[str, Value], why: Mapping[str, Why], key: bytes) -> dict[str, dict[str, Any]]:
    """Give by row what stays when the values are gone: edits, codes and a digest."""
    causes = {row: _cause(one) for row, one in why.items()}
    for row, value in values.items():
        causes.setdefault(row, {})["digest"] = digest(key, row, value)
    return causes


def _cause(why: Why) -> dict[str, Any]:
    said = {
        "edits": [_edit(edit) for edit in why.edits],
        "side": str(why.side or ""),
        "gave_way": _edit(why.gave_way) if why.gave_way else None,
        "outcome": str(why.outcome),
        "about": why.about,
        "code": why.code,
    }
    return {name: what for name, what in said.items() if what}


def why_of(cause: Mapping[str, Any], way: Sequence[str] | None = None) -> Why:
    """Read one row's cause again; ``way`` is kept apart, with the values."""
    gave_way = cause.get("gave_way")
    return Why(
        edits=tuple(_edit_again(edit) for edit in cause.get("edits", ())),
        side=Side(cause["side"]) if "side" in cause else None,
        gave_way=_edit_again(gave_way) if gave_way else None,
        way=(way[0], way[1]) if way else None,
        outcome=Outcome(cause.get("outcome", "")),
        about=cause.get("about", ""),
        code=cause.get("code", ""),
    )


def _edit(edit: Edit) -> dict[str, object]:
    return {"at": edit.at.isoformat(), "author": edit.author, "entry": edit.entry}


def _edit_again(said: Mapping[str, Any]) -> Edit:
    return Edit(datetime.fromisoformat(said["at"]), said["author"], said["entry"])
