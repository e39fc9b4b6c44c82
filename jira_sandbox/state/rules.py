"""What a site can be told to refuse, and how Jira then answers. Every method is one of ``Site``'s.

| method (undone by) | what Jira then answers |
|---|---|
| ``take_off_screen(space, *fields)`` (``put_on_screen``) | 400 ``errors``: not on the appropriate screen |
| ``require(space, field)`` (``stop_requiring``) | 400 ``errors`` "X is required.", sent or not |
| ``veto(space, fields=…, message=…)`` (``lift_vetoes``) | 400 ``errorMessages`` that name no field |
| ``deny(user, *permissions, space=…)`` (``allow``) | as if never granted; BROWSE_PROJECTS: 404 |
| ``hide_issue(issue, from_account=…)`` (``show_issue``) | 404 for it alone, and no deliveries |
| ``archive(issue)`` (``unarchive``) | 400 ``errorMessages`` for every write; not in searches |
| ``collide(issue)`` | 409 for its next edit or transition |
| ``delete_space(space)`` (``restore_space``) | 404 for all in it, 400 ``errors.project`` for a create |
| ``refuse_transition(space, name, words)`` (empty words) | 400 ``errorMessages``: a validator's words |
| ``remove_priority(name, instead=…)`` | 400 ``errors.priority`` "The priority selected is invalid." |
| ``forget_secret()`` (installing again) | 401 for the app, its deliveries wrongly signed |
| ``take_scopes(*scopes)`` (``give_scopes``) | 403, the scope is missing |
| ``remove_silently(issue)`` | 404, and no delivery tells of it |

A denied permission outlives an installation, which grants the usual ones: an administrator took it away.
EDIT_OWN_COMMENTS alone keeps no app from its comments as long as it holds EDIT_ALL_COMMENTS.
Limits of length need no switch: a summary 255 characters, a text 32,767, a work item ``most_comments``
and of links to others and to elsewhere ``most_links`` each.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from jira_sandbox.state.settings import Settings
from jira_sandbox.state.values import Issue, Space, User, WorkType

Screen = Literal["create", "edit"]
SCREENS: tuple[Screen, ...] = ("create", "edit")
MOST_COMMENTS = 5000
MOST_LINKS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """An app or a script of the site's that refuses a write in which one of ``fields`` is sent."""

    space_id: str
    fields: frozenset[str]
    message: str


