"""One claimed pair with everything its worker needs, loaded once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from backbone_app import gateway
from backbone_app.core.authorship import Author
from backbone_app.core.configuration import Configuration, ConflictPolicy, from_document
from backbone_app.core.failures import Doing, rule
from backbone_app.core.operations import Operation
from backbone_app.core.state import Base
from backbone_app.core.values import Side, Stamp
from backbone_app.errors import BackboneError, LeaseLost, RemoteRefused
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import observations
from backbone_app.ledger.journal import Place
from backbone_app.ledger.leases import Claim
from backbone_app.models import Pair, PairSide, PublishedConfiguration, SynchronizationSide
from backbone_app.models.pair import PairLane
from backbone_app.models.prepared import Rows, objects

MISSING: Final = "remote_missing"
"""The reason of a pair one of whose work items is not to be found."""

Clock = Callable[[], datetime]


class PutOff(BackboneError):
    """The pair stays due and has to wait until ``until``."""

    retryable = True

    def __init__(self, until: datetime) -> None:
        super().__init__(f"This work item is looked at again at {until:%H:%M:%S}.")
        self.until = until


class NotYet(PutOff):
    """What became of an earlier write cannot be told yet."""

    code = "outcome_unknown"


class JustChanged(BackboneError):
    """Jira itself was changing the work item at the moment of our call (HTTP 409)."""

    code = "edit_conflict"
    retryable = True

    def __init__(self) -> None:
        super().__init__("Jira was changing the work item at that very moment.")


class Blocked(BackboneError):
    """Something stands in the way of the whole work item; ``said`` is what Jira answered.

    ``side`` is the side that refused, None where neither did; ``beside`` are the
    codes of comments that were refused besides, by side and row.
    """

    def __init__(self, code: str, side: Side | None = None, said: str = "") -> None:
        super().__init__(rule(code).sentence)
        self.code = code  # type: ignore[misc]  # here the code is what was diagnosed
        self.side = side
        self.said = said
        self.beside: Mapping[tuple[str, str], str] = {}


class Declined(BackboneError):
    """Jira refused one operation; nothing of it happened."""

    code = "declined"

    def __init__(self, operation: Operation, doing: Doing, refused: RemoteRefused) -> None:
        super().__init__("Jira refused a change.")
        self.operation = operation
        self.doing = doing
        self.refused = refused


class StillChanging(PutOff):
    """People edit both sides faster than we bring them together."""

    code = "still_changing"


@dataclass(frozen=True, slots=True)
class Half:
    """One side of the pair at work; ``item`` is empty while the twin does not exist.

    ``key`` is the site's digest key, ``ahead`` how far its clock is ahead of ours, ``step`` how far it was
    ever set at once, ``stamp`` how new the last settled look was and ``rich`` how new its rich text;
    ``stale``: a check found it changed since. ``joined`` is how far the work item
    had come when it was paired as an existing one, None for a new one. ``account`` is the one that we act
    as, ``apps_account`` the same where nobody else has it, else empty.
    """

    id: int
    side: Side
    site_id: UUID
    space: str
    item: str
    item_key: str
    stamp: Stamp
    rich: Stamp
    stale: bool
    joined: datetime | None
    client: JiraClient
    account: str
    apps_account: str
    key: bytes = field(repr=False)
    ahead: timedelta
    step: timedelta

    def is_the_apps(self, account: str) -> bool:
        """Whether an account is the app's and nobody else's; who is not named is not the app."""
        return bool(account) and account == self.apps_account

    @property
    def author(self) -> Author:
        """Whose entries our writes make here."""
        return Author(self.account, is_shared=not self.apps_account)

    def __repr__(self) -> str:
        return f"Half({self.side} {self.item_key or 'no twin yet'})"


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed pair; reload it after the twin was created.

    ``choice`` is what was decided for values that never agreed, None: ask.
    """

    claim: Claim
    synchronization_id: UUID
    version: int
    configuration: Configuration
    halves: Mapping[Side, Half]
    origin: Side
    origin_site: UUID
    origin_item: str
    choice: ConflictPolicy | None
    incomplete: bool
    clock: Clock

    @property
    def pair_id(self) -> int:
        """The id of the claimed pair."""
        return self.claim.pair_id

    @property
    def is_of_existing_items(self) -> bool:
        """Whether both work items were there before the pair: neither is made after the other."""
        return all(half.joined for half in self.halves.values())

    @property
    def half_ids(self) -> dict[Side, int]:
        """The row ids of both halves, as the ledger takes them."""
        return {side: half.id for side, half in self.halves.items()}

    def base(self) -> Base:
        """Load what both sides held when they last agreed, as it stands now."""
        return observations.load(self.pair_id, self.half_ids)

    def place(self, side: Side) -> Place:
        """Say where the journal's lines about ``side`` belong."""
        return Place(self.synchronization_id, self.pair_id, self.halves[side].site_id, side, self.version)


_PAIR: Final = Rows(lambda pair: Pair.objects.filter(pk=pair))
_PUBLISHED: Final = Rows(
    lambda synchronization: PublishedConfiguration.objects.filter(
        synchronization_id=synchronization
    ).order_by("-version")[:1]
)
_SPACES: Final = Rows(
    lambda synchronization: SynchronizationSide.objects.filter(
        synchronization_id=synchronization
    ).values_list("side", "space")
)


def load(claim: Claim, clock: Clock) -> Work:
    """Load the pair of ``claim``; raises ``LeaseLost``, ``SecretUnreadable`` and the client's errors."""
    found = objects(Pair, _PAIR(claim.pair_id))
    if not found:
        raise LeaseLost  # its synchronization was deleted meanwhile
    (pair,) = found
    (published,) = objects(PublishedConfiguration, _PUBLISHED(pair.synchronization_id))
    spaces = dict(_SPACES(pair.synchronization_id))
    rows = list(PairSide.objects.filter(pair=pair).select_related("site").order_by("side"))
    lane = PairLane(pair.lane)
    return Work(
        claim=claim,
        synchronization_id=pair.synchronization_id,
        version=published.version,
        configuration=from_document(published.document),
        halves=MappingProxyType(
            {
                Side(row.side): _half(row, beside, spaces[row.side], lane, clock)
                for row, beside in zip(rows, reversed(rows), strict=True)
            }
        ),
        origin=Side(pair.origin_side),
        origin_site=pair.origin_site,
        origin_item=pair.origin_item,
        choice=ConflictPolicy(pair.choice) if pair.choice else None,
        incomplete=pair.incomplete,
        clock=clock,
    )


def _half(row: PairSide, beside: PairSide, space: str, lane: PairLane, clock: Clock) -> Half:
    account = gateway.known_account(row.site, clock=clock)  # before the client: it tells our own writes by it
    return Half(
        id=row.pk,
        side=Side(row.side),
        site_id=row.site_id,
        space=space,
        item=row.item,
        item_key=row.item_key,
        stamp=Stamp(row.stamp_entry, row.stamp_updated),
        rich=Stamp(row.rich_entry, row.rich_updated),
        stale=row.stale,
        joined=row.joined,
        client=gateway.client(row.site, clock=clock, lane=lane, beside=beside.site),
        account=account,
        apps_account=row.site.apps_account,
        key=gateway.digest_key(row.site),
        ahead=timedelta(milliseconds=row.site.clock_offset_ms),
        step=timedelta(milliseconds=row.site.clock_step_ms),
    )
