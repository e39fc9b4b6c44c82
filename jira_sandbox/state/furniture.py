"""What a space offers to its work items: components, versions, security levels; and a site's own fields."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from jira_sandbox.state.kinds import Json


@dataclass(slots=True, kw_only=True)
class Role:
    """A project role; the defaults (account ids, group ids) are in it in every space made later.

    Who is in it in a space stands in ``Space.roles`` and ``Space.role_groups``, by its name.
    """

    id: str
    name: str
    description: str = ""
    default_users: list[str] = field(default_factory=list)
    default_groups: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class SpaceCategory:
    """A category that administrators put spaces into."""

    id: str
    name: str
    description: str = ""


@dataclass(slots=True, kw_only=True)
class Component:
    """A component; ``lead`` is an account id, ``assignee_type`` says to whom its new work items go."""

    id: str
    name: str
    description: str = ""
    lead: str | None = None
    assignee_type: Literal["PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED"] = (
        "PROJECT_DEFAULT"
    )


@dataclass(slots=True, kw_only=True)
class Version:
    """A version of a space."""

    id: str
    name: str
    description: str = ""
    start_date: date | None = None
    release_date: date | None = None
    is_released: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprint:
    """A sprint of a board, of which the sandbox only knows that webhooks tell of it."""

    id: int
    name: str
    board_id: int
    state: Literal["future", "active", "closed"] = "future"
    goal: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestType:
    """What customers of a service desk can ask for: a work type of the space under a name of their own."""

    id: str
    name: str
    space_id: str
    type_id: str


@dataclass(slots=True, kw_only=True)
class SecurityLevel:
    """A security level; only ``members`` (account ids) see the work items that have it."""

    id: str
    name: str
    description: str = ""
    is_default: bool = False
    members: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value that can be chosen in a field; ``parent_id`` makes it the second step of a cascade."""

    id: str
    value: str
    parent_id: str | None = None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """Where a field exists and what can be chosen there; no ``space_ids`` or ``type_ids`` stand for all.

    ``default`` is a value as it is stored, None without one.
    """

    id: str
    name: str
    description: str = ""
    space_ids: tuple[str, ...] = ()
    type_ids: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    default: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A field made by an administrator, or (``space_id``) by the admin of a team-managed space.

    ``kind`` is the last part of Jira's type key: ``textfield`` of
    ``com.atlassian.jira.plugin.system.customfieldtypes:textfield``; ``plugin`` the part before. That of a
    Connect app is named by its keys, and ``app_kind`` says as which of Jira's own it behaves. It never
    changes: ``Site.put_field`` puts another in its place.
    """

    id: str
    name: str
    kind: str
    plugin: str = "com.atlassian.jira.plugin.system.customfieldtypes"
    description: str = ""
    searcher: str = ""
    space_id: str | None = None
    contexts: tuple[FieldContext, ...] = ()
    trashed: datetime | None = None
    app_kind: str = ""

    @property
    def manner(self) -> str:
        """The kind as which it behaves."""
        return self.app_kind or self.kind

    @property
    def key(self) -> str:
        """What it is known by besides its id: a Connect app's field by the keys of app and module."""
        return self.kind if self.app_kind else self.id

    @property
    def type_key(self) -> str:
        """The kind as Jira names it in a schema's ``custom``."""
        return f"{self.plugin}:{self.kind}"

    def context_for(self, space_id: str, type_id: str) -> FieldContext | None:
        """Find the context that holds in a space for a work type, one of that space before one of all."""
        if self.trashed or self.space_id not in {None, space_id}:
            return None
        fitting = [
            each
            for each in self.contexts
            if (not each.space_ids or space_id in each.space_ids)
            and (not each.type_ids or type_id in each.type_ids)
        ]
        return min(fitting, key=lambda each: not each.space_ids, default=None)
