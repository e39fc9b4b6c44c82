"""``https://auth.atlassian.com/authorize``: the page where a person signs in and lets an app act.

A request that is wrong shows an error page and is never sent on: who is at the callback URL need not be the
app's. https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
"""

import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from jira_sandbox.pages.visit import environment
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OFFLINE, OAuthApp
from jira_sandbox.state.values import User
from jira_sandbox.threelo import granting
from jira_sandbox.wire import Refusal, Request, Response
from jira_sandbox.world import World

PATH = "/authorize"
AUDIENCE = "api.atlassian.com"
DENIED = "User did not authorize the request"
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the app wants; ``query`` is the page's own, which its forms keep."""

    app: OAuthApp
    scopes: tuple[str, ...]
    state: str
    query: str


def show(world: World, request: Request) -> Response:
    """Show the form to sign in, take it, ask for consent and send the answer to the app."""
    try:
        with world.lock:
            asked = _asked(world, request)
            if request.method != "POST":
                return _sign_in(asked)
            form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
            return _decided(world, asked, form) if "decision" in form else _signed_in(world, asked, form)
    except Refusal as refusal:
        return _page("authorize_error.html", status=refusal.status, words=" ".join(refusal.messages))


def _asked(world: World, request: Request) -> _Asked:
    app = world.accounts.apps.get(request.parameter("client_id"))
    if app is None:
        raise Refusal(400, "There is no app with this client_id.")
    scopes = tuple(request.parameter("scope").split())
    strange = sorted({*scopes} - app.scopes - {OFFLINE})
    rules = (
        (request.parameter("redirect_uri") == app.callback_url, "The redirect_uri is not that of the app."),
        (request.parameter("audience") == AUDIENCE, f"The audience must be {AUDIENCE}."),
        (request.parameter("response_type") == "code", "The response_type must be code."),
        (bool(scopes), "The scope must name at least one scope."),
        (not strange, f"The app may not ask for {', '.join(strange)}."),
    )
    for is_met, words in rules:
        if not is_met:
            raise Refusal(400, words)
    return _Asked(app=app, scopes=scopes, state=request.parameter("state"), query=urlencode(request.query))


def _sign_in(asked: _Asked, *, email: str = "", fault: str = "") -> Response:
    return _page("authorize.html", asked, person=None, email=email, fault=fault)


def _signed_in(world: World, asked: _Asked, form: dict[str, str]) -> Response:
    person = _person(world, form.get("email", ""), form.get("password", ""))
    if person is None:
        fault = "Incorrect email address and / or password."
        return _sign_in(asked, email=form.get("email", ""), fault=fault)
    ticket = world.uuid("oauth 2.0 tickets")
    world.accounts.tickets[ticket] = person.account_id
    sites = granting.sites_of(world, person.account_id)
    return _page("authorize.html", asked, person=person, ticket=ticket, sites=sites)


def _person(world: World, email: str, password: str) -> User | None:
    """Find who has this address and password on any Cloud site: an account is the same on all of them."""
    for site in world.sites.values():
        if not site.edition.is_cloud:
            continue
        for user in site.users.values():
            is_meant = user.email.lower() == email.strip().lower() and granting.is_person(user)
            if is_meant and hmac.compare_digest((user.password or "").encode(), password.encode()):
                return user if user.password else None
    return None


def _decided(world: World, asked: _Asked, form: dict[str, str]) -> Response:
    account_id = world.accounts.tickets.pop(form.get("ticket", ""), "")
    sites = granting.sites_of(world, account_id)
    if not sites:
        return _sign_in(asked, fault="Sign in first.")
    if form["decision"] != "accept":
        return _sent_on(asked, error="access_denied", error_description=DENIED)
    site = _chosen(sites, form.get("site", ""))
    leave = granting.consent(world, asked.app, site, site.users[account_id], asked.scopes)
    return _sent_on(asked, code=granting.code(world, leave))


def _chosen(sites: list[Site], cloud_id: str) -> Site:
    for site in sites:
        if site.cloud_id == cloud_id:
            return site
    raise Refusal(400, "You are not on this site.")


def _sent_on(asked: _Asked, **told: str) -> Response:
    """Send the browser to the app's callback URL, with the state if there was one."""
    query = urlencode(told | ({"state": asked.state} if asked.state else {}))
    url = asked.app.callback_url
    location = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
    return Response(302, {"Location": location, "Cache-Control": "no-store"})


def _page(template: str, asked: _Asked | None = None, *, status: int = 200, **context: object) -> Response:
    text = environment().get_template(template).render(asked=asked, **context)
    forms = f"form-action 'self' {_origin(asked.app.callback_url)}" if asked else "form-action 'none'"
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _POLICY + forms,  # a browser checks where a form's answer leads as well
        "Cache-Control": "no-store",
    }
    return Response(status, headers, text.encode())


def _origin(url: str) -> str:
    target = urlsplit(url)
    return f"{target.scheme}://{target.netloc}"
