"""From one side's form of a value to the other side's.

Everything that compares or moves a value between sides asks here, so that a
table or a template later changes this module and no other.
"""

from collections.abc import Mapping
from typing import Final

from backbone_app.core import texts
from backbone_app.core.configuration import Configuration, FieldRow
from backbone_app.core.values import Day, Empty, FieldKind, Labels, Option, Rich, Side, Text, Value, Wiki
from backbone_app.core.wikitext import NAMELESS

_FORMS: Final[dict[FieldKind, tuple[type[Value], ...]]] = {
    FieldKind.TEXT: (Text, Empty),
    FieldKind.OPTION: (Option, Empty),
    FieldKind.LABELS: (Labels, Empty),
    FieldKind.DATE: (Day, Empty),
    FieldKind.RICH: (Rich, Wiki, Empty),
    FieldKind.STATUS: (Option,),  # a work item is never without one
}


def across(
    row: FieldRow,
    value: Value,
    configuration: Configuration,
    *,
    to: Side,
    people: frozenset[str] | None = None,
    names: Mapping[str, str] = NAMELESS,
) -> Value | None:
    """Give what the other side's ``value`` is on side ``to``; None: it has no counterpart there.

    ``people`` are the account ids known to exist there (None: everybody), ``names`` what those of the other
    side are called, where a text does not say so.
    """
    if row.kind is FieldKind.STATUS and isinstance(value, Option):
        name = configuration.status_across(value.name, to=to)
        return None if name is None else Option(name)
    return texts.across(value, people, names) if isinstance(value, Rich | Wiki) else value


def name_across(name: str) -> str:
    """Give what one label is called on the other side; two names may become one."""
    return name


def fits(kind: FieldKind, value: Value) -> bool:
    """Whether a row of that kind can hold ``value``."""
    return isinstance(value, _FORMS[kind])
