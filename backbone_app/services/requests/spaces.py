"""What people choose and enter before a request is sent: the space, the mode, a name, a description."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from backbone_app.core.titles import Title, offered
from backbone_app.jira import read
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access
from backbone_app.models.callers import Caller
from backbone_app.models.synchronization import Mode
from backbone_app.services.requests.addressing import Addressee

MODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Mode.IMMEDIATE: "An edit by either side is live when it is saved.",
        Mode.REVIEW: "An edit by either side is a draft until the other side has accepted it.",
    }
)
"""When an edit of the configuration becomes valid, by what can be chosen."""


@dataclass(frozen=True, slots=True)
class SpaceChoice:
    """A space as pages name it; ``id`` is Jira's project id."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SpaceChoices:
    """The caller's own space and all others of its site that they may browse, by name."""

    own: SpaceChoice
    others: tuple[SpaceChoice, ...]


def spaces_to_choose(caller: Caller, space: str, *, now: datetime) -> SpaceChoices:
    """List the spaces of the site that ``space`` can be synchronized with, as far as the person sees them."""
    client = access.reader_of_space(caller, space, now=now)
    found = read.spaces(client)
    own = next((each for each in found if each.id == space), None) or read.space(client, space)
    others = [each for each in found if each.id != space]
    seen = read.may_browse(client, account=caller.account or "", spaces=[each.id for each in others])
    by_name = sorted(others, key=lambda each: (each.name.casefold(), each.key))
    return SpaceChoices(choice(own), tuple(choice(each) for each in by_name if each.id in seen))


def own_space(caller: Caller, space: str, *, now: datetime) -> SpaceChoice:
    """Name the space itself to one of its admins."""
    return choice(read.space(access.reader_of_space(caller, space, now=now), space))


def defaults(own: SpaceChoice, partner: SpaceChoice) -> Title:
    """Offer a name and a description for two spaces of one site."""
    name = f"{own.key} \N{EN DASH} {partner.key}"
    return offered(name, f"Keeps work items of {own.name} and {partner.name} in step.")


def defaults_across(own: SpaceChoice, to: Addressee) -> Title:
    """Offer them for a space of another site, of which only the key is known that was typed."""
    name = f"{own.key} \N{EN DASH} {to.space_key}"
    where = urlsplit(to.base_url).netloc
    return offered(name, f"Keeps work items of {own.name} and {to.space_key} on {where} in step.")


def choice(ref: SpaceRef) -> SpaceChoice:
    """Show what Jira said of a space."""
    return SpaceChoice(ref.id, ref.key, ref.name)
