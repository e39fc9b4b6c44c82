"""What we ask a Jira site: work items, spaces, rights."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backbone_app.core.configuration import SpaceShape
from backbone_app.core.values import Entry, Item
from backbone_app.jira.client import JiraClient

MARK: Final = "backbone-twin"
"""Key of the entity property on work items we create; value {nonce, originSite, originItem}."""


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A space by its id, key and name."""

    id: str
    key: str
    name: str


def item(client: JiraClient, item_id: str, *, timeout: float = 20.0) -> Item:
    """Read one work item with our fields, our mark and the changelog Jira embeds (newest 40)."""
    raise NotImplementedError


def entries_since(
    client: JiraClient, item_id: str, entry: int, *, timeout: float = 20.0
) -> tuple[Entry, ...]:
    """Read all changelog entries newer than ``entry`` (its id), oldest first."""
    raise NotImplementedError


def created_by_us(client: JiraClient, space: str, since: datetime) -> tuple[Item, ...]:
    """Find work items our account created in ``space`` (id or key) since the minute of ``since``.

    Search lags behind writes: an empty answer proves nothing before the lag's bound.
    The items carry fields and mark, no entries.
    """
    raise NotImplementedError


def spaces(client: JiraClient) -> tuple[SpaceRef, ...]:
    """List all spaces the app may browse."""
    raise NotImplementedError


def space(client: JiraClient, key_or_id: str) -> SpaceRef:
    """Read one space; raises RemoteMissing."""
    raise NotImplementedError


def shape(client: JiraClient, space: str) -> SpaceShape:
    """Read a space's work types with the ids of the fields that can be set on them."""
    raise NotImplementedError


def may(client: JiraClient, *, account: str, space: str, permission: str) -> bool:
    """Ask whether ``account`` has a space permission (such as ``ADMINISTER_PROJECTS``) in ``space`` (its id)."""
    raise NotImplementedError


def is_jira_admin(client: JiraClient, *, account: str) -> bool:
    """Ask whether ``account`` administers Jira."""
    raise NotImplementedError


def account(client: JiraClient) -> str:
    """Return the account id the site knows us by."""
    raise NotImplementedError
