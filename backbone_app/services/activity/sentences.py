"""What happened, in a sentence in Jira's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backbone_app.core.comments import NoteKind, Reason
from backbone_app.core.configuration import ConflictPolicy
from backbone_app.ledger.journal import Outcome
from backbone_app.models.intent import JournalKind
from backbone_app.services.activity.lines import Flow

LEFT_ALONE: Final[Mapping[str, str]] = {
    NoteKind.COPY_EDITED: "A copied comment was edited here; it stays until its original changes",
    NoteKind.COPY_DELETED: "A copied comment was deleted here; it is not sent again",
}
REMOVED: Final[Mapping[str, str]] = {
    Reason.DELETED: "its original was deleted",
    Reason.RESTRICTED: "its original is not for everybody any more",
}
OF_ITEMS: Final[Mapping[JournalKind, str]] = {
    JournalKind.UNMARKED: "Taken for what it is: a clone, a work item of its own",
    JournalKind.PAIRED: "Paired by hand with {twin}",
    JournalKind.WORKFLOW_STARTED: "A workflow started synchronizing it",
    JournalKind.WORKFLOW_STOPPED: "A workflow stopped synchronizing it",
}
POLICIES: Final[Mapping[ConflictPolicy | None, str]] = {
    ConflictPolicy.NEWER: "the newer edit",
    ConflictPolicy.LEFT: "the left side",
    ConflictPolicy.RIGHT: "the right side",
    None: "the other edit",
}


@dataclass(frozen=True, slots=True)
class Event:
    """What a sentence is made of.

    ``fields`` are names, ``twin`` is the partner's key or a paraphrase.
    ``reached`` and ``target`` are the status arrived at and the one that is
    walked to, empty where they may not be known.
    """

    kind: JournalKind
    flow: Flow
    fields: tuple[str, ...]
    twin: str
    code: str = ""
    outcome: Outcome = Outcome.NONE
    policy: ConflictPolicy | None = None
    reached: str = ""
    target: str = ""
    is_put_back: bool = False


def sentence(event: Event) -> str:
    """Say what happened, without a full stop."""
    said = _noted(event) if event.flow is Flow.NOTED else None
    return said or (_sent(event) if event.flow is Flow.SENT else _received(event))


def listed(names: Sequence[str]) -> str:
    """List names as a sentence does."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _received(event: Event) -> str:
    match event.kind:
        case JournalKind.CREATED:
            return f"Created as the twin of {event.twin}"
        case JournalKind.MOVED:
            return _moved(event)
        case JournalKind.COMMENTED:
            return "Comment added"
        case JournalKind.COMMENT_CHANGED:
            return "Comment changed"
        case JournalKind.COMMENT_REMOVED:
            why = REMOVED.get(event.code)
            return f"Comment removed: {why}" if why else "Comment removed"
        case _:
            return f"{listed(event.fields)} {'put back' if event.is_put_back else 'changed'}"


def _moved(event: Event) -> str:
    if event.is_put_back or not event.reached:
        return "Status put back" if event.is_put_back else "Status changed"
    on = f", on the way to {event.target}" if event.target not in {"", event.reached} else ""
    return f"Status moved to {event.reached}{on}"


def _sent(event: Event) -> str:
    match event.kind:
        case JournalKind.CREATED:
            return f"{event.twin} created as the twin"
        case JournalKind.MOVED:
            return f"Status moved in {event.twin}"
        case JournalKind.COMMENTED:
            return f"Comment copied to {event.twin}"
        case JournalKind.COMMENT_CHANGED:
            return f"Comment changed in {event.twin}"
        case JournalKind.COMMENT_REMOVED:
            return f"Comment removed from {event.twin}"
        case _:
            return f"{listed(event.fields)} changed in {event.twin}"


def _noted(event: Event) -> str | None:
    fields = listed(event.fields)
    match event.kind:
        case JournalKind.CONFLICT:
            return f"Conflict on {fields}: {_settled(event)}"
        case JournalKind.STUCK:
            return f"{fields} could not be moved"
        case JournalKind.FAILED:
            return f"{fields or 'The work item'} could not be brought across"
        case JournalKind.COMMENT_LEFT:
            return LEFT_ALONE.get(event.code, "A copied comment was changed here")
        case _:
            return OF_ITEMS.get(event.kind, "").format(twin=event.twin) or None


def _settled(event: Event) -> str:
    won = event.outcome in {Outcome.WON, Outcome.WON_TIE, Outcome.WON_FOLLOWED}
    where = "made here" if won else f"made in {event.twin}"
    if event.outcome.is_followed:
        return f"somebody had gone on from the edit {where} already, so that one won"
    if event.outcome in {Outcome.WON_TIE, Outcome.LOST_TIE}:
        return f"nobody can tell which edit was newer, the one {where} won"
    if event.policy is ConflictPolicy.NEWER:
        return f"the newer edit won, {where}"
    return f"{POLICIES[event.policy]} won, the edit {where}"
