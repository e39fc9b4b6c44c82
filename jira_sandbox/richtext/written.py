"""Wiki text that is kept as it was written: the form in which Data Center stores rich text."""

from collections.abc import Mapping
from typing import Any

from jira_sandbox.richtext.from_wiki import from_wiki
from jira_sandbox.state.values import Json


class Written(dict[str, Any]):
    """A document of wiki text that remembers the ``source``: two are equal if they were written alike."""

    def __init__(self, document: dict[str, Any], source: str) -> None:
        super().__init__(document)
        self.source = source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Written) and self.source == other.source

    __hash__ = None


def written(text: str, names: Mapping[str, str] | None = None) -> Json:
    """Keep wiki text as it is, with the document that it says, for those who look at it; None for blanks.

    Marks without a word say an empty document, and are kept.
    """
    if not text.strip():
        return None
    return Written(from_wiki(text, names) or {"type": "doc", "version": 1, "content": []}, text)
