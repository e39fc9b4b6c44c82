"""Webhooks that administrators of a Data Center register, and how it went with what was sent to them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Outcome = Literal["SUCCESS", "FAILURE", "ERROR"]
"""Accepted; refused, a redirect included; or without an answer."""
COUNTED = timedelta(hours=24)
"""So far back statistics count. Assumed: known is only that they name such a span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """What an administrator says of a webhook: ``url`` is a whole address, ``filter`` the JQL it heeds."""

    name: str = ""
    url: str = ""
    events: tuple[str, ...] = ()
    filter: str = ""
    exclude_body: bool = False
    active: bool = True
    secret: str = field(default="", repr=False)
    verifies_tls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One delivery as it went; ``status`` is None when no answer came."""

    identifier: str
    event: str
    url: str
    at: datetime
    status: int | None

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        if self.status is None:
            return "ERROR"
        return "SUCCESS" if self.status < 300 else "FAILURE"


@dataclass(slots=True, kw_only=True, eq=False)
class AdminHook:
    """A webhook of the site; it sees with the eyes of ``updated_by``, the key of who saved it last.

    ``invocations`` holds those of the last day and the very last one, the newest last.
    """

    id: int
    settings: HookSettings
    created: datetime
    updated: datetime
    updated_by: str
    invocations: list[Invocation] = field(default_factory=list)

    def note(self, invocation: Invocation) -> None:
        """Keep how a delivery went, and forget what statistics do not count any more."""
        self.invocations[:] = [*self.recent(invocation.at), invocation]

    def recent(self, now: datetime) -> list[Invocation]:
        """List what statistics count at ``now``."""
        return [each for each in self.invocations if now - each.at < COUNTED]
