"""What Atlassian's account server keeps of OAuth 2.0 (3LO): apps, what people consented to, codes, tokens.

It is one server for all Cloud sites of a world, so it is the world's, not a site's.
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

OFFLINE = "offline_access"
"""The scope that asks for a refresh token; it lets nobody do anything at a site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp:
    """An app of the developer console; ``scopes`` are those it may ask for.

    One with an ``owner``, an account id, is not shared: webhooks reach it only if its owner registered them.
    """

    client_id: str
    client_secret: str = field(repr=False)
    name: str
    callback_url: str
    scopes: frozenset[str]
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """An app that acts as a person at a site, in as far as ``scopes`` allow."""

    app: OAuthApp
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What a person let an app do: behind a code and each token; ``scopes`` in the order they were asked."""

    client_id: str
    account_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """A leave for a while: a code, or an access token."""

    leave: Leave
    expires: datetime


@dataclass(slots=True, kw_only=True)
class RefreshToken:
    """One of a ``family``: all that came of the same consent. It is ``spent`` when it is exchanged first."""

    family: str
    expires: datetime
    spent: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Accounts:
    """The account server: ``apps`` by client id; codes, tickets and tokens by themselves; people's ``ids``.

    ``consents`` tell by client id and account id, then by the site's name, which scopes a person gave there;
    a token is good on all those sites. ``families`` are the refresh tokens' that still live; ``tickets``
    name who has signed in on the consent page. An access token lasts for ``access_life``.
    """

    ids: dict[str, str] = field(default_factory=dict)
    apps: dict[str, OAuthApp] = field(default_factory=dict)
    consents: dict[tuple[str, str], dict[str, frozenset[str]]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict, repr=False)
    codes: dict[str, Expiring] = field(default_factory=dict, repr=False)
    access: dict[str, Expiring] = field(default_factory=dict, repr=False)
    refresh: dict[str, RefreshToken] = field(default_factory=dict, repr=False)
    families: dict[str, Leave] = field(default_factory=dict)
    access_life: timedelta = timedelta(seconds=3600)
