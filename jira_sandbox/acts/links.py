"""Links between two work items. Jira writes them into the history of both and moves their ``updated``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from jira_sandbox.acts import comments
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.finding import find as find_issue
from jira_sandbox.acts.history import record
from jira_sandbox.connect import webhooks
from jira_sandbox.state.elements import IssueLink, LinkType
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """A wanted link: the JSON of its type and ends, by id or key, and a comment for the outward end."""

    type: Json
    inward: Json
    outward: Json
    words: comments.Words | None = None


def of(site: Site, issue: Issue) -> list[IssueLink]:
    """List the links of a work item, the oldest first."""
    return [each for each in whole(site) if issue.id in {each.inward_id, each.outward_id}]


def whole(site: Site) -> list[IssueLink]:
    """List the links both ends of which are there: a work item may go with its space, without a word."""
    return [each for each in site.links if each.inward_id in site.issues and each.outward_id in site.issues]


def find(site: Site, actor: User, number: str) -> IssueLink:
    """Find a link both ends of which ``actor`` may see; Refusal 400 for no number, 404 for all else."""
    if not number.isdigit():
        raise Refusal(400, f"The issue link id '{number}' is invalid.")
    for link in whole(site):
        if link.id == number and all(site.sees(actor, end) for end in _ends(site, link)):
            return link
    raise Refusal(404, f"No issue link with id '{number}' exists.")


def add(world: World, site: Site, actor: User, wish: LinkWish) -> IssueLink:
    """Link two work items; a link that is there already is given back, and only commented.

    Refusal 404 for an end or a type that is not there and without the right to link, 413 at the limit, 400
    when the comment cannot be written: then there is no link either.
    """
    with world.lock:
        return adding(world, site, actor, wish)()


def adding(world: World, site: Site, actor: User, wish: LinkWish) -> Callable[[], IssueLink]:
    """Refuse as ``add`` does, or give what then links; for what is done together or not at all.

    Call both under the world's lock.
    """
    kind = _type(site, wish.type)
    inward, outward = _end(site, actor, wish.inward), _end(site, actor, wish.outward)
    _must_be_linkable(site, actor, inward, outward)
    if not _known(site, kind, inward, outward) and (
        max(len(of(site, inward)), len(of(site, outward))) >= site.most_links
    ):
        raise Refusal(413, f"The issue has reached its limit of {site.most_links} links.")
    comment = _commenting(world, site, actor, outward, wish.words) if wish.words else None

    def link() -> IssueLink:
        if comment:
            comment()
        known = _known(site, kind, inward, outward)
        return known or connect(world, site, actor, kind, inward, outward)

    return link


def connect(
    world: World, site: Site, actor: User, kind: LinkType, inward: Issue, outward: Issue
) -> IssueLink:
    """Link two work items whoever asked for it, with its history; call it under the world's lock."""
    link = placed(site, kind, inward, outward)
    _write(site, actor, link, "added")
    webhooks.announce_link(world, site, "issuelink_created", link, by=actor)
    return link


def placed(site: Site, kind: LinkType, inward: Issue, outward: Issue) -> IssueLink:
    """Put a link between two work items; no history, no event."""
    link = IssueLink(
        id=str(site.next_id("link")), type_id=kind.id, inward_id=inward.id, outward_id=outward.id
    )
    site.links.append(link)
    return link


def remove(world: World, site: Site, actor: User, link: IssueLink) -> None:
    """Delete a link; Refusal 404 without the right to link in the space of either end."""
    with world.lock:
        ends = _ends(site, link)
        if not any(site.may_around(actor, "LINK_ISSUES", end) for end in ends):
            raise Refusal(404, "You do not have permission to delete this link.")
        for end in ends:
            must_be_open(site, end)
        cut(world, site, actor, link)


def remove_all(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Delete the links of a work item that is about to go; call it under the world's lock."""
    for link in of(site, issue):
        cut(world, site, actor, link)


def cut(world: World, site: Site, actor: User, link: IssueLink) -> None:
    """Delete a link whoever asked for it, with its history; call it under the world's lock."""
    webhooks.announce_link(world, site, "issuelink_deleted", link, by=actor)
    site.links.remove(link)
    _write(site, actor, link, "removed")


def kind_of(site: Site, link: IssueLink) -> LinkType:
    """Find the type of a link."""
    return next(each for each in site.link_types if each.id == link.type_id)


def _ends(site: Site, link: IssueLink) -> tuple[Issue, Issue]:
    return site.issues[link.inward_id], site.issues[link.outward_id]


def _type(site: Site, raw: Json) -> LinkType:
    wanted = raw if isinstance(raw, dict) else {}
    number, name = str(wanted.get("id") or ""), str(wanted.get("name") or "")
    for each in site.link_types:
        if each.id == number if number else each.name.lower() == name.lower():
            return each
    if not number and not name:
        raise Refusal(400, errors={"type": "The type of the link is required."})
    raise Refusal(404, f"No issue link type with {'id' if number else 'name'} '{number or name}' found.")


def _end(site: Site, actor: User, raw: Json) -> Issue:
    name = str(raw.get("id") or raw.get("key") or "") if isinstance(raw, dict) else ""
    return find_issue(site, actor, name)


def _must_be_linkable(site: Site, actor: User, inward: Issue, outward: Issue) -> None:
    if inward is outward:
        raise Refusal(400, "You cannot link an issue to itself.")
    if not site.may_around(actor, "LINK_ISSUES", outward):
        raise Refusal(404, f"No Link Issue Permission for issue '{outward.key}'")
    must_be_open(site, inward)
    must_be_open(site, outward)


def _known(site: Site, kind: LinkType, inward: Issue, outward: Issue) -> IssueLink | None:
    for link in of(site, inward):
        if (link.type_id, link.inward_id, link.outward_id) == (kind.id, inward.id, outward.id):
            return link
    return None


def _commenting(
    world: World, site: Site, actor: User, issue: Issue, words: comments.Words
) -> Callable[[], object]:
    try:
        return comments.adding(world, site, actor, issue, words)
    except Refusal as refusal:
        raise Refusal(400, *refusal.messages, errors=refusal.errors) from None


def _write(site: Site, actor: User, link: IssueLink, what: Literal["added", "removed"]) -> None:
    for end, step in _steps(site, link, what):
        record(site, actor, end, [step])


def _steps(
    site: Site, link: IssueLink, what: Literal["added", "removed"]
) -> Iterator[tuple[Issue, ChangelogItem]]:
    """Describe the link as each end reads it. A real item of this kind has no ``fieldId``."""
    kind, (inward, outward) = kind_of(site, link), _ends(site, link)
    for end, reading, other in ((inward, kind.outward, outward), (outward, kind.inward, inward)):
        told = (other.key, f"This issue {reading} {other.key}")
        before, after = ((None, None), told) if what == "added" else (told, (None, None))
        step = ChangelogItem(
            field="Link",
            field_id="",
            before=before[0],
            before_text=before[1],
            after=after[0],
            after_text=after[1],
        )
        yield end, step
