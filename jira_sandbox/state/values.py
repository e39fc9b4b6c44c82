"""The things a site is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from jira_sandbox.state.apps import DynamicWebhook, License, Webhook
from jira_sandbox.state.elements import Attachment, RemoteLink, Visibility, Worklog
from jira_sandbox.state.furniture import Component, SecurityLevel, Version
from jira_sandbox.state.kinds import Api, Json
from jira_sandbox.state.workflow import Workflow

__all__ = ["Api", "Json", "Visibility", "Webhook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the account an app acts with (``account_type`` ``app``, which has no password).

    Who ``hides_email`` has set the profile so that only the person sees it. Account ids are for ever:
    ``Site.put_user`` puts a changed account in the place of the old one.
    """

    account_id: str
    name: str
    display_name: str
    email: str
    password: str | None
    account_type: Literal["atlassian", "app"] = "atlassian"
    active: bool = True
    time_zone: str = "Etc/UTC"
    locale: str = "en_US"
    hides_email: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkType:
    """A work type; ``hierarchy_level`` is 1 for epics, 0 for the rest, -1 for sub-tasks.

    ``space_id`` is that of the team-managed space it belongs to.
    """

    id: str
    name: str
    description: str
    hierarchy_level: int = 0
    space_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """A priority; lists of them run from the most urgent to the least."""

    id: str
    name: str
    color: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status with its category, as Jira names it: ``new``, ``indeterminate`` or ``done``.

    ``space_id`` is that of the team-managed space it belongs to.
    """

    id: str
    name: str
    category: Literal["new", "indeterminate", "done"]
    description: str = ""
    space_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of accounts; ``members`` are account ids and may change."""

    id: str
    name: str
    members: set[str]


@dataclass(slots=True, kw_only=True)
class Space:
    """A space; ``screen`` holds the ids of the fields that may be set in it, ``workflows`` go by work type.

    ``roles`` has the members of each project role, as account ids, ``role_groups`` the groups, by their ids,
    that belong to it as well. ``retired`` tells when and by whom it was archived or deleted. A team-managed
    space has types, statuses and fields of its own; ``components``, ``versions`` (in the order people gave
    them) and ``security_levels`` are its own in any case.
    """

    id: str
    key: str
    name: str
    lead: str
    type_ids: list[str]
    screen: set[str]
    workflows: dict[str, Workflow]
    roles: dict[str, set[str]] = field(default_factory=dict)
    role_groups: dict[str, set[str]] = field(default_factory=dict)
    type_key: Literal["software", "service_desk", "business"] = "software"
    sender_email: str = ""
    disabled_features: set[str] = field(default_factory=set)
    retired: tuple[datetime, str] | None = None
    last_number: int = 0
    description: str = ""
    url: str = ""
    category_id: str | None = None
    assignee_type: Literal["PROJECT_LEAD", "UNASSIGNED"] = "UNASSIGNED"
    is_team_managed: bool = False
    is_archived: bool = False
    components: list[Component] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    security_levels: list[SecurityLevel] = field(default_factory=list)
    properties: dict[str, Json] = field(default_factory=dict)
    former_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogItem:
    """One field's step, in Jira's own two forms: ids (``before``/``after``) and texts.

    ``stored`` tells the lagging search index which of ``Issue.fields`` changed and what it held before;
    None where there is none, and for what was loaded.
    """

    field: str
    field_id: str
    before: str | None
    before_text: str | None
    after: str | None
    after_text: str | None
    field_type: str = "jira"
    stored: tuple[str, Any] | None = None

    @property
    def as_written(self) -> tuple[str, str]:
        """The two texts as people wrote them: a due date without the midnight that history adds to it."""
        if self.field_id == "duedate":
            return self.before or "", self.after or ""
        return self.before_text or "", self.after_text or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogEntry:
    """What one edit changed; ``id`` rises over the whole site, so it orders entries of all work items."""

    id: int
    author: str
    created: datetime
    items: tuple[ChangelogItem, ...]
    history_metadata: Json = None


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment; ``body`` is a document, ``author`` and ``update_author`` are account ids."""

    id: str
    author: str
    update_author: str
    created: datetime
    updated: datetime
    body: Json
    visibility: Visibility | None = None
    properties: dict[str, Json] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether customers of a service desk see it; an internal one says so in a property."""
        said = self.properties.get("sd.public.comment")
        return not (isinstance(said, dict) and said.get("internal") is True)


@dataclass(slots=True, kw_only=True)
class Issue:
    """A work item.

    ``fields`` holds by field id: ``summary`` text, ``labels`` list of texts, ``priority``, ``resolution`` and
    ``security`` id or None, ``duedate`` text ``YYYY-MM-DD`` or None, ``description`` and ``environment`` a
    document or None, ``assignee`` and ``reporter`` account id or None, ``components``, ``versions`` and
    ``fixVersions`` lists of ids, ``parent`` an id or None, ``timetracking`` ``Estimates`` or None;
    and of custom fields what ``fields/custom.py`` says of each kind, None or nothing when empty.
    ``resolved`` is when it got its resolution, ``category_changed`` when its status came to its category.
    ``creator``, ``watchers`` and ``voters`` are account ids. ``changelog``, ``comments``, ``worklogs`` and
    ``attachments`` run from the oldest to the newest. ``former_keys`` are those it had in other spaces.
    ``viewed`` tells by account id when somebody looked at it last.
    """

    id: str
    key: str
    space_id: str
    type_id: str
    status_id: str
    creator: str
    created: datetime
    updated: datetime
    fields: dict[str, Any]
    resolved: datetime | None = None
    category_changed: datetime | None = None
    properties: dict[str, Json] = field(default_factory=dict)
    changelog: list[ChangelogEntry] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    worklogs: list[Worklog] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    remote_links: list[RemoteLink] = field(default_factory=list)
    watchers: list[str] = field(default_factory=list)
    voters: list[str] = field(default_factory=list)
    viewed: dict[str, datetime] = field(default_factory=dict)
    former_keys: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class AppInstallation:
    """A Connect app on a site. ``deliveries_off`` makes the site fall silent, as a broken Jira would.

    ``properties`` are the app's own, ``dynamic_modules`` those it registered over REST, by kind.
    ``awaited_scopes`` are asked for by a newer descriptor and wait for an administrator.
    """

    key: str
    name: str
    base_url: str
    client_key: str
    shared_secret: str
    user: User
    descriptor: Json
    scopes: frozenset[str]
    webhooks: tuple[Webhook, ...]
    installation_id: str
    enabled: bool = True
    deliveries_off: bool = False
    license: License | None = None
    oauth_client_id: str = ""
    descriptor_url: str = ""
    properties: dict[str, Json] = field(default_factory=dict)
    dynamic_webhooks: list[DynamicWebhook] = field(default_factory=list)
    dynamic_modules: dict[str, list[Json]] = field(default_factory=dict)
    awaited_scopes: frozenset[str] = frozenset()
