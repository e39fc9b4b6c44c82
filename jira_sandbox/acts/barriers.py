"""What a site was told to refuse (``state/rules.py``), in Jira's words."""

from collections.abc import Mapping
from typing import Any

from jira_sandbox import fields
from jira_sandbox.fields import Place
from jira_sandbox.state.rules import Screen
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal


def must_be_open(site: Site, issue: Issue) -> None:
    """Refusal 400 for a work item that is archived, and so read-only."""
    if site.is_archived(issue):
        raise Refusal(400, f"Issue {issue.key} is archived. You can't edit archived issues.")


def must_be_alone(site: Site, issue: Issue) -> None:
    """Refusal 409 when somebody else's write is under way."""
    if site.meets_another(issue):
        raise Refusal(409, "The issue could not be updated due to a conflicting update.")


def must_be_welcome(place: Place, kind: Screen, *, sent: set[str], held: Mapping[str, Any]) -> None:
    """Refusal 400 for an obligatory field that would be empty in ``held``, or a veto on a field ``sent``."""
    known = fields.at(place)
    missing = {
        name: f"{known[name].name if name in known else title} is required."
        for name, title in place.site.required(place.space, kind).items()
        if not held.get(name)
    }
    vetoes = place.site.vetoed(place.space, sent)
    if missing or vetoes:
        raise Refusal(400, *vetoes, errors=missing)
