"""Comments: add, change, delete, restrict. A change moves the work item's ``updated``, not its history."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from jira_sandbox import fields
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.circles import KEEP, chosen
from jira_sandbox.acts.wishes import checked_properties
from jira_sandbox.connect import webhooks
from jira_sandbox.pictures import must_be_attached
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Comment, Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The body of a create or a change, as API v3 sends it; ``visibility`` None makes it public."""

    body: Json
    visibility: Json = KEEP
    properties: dict[str, Json] = field(default_factory=dict)


def seen(site: Site, viewer: User, issue: Issue) -> list[Comment]:
    """List the comments ``viewer`` may see, the oldest first."""
    return webhooks.seen_by(site, viewer, issue, issue.comments)


def find(site: Site, viewer: User, issue: Issue, number: str) -> Comment:
    """Find a comment ``viewer`` may see; otherwise Jira's 404, whatever the reason."""
    for comment in seen(site, viewer, issue):
        if comment.id == number:
            return comment
    raise Refusal(404, f"Can not find a comment for the id: {number}.")


def add(world: World, site: Site, actor: User, issue: Issue, words: Words) -> Comment:
    """Write a comment; Refusal 400 without the right as well as for a bad text, 413 at the limit."""
    with world.lock:
        return adding(world, site, actor, issue, words)()


def adding(world: World, site: Site, actor: User, issue: Issue, words: Words) -> Callable[[], Comment]:
    """Refuse as ``add`` does, or give what then writes it; for what is done together or not at all.

    Call both under the world's lock.
    """
    if not site.may_around(actor, "ADD_COMMENTS", issue):
        raise Refusal(400, "You do not have the permission to comment on this issue.")
    must_be_open(site, issue)
    if len(issue.comments) >= site.most_comments:
        raise Refusal(413, f"The issue has reached its limit of {site.most_comments} comments.")
    body, visibility = _text(words.body), chosen(site, site.space_of(issue), actor, words.visibility)
    must_be_attached(site, "comment", body)
    properties = checked_properties(words.properties)

    def write() -> Comment:
        comment = placed(site, issue, body, author=actor, now=site.now())
        comment.visibility = visibility
        comment.properties |= properties
        webhooks.announce_comment(world, site, "comment_created", issue, comment, by=actor)
        return comment

    return write


def placed(site: Site, issue: Issue, body: Json, *, author: User, now: datetime) -> Comment:
    """Put a comment under ``issue``; tells nobody."""
    comment = Comment(
        id=str(site.next_id("comment")),
        author=author.account_id,
        update_author=author.account_id,
        created=now,
        updated=now,
        body=body,
    )
    issue.comments.append(comment)
    issue.updated = now
    return comment


def change(world: World, site: Site, actor: User, issue: Issue, comment: Comment, words: Words) -> None:
    """Change text, restriction and properties; Refusal 400 without the right, as Jira has it."""
    with world.lock:
        changing(world, site, actor, issue, comment, words)()


def changing(
    world: World, site: Site, actor: User, issue: Issue, comment: Comment, words: Words
) -> Callable[[], None]:
    """Refuse as ``change`` does, or give what then changes it; as ``adding``."""
    _must_may(site, actor, issue, comment, "EDIT")
    must_be_open(site, issue)
    body = _text(words.body)
    must_be_attached(site, "comment", body, before=comment.body)
    space = site.space_of(issue)
    visibility = chosen(site, space, actor, words.visibility, before=comment.visibility)
    properties = checked_properties(words.properties)

    def write() -> None:
        comment.properties |= properties
        comment.body, comment.visibility = body, visibility
        comment.update_author = actor.account_id
        comment.updated = issue.updated = site.now()
        webhooks.announce_comment(world, site, "comment_updated", issue, comment, by=actor)

    return write


def delete(world: World, site: Site, actor: User, issue: Issue, comment: Comment) -> None:
    """Remove a comment for good; Refusal 400 without the right, as Jira has it."""
    with world.lock:
        deleting(world, site, actor, issue, comment)()


def deleting(world: World, site: Site, actor: User, issue: Issue, comment: Comment) -> Callable[[], None]:
    """Refuse as ``delete`` does, or give what then removes it; as ``adding``."""
    _must_may(site, actor, issue, comment, "DELETE")
    must_be_open(site, issue)

    def remove() -> None:
        issue.comments.remove(comment)
        issue.updated = site.now()
        webhooks.announce_comment(world, site, "comment_deleted", issue, comment, by=actor)

    return remove


def may(site: Site, actor: User, issue: Issue, comment: Comment, what: Literal["EDIT", "DELETE"]) -> bool:
    """Whether ``actor`` may edit or delete this comment, be it an own one or anybody's."""
    own = comment.author == actor.account_id and site.may_around(actor, f"{what}_OWN_COMMENTS", issue)
    return own or site.may_around(actor, f"{what}_ALL_COMMENTS", issue)


def _must_may(
    site: Site, actor: User, issue: Issue, comment: Comment, what: Literal["EDIT", "DELETE"]
) -> None:
    if not may(site, actor, issue, comment, what):
        raise Refusal(400, f"You do not have permission to {what.lower()} comment with id: {comment.id}")


def _text(raw: Json) -> Json:
    if raw is not None and not isinstance(raw, dict):
        raise fields.wrong("comment", "Comment body is not valid!")
    body = fields.checked("comment", raw)
    if body is None:
        raise fields.wrong("comment", "Comment body can not be empty!")
    return body
