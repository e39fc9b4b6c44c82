"""Links of work items to things outside Jira. Jira writes them into the history by their ids."""

from dataclasses import dataclass

from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.history import record
from jira_sandbox.state.elements import RemoteLink
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_LENGTH = 255
_TEXTS = ("title", "url", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWish:
    """A wanted link, as the JSON has its parts; an empty ``global_id`` is none."""

    global_id: str
    object: Json
    application: Json = None
    relationship: Json = None


def find(issue: Issue, number: str) -> RemoteLink:
    """Find a link of the work item by its id; Refusal 400 for no number, 404 if it has none of that id."""
    if not number.isdigit():
        raise Refusal(400, f"The remote issue link id '{number}' is invalid.")
    for each in issue.remote_links:
        if each.id == number:
            return each
    raise Refusal(404, f"The remote issue link with id '{number}' does not exist.")


def with_global_id(issue: Issue, global_id: str) -> RemoteLink:
    """Find a link of the work item by its global id; Refusal 404 if it has none."""
    for each in issue.remote_links:
        if each.global_id == global_id:
            return each
    raise Refusal(404, f"The remote issue link with global id '{global_id}' does not exist.")


def put(world: World, site: Site, actor: User, issue: Issue, wish: RemoteWish) -> tuple[RemoteLink, bool]:
    """Make a link, or replace the one with the wish's global id; the second value tells whether it is new.

    Refusal 403 without the right, 400 that names a missing or misshapen part, 413 at the limit.
    """
    with world.lock:
        _must_may(site, actor, issue, "LINK_ISSUES")
        content = _content(wish)
        for each in issue.remote_links:
            if wish.global_id and each.global_id == wish.global_id:
                each.content = content
                return each, False
        if len(issue.remote_links) >= site.most_links:
            raise Refusal(413, f"The issue has reached its limit of {site.most_links} remote links.")
        made = RemoteLink(id=str(site.next_id("remote_link")), global_id=wish.global_id, content=content)
        issue.remote_links.append(made)
        record(site, actor, issue, [_step(before=None, after=made)])
        return made, True


def change(world: World, site: Site, actor: User, issue: Issue, link: RemoteLink, wish: RemoteWish) -> None:
    """Replace all that a link says; Refusal as in ``put``."""
    with world.lock:
        _must_may(site, actor, issue, "LINK_ISSUES")
        link.content = _content(wish)
        link.global_id = wish.global_id


def delete(world: World, site: Site, actor: User, issue: Issue, link: RemoteLink) -> None:
    """Delete a link; Refusal 403 without the right."""
    with world.lock:
        _must_may(site, actor, issue, "LINK_ISSUES")
        _remove(site, actor, issue, link)


def delete_as_editor(world: World, site: Site, actor: User, issue: Issue, link: RemoteLink) -> None:
    """Delete a link by its id, which takes the right to edit besides; Refusal 403 without."""
    with world.lock:
        _must_may(site, actor, issue, "LINK_ISSUES", "EDIT_ISSUES")
        _remove(site, actor, issue, link)


def _remove(site: Site, actor: User, issue: Issue, link: RemoteLink) -> None:
    issue.remote_links.remove(link)
    record(site, actor, issue, [_step(before=link, after=None)])


def _must_may(site: Site, actor: User, issue: Issue, *permissions: str) -> None:
    if not all(site.may_around(actor, each, issue) for each in permissions):
        raise Refusal(403, f"No Link Issue Permission for issue '{issue.key}'")
    must_be_open(site, issue)


def _content(wish: RemoteWish) -> dict[str, Json]:
    """Give what is kept of a wish: its object as sent, and nothing for what it does not say."""
    said = wish.object if isinstance(wish.object, dict) else {}
    faults = {name: f"'{name}' is required." for name in ("title", "url") if not said.get(name)}
    faults |= {
        name: f"'{name}' must be a text."
        for name in _TEXTS
        if said.get(name) is not None and not isinstance(said[name], str)
    }
    faults |= {name: f"'{name}' is too long." for name, text in _named(wish) if len(text) > _LENGTH}
    if not isinstance(wish.object, dict):
        faults = {"object": "'object' is required."}
    if faults:
        raise Refusal(400, errors=faults)
    parts = {"application": wish.application, "relationship": wish.relationship, "object": said}
    return {name: part for name, part in parts.items() if part}


def _named(wish: RemoteWish) -> list[tuple[str, str]]:
    named = (("globalId", wish.global_id), ("relationship", wish.relationship))
    return [(name, text) for name, text in named if isinstance(text, str)]


def _step(*, before: RemoteLink | None, after: RemoteLink | None) -> ChangelogItem:
    return ChangelogItem(
        field="RemoteIssueLink",
        field_id="",
        before=before.id if before else None,
        before_text=_told(before),
        after=after.id if after else None,
        after_text=_told(after),
    )


def _told(link: RemoteLink | None) -> str | None:
    if link is None:
        return None
    relationship = link.content.get("relationship") or "links to"
    return f'This issue {relationship} "{link.content["object"]["title"]}"'
