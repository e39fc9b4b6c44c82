"""What the administrators of a site have settled for all its spaces."""

from dataclasses import dataclass, field
from datetime import datetime

from jira_sandbox.state.durations import STANDARD, TimeTracking
from jira_sandbox.state.furniture import Role, SpaceCategory, Sprint
from jira_sandbox.state.kinds import Json

MOST_RECENT = 20
UPLOAD_LIMIT = 1_000_000_000
MOST_ATTACHMENTS, MOST_WORKLOGS = 2000, 10_000
"""What a work item of Jira Cloud takes; a site can be set to less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A long task that is over: Jira answers it with 303 and the address at which it can be asked for.

    ``by`` is an account id, ``result`` whatever JSON the task came to.
    """

    id: str
    description: str
    submitted: datetime
    by: str
    result: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkMove:
    """A move of several work items that is over; ``moved`` has their ids, ``failed`` ids and the reasons."""

    id: str
    submitted: datetime
    by: str
    moved: tuple[str, ...]
    failed: dict[str, str]
    unknown: int


@dataclass(slots=True, kw_only=True)
class Settings:
    """The part of a site that belongs to no space; ``recent_spaces`` has ids by account, the latest first.

    ``upload_limit`` is the size in bytes of the largest file. ``deleted_worklogs`` has ids and when.
    """

    roles: list[Role] = field(default_factory=list)
    space_categories: dict[str, SpaceCategory] = field(default_factory=dict)
    resolution_texts: dict[str, str] = field(default_factory=dict)
    default_priority_id: str | None = None
    default_resolution_id: str | None = None
    type_properties: dict[str, dict[str, Json]] = field(default_factory=dict)
    recent_spaces: dict[str, list[str]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    moves: dict[str, BulkMove] = field(default_factory=dict)
    time_tracking: TimeTracking = STANDARD
    sprints: dict[int, Sprint] = field(default_factory=dict)
    attachments_on: bool = True
    upload_limit: int = UPLOAD_LIMIT
    most_attachments: int = MOST_ATTACHMENTS
    most_worklogs: int = MOST_WORKLOGS
    deleted_worklogs: list[tuple[str, datetime]] = field(default_factory=list)

    def role(self, name: str) -> Role:
        """Find the project role with this id or name; LookupError if there is none."""
        for role in self.roles:
            if name in {role.id, role.name}:
                return role
        raise LookupError(f"there is no role {name}")

    def note_visit(self, account_id: str, space_id: str) -> None:
        """Remember that somebody looked at a space."""
        before = [each for each in self.recent_spaces.get(account_id, []) if each != space_id]
        self.recent_spaces[account_id] = [space_id, *before][:MOST_RECENT]
