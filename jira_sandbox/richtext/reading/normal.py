"""Loose nodes made into blocks: lines into paragraphs, files side by side into one group."""

from collections.abc import Iterable

from jira_sandbox.richtext.reading.nodes import is_block, node, words_of
from jira_sandbox.state.values import Json


def blocks(nodes: Iterable[Json], *, is_document: bool = False) -> list[Json]:
    """Give the blocks that the nodes make, at least an empty paragraph.

    Inline nodes that follow one another are a paragraph, unless there is nothing but breaks.
    """
    found: list[Json] = []
    line: list[Json] = []
    for each in _grouped(nodes):
        if not is_block(each):
            line.append(each)
            continue
        found += _paragraph(line)
        line = []
        nested = is_document and each["type"] == "nestedExpand"
        found.append(each | {"type": "expand"} if nested else each)
    found += _paragraph(line)
    return found or [{"type": "paragraph"}]


def _paragraph(line: list[Json]) -> list[Json]:
    return [node("paragraph", line)] if any(each["type"] != "hardBreak" for each in line) else []


def _grouped(nodes: Iterable[Json]) -> list[Json]:
    """Join groups of one file each with nothing but empty text or one end of a line between them."""
    found: list[Json] = []
    files: list[Json] = []
    apart: list[Json] = []
    for each in nodes:
        if each["type"] == "mediaGroup" and len(each["content"]) == 1:
            files += each["content"]
            apart = []
        elif not files:
            found.append(each)
        elif _separates(each, apart):
            found += [node("mediaGroup", files), *apart, each]
            files, apart = [], []
        else:
            apart.append(each)
    return [*found, *([node("mediaGroup", files)] if files else []), *apart]


def _separates(each: Json, apart: list[Json]) -> bool:
    if each["type"] == "hardBreak" and any(one["type"] == "hardBreak" for one in apart):
        return True
    return bool(words_of(each).strip()) or each["type"] == "mediaGroup"
