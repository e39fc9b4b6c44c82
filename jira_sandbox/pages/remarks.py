"""Comments as the page of a work item tells them, and to whom one may be shown."""

from dataclasses import dataclass
from typing import Any

from jira_sandbox import richtext
from jira_sandbox.acts import comments
from jira_sandbox.pages.visit import Visit
from jira_sandbox.state.values import Comment, Issue, Json, Space, Visibility

INTERNAL = "sd.public.comment"


@dataclass(frozen=True, slots=True)
class Choice:
    """To whom a comment may be shown; ``id`` is what the form sends."""

    id: str
    name: str


EVERYBODY = Choice("", "Everybody")
INTERNALLY = Choice("internal", "Internal note")


def shown(visit: Visit, issue: Issue) -> list[dict[str, Any]]:
    """Give the comments as the page tells them, the oldest first."""
    return [
        {
            "id": each.id,
            "author": visit.site.users[each.author],
            "created": each.created,
            "edited": each.updated != each.created,
            "html": richtext.to_html(each.body),
            "text": richtext.text_of(each.body),
            "audience": _audience_of(each),
            "may_edit": comments.may(visit.site, visit.person, issue, each, "EDIT"),
            "may_delete": comments.may(visit.site, visit.person, issue, each, "DELETE"),
        }
        for each in comments.seen(visit.site, visit.person, issue)
    ]


def choices(visit: Visit, space: Space) -> list[Choice]:
    """List to whom the person may restrict a comment: to what the person belongs to."""
    known = [
        *(Visibility(kind="role", name=name, identifier=name) for name in space.roles),
        *(
            Visibility(kind="group", name=each.name, identifier=each.id)
            for each in visit.site.groups.values()
        ),
    ]
    mine = [each for each in known if visit.site.belongs(visit.person, each, space=space)]
    return [EVERYBODY, INTERNALLY, *map(_choice, mine)]


def audience(chosen: str, comment: Comment | None = None) -> dict[str, Json]:
    """Give a form's choice for a new or a present comment as the API would take it."""
    kind, _, identifier = chosen.partition(":")
    internal, was_public = chosen == INTERNALLY.id, comment is None or comment.is_public
    return {
        "visibility": {"type": kind, "identifier": identifier} if kind in {"role", "group"} else None,
        "properties": {INTERNAL: {"internal": internal}} if internal is was_public else {},
    }


def _choice(visibility: Visibility) -> Choice:
    return Choice(
        f"{visibility.kind}:{visibility.identifier}", f"{visibility.kind.capitalize()}: {visibility.name}"
    )


def _audience_of(comment: Comment) -> Choice:
    if comment.visibility:
        return _choice(comment.visibility)
    return EVERYBODY if comment.is_public else INTERNALLY
