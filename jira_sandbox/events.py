"""What the webhooks of both products are told of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jira_sandbox.outbox import Flow
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.values import Comment, Issue, Json, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; ``names`` fill the places of a webhook's address, as ``comment.id``.

    ``issue`` is the work item it is about: who may not see it is not told, and filters look at it; nor who
    may not see the ``part`` of it. ``changed`` are the ids of the fields that changed and the keys of the
    properties that were set. ``kind`` is Jira's finer name where it has one, ``actor`` who brought it about:
    only Data Center's deliveries need them, so an event that it does not know has none.
    """

    name: str
    issue: Issue | None = None
    part: Comment | Worklog | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    flow: Flow = "Primary"
    kind: str = ""
    actor: User | None = None


Content = Callable[[User, tuple[str, ...]], dict[str, Json]]
"""Tells what happened as that account sees it, with the properties of these keys where there are such."""
