"""People who work on a Data Center: by API v2, where texts are wiki text and an edit gives nothing back."""

from collections.abc import Mapping
from typing import Any

from jira_sandbox import richtext
from jira_sandbox.demo.people import Person
from jira_sandbox.state.values import ChangelogEntry


class Colleague(Person):
    """The lead of a space on a Data Center."""

    api = 2

    def _saved(self, item: str, body: Mapping[str, Any]) -> ChangelogEntry:
        self._call("PUT", f"issue/{item}", body)
        return next(each for each in reversed(self._history(item)) if each.author == self._account)

    def _sent(self, document: Any) -> Any:
        return richtext.to_wiki(document)
