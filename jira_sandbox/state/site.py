"""A site: its spaces, people, work items, rights, and the app installed on it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jira_sandbox.state.apps import DynamicWebhook, Impersonation
from jira_sandbox.state.editions import CLOUD, Edition
from jira_sandbox.state.elements import IssueLink, LinkType
from jira_sandbox.state.furniture import CustomField, RequestType
from jira_sandbox.state.hooks import AdminHook
from jira_sandbox.state.provider import PersonalToken, Provider
from jira_sandbox.state.ratelimits import RateLimit
from jira_sandbox.state.rights import Rights
from jira_sandbox.state.values import (
    AppInstallation,
    Issue,
    Json,
    Priority,
    Space,
    Status,
    User,
    WorkType,
)
from jira_sandbox.state.workflow import Workflow

FIRST_ID = 10_000


@dataclass(slots=True)
class Site(Rights):
    """One Jira. Ids are drawn from ``first_id`` upwards: no two sites of a world share one.

    ``organizations`` are the names, by their ids, of those that customers of service desks belong to.
    What it can be told to refuse stands in ``state/rules.py``, who may do what in ``state/rights.py``.
    ``shapes`` and ``shown_once`` are what ``fields`` found out of each space and type, and of values that
    never change; ``put_field`` clears it. ``provider``, ``personal_tokens``, ``rate_limit`` (None: off)
    and ``admin_hooks`` are Data Center's; ``hooks_unordered`` lets what is sent to the latter overtake, where
    the edition sends it later; ``takes_passwords`` is None until somebody switches basic authentication
    there; ``most_found`` is ``jira.search.views.default.max``, the work items of a search's page at most.
    ``oauth_webhooks`` are what OAuth apps registered, by client id and the account id they acted as.
    """

    name: str
    base_url: str
    clock: Callable[[], datetime]
    provider: Provider
    first_id: int = FIRST_ID
    edition: Edition = CLOUD
    work_types: dict[str, WorkType] = field(default_factory=dict)
    priorities: list[Priority] = field(default_factory=list)
    resolutions: dict[str, str] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    custom_fields: dict[str, CustomField] = field(default_factory=dict)
    request_types: dict[str, RequestType] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    link_types: list[LinkType] = field(default_factory=list)
    links: list[IssueLink] = field(default_factory=list)
    installation: AppInstallation | None = None
    client_keys: dict[str, str] = field(default_factory=dict)
    app_users: dict[str, User] = field(default_factory=dict)
    cloud_id: str = ""
    is_installing: bool = False
    impersonations: dict[str, Impersonation] = field(default_factory=dict)
    oauth_webhooks: dict[tuple[str, str], list[DynamicWebhook]] = field(default_factory=dict)
    closed_accounts: set[str] = field(default_factory=set)
    updated_accounts: dict[str, datetime] = field(default_factory=dict)
    index_lag: timedelta = timedelta(0)
    secondary_lag: timedelta = timedelta(0)
    returns_traces: bool = True
    admin_hooks: list[AdminHook] = field(default_factory=list)
    hooks_unordered: bool = False
    most_found: int = 1000
    clock_shift: timedelta = timedelta(0)
    former_urls: list[str] = field(default_factory=list)
    personal_tokens: dict[int, PersonalToken] = field(default_factory=dict)
    takes_passwords: bool | None = None
    rate_limit: RateLimit | None = None
    shapes: dict[tuple[str, str], Any] = field(default_factory=dict)
    shown_once: dict[tuple[str, str], tuple[Any, str, Json]] = field(default_factory=dict)
    _children: dict[str, set[str]] = field(default_factory=dict)
    _last_ids: dict[str, int] = field(default_factory=dict)
    _ids_by_key: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> AppInstallation:
        """The installed app; LookupError while there is none."""
        if self.installation is None:
            raise LookupError(f"no app is installed on {self.name}")
        return self.installation

    def now(self) -> datetime:
        """Read the site's own clock, ``clock_shift`` ahead of the world's; it may be set back at any time.

        All that the site dates goes by it. Deliveries and tokens go by the world's.
        """
        return self.clock() + self.clock_shift

    def next_id(self, kind: str) -> int:
        """Draw a number never used before for ``kind`` on this site."""
        self._last_ids[kind] = self._last_ids.get(kind, self.first_id - 1) + 1
        return self._last_ids[kind]

    def add_space(
        self,
        *,
        key: str,
        name: str,
        lead: User,
        type_names: list[str],
        screen: set[str],
        workflow: Workflow | None = None,
    ) -> Space:
        """Add a space; nobody may see it until somebody is granted a permission.

        All its types share one workflow, by default that of the site's first space.
        """
        workflow = workflow or next(
            flow for space in self.spaces.values() for flow in space.workflows.values()
        )
        type_ids = [self.work_type(wanted).id for wanted in type_names]
        space = Space(
            id=str(self.next_id("space")),
            key=key,
            name=name,
            lead=lead.account_id,
            type_ids=type_ids,
            screen=screen,
            workflows=dict.fromkeys(type_ids, workflow),
        )
        self.spaces[space.id] = space
        return space

    def work_type(self, name: str) -> WorkType:
        """Find the work type with this id or name; LookupError if there is none."""
        for kind in self.work_types.values():
            if name in {kind.id, kind.name}:
                return kind
        raise LookupError(f"{self.name} has no work type {name}")

    def priority(self, name: str) -> Priority:
        """Find the priority with this id or name; LookupError if there is none."""
        for priority in self.priorities:
            if name in {priority.id, priority.name}:
                return priority
        raise LookupError(f"{self.name} has no priority {name}")

    def usual_priority(self) -> Priority:
        """Find the priority of new work items: the default one, without one the middle of the list."""
        if self.default_priority_id:
            return self.priority(self.default_priority_id)
        return self.priorities[len(self.priorities) // 2]

    def status(self, name: str) -> Status:
        """Find the status with this id or name; LookupError if there is none."""
        for status in self.statuses:
            if name in {status.id, status.name}:
                return status
        raise LookupError(f"{self.name} has no status {name}")

    def put_field(self, custom: CustomField) -> None:
        """Add a custom field, or put it in the place of the one that has its id."""
        self.custom_fields[custom.id] = custom
        self.shapes.clear()

    def drop_field(self, number: str) -> None:
        """Delete a custom field for good, with all that work items hold in it."""
        del self.custom_fields[number]
        self.shapes.clear()
        for issue in self.issues.values():
            issue.fields.pop(number, None)

    def children(self, issue: Issue) -> list[Issue]:
        """List the work items whose parent ``issue`` is, the oldest first; ``adopt`` told of them."""
        numbers = self._children.get(issue.id)
        if not numbers:
            return []
        found = (self.issues.get(number) for number in sorted(numbers, key=int))
        return [each for each in found if each and each.fields.get("parent") == issue.id]

    def adopt(self, child: Issue) -> None:
        """Note the parent a work item has come to; to be called whenever ``fields["parent"]`` changes."""
        if parent := child.fields.get("parent"):
            self._children.setdefault(parent, set()).add(child.id)

    def workflow_of(self, issue: Issue) -> Workflow:
        """Find the workflow ``issue`` goes through."""
        return self.space_of(issue).workflows[issue.type_id]

    def space(self, name: str) -> Space:
        """Find the space with this id or key, be it a former one; LookupError if there is none."""
        for space in self.spaces.values():
            if name in {space.id, space.key}:
                return space
        for space in self.spaces.values():
            if name in space.former_keys:
                return space
        raise LookupError(f"{self.name} has no space {name}")

    def issue(self, name: str) -> Issue:
        """Find the work item with this id or key, be it a former one; LookupError if there is none."""
        if name in self.issues:
            return self.issues[name]
        key = name.upper()
        known = self.issues.get(self._ids_by_key.get(key, ""))
        if known and (known.key == key or key in known.former_keys):
            return known
        for issue in reversed(self.issues.values()):  # who asks by a key often asks for what is new
            if issue.key == key or key in issue.former_keys:
                self._ids_by_key[key] = issue.id
                return issue
        raise LookupError(f"{self.name} has no work item {name}")

    def is_archived(self, issue: Issue) -> bool:
        """Whether the work item is archived, by itself or with its whole space."""
        return Rights.is_archived(self, issue) or self.space_of(issue).is_archived

    def space_of(self, issue: Issue) -> Space:
        """Find the space that holds ``issue``."""
        return self.spaces[issue.space_id]

    def refuse_transition(self, space: Space, name: str, words: str) -> None:
        """Let a validator refuse the transition of that name with ``words``; empty ones let it pass again.

        LookupError if no workflow of the space has it.
        """
        having = [
            kind
            for kind, flow in space.workflows.items()
            if any(step.name == name for step in flow.transitions)
        ]
        if not having:
            raise LookupError(f"{space.key} has no transition {name}")
        for kind in having:
            space.workflows[kind] = space.workflows[kind].changed(name, refusal=words)

    def remove_priority(self, name: str, *, instead: str) -> None:
        """Delete a priority; work items that held it hold ``instead`` from now on, without a trace."""
        gone, heir = self.priority(name), self.priority(instead)
        self.priorities.remove(gone)
        for issue in self.issues.values():
            if issue.fields.get("priority") == gone.id:
                issue.fields["priority"] = heir.id

    def forget_secret(self) -> None:
        """Take another secret for the app's without telling it."""
        self.app.shared_secret = hashlib.sha512(self.app.shared_secret.encode()).hexdigest()

    def take_scopes(self, *scopes: str) -> None:
        """Take scopes from the app, as if the site had not agreed to them."""
        self.app.scopes -= set(scopes)

    def give_scopes(self, *scopes: str) -> None:
        """Undo ``take_scopes``."""
        self.app.scopes |= set(scopes)

    def remove_silently(self, issue: Issue) -> None:
        """Remove a work item for good, so that nobody is told."""
        del self.issues[issue.id]
