"""Who may do what on a site and who sees what. Every method is one of ``Site``'s.

A permission is granted in a space, or globally, to a holder: a person, or whoever is in a role or a group,
leads the space, reported the work item or is assigned it. ``grant`` and ``revoke`` are for persons,
``grant_to`` and ``revoke_from`` for any holder. The grants of a space make up its permission scheme.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from jira_sandbox.state.rules import Rules
from jira_sandbox.state.values import Group, Issue, Json, Space, User, Visibility

HolderKind = Literal[
    "user", "group", "projectRole", "projectLead", "reporter", "assignee", "applicationRole", "anyone"
]
"""The kinds of holder, in the words of Jira's permission schemes."""
FIRST_GRANT = 10_000


class Holder(NamedTuple):
    """Who holds a permission; ``value`` is an account id, a group's id or the name of a role.

    ``applicationRole`` without a value is everybody with an account, ``anyone`` even strangers.
    """

    kind: HolderKind
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One line of a permission scheme."""

    id: int
    permission: str
    holder: Holder


@dataclass(slots=True, kw_only=True)
class Rights(Rules):
    """The part of a site that knows its people, and what they may do and see.

    ``user_properties`` and ``preferences`` go by account id.
    """

    spaces: dict[str, Space] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    user_properties: dict[str, dict[str, Json]] = field(default_factory=dict)
    preferences: dict[str, dict[str, str]] = field(default_factory=dict)
    _grants: dict[tuple[str, str], dict[Holder, int]] = field(default_factory=dict)
    _last_grant: int = FIRST_GRANT - 1
    _hidden: set[tuple[str, str]] = field(default_factory=set)

    def grant(self, user: User, *permissions: str, space: Space | None = None) -> None:
        """Give ``user`` permissions in ``space``, or global ones when no space is named."""
        self.grant_to(Holder("user", user.account_id), *permissions, space=space)

    def revoke(self, user: User, *permissions: str, space: Space | None = None) -> None:
        """Take back what ``grant`` gave; what was never given stays not given."""
        self.revoke_from(Holder("user", user.account_id), *permissions, space=space)

    def grant_to(self, holder: Holder, *permissions: str, space: Space | None = None) -> None:
        """Give permissions to whoever is what ``holder`` says, now and later."""
        for permission in permissions:
            holders = self._grants.setdefault((permission, space.id if space else ""), {})
            if holder not in holders:
                self._last_grant += 1
                holders[holder] = self._last_grant

    def revoke_from(self, holder: Holder, *permissions: str, space: Space | None = None) -> None:
        """Take back what ``grant_to`` gave; what was never given stays not given."""
        for permission in permissions:
            self._grants.get((permission, space.id if space else ""), {}).pop(holder, None)

    def grants_in(self, space: Space) -> list[Grant]:
        """List the lines of the space's permission scheme in the order they were made."""
        found = [
            Grant(id=number, permission=permission, holder=holder)
            for (permission, place), holders in self._grants.items()
            if place == space.id
            for holder, number in holders.items()
        ]
        return sorted(found, key=lambda each: each.id)

    def grants_globally(self, permission: str) -> list[Holder]:
        """List to whom a global permission was granted."""
        return list(self._grants.get((permission, ""), {}))

    def may(
        self, user: User, permission: str, *, space: Space | None = None, issue: Issue | None = None
    ) -> bool:
        """Whether ``user`` holds ``permission`` in ``space`` (globally when no space is named).

        Reporters and assignees hold what they are granted around their own work items: ``issue`` says which
        is meant. Without it one such work item in the space will do, as it does when Jira is asked.
        """
        if space and self.denies(user, permission, space):
            return False
        holders = self._grants.get((permission, space.id if space else ""))
        if not holders:
            return False
        if ("user", user.account_id) in holders:
            return True
        others = (each for each in holders if each.kind != "user")
        return any(self._is_held(each, user, space, issue) for each in others)

    def may_around(self, user: User, permission: str, issue: Issue) -> bool:
        """Whether ``user`` holds a permission of the work item's space with regard to that work item."""
        return self.may(user, permission, space=self.spaces[issue.space_id], issue=issue)

    def sees(self, user: User, issue: Issue) -> bool:
        """Whether ``user`` may browse the space and no security level hides the work item."""
        return self.may_around(user, "BROWSE_PROJECTS", issue) and not self.is_hidden(issue, user)

    def is_hidden(self, issue: Issue, viewer: User) -> bool:
        """Whether the work item's security level keeps ``viewer`` from seeing it."""
        number = issue.fields.get("security")
        if number is not None:
            levels = self.spaces[issue.space_id].security_levels
            members = next((level.members for level in levels if level.id == number), None)
            if members is not None and viewer.account_id not in members:
                return True
        return Rules.is_hidden(self, issue, viewer)  # a slotted dataclass has no super() without arguments

    def spaces_seen_by(self, user: User) -> Iterator[Space]:
        """List the spaces ``user`` may browse, in the order of their keys."""
        for space in sorted(self.spaces.values(), key=lambda each: each.key):
            if self.may(user, "BROWSE_PROJECTS", space=space):
                yield space

    def issues_seen_by(self, user: User) -> Iterator[Issue]:
        """List the work items ``user`` sees."""
        return self.seen_of(self.issues.values(), user)

    def seen_of(self, issues: Iterable[Issue], user: User) -> Iterator[Issue]:
        """List those of ``issues`` that ``user`` sees; quick for many, since a space is asked about once."""
        whole = {space.id: self._browses_all(user, space) for space in self.spaces.values()}
        for issue in issues:
            browses = whole[issue.space_id] or self.may_around(user, "BROWSE_PROJECTS", issue)
            if browses and not self.is_hidden(issue, user):
                yield issue

    def user(self, name: str) -> User:
        """Find the user by short name, e-mail address or account id; LookupError if nobody has it."""
        for user in self.users.values():
            if name in {user.name, user.email, user.account_id}:
                return user
        raise LookupError(f"nobody is called {name} here")

    def named_user(self, *, name: Json = None, key: Json = None) -> User | None:
        """Find who is meant on Data Center, by user name in whatever case or by key; the name goes first."""
        if name:
            wanted = str(name).lower()
            return next((each for each in self.users.values() if each.name.lower() == wanted), None)
        return self.users.get(str(key or ""))

    def put_user(self, user: User) -> None:
        """Add an account, or put it in the place of the one with its id; what it does and is stays."""
        self.users[user.account_id] = user

    def group(self, name: str) -> Group:
        """Find the group with this id or name; LookupError if there is none."""
        for group in self.groups.values():
            if name in {group.id, group.name}:
                return group
        raise LookupError(f"there is no group {name}")

    def groups_of(self, user: User) -> list[Group]:
        """List the groups somebody is in, by name."""
        found = [group for group in self.groups.values() if user.account_id in group.members]
        return sorted(found, key=lambda each: each.name)

    def belongs(self, user: User, visibility: Visibility, *, space: Space) -> bool:
        """Whether ``user`` is of the role (in ``space``) or of the group; a deleted group has nobody."""
        if visibility.kind == "role":
            return self.has_role(user, visibility.identifier, space=space)
        return self._in_group(user, visibility.identifier)

    def has_role(self, user: User, name: str, *, space: Space) -> bool:
        """Whether ``user`` is in the role of that name in ``space``, in person or by a group."""
        if user.account_id in space.roles.get(name, set()):
            return True
        return any(self._in_group(user, each) for each in space.role_groups.get(name, set()))

    def admit(self, user: User) -> None:
        """Take ``user`` into every role, group and level, so that nothing restricted is kept from it."""
        for members in self._circles():
            members.add(user.account_id)

    def expel(self, user: User) -> None:
        """Take ``user`` out of every role, group and security level."""
        for members in self._circles():
            members.discard(user.account_id)

    def hide_field(self, field_id: str, *, from_account: User) -> None:
        """From now on ``from_account`` is shown nothing of this field: not empty, but absent."""
        self._hidden.add((field_id, from_account.account_id))

    def show_field(self, field_id: str, *, to_account: User) -> None:
        """Undo ``hide_field``."""
        self._hidden.discard((field_id, to_account.account_id))

    def hidden_from(self, viewer: User) -> set[str]:
        """Give the ids of the fields ``viewer`` is kept from seeing."""
        if not self._hidden:
            return set()
        return {name for name, account in self._hidden if account == viewer.account_id}

    def hides(self, field_id: str, viewer: User) -> bool:
        """Whether ``viewer`` is kept from seeing this field."""
        return (field_id, viewer.account_id) in self._hidden

    def _is_held(self, holder: Holder, user: User, space: Space | None, issue: Issue | None) -> bool:
        if holder.kind in {"reporter", "assignee"}:
            return self._has_part(holder.kind, user, space, issue)
        match holder.kind:
            case "applicationRole":
                return user.account_id in self.users
            case "group":
                return self._in_group(user, holder.value)
            case "projectRole":
                return space is not None and self.has_role(user, holder.value, space=space)
            case "projectLead":
                return space is not None and space.lead == user.account_id
        return holder.kind == "anyone"

    def _has_part(self, part: str, user: User, space: Space | None, issue: Issue | None) -> bool:
        if issue is not None:
            return bool(issue.fields.get(part) == user.account_id)
        return space is not None and any(
            each.space_id == space.id and each.fields.get(part) == user.account_id
            for each in self.issues.values()
        )

    def _browses_all(self, user: User, space: Space) -> bool:
        if self.denies(user, "BROWSE_PROJECTS", space):
            return False
        holders = self._grants.get(("BROWSE_PROJECTS", space.id), {})
        personal = ("reporter", "assignee")
        return ("user", user.account_id) in holders or any(
            each.kind not in personal and self._is_held(each, user, space, None) for each in holders
        )

    def _in_group(self, user: User, number: str) -> bool:
        group = self.groups.get(number)
        return group is not None and user.account_id in group.members

    def _circles(self) -> Iterator[set[str]]:
        for space in self.spaces.values():
            yield from space.roles.values()
            yield from (level.members for level in space.security_levels)
        yield from (group.members for group in self.groups.values())
