"""What a synchronization's page shows: values as the people of one space may see them."""

from dataclasses import dataclass
from datetime import datetime

from backbone_app.core.failures import WayOut
from backbone_app.ledger.standing import Partner, Where


@dataclass(frozen=True, slots=True)
class Item:
    """A work item of the own space and its address."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure; ``place`` says which space refused, ``field`` which field (empty: the whole work item).

    ``code`` is stable, sentences are not. ``said`` are Jira's own words, where
    the own space's Jira said them of a work item that the reader may see.
    """

    id: int
    pair: int
    code: str
    own: Item | None
    partner_key: str
    place: Where
    field: str
    sentence: str
    remedy: str
    said: str
    since: datetime
    last_at: datetime
    attempts: int
    ways_out: tuple[WayOut, ...]

    @property
    def label(self) -> str:
        """What a page calls the pair: the own work item's key, the partner's where there is none."""
        return self.own.key if self.own else self.partner_key

    @property
    def survivor(self) -> str:
        """The key of the work item that is left where the one at ``place`` is gone."""
        return self.partner_key if self.place is Where.OWN else self.label


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that is tried again by itself, at ``until`` at the earliest."""

    code: str
    own: Item | None
    partner_key: str
    sentence: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Paused:
    """Why a synchronization is paused: where, what happened, what to do, and since when."""

    code: str
    place: Where
    sentence: str
    remedy: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """A synchronization in numbers, and why it is paused.

    ``holds`` are sentences about sites that must not be called at present,
    ``at_work`` counts the pairs that are being brought in step now, ``alone``
    those whose one work item was deleted and whose other one nobody has changed
    since. In step are those of which nothing fails, ignored or not.
    ``link_broken``: somebody has to sign in again on the partner site. ``checked_at``
    and ``found`` say what the checks for untold changes came to, ``checking`` that
    one is under way. ``has_webhook``: a link leads to the partner, whose webhook is made by hand at times.
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
    alone: int
    at_work: int
    paused: Paused | None
    link_broken: bool
    holds: tuple[str, ...]
    checked_at: datetime | None
    found: int
    checking: bool
    has_webhook: bool

    @property
    def is_clear(self) -> bool:
        """Whether nothing at all stands in the way of any work item."""
        in_the_way = self.failing or self.ignored or self.waiting or self.alone or self.paused or self.holds
        return not in_the_way


@dataclass(frozen=True, slots=True)
class Troubles:
    """One page of failures, newest first, the first of what waits and of what is ignored.

    ``can_retry``: on this page or another one there is something to try again.
    """

    health: Health
    open: tuple[Trouble, ...]
    ignored: tuple[Trouble, ...]
    waiting: tuple[Waiting, ...]
    can_retry: bool
    page: int
    pages: int
