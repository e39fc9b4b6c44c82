"""Types of links between work items, which Jira's administrators make, rename and delete."""

from dataclasses import dataclass

from jira_sandbox.acts import links
from jira_sandbox.state.elements import LinkType
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWish:
    """What a create or a change says of a link type; empty texts say nothing."""

    name: str = ""
    inward: str = ""
    outward: str = ""


def listed(site: Site, actor: User) -> list[LinkType]:
    """List all link types by name; Refusal 404 for somebody who may browse no space."""
    if next(site.spaces_seen_by(actor), None) is None:
        raise Refusal(404, "You do not have permission to view issue link types.")
    return sorted(site.link_types, key=lambda each: each.name)


def find(site: Site, actor: User, number: str) -> LinkType:
    """Find a link type by its id; Refusal 400 when that is no number, 404 when it is nobody's."""
    if not number.isdigit():
        raise Refusal(400, f"The issue link type id '{number}' is invalid.")
    for each in listed(site, actor):
        if each.id == number:
            return each
    raise Refusal(404, f"No issue link type with id '{number}' found.")


def create(world: World, site: Site, actor: User, wish: TypeWish) -> LinkType:
    """Make a link type; Refusal 400 for a missing text, 404 for a name in use or for who may not."""
    with world.lock:
        _must_administer(site, actor)
        missing = [name for name in ("name", "inward", "outward") if not getattr(wish, name)]
        if missing:
            raise Refusal(400, errors={name: f"The {name} of the link type is required." for name in missing})
        _must_be_free(site, wish.name)
        made = LinkType(
            id=str(site.next_id("link_type")), name=wish.name, inward=wish.inward, outward=wish.outward
        )
        site.link_types.append(made)
        return made


def change(world: World, site: Site, actor: User, known: LinkType, wish: TypeWish) -> None:
    """Change what the wish names; Refusal 404 for a name in use or for who may not, 400 for an empty wish."""
    with world.lock:
        _must_administer(site, actor)
        if not (wish.name or wish.inward or wish.outward):
            raise Refusal(400, "At least one of name, inward and outward must be given.")
        if wish.name and wish.name != known.name:
            _must_be_free(site, wish.name)
        known.name = wish.name or known.name
        known.inward = wish.inward or known.inward
        known.outward = wish.outward or known.outward


def delete(world: World, site: Site, actor: User, known: LinkType) -> None:
    """Delete a link type with all links that have it; Refusal 404 for who may not."""
    with world.lock:
        _must_administer(site, actor)
        for link in [each for each in links.whole(site) if each.type_id == known.id]:
            links.cut(world, site, actor, link)
        site.links = [each for each in site.links if each.type_id != known.id]
        site.link_types.remove(known)


def _must_administer(site: Site, actor: User) -> None:
    if not site.may(actor, "ADMINISTER"):
        raise Refusal(404, "Only administrators can manage issue link types.")


def _must_be_free(site: Site, name: str) -> None:
    if any(each.name.lower() == name.lower() for each in site.link_types):
        raise Refusal(404, f"An issue link type with the name '{name}' already exists.")
