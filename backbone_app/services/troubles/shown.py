"""What a synchronization's page shows: values as the people of one space may see them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backbone_app.ledger.standing import Partner


class Remedy(StrEnum):
    """What a person may do about a failure."""

    RETRY = "retry"
    DECIDE = "decide"
    CREATE_TWIN = "create twin"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Item:
    """A work item of the own space and its address."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure; ``place`` says which space refused, ``field`` which field (empty: the whole work item).

    ``said`` are Jira's own words, where the own space's Jira said them.
    """

    id: int
    pair: int
    own: Item | None
    partner_key: str
    place: str
    field: str
    sentence: str
    remedy: str
    said: str
    since: datetime
    last_at: datetime
    attempts: int
    ways_out: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that is tried again by itself, at ``until`` at the earliest."""

    own: Item | None
    partner_key: str
    sentence: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Paused:
    """Why a synchronization is paused: where, what happened, what to do, and since when."""

    place: str
    sentence: str
    remedy: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """A synchronization in numbers, and why it is paused.

    ``holds`` are sentences about sites that must not be called at present,
    ``at_work`` counts the pairs that are being brought in step now. ``checked_at``
    and ``found`` say what the checks for untold changes came to, ``checking`` that
    one is under way.
    """

    name: str
    description: str
    partner: Partner
    status: str
    pairs: int
    in_step: int
    failing: int
    ignored: int
    waiting: int
    at_work: int
    paused: Paused | None
    holds: tuple[str, ...]
    checked_at: datetime | None
    found: int
    checking: bool


@dataclass(frozen=True, slots=True)
class Troubles:
    """One page of failures, newest first, and the first of what waits."""

    health: Health
    open: tuple[Trouble, ...]
    ignored: tuple[Trouble, ...]
    waiting: tuple[Waiting, ...]
    page: int
    pages: int
