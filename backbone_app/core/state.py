"""What a plan is made from: what each side holds, and what the two last agreed on.

The base keeps digests only (``core.canonical``), each side's in that side's
own form and under that side's own key. So a lossy mapping cannot ping-pong,
and a stolen base says nothing about a work item.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from backbone_app.core.values import Edit, Side, Value
from backbone_app.core.wikitext import NAMELESS


@dataclass(frozen=True, slots=True)
class FieldBase:
    """The digests of one row when both sides last agreed.

    For a row of labels both are None: that the base exists says that the sets
    once agreed, its elements say on what. For any other row a None means that
    this side never agreed, which counts as no base at all.
    """

    left: str | None = None
    right: str | None = None

    def on(self, side: Side) -> str | None:
        """Give that side's digest."""
        return self.left if side is Side.LEFT else self.right


@dataclass(frozen=True, slots=True)
class ElementBase:
    """One agreed member of a set: its digest in the left and in the right form."""

    left: str | None = None
    right: str | None = None

    def on(self, side: Side) -> str | None:
        """Give that side's digest."""
        return self.left if side is Side.LEFT else self.right


def _in_order(elements: Iterable[ElementBase]) -> tuple[ElementBase, ...]:
    return tuple(sorted(elements, key=lambda element: (element.left or "", element.right or "")))


@dataclass(frozen=True, slots=True)
class BaseChange:
    """What becomes the base of one row; a digest that is None leaves that side as it is.

    For a row of labels the change also marks the set as once agreed, even
    when it adds and removes nothing. ``of_set`` keeps ``add`` and ``remove``
    in a fixed order, so that equal changes are equal values.
    """

    row: str
    left: str | None = None
    right: str | None = None
    add: tuple[ElementBase, ...] = ()
    remove: tuple[ElementBase, ...] = ()

    @classmethod
    def of_set(
        cls, row: str, *, add: Iterable[ElementBase] = (), remove: Iterable[ElementBase] = ()
    ) -> "BaseChange":
        """Make the change of a row of labels."""
        return cls(row, add=_in_order(add), remove=_in_order(remove))

    def on(self, side: Side) -> str | None:
        """Give that side's digest."""
        return self.left if side is Side.LEFT else self.right

    @property
    def agrees(self) -> bool:
        """Whether it is what both sides of a row with one value agree on."""
        return not {self.left, self.right} & {None, UNDER_WAY}

    def with_digest(self, side: Side, digest: str) -> "BaseChange":
        """Give the same change with another digest on that side."""
        return replace(self, left=digest) if side is Side.LEFT else replace(self, right=digest)


@dataclass(frozen=True, slots=True)
class Base:
    """What both sides held when they last agreed; keys are row keys."""

    fields: Mapping[str, FieldBase]
    elements: Mapping[str, frozenset[ElementBase]]

    def after(self, changes: Iterable[BaseChange]) -> "Base":
        """Commit ``changes``; what storage does with them has to mean the same."""
        fields, elements = dict(self.fields), dict(self.elements)
        for change in changes:
            was = fields.get(change.row, FieldBase())
            fields[change.row] = FieldBase(left=change.left or was.left, right=change.right or was.right)
            kept = elements.get(change.row, frozenset()) - frozenset(change.remove)
            elements[change.row] = kept | frozenset(change.add)
        return Base(fields, elements)


UNDER_WAY: Final = "under way"
"""Stands for the digest of a side whose change is still being carried across in several steps.

It equals no digest: whatever that side shows, it has changed, also if it is back at where it was.
"""

EMPTY_BASE: Final = Base(MappingProxyType({}), MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class View:
    """What one side holds, by that side's field ids; an absent field was not shown.

    ``fields`` are this side's *claims*. A claim differs from what stands in the
    work item only after a crossed edit: a person's value that our write
    overwrote before we had seen it still takes part in the merge, and
    ``current`` then says what the field really holds now.
    ``edits`` is the last person's edit of a field since the base.
    ``key`` is the digest key of the site. ``people`` are the account ids known
    to exist on this view's site; None: everybody the other side can name does,
    since both spaces are on one site; ``names`` what those are called whom its own texts mention by an id
    that says nothing on the other site. ``born`` is the creation of the work item,
    known where ``edits`` covers its whole history: what has no edit is from then.
    ``returned`` are the fields that somebody changed and that hold again what they held once.
    """

    fields: Mapping[str, Value]
    key: bytes = field(repr=False)
    edits: Mapping[str, Edit] = field(default_factory=lambda: MappingProxyType({}))
    current: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    type_id: str = ""
    people: frozenset[str] | None = None
    born: Edit | None = None
    returned: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=lambda: NAMELESS)
