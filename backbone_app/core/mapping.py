"""From one side's form of a value to the other side's.

The kernel passes values through: options by name, labels and text as they are.
Everything that compares or moves a value between sides asks here, so that a
table or a template later changes this module and no other.
"""

from backbone_app.core.values import Empty, FieldKind, Labels, Option, Text, Value

_FORMS: dict[FieldKind, type[Text | Option | Labels]] = {
    FieldKind.TEXT: Text,
    FieldKind.OPTION: Option,
    FieldKind.LABELS: Labels,
}


def across(value: Value) -> Value:
    """Give what ``value`` is on the other side."""
    return value


def name_across(name: str) -> str:
    """Give what one label is called on the other side; two names may become one."""
    return name


def fits(kind: FieldKind, value: Value) -> bool:
    """Whether a row of that kind can hold ``value``."""
    return isinstance(value, Empty | _FORMS[kind])
