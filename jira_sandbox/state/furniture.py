"""What a space offers to its work items: components, versions, security levels; and a site's own fields."""

from dataclasses import dataclass, field
from datetime import date
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


@dataclass(slots=True, kw_only=True)
class SecurityLevel:
    """A security level; only ``members`` (account ids) see the work items that have it."""

    id: str
    name: str
    description: str = ""
    is_default: bool = False
    members: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Option:
    """A value that can be chosen in a field; ``parent_id`` makes it the second step of a cascade."""

    id: str
    value: str
    parent_id: str | None = None
    is_disabled: bool = False


@dataclass(slots=True, kw_only=True)
class FieldContext:
    """Where a field exists and what can be chosen there; no ``space_ids`` or ``type_ids`` stand for all."""

    id: str
    name: str
    description: str = ""
    space_ids: list[str] = field(default_factory=list)
    type_ids: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    default: Json = None


@dataclass(slots=True, kw_only=True)
class CustomField:
    """A field made by an administrator, or (``space_id``) by the admin of a team-managed space.

    ``kind`` is the last part of Jira's type key: ``textfield`` of
    ``com.atlassian.jira.plugin.system.customfieldtypes:textfield``; ``plugin`` the part before.
    """

    id: str
    name: str
    kind: str
    plugin: str = "com.atlassian.jira.plugin.system.customfieldtypes"
    description: str = ""
    searcher: str = ""
    space_id: str | None = None
    contexts: list[FieldContext] = field(default_factory=list)
    is_trashed: bool = False
