"""What a value of one side is on the other (product.md §3: by name, statuses by table, people by account)."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from backbone_app.core.configuration import Configuration, FieldRow
from backbone_app.core.values import Day, Empty, FieldKind, Labels, Option, Rich, Side, Text, Value, Wiki

HELD: Mapping[FieldKind, tuple[type, ...]] = {
    FieldKind.TEXT: (Text, Empty),
    FieldKind.OPTION: (Option, Empty),
    FieldKind.DATE: (Day, Empty),
    FieldKind.LABELS: (Labels, Empty),
    FieldKind.RICH: (Rich, Wiki, Empty),
    FieldKind.STATUS: (Option,),
}


def crossed(
    row: FieldRow, value: Value, configuration: Configuration, people: frozenset[str] | None, to: Side
) -> Value | None:
    """None: it has no counterpart there."""
    if row.kind is FieldKind.STATUS:
        assert isinstance(value, Option)
        table = configuration.statuses_to_left if to is Side.LEFT else configuration.statuses_to_right
        for here, there in table:
            if here == value.name:
                return Option(there)
        return None
    if isinstance(value, Rich):
        return Rich(_shown_to(value.adf, people))
    return value


@lru_cache(maxsize=1000)
def _shown_to(adf: str, people: frozenset[str] | None) -> str:
    shown = [_node(one, people) for one in json.loads(adf)["content"]]
    whole = {"type": "doc", "version": 1, "content": [one for some in shown for one in some]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _node(node: dict[str, Any], people: frozenset[str] | None) -> list[dict[str, Any]]:
    """One node may become several: a frame with a file in it falls apart."""
    kind, attrs = node["type"], node.get("attrs", {})
    if kind == "mention":
        known = people is None or attrs["id"] in people
        return [node if known else {"type": "text", "text": attrs["text"]}]
    if kind == "mediaInline":
        return [{"type": "text", "text": f"[{attrs['alt']}]"}]
    if kind in {"mediaSingle", "mediaGroup"}:
        return _frame(node, people)
    if "content" not in node:
        return [node]
    inner = [one for some in node["content"] for one in _node(some, people)]
    return [{**node, "content": inner}]


def _frame(frame: dict[str, Any], people: frozenset[str] | None) -> list[dict[str, Any]]:
    """A picture from elsewhere keeps its frame; a file's becomes its name, and the caption a paragraph."""
    parts = frame["content"]
    if all(one["type"] != "media" or one["attrs"]["type"] == "external" for one in parts):
        inner = [one for some in parts for one in _node(some, people)]
        return [{**frame, "content": inner}]
    return [_out_of_frame(one, people) for one in parts]


def _out_of_frame(part: dict[str, Any], people: frozenset[str] | None) -> dict[str, Any]:
    if part["type"] == "caption":
        return {**_node(part, people)[0], "type": "paragraph"}
    if part["attrs"]["type"] == "external":
        return {"type": "mediaSingle", "content": [part]}
    name = {"type": "text", "text": f"[{part['attrs']['alt']}]"}
    return {"type": "paragraph", "content": [name]}
