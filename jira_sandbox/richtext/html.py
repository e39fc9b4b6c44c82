"""Atlassian documents to HTML for the pages; everything a person wrote is escaped."""

from markupsafe import Markup, escape

from jira_sandbox.richtext.document import text_of
from jira_sandbox.state.values import Json

_ELEMENTS = {
    "paragraph": Markup("<p>{}</p>"),
    "blockquote": Markup("<blockquote>{}</blockquote>"),
    "bulletList": Markup("<ul>{}</ul>"),
    "orderedList": Markup("<ol>{}</ol>"),
    "listItem": Markup("<li>{}</li>"),
    "table": Markup("<table>{}</table>"),
    "tableRow": Markup("<tr>{}</tr>"),
    "tableCell": Markup("<td>{}</td>"),
    "tableHeader": Markup("<th>{}</th>"),
    "panel": Markup("<aside>{}</aside>"),
    "heading": Markup("<h3>{}</h3>"),  # h1 and h2 are the page's own
    "codeBlock": Markup("<pre><code>{}</code></pre>"),
}
_EMPTY = {"hardBreak": Markup("<br>"), "rule": Markup("<hr>")}
_MARKS = {
    "strong": Markup("<strong>{}</strong>"),
    "em": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
    "code": Markup("<code>{}</code>"),
    "underline": Markup("<u>{}</u>"),
}
_SAFE = ("https://", "http://", "mailto:")


def to_html(node: Json) -> Markup:
    """Give the HTML of a document or node; nothing for None."""
    if not node:
        return Markup("")
    kind = node["type"]
    if kind == "text":
        return _marked(node)
    if kind in _EMPTY:
        return _EMPTY[kind]
    inside = Markup("").join(to_html(each) for each in node.get("content", [])) or escape(text_of(node))
    return _ELEMENTS.get(kind, Markup("{}")).format(inside)


def _marked(node: Json) -> Markup:
    shown = escape(node["text"])
    for mark in node.get("marks") or []:
        href = str(mark.get("attrs", {}).get("href", ""))
        if mark["type"] in _MARKS:
            shown = _MARKS[mark["type"]].format(shown)
        elif href.startswith(_SAFE):
            shown = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(href, shown)
    return shown
