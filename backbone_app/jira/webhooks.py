"""Webhook bodies, as Jira really sends them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backbone_app.core.values import Item


class Group(StrEnum):
    """A group of an item's content that is observed as one."""

    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook delivery; what a body does not say is the empty string or None.

    ``key`` is Jira's webhook identifier, else ``digest:…`` of the body. ``space`` is the
    space's id. ``item`` is there for issue_created and issue_updated; it holds exactly the
    groups in ``carries``.
    """

    key: str
    event: str
    item_id: str
    space: str
    at: datetime | None
    actor: str
    item: Item | None = field(repr=False)
    carries: frozenset[Group]


def parse(body: bytes, *, identifier: str | None) -> Delivery:
    """Read one body; raises MalformedDelivery for what Jira would never send."""
    raise NotImplementedError
