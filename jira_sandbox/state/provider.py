"""What a Data Center site keeps of those who call it with tokens: application links, leave, people's tokens.

Figures as in
https://confluence.atlassian.com/bitbucketserver/oauth-2-0-provider-system-properties-1108483660.html
but for the life of access tokens, which Jira's own page on its OAuth 2.0 provider API shows as 7200.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

Scope = Literal["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"]
SCOPES: Final[tuple[Scope, ...]] = ("READ", "WRITE", "ADMIN", "SYSTEM_ADMIN")
"""Each includes those before it."""
Method = Literal["plain", "S256"]
"""How a challenge is made of its verifier (RFC 7636, 4.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An application link to an external application, incoming; ``scope`` is the widest it may ask for."""

    client_id: str
    client_secret: str = field(repr=False)
    name: str
    redirect_url: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A person's leave on its way to the client, who may exchange it once, until ``expires``.

    ``challenge`` is empty where the client gave none.
    """

    client_id: str
    account_id: str
    scope: Scope
    expires: datetime
    challenge: str = ""
    method: Method = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person's leave for a client to act as that person; ``id`` stays when its tokens are refreshed."""

    id: str
    client_id: str
    account_id: str
    scope: Scope
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    created: datetime
    expires: datetime
    refreshable_until: datetime


@dataclass(slots=True, kw_only=True)
class PersonalToken:
    """A personal access token: whoever has ``secret`` is that person until ``expires``, if it ever does."""

    id: int
    account_id: str
    name: str
    secret: str = field(repr=False)
    created: datetime
    expires: datetime | None
    used: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires is None or now < self.expires


@dataclass(slots=True, kw_only=True)
class Provider:
    """A site's OAuth 2.0 provider: ``clients`` by client id, ``codes`` by themselves, ``grants`` by id.

    ``exchanged`` leads from a code that was used to what it gave; ``draw`` gives what nobody can guess.
    """

    draw: Callable[[str], str] = field(repr=False)
    clients: dict[str, Client] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict, repr=False)
    exchanged: dict[str, str] = field(default_factory=dict, repr=False)
    grants: dict[str, Grant] = field(default_factory=dict)
    code_life: timedelta = timedelta(seconds=10)
    token_life: timedelta = timedelta(seconds=7200)
    refresh_life: timedelta = timedelta(days=90)

    def secret(self, purpose: str) -> str:
        """Draw 64 hexadecimal digits."""
        return f"{self.draw(purpose)}{self.draw(purpose)}".replace("-", "")
