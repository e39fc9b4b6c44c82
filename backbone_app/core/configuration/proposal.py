"""The first configuration two spaces are offered, from what each of them has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backbone_app.core.configuration.rows import Configuration, FieldRow, StatusPairs, TypeRow
from backbone_app.core.values import FieldKind


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type a space offers, with the ids of the fields it can set."""

    id: str
    name: str
    subtask: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusShape:
    """A status a space's work items can be in; ``category`` is Jira's key for what it means."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class SpaceShape:
    """What a space offers to be synchronized; ``statuses`` in the order of its workflow."""

    types: tuple[WorkType, ...]
    statuses: tuple[StatusShape, ...] = ()


SUPPORTED: Final[Mapping[str, FieldKind]] = {
    "summary": FieldKind.TEXT,
    "priority": FieldKind.OPTION,
    "labels": FieldKind.LABELS,
    "duedate": FieldKind.DATE,
    "description": FieldKind.RICH,
    "status": FieldKind.STATUS,
}
"""The fields that can be synchronized, by the id they have on every site."""

_ALWAYS: Final = "status"  # every work item has one, though none can be set when it is created


def propose(left: SpaceShape, right: SpaceShape) -> Configuration:
    """Propose the first configuration: same-named types, fields and statuses, both ways, newer wins.

    Sub-task types stay out until parents are synchronized. A status without a
    namesake goes to the first one of the same category on the other side; where
    there is none, it stays without a row.
    """
    ours, theirs = _by_name(left), _by_name(right)
    types = tuple(_type_row(ours[name], theirs[name]) for name in ours if name in theirs)
    offered = {key for row in types for key in row.fields}
    fields = tuple(FieldRow(key, key, kind) for key, kind in SUPPORTED.items() if key in offered)
    return Configuration(
        types,
        fields,
        statuses_to_right=_status_pairs(left, right),
        statuses_to_left=_status_pairs(right, left),
    )


def _type_row(left: WorkType, right: WorkType) -> TypeRow:
    offered = {*left.fields, _ALWAYS} & {*right.fields, _ALWAYS}
    fields = tuple(key for key in SUPPORTED if key in offered)
    return TypeRow(left.id, left.name, right.id, right.name, fields=fields)


def _by_name(shape: SpaceShape) -> dict[str, WorkType]:
    by_name: dict[str, WorkType] = {}
    for work_type in shape.types:
        if not work_type.subtask:
            by_name.setdefault(work_type.name, work_type)
    return by_name


def _status_pairs(source: SpaceShape, target: SpaceShape) -> StatusPairs:
    names = {status.name for status in target.statuses}
    first: dict[str, str] = {}
    for status in target.statuses:
        first.setdefault(status.category, status.name)
    wished = {
        status.name: status.name if status.name in names else first.get(status.category)
        for status in source.statuses
    }
    return tuple((name, counterpart) for name, counterpart in wished.items() if counterpart)
