"""What a site runs: Jira Cloud, or one of the versions of Jira Data Center that are played.

What differs between the versions is asked of the edition by name, never by comparing numbers elsewhere.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Registration = Literal["filters", "configuration"]
"""How webhooks are registered over REST: with ``filters`` up to 9, with a ``configuration`` from 10 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A product and its version, as ``serverInfo`` tells them; ``name`` is what the command line takes."""

    name: str
    version: tuple[int, int, int]
    build: int
    is_cloud: bool = False

    @property
    def told(self) -> str:
        """The version as one text."""
        return "1001.0.0-SNAPSHOT" if self.is_cloud else ".".join(map(str, self.version))

    @property
    def has_provider(self) -> bool:
        """Whether it gives tokens to applications over OAuth 2.0: Data Center does since 8.22."""
        return not self.is_cloud and self.version >= (8, 22, 0)

    @property
    def has_access_tokens(self) -> bool:
        """Whether people make personal access tokens: since 8.14."""
        return not self.is_cloud and self.version >= (8, 14, 0)

    @property
    def takes_passwords(self) -> bool:
        """Whether basic authentication is on unless somebody switches it: from 11 on it is off."""
        return self.is_cloud or self.version < (11, 0, 0)

    @property
    def registration(self) -> Registration:
        """Which of the two forms of a webhook's registration it heeds."""
        return "filters" if self.version < (10, 0, 0) else "configuration"

    @property
    def signs_webhooks(self) -> bool:
        """Whether a webhook's secret signs what it sends: from 10 on."""
        return not self.is_cloud and self.version >= (10, 0, 0)

    @property
    def sends_webhooks_later(self) -> bool:
        """Whether webhooks leave on threads of their own, so that one may overtake another: from 10 on."""
        return not self.is_cloud and self.version >= (10, 0, 0)

    def place(self, name: str) -> str:
        """Write the place in a webhook's address that ``name`` fills: without the dollar from 10 on."""
        return f"${{{name}}}" if self.version < (10, 0, 0) else f"{{{name}}}"


CLOUD: Final = Edition(name="cloud", version=(1001, 0, 0), build=100_000, is_cloud=True)
DATA_CENTER: Final = MappingProxyType(
    {
        each.name: each
        for each in (
            Edition(name="dc-8.21", version=(8, 21, 1), build=821_001),
            Edition(name="dc-8.22", version=(8, 22, 6), build=822_006),
            Edition(name="dc-9.12", version=(9, 12, 15), build=9_120_015),
            Edition(name="dc-10.3", version=(10, 3, 24), build=10_030_024),
            Edition(name="dc-11", version=(11, 0, 1), build=11_000_001),
        )
    }
)
EDITIONS: Final = MappingProxyType({CLOUD.name: CLOUD, **DATA_CENTER})
