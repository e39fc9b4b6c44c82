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
_TOP = """
    blockCard blockquote bodiedExtension bodiedSyncBlock bulletList codeBlock decisionList embedCard expand
    extension heading layoutSection mediaGroup mediaSingle nestedExpand orderedList panel paragraph rule
    syncBlock table taskList
"""
NODES, MARKS, INLINE = (frozenset(names.split()) for names in (_NODES, _MARKS, _INLINE))
_STANDING = INLINE | frozenset(_TOP.split())
DEEPEST = 100
"""How many nodes may be in one another; what people write has about ten."""


def fault(document: Json) -> str:
    """Name the first thing wrong with a document; empty when it is sound."""
    if not isinstance(document, dict) or document.get("type") != "doc":
        return "it is not a doc"
    if type(document.get("version")) is not int or document["version"] != 1:
        return "its version is not 1"
    if not isinstance(document.get("content"), list):
        return "it has no content"
    return next(_faults(document), "")


def may_stand(node: Json) -> bool:
    """Whether a node is one that a document may hold, in a paragraph if it is inline."""
    return isinstance(node, dict) and node.get("type") in _STANDING


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


def _faults(document: Json) -> Iterator[str]:
    """Go through all nodes, however deep they are."""
    left = [(document, 1)]
    while left:
        node, depth = left.pop()
        if not isinstance(node, dict) or str(node.get("type")) not in NODES:
            yield f"there is no node {node.get('type') if isinstance(node, dict) else node!r}"
            return
        yield from _own_faults(node)
        content = node.get("content", [])
        if not isinstance(content, list) or not isinstance(node.get("attrs", {}), dict):
            yield "content must be a list, attrs an object"
            return
        if depth > DEEPEST:
            yield "it is too deep"
        left += [(each, depth + 1) for each in reversed(content)]


def _own_faults(node: Json) -> Iterator[str]:
    if node["type"] == "text" and not (isinstance(node.get("text"), str) and node["text"]):
        yield "a text must not be empty"
    marks = node.get("marks", [])
    if not isinstance(marks, list):
        yield "marks must be a list"
        return
    for mark in marks:
        if not isinstance(mark, dict) or str(mark.get("type")) not in MARKS:
            yield "there is no such mark"