@dataclass(slots=True, kw_only=True)
class Rules(Settings):
    """The part of a site that says no; what it has not been told to refuse is let through."""

    most_comments: int = MOST_COMMENTS
    most_links: int = MOST_LINKS
    _off_screen: set[tuple[str, str, Screen, str]] = field(default_factory=set)
    _required: dict[tuple[str, Screen], dict[str, str]] = field(default_factory=dict)
    _vetoes: list[Veto] = field(default_factory=list)
    _denied: set[tuple[str, str, str]] = field(default_factory=set)
    _invisible: set[tuple[str, str]] = field(default_factory=set)
    _archived: set[str] = field(default_factory=set)
    _collisions: Counter[str] = field(default_factory=Counter)
    _deleted_spaces: set[str] = field(default_factory=set)

    def take_off_screen(
        self,
        space: Space,
        *names: str,
        work_type: WorkType | None = None,
        screens: tuple[Screen, ...] = SCREENS,
    ) -> None:
        """Keep these fields from being set; for all work types unless one is named."""
        self._off_screen |= _places(space, names, work_type, screens)

    def put_on_screen(
        self,
        space: Space,
        *names: str,
        work_type: WorkType | None = None,
        screens: tuple[Screen, ...] = SCREENS,
    ) -> None:
        """Undo ``take_off_screen``."""
        self._off_screen -= _places(space, names, work_type, screens)

    def screen(self, space: Space, type_id: str, kind: Screen) -> set[str]:
        """Give the fields that may be set when a work item of this type is created or edited."""
        return {name for name in space.screen if (space.id, type_id, kind, name) not in self._off_screen}

    def require(
        self, space: Space, name: str, *, title: str = "", screens: tuple[Screen, ...] = SCREENS
    ) -> None:
        """Refuse a work item that would hold nothing in this field, whatever else is edited.

        ``title`` words the refusal for a field the sandbox does not know, ``customfield_10050`` say.
        """
        for kind in screens:
            self._required.setdefault((space.id, kind), {})[name] = title or name

    def stop_requiring(self, space: Space, name: str) -> None:
        """Undo ``require``."""
        for kind in SCREENS:
            self._required.get((space.id, kind), {}).pop(name, None)

    def required(self, space: Space, kind: Screen) -> dict[str, str]:
        """Give the title, by id, of each field that ``require`` made obligatory."""
        return dict(self._required.get((space.id, kind), {}))

    def veto(self, space: Space, *, fields: Iterable[str], message: str) -> None:
        """Refuse creates and edits in which one of ``fields`` is sent, with words that do not name it."""
        self._vetoes.append(Veto(space_id=space.id, fields=frozenset(fields), message=message))

    def lift_vetoes(self, space: Space) -> None:
        """Undo ``veto``."""
        self._vetoes = [each for each in self._vetoes if each.space_id != space.id]

    def vetoed(self, space: Space, sent: set[str]) -> list[str]:
        """Give the words of every veto on a write that sends these fields."""
        return [each.message for each in self._vetoes if each.space_id == space.id and each.fields & sent]

    def deny(self, user: User, *permissions: str, space: Space) -> None:
        """Keep ``user`` from what it is or will be granted in ``space``."""
        self._denied |= {(permission, space.id, user.account_id) for permission in permissions}

    def allow(self, user: User, *permissions: str, space: Space) -> None:
        """Undo ``deny``; what was never granted stays not granted."""
        self._denied -= {(permission, space.id, user.account_id) for permission in permissions}

    def denies(self, user: User, permission: str, space: Space) -> bool:
        """Whether the permission is denied, as all are in a deleted space."""
        return space.id in self._deleted_spaces or (permission, space.id, user.account_id) in self._denied

    def hide_issue(self, issue: Issue, *, from_account: User) -> None:
        """Give the work item a security level ``from_account`` is not part of."""
        self._invisible.add((issue.id, from_account.account_id))

    def show_issue(self, issue: Issue, *, to_account: User) -> None:
        """Undo ``hide_issue``."""
        self._invisible.discard((issue.id, to_account.account_id))

    def is_hidden(self, issue: Issue, viewer: User) -> bool:
        """Whether the work item's security level keeps ``viewer`` from seeing it."""
        return (issue.id, viewer.account_id) in self._invisible

    def archive(self, issue: Issue) -> None:
        """Make the work item read-only and keep it out of searches; who has its id can still read it."""
        self._archived.add(issue.id)

    def unarchive(self, issue: Issue) -> None:
        """Undo ``archive``."""
        self._archived.discard(issue.id)

    def is_archived(self, issue: Issue) -> bool:
        """Whether the work item is archived."""
        return issue.id in self._archived

    def collide(self, issue: Issue, times: int = 1) -> None:
        """Let the next ``times`` edits or transitions meet a concurrent one."""
        self._collisions[issue.id] += times

    def meets_another(self, issue: Issue) -> bool:
        """Use up one of ``collide``'s times; False when there is none left."""
        collides = self._collisions[issue.id] > 0
        self._collisions[issue.id] -= collides
        return collides

    def delete_space(self, space: Space) -> None:
        """Move the space to the trash, with everything in it."""
        self._deleted_spaces.add(space.id)

    def is_deleted(self, space: Space) -> bool:
        """Whether the space is in the trash."""
        return space.id in self._deleted_spaces

    def restore_space(self, space: Space) -> None:
        """Bring the space back from the trash."""
        self._deleted_spaces.discard(space.id)


def _places(
    space: Space, names: Iterable[str], work_type: WorkType | None, screens: tuple[Screen, ...]
) -> set[tuple[str, str, Screen, str]]:
    types = [work_type.id] if work_type else space.type_ids
    return {(space.id, type_id, kind, name) for type_id in types for kind in screens for name in names}
