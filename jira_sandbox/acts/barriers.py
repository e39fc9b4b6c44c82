"""What a site was told to refuse (``state/rules.py``), in Jira's words."""

from collections.abc import Mapping
from typing import Any

from jira_sandbox import fields
from jira_sandbox.state.rules import Screen
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space
from jira_sandbox.wire import Refusal


def must_be_open(site: Site, issue: Issue) -> None:
    """Refusal 400 for a work item that is archived, and so read-only."""
    if site.is_archived(issue):
        raise Refusal(400, f"Issue {issue.key} is archived. You can't edit archived issues.")


def must_be_alone(site: Site, issue: Issue) -> None:
    """Refusal 409 when somebody else's write is under way."""
    if site.meets_another(issue):
        raise Refusal(409, "The issue could not be updated due to a conflicting update.")


def must_be_welcome(
    site: Site, space: Space, kind: Screen, *, sent: set[str], held: Mapping[str, Any]
) -> None:
    """Refusal 400 for an obligatory field that would be empty in ``held``, or a veto on a field ``sent``."""
    missing = {
        name: f"{fields.EDITABLE[name].name if name in fields.EDITABLE else title} is required."
        for name, title in site.required(space, kind).items()
        if not held.get(name)
    }
    vetoes = site.vetoed(space, sent)
    if missing or vetoes:
        raise Refusal(400, *vetoes, errors=missing)
