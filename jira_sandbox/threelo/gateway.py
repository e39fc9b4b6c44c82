"""``api.atlassian.com`` for OAuth apps: which sites a token is good on, and the way to their REST API.

A call to ``/ex/jira/{cloud id}/rest/…`` is one to that site by the person who consented; its answer is the
site's own, links included. At the site's own address the token is worth nothing.
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
"""

from collections.abc import Callable
from dataclasses import replace

from jira_sandbox.arrivals import routed
from jira_sandbox.auth import Caller
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import Acting, Leave
from jira_sandbox.state.values import User
from jira_sandbox.threelo import scopes
from jira_sandbox.threelo.granting import sites_of
from jira_sandbox.threelo.refusals import GatewayRefusal
from jira_sandbox.version2 import spelt_out
from jira_sandbox.wire import Request, Response, answer
from jira_sandbox.world import World

HOST = "api.atlassian.com"
RESOURCES = "/oauth/token/accessible-resources"
PREFIX = "/ex/jira/"
AVATAR = "https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/flag.png"
Rest = Callable[[Site, Request, Caller], Response]
"""Answers a call to a site's REST API by somebody who is known already."""


def resources(world: World, request: Request) -> Response:
    """List the sites the token is good on, each with what the person consented to there."""
    try:
        with world.lock:
            leave = _leave(world, request)
            listed = [
                {
                    "id": site.cloud_id,
                    "url": site.base_url,
                    "name": site.name,
                    "scopes": sorted(held),
                    "avatarUrl": AVATAR,
                }
                for site in sites_of(world, leave.account_id)
                if (held := _scopes(world, leave, site)) is not None
            ]
    except GatewayRefusal as refusal:
        return refusal.answer()
    return answer(200, listed)


def through(world: World, request: Request, rest: Rest) -> Response:
    """Let a call to ``/ex/jira/…`` through to its site; 401, 403 or 404 without leave for it.

    What is no operation is the site's to refuse.
    """
    cloud_id, slash, path = request.path.removeprefix(PREFIX).partition("/")
    called = replace(request, path=slash + path)
    try:
        with world.lock:
            site, person, acting = _admitted(world, called, cloud_id)
        route, _ = routed(site, spelt_out(called))
        if route:
            scopes.must_suffice(acting, route)
    except GatewayRefusal as refusal:
        return refusal.answer()
    return rest(site, called, Caller(kind="app", user=person, oauth=acting))


def _admitted(world: World, request: Request, cloud_id: str) -> tuple[Site, User, Acting]:
    leave = _leave(world, request)
    clouds = (each for each in world.sites.values() if each.edition.is_cloud)
    site = next((each for each in clouds if each.cloud_id == cloud_id), None)
    if site is None or not request.path.startswith("/rest/"):
        raise GatewayRefusal(404, "Not Found")
    held = _scopes(world, leave, site)
    if held is None or site not in sites_of(world, leave.account_id):
        raise GatewayRefusal(403, "The app is not installed on this instance")
    acting = Acting(app=world.accounts.apps[leave.client_id], scopes=held)
    return site, site.users[leave.account_id], acting


def _leave(world: World, request: Request) -> Leave:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    made = world.accounts.access.get(token.strip()) if scheme.lower() == "bearer" else None
    if made is None or made.expires < world.clock():
        raise GatewayRefusal(401, "Unauthorized")
    return made.leave


def _scopes(world: World, leave: Leave, site: Site) -> frozenset[str] | None:
    """Give what the token may there: what it was made for, as far as consent to it still stands."""
    given = world.accounts.consents.get((leave.client_id, leave.account_id), {})
    return given[site.name].intersection(leave.scopes) if site.name in given else None
