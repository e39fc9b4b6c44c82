"""Workflows: the statuses a work item can have, and the steps from one to the next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step to the status ``to``, offered in the statuses ``sources`` (None: in all, a global transition).

    ``screen`` are the fields that may be set on the way, ``required`` those that must hold something then.
    ``refusal``, when not empty, is what a validator says to whoever takes it.
    ``then`` is a post function, called with the work item, under the world's lock, once the step
    is told; it may act itself, as a site's automation does.
    """

    id: str
    name: str
    to: str
    sources: frozenset[str] | None
    screen: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    refusal: str = ""
    then: Callable[[Any], None] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of its screen; none when it has no screen."""
        return tuple(dict.fromkeys((*self.screen, *self.required)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The statuses by id, a new work item's first, and the transitions between them."""

    name: str
    status_ids: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def offered(self, status_id: str) -> list[Transition]:
        """List the transitions that lead on from a status, a global one also from where it leads to."""
        return [each for each in self.transitions if each.sources is None or status_id in each.sources]

    def changed(self, name: str, **changes: Any) -> "Workflow":
        """Copy the workflow with the transition of that name changed; LookupError if there is none."""
        if all(each.name != name for each in self.transitions):
            raise LookupError(f"{self.name} has no transition {name}")
        made = tuple(replace(each, **changes) if each.name == name else each for each in self.transitions)
        return replace(self, transitions=made)
