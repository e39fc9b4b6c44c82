"""What a field that may be edited is, and how Jira refuses a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Json
from jira_sandbox.wire import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableField:
    """``parse`` gives the stored form or refuses; ``show`` the JSON; ``tell`` the id and text of history.

    What ``is_rich`` is an Atlassian document, which API v2 and webhooks tell as wiki text.
    """

    id: str
    name: str
    schema: Json
    operations: tuple[str, ...] = ("set",)
    required: bool = False
    empty: Any = None
    is_rich: bool = False
    parse: Callable[[Site, Json], Any]
    show: Callable[[Site, Any], Json]
    tell: Callable[[Site, Any], tuple[str | None, str | None]]

    def step(self, site: Site, *, before: object, after: object) -> ChangelogItem:
        """Describe a change from one stored value to another."""
        before_id, before_text = self.tell(site, before)
        after_id, after_text = self.tell(site, after)
        return ChangelogItem(
            field=self.id,
            field_id=self.id,
            before=before_id,
            before_text=before_text,
            after=after_id,
            after_text=after_text,
        )


def wrong(field_id: str, text: str, *messages: str) -> Refusal:
    """Refuse one field's value."""
    return Refusal(400, *messages, errors={field_id: text})


def unknown(field_id: str) -> str:
    """Word it as Jira does: it does not tell a field that is not there from one that may not be edited."""
    return f"Field '{field_id}' cannot be set. It is not on the appropriate screen, or unknown."
