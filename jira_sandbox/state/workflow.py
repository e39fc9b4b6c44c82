"""Workflows: the statuses a work item can have, the steps between them, and the rules of a step."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

INITIAL = "1"
"""The id of the transition that makes a work item; Jira never offers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Who is offered a transition and when; ``names`` go with ``kind``.

    | kind | names | it holds |
    |---|---|---|
    | ``assignee``, ``reporter`` | none | for the one the work item is assigned to, or reported by |
    | ``role``, ``group`` | ids of them, of roles names too | for whoever is of one of them |
    | ``permission`` | keys | for whoever holds all of them in the space |
    | ``subtasks`` | ids of statuses | when every sub-task is in one of them |
    | ``value`` | a field's id and a text | when the field holds it, by id or by name |
    | ``hidden`` | none | for apps alone: Jira's "Hide transition from user" |
    """

    kind: Literal["assignee", "reporter", "role", "group", "permission", "subtasks", "value", "hidden"]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What a taken transition is checked for; ``words`` replace Jira's own when they are not empty.

    ``required``: the fields ``names`` hold something; ``changed``: each of them changes in this step;
    ``permission``: whoever takes it holds these keys.
    """

    kind: Literal["required", "changed", "permission"]
    names: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFunction:
    """What Jira itself does in a step, in the same entry of the history.

    ``set`` puts ``value`` (JSON as an edit takes it) into ``field``; ``clear`` empties it;
    ``assign_reporter`` assigns the work item to who reported it; ``comment`` writes the text ``value``.
    """

    kind: Literal["set", "clear", "assign_reporter", "comment"]
    field: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFunction:
    """A post function of an app: its module, and what the app's page for it stored as ``configuration``."""

    id: str
    app_key: str
    module_key: str
    configuration: str = ""
    is_disabled: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step to the status ``to``, offered in the statuses ``sources`` (None: in all, a global transition).

    One that leads to an empty ``to`` is looped: the status stays. ``screen`` are the fields that may be set
    on the way, ``required`` those that must hold something then. All ``conditions`` must hold for it to be
    offered. ``refusal``, when not empty, is what a validator says to whoever takes it.
    ``then`` is called with the work item, under the world's lock, once the step is told; it may act itself,
    as a site's automation does.
    """

    id: str
    name: str
    to: str
    sources: frozenset[str] | None
    screen: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    validators: tuple[Validator, ...] = ()
    functions: tuple[PostFunction, ...] = ()
    app_functions: tuple[AppFunction, ...] = ()
    refusal: str = ""
    then: Callable[[Any], None] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of its screen; none when it has no screen."""
        return tuple(dict.fromkeys((*self.screen, *self.required)))

    @property
    def is_looped(self) -> bool:
        """Whether it leaves the status as it is."""
        return not self.to

    def target(self, status_id: str) -> str:
        """Give the id of the status in which it ends for a work item that is in ``status_id``."""
        return self.to or status_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The statuses by id, a new work item's first, and the transitions between them.

    ``space_id`` is that of the team-managed space it belongs to; a site's other workflows may be shared.
    """

    name: str
    status_ids: tuple[str, ...]
    transitions: tuple[Transition, ...]
    description: str = ""
    space_id: str | None = None
    version: int = 1

    @property
    def initial(self) -> Transition:
        """The transition by which a new work item comes into its first status."""
        return Transition(id=INITIAL, name="Create", to=self.status_ids[0], sources=frozenset())

    def offered(self, status_id: str) -> list[Transition]:
        """List the transitions that lead on from a status, a global one also from where it leads to."""
        return [each for each in self.transitions if each.sources is None or status_id in each.sources]

    def changed(self, name: str, **changes: Any) -> "Workflow":
        """Copy the workflow with the transition of that name changed; LookupError if there is none."""
        if all(each.name != name for each in self.transitions):
            raise LookupError(f"{self.name} has no transition {name}")
        made = tuple(replace(each, **changes) if each.name == name else each for each in self.transitions)
        return replace(self, transitions=made)
