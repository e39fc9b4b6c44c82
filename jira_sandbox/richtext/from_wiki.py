"""Wiki text to Atlassian documents, with the names of the people it mentions."""

from collections.abc import Mapping

from jira_sandbox.richtext.reading import read
from jira_sandbox.state.values import Json


def from_wiki(text: str, names: Mapping[str, str] | None = None) -> Json:
    """Give the document of a wiki text, None when there is no text; ``names`` has people by account id.

    Files stand in it by their names, which ``jira_sandbox.pictures`` replaces by their media ids.
    """
    content = read(text.replace("\0", ""))
    if content == [{"type": "paragraph"}]:
        return None
    return {"type": "doc", "version": 1, "content": [_named(each, names or {}) for each in content]}


def _named(node: Json, names: Mapping[str, str]) -> Json:
    """Tell whom a mention is of, as Jira does; the converter knows nobody."""
    if node["type"] == "mention":
        number = str((node.get("attrs") or {}).get("id", ""))
        return node | {"attrs": {"id": number, "text": f"@{names.get(number, number)}", "accessLevel": ""}}
    content = node.get("content")
    return node | {"content": [_named(each, names) for each in content]} if content else node
