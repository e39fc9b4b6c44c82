"""What we change on a Jira site; every change says in its history why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backbone_app.core.values import Item, TwinMark, Value
from backbone_app.jira.client import JiraClient


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a write happens, as Jira's history will tell it.

    ``intent`` is the id of our intent row, ``edited`` the time of the person's edit that
    the write carries, ``actor`` who made it (a stable id without personal data), ``note``
    a sentence for people, ``overwrote`` the changelog entry of a conflict's loser.
    """

    intent: str
    edited: datetime | None
    actor: str
    note: str
    overwrote: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A twin to be created; ``space`` and ``type_id`` are the target's ids, ``fields`` by its field ids."""

    space: str
    type_id: str
    fields: Mapping[str, Value] = field(repr=False)
    mark: TwinMark


@dataclass(frozen=True, slots=True)
class Created:
    """What Jira answers to a creation."""

    id: str
    key: str


def create(client: JiraClient, draft: Draft, *, cause: Cause, timeout: float) -> Created:
    """Create a work item with its mark in one POST; raises OutcomeUnknown and the client's errors."""
    raise NotImplementedError


def edit(
    client: JiraClient,
    item_id: str,
    *,
    sets: Mapping[str, Value],
    labels_add: Collection[str] = (),
    labels_remove: Collection[str] = (),
    cause: Cause,
    timeout: float,
) -> Item:
    """Change a work item in one PUT and return it as it is afterwards, with its changelog."""
    raise NotImplementedError


def remove_mark(client: JiraClient, item_id: str, *, timeout: float) -> None:
    """Take our property off a work item (a clone carries its original's); gone already is fine."""
    raise NotImplementedError
