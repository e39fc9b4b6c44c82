"""Codecs between Jira's JSON and our values, one per field.

A codec reads the field's JSON, writes the JSON that sets it, and reads the text by
which a changelog item names a value. What a site shows in a form we do not know
counts as not shown: absent, never empty.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, NoReturn, TypeVar

from backbone_app.core import richtext
from backbone_app.core.values import EMPTY, Day, Empty, FieldStep, Labels, Option, Rich, Text, Value, Wiki
from backbone_app.jira.dialects import CLOUD, Dialect

Form = TypeVar("Form", Text, Option, Labels, Day, Rich)

LONGEST_OPTION: Final = 255
"""What a column takes; Jira's own names of statuses and priorities have at most 60 characters."""
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RICH: Final = frozenset({"description"})
"""Fields of rich text: ADF through REST v3, wiki text through v2, in deliveries and in the changelog."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How one field reads and writes.

    ``read`` gets non-null JSON, ``from_history`` a changelog item's text, never empty, from
    the two members in ``ends``; either may answer None (unknown form).
    """

    null: Value
    read: Callable[[object], Value | None]
    write: Callable[[Value], object]
    from_history: Callable[[str], Value | None]
    ends: tuple[str, str] = ("fromString", "toString")


def read(fields: Mapping[str, object], dialect: Dialect = CLOUD) -> dict[str, Value]:
    """Read the fields a site showed; a key it did not show is absent, null is EMPTY (no labels: no names).

    Wiki text counts as shown only where it was asked for: whoever asks for documents wants those.
    """
    found: dict[str, Value] = {}
    for field, codec in (IN_WIKI if dialect.is_wiki else CODECS).items():
        if field not in fields:
            continue
        raw = fields[field]
        value = codec.null if raw is None else codec.read(raw)
        if value is not None:
            found[field] = value
    return found


def write(field: str, value: Value) -> object:
    """Return the JSON that sets ``field`` to ``value`` (null clears); wiki text is for REST v2 only.

    An unknown field is a bug, and so is a status: it is reached by transitions.
    """
    return None if isinstance(value, Empty) else CODECS[field].write(value)


def steps(items: Iterable[object]) -> tuple[FieldStep, ...]:
    """Read changelog items; those of fields we do not know are left out.

    ``fieldId`` is missing in a third of real items; ``field`` is then the only name, cased
    as the site likes. Texts are used, not ids: ids of options differ from site to site. Only
    a day's text is in the site's own spelling, and its id is the day.
    """
    return tuple(step for one in items if isinstance(one, Mapping) and (step := _step(one)) is not None)


def is_nameless(item: object) -> bool:
    """Whether a changelog item may be of any field: without an id there is a name in the site's language."""
    if not isinstance(item, Mapping) or item.get("fieldId"):
        return False
    name = item.get("field")
    return not isinstance(name, str) or name.lower() not in CODECS


def _step(item: Mapping[str, object]) -> FieldStep | None:
    name = item.get("fieldId") or item.get("field")
    field = name.lower() if isinstance(name, str) else ""
    codec = CODECS.get(field)
    if codec is None:
        return None
    before, after = (_history_value(codec, item.get(end)) for end in codec.ends)
    return None if before is None or after is None else FieldStep(field=field, before=before, after=after)


def _history_value(codec: Codec, text: object) -> Value | None:
    return codec.from_history(text) if isinstance(text, str) and text else codec.null


def _of(value: Value, form: type[Form]) -> Form:
    """Insist on the field's own form: anything else is a bug of the planner."""
    if not isinstance(value, form):
        raise TypeError(f"{type(value).__name__} is no {form.__name__}")
    return value


def _read_text(raw: object) -> Value | None:
    if not isinstance(raw, str):
        return None
    return Text(raw) if raw else EMPTY


def _write_text(value: Value) -> object:
    return _of(value, Text).text


def _read_option(raw: object) -> Value | None:
    name = raw.get("name") if isinstance(raw, Mapping) else None
    return Option(name) if isinstance(name, str) and 0 < len(name) <= LONGEST_OPTION else None


def _write_option(value: Value) -> object:
    return {"name": _of(value, Option).name}


def _read_labels(raw: object) -> Value | None:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        return None
    return Labels(frozenset(raw))


def _write_labels(value: Value) -> object:
    return sorted(_of(value, Labels).names)


def _labels_from_history(text: str) -> Value:
    return Labels(frozenset(text.split()))


def _read_day(raw: object) -> Value | None:
    return Day(raw) if isinstance(raw, str) and DAY.fullmatch(raw) else None


def _write_day(value: Value) -> object:
    return _of(value, Day).day


def _read_rich(raw: object) -> Value | None:
    """Read ADF; a text is the wiki form, which only tells for certain that there is nothing."""
    if isinstance(raw, Mapping):
        return richtext.canonical(raw)
    return EMPTY if raw == "" else None


def _read_wiki(raw: object) -> Value | None:
    """Read the text as it is: it is compared with what the same site tells, and with nothing else."""
    if not isinstance(raw, str):
        return None
    return Wiki(raw) if raw else EMPTY


def _write_rich(value: Value) -> object:
    return value.text if isinstance(value, Wiki) else richtext.document(_of(value, Rich))


def _write_status(_value: Value) -> NoReturn:
    raise TypeError("a status is reached by transitions")


CODECS: Final[Mapping[str, Codec]] = MappingProxyType(
    {
        "summary": Codec(EMPTY, _read_text, _write_text, Text),
        "priority": Codec(EMPTY, _read_option, _write_option, Option),
        "labels": Codec(Labels(frozenset()), _read_labels, _write_labels, _labels_from_history),
        "duedate": Codec(EMPTY, _read_day, _write_day, _read_day, ends=("from", "to")),
        "status": Codec(EMPTY, _read_option, _write_status, Option),
        "description": Codec(EMPTY, _read_rich, _write_rich, Wiki),
    }
)
"""By field id; what is not here is neither read nor written."""
IN_WIKI: Final[Mapping[str, Codec]] = MappingProxyType(
    {**CODECS, **{name: replace(CODECS[name], read=_read_wiki) for name in RICH}}
)
"""The same for a site that is asked for wiki text."""
