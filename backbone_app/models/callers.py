"""Who asks for something, as every layer below the verifier needs to know it."""

import uuid
from typing import Protocol


class Caller(Protocol):
    """A proven site and, where Jira told it, the person; and where the call came from."""

    @property
    def site_id(self) -> uuid.UUID:
        """Our id of the site."""
        ...

    @property
    def account(self) -> str | None:
        """Jira's id of the person; None where Jira did not say."""
        ...

    @property
    def page(self) -> str:
        """Which of our pages it was, for the log of what was done; ``API`` for a machine."""
        ...
