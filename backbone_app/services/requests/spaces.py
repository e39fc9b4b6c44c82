"""What people choose and enter before a request is sent: the space, the mode, a name, a description."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from backbone_app.errors import InvalidInput
from backbone_app.jira import read
from backbone_app.jira.read import SpaceRef
from backbone_app.models.callers import Caller
from backbone_app.models.synchronization import Mode
from backbone_app.services.requests.addressing import Addressee
from backbone_app.services.requests.rights import as_reader

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


@dataclass(frozen=True, slots=True)
class Title:
    """What a synchronization is called."""

    name: str
    description: str


def spaces_to_choose(caller: Caller, space: str, *, now: datetime) -> SpaceChoices:
    """List the spaces of the site that ``space`` can be synchronized with, as far as the person sees them."""
    client = as_reader(caller, space, now=now)
    found = read.spaces(client)
    own = next((each for each in found if each.id == space), None) or read.space(client, space)
    others = [each for each in found if each.id != space]
    seen = read.may_browse(client, account=caller.account or "", spaces=[each.id for each in others])
    by_name = sorted(others, key=lambda each: (each.name.casefold(), each.key))
    return SpaceChoices(choice(own), tuple(choice(each) for each in by_name if each.id in seen))


def own_space(caller: Caller, space: str, *, now: datetime) -> SpaceChoice:
    """Name the space itself to one of its admins."""
    return choice(read.space(as_reader(caller, space, now=now), space))


def defaults(own: SpaceChoice, partner: SpaceChoice) -> Title:
    """Offer a name and a description for two spaces of one site."""
    name = f"{own.key} \N{EN DASH} {partner.key}"
    return Title(name, f"Keeps work items of {own.name} and {partner.name} in step.")


def defaults_across(own: SpaceChoice, to: Addressee) -> Title:
    """Offer them for a space of another site, of which only the key is known that was typed."""
    name = f"{own.key} \N{EN DASH} {to.space_key}"
    where = urlsplit(to.base_url).netloc
    return Title(name, f"Keeps work items of {own.name} and {to.space_key} on {where} in step.")


def choice(ref: SpaceRef) -> SpaceChoice:
    """Show what Jira said of a space."""
    return SpaceChoice(ref.id, ref.key, ref.name)


def checked(title: Title) -> Title:
    """Take the blanks around both off; raises InvalidInput for what is missing or too long."""
    name = title.name.strip()
    if not name:
        raise InvalidInput("name", "Enter a name.")
    if len(name) > 120:
        raise InvalidInput("name", "The name is too long; it can have 120 characters.")
    return Title(name, short("description", title.description.strip()))


def short(field: str, text: str) -> str:
    """Pass on what has at most 1000 characters; raises InvalidInput for more."""
    if len(text) > 1000:
        raise InvalidInput(field, f"The {field} is too long; it can have 1000 characters.")
    return text
