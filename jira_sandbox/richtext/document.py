"""Atlassian documents: whether one is sound, plain text in and out.

Node and mark types are those of Atlassian's published schema.
https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from collections.abc import Iterator

from jira_sandbox.state.values import Json

_NODES = """
    blockCard blockquote blockTaskItem bodiedExtension bodiedSyncBlock bulletList caption codeBlock date
    decisionItem decisionList doc embedCard emoji expand extension hardBreak heading inlineCard
    inlineExtension layoutColumn layoutSection listItem media mediaGroup mediaInline mediaSingle mention
    nestedExpand orderedList panel paragraph placeholder rule status syncBlock table tableCell tableHeader
    tableRow taskItem taskList text
"""
_MARKS = """
    alignment annotation backgroundColor border breakout code dataConsumer em fontSize fragment indentation
    link strike strong subsup textColor underline
"""
_INLINE = "date emoji hardBreak inlineCard inlineExtension mediaInline mention placeholder status text"
NODES, MARKS, INLINE = (frozenset(names.split()) for names in (_NODES, _MARKS, _INLINE))


def fault(document: Json) -> str:
    """Name the first thing wrong with a document; empty when it is sound."""
    if not isinstance(document, dict) or document.get("type") != "doc":
        return "it is not a doc"
    if document.get("version") != 1:
        return "its version is not 1"
    if not isinstance(document.get("content"), list):
        return "it has no content"
    return next(_faults(document), "")


def text_of(node: Json) -> str:
    """Give the words of a document or node: a line for each block, without any form."""
    match node:
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "hardBreak"}:
            return "\n"
        case {"type": "mention" | "emoji" | "status", "attrs": {**attrs}}:
            return str(attrs.get("text") or attrs.get("shortName") or "")
        case {"content": [*content]}:
            parts = [text_of(each) for each in content]
            is_inline = all(each.get("type") in INLINE for each in content)
            return "".join(parts) if is_inline else "\n".join(parts)
        case _:
            return ""


def paragraphs(text: str) -> Json:
    """Make a document of plain text, a paragraph for each line that is not empty; None for no text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    blocks = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "version": 1, "content": blocks} if blocks else None


def _faults(node: Json) -> Iterator[str]:
    if not isinstance(node, dict) or node.get("type") not in NODES:
        yield f"there is no node {node.get('type') if isinstance(node, dict) else node!r}"
        return
    if node["type"] == "text" and not (isinstance(node.get("text"), str) and node["text"]):
        yield "a text must not be empty"
    for mark in node.get("marks") or []:
        if not isinstance(mark, dict) or mark.get("type") not in MARKS:
            yield "there is no such mark"
    content = node.get("content", [])
    if not isinstance(content, list):
        yield "content must be a list"
        return
    for each in content:
        yield from _faults(each)
