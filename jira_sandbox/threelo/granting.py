"""Apps, what people consent to, and what an app gets for it: codes and tokens, of which some rotate.

https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ and, for the figures,
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/. To be called with the world's lock held
where other threads call as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OFFLINE, Expiring, Leave, OAuthApp, RefreshToken
from jira_sandbox.state.values import User
from jira_sandbox.threelo.refusals import GrantRefusal
from jira_sandbox.world import World

CODE_LIFE: Final = timedelta(minutes=5)
"""Our own figure: Atlassian says only that a code is exchanged at once."""
IDLE: Final = timedelta(days=90)
"""After so long a refresh token that nobody has exchanged is worth nothing."""
LEEWAY: Final = timedelta(minutes=10)
"""For so long a refresh token that was exchanged may be exchanged again: two workers may have raced."""
INVALID: Final = "Unknown or invalid refresh token."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an app gets; no ``refresh_token`` unless ``offline_access`` is among the ``scopes``."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False, default="")
    scopes: tuple[str, ...]


def add_app(
    world: World, *, name: str, callback_url: str, scopes: Iterable[str], owner: User | None = None
) -> OAuthApp:
    """Register an app, as one does in the developer console; with an ``owner`` it is not shared."""
    app = OAuthApp(
        client_id=world.uuid("oauth 2.0 client ids").replace("-", ""),
        client_secret=f"ATOA{_secret(world, 'oauth 2.0 client secrets')}",
        name=name,
        callback_url=callback_url,
        scopes=frozenset(scopes),
        owner=owner.account_id if owner else "",
    )
    world.accounts.apps[app.client_id] = app
    return app


def grant(world: World, app: OAuthApp, site: Site, person: User, scopes: Iterable[str]) -> Tokens:
    """Let the person consent without the pages, and exchange the code at once."""
    return issue(world, consent(world, app, site, person, scopes))


def consent(world: World, app: OAuthApp, site: Site, person: User, scopes: Iterable[str]) -> Leave:
    """Let the app act as the person on the site too; what was consented to there before counts no more."""
    leave = Leave(client_id=app.client_id, account_id=person.account_id, scopes=tuple(dict.fromkeys(scopes)))
    given = world.accounts.consents.setdefault((leave.client_id, leave.account_id), {})
    given[site.name] = frozenset(leave.scopes) - {OFFLINE}
    return leave


def revoke(world: World, app: OAuthApp, person: User) -> None:
    """Take back all leave, as people do under Connected apps; what tokens there are lead nowhere any more."""
    accounts = world.accounts
    accounts.consents.pop((app.client_id, person.account_id), None)
    for name, leave in list(accounts.families.items()):
        if (leave.client_id, leave.account_id) == (app.client_id, person.account_id):
            del accounts.families[name]


def code(world: World, leave: Leave) -> str:
    """Make the code that the callback URL is told."""
    made = _secret(world, "oauth 2.0 codes")
    world.accounts.codes[made] = Expiring(leave=leave, expires=world.clock() + CODE_LIFE)
    return made


def exchanged(world: World, app: OAuthApp, given: str) -> Tokens:
    """Give tokens for a code, once; GrantRefusal 403 for any other and for one that was given away."""
    made = world.accounts.codes.get(given)
    if made is None or made.leave.client_id != app.client_id:
        raise GrantRefusal(403, "invalid_grant", "Invalid authorization code")
    del world.accounts.codes[given]
    if made.expires < world.clock() or not is_given(world, made.leave):
        raise GrantRefusal(403, "invalid_grant", "Invalid authorization code")
    return issue(world, made.leave)


def refreshed(world: World, app: OAuthApp, given: str) -> Tokens:
    """Give new tokens for a refresh token; GrantRefusal 403 where it is worth nothing.

    One that was exchanged before the leeway has got into wrong hands: all that came of its consent dies.
    """
    accounts, now = world.accounts, world.clock()
    token = accounts.refresh.get(given)
    leave = accounts.families.get(token.family) if token else None
    if token is None or leave is None or leave.client_id != app.client_id:
        raise GrantRefusal(403, "invalid_grant", INVALID)
    if token.spent and now > token.spent + LEEWAY:
        del accounts.families[token.family]
        raise GrantRefusal(403, "invalid_grant", INVALID)
    if token.expires < now or not is_given(world, leave):
        raise GrantRefusal(403, "invalid_grant", INVALID)
    token.spent = token.spent or now
    return issue(world, leave, family=token.family)


def issue(world: World, leave: Leave, *, family: str = "") -> Tokens:
    """Make tokens; with ``offline_access`` a refresh token too, of a new family unless one is named."""
    access = _secret(world, "oauth 2.0 access tokens")
    world.accounts.access[access] = Expiring(leave=leave, expires=world.clock() + world.accounts.access_life)
    refresh = _refresh_token(world, leave, family) if OFFLINE in leave.scopes else ""
    return Tokens(access_token=access, refresh_token=refresh, scopes=leave.scopes)


def is_given(world: World, leave: Leave) -> bool:
    """Whether the person still lets the app act, and is still somebody on one of the sites."""
    given = world.accounts.consents.get((leave.client_id, leave.account_id), {})
    return any(site.name in given for site in sites_of(world, leave.account_id))


def sites_of(world: World, account_id: str) -> list[Site]:
    """List the Cloud sites the person is on."""
    return [
        site
        for site in world.sites.values()
        if site.edition.is_cloud and (user := site.users.get(account_id)) and is_person(user)
    ]


def is_person(user: User) -> bool:
    """Whether it is the account of somebody who may sign in."""
    return user.active and user.account_type == "atlassian"


def _refresh_token(world: World, leave: Leave, family: str) -> str:
    if not family:
        family = world.uuid("oauth 2.0 families")
        world.accounts.families[family] = leave
    made = _secret(world, "oauth 2.0 refresh tokens")
    world.accounts.refresh[made] = RefreshToken(family=family, expires=world.clock() + IDLE)
    return made


def _secret(world: World, purpose: str) -> str:
    return f"{world.chance(purpose).getrandbits(256):064x}"
