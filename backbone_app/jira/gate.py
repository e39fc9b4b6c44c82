"""What stands between a client and the site: who lets a call out, and learns what became of it.

What is behind it (tables, budgets) is none of this layer's business.
"""

from typing import Final, Protocol

from backbone_app.jira.limits import Asked, Call

FIRST_WAIT: Final = 2.0
"""Seconds to wait where a site did not say how long, the first time."""


class Turn(Protocol):
    """One call that was let out; it is told what became of it."""

    def spent(self, points: int) -> None:
        """Note that the call was answered, and what it cost of Jira's points."""

    def asked(self, asked: Asked) -> float:
        """Note that the site asked to slow down; returns the seconds we wait."""

    def unreachable(self) -> None:
        """Note that there was no answer, or none but an error of the site's own (HTTP 5xx)."""

    def reached(self) -> None:
        """Note that the site answered, whatever it said but an error of its own."""


class Gate(Protocol):
    """Decides about each call of a client before it goes out."""

    def admit(self, call: Call) -> Turn:
        """Let the call out, or raise ``RemoteBusy`` with the seconds to wait: then no call is made."""


class OpenGate:
    """Lets every call out and remembers nothing: for speaking to a site alone. Its own turn, too."""

    def admit(self, call: Call) -> Turn:  # noqa: ARG002 - the protocol's signature
        """Let it out."""
        return self

    def spent(self, points: int) -> None:
        """Forget it."""

    def asked(self, asked: Asked) -> float:
        """Wait what was asked."""
        return asked.retry_after or FIRST_WAIT

    def unreachable(self) -> None:
        """Forget it."""

    def reached(self) -> None:
        """Forget it."""


OPEN: Final = OpenGate()
