"""Which page answers which address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from jira_sandbox.datacenter.oauth import asking
from jira_sandbox.pages import (
    applinks,
    apps,
    assets,
    consent,
    counters,
    efforts,
    functions,
    home,
    items,
    manage,
    places,
    placing,
    spaces,
    talk,
)
from jira_sandbox.pages.visit import SignInNeeded, Visit, go_to, page, plain
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal, Request, Response
from jira_sandbox.world import World

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler


def _route(method: str, path: str, handler: Handler) -> _Route:
    """Let ``handler`` answer with the world's lock held."""

    def locked(visit: Visit, **given: str) -> Response:
        with visit.world.lock:
            return handler(visit, **given)

    return _unlocked(method, path, locked)


def _unlocked(method: str, path: str, handler: Handler) -> _Route:
    """Let ``handler`` answer; it is given the segment for each ``{name}`` in the path, decoded."""
    return _Route(method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), handler)


_STEP = "/spaces/{space}/settings/workflows/{workflow}/{transition}"
_TABLE = (
    _route("GET", "/", home.spaces),
    _route("GET", "/signin", home.accounts),
    _route("POST", "/signin", home.sign_in),
    _route("POST", "/theme", home.choose_theme),
    _route("GET", "/spaces/{space}", spaces.show),
    _route("POST", "/spaces/{space}", spaces.create),
    _route("GET", "/spaces/{space}/settings", apps.settings),
    _route("GET", "/spaces/{space}/settings/apps/{module}", apps.host),
    _route("GET", "/spaces/{space}/settings/workflows", functions.show),
    _route("GET", f"{_STEP}/new/{{module}}", functions.ask_new),
    _route("POST", f"{_STEP}/new/{{module}}", functions.add),
    _route("GET", f"{_STEP}/functions/{{function}}", functions.ask_again),
    _route("POST", f"{_STEP}/functions/{{function}}", functions.change),
    _route("POST", f"{_STEP}/functions/{{function}}/delete", functions.take_out),
    _route("GET", "/spaces/{space}/apps/{module}", apps.in_space),
    _route("GET", "/plugins/servlet/ac/{app}/{module}", apps.on_site),
    _route("GET", "/browse/{item}", items.show),
    _route("POST", "/browse/{item}", items.edit),
    _route("GET", "/browse/{item}/delete", items.ask_to_delete),
    _route("POST", "/browse/{item}/delete", items.delete),
    _route("GET", "/browse/{item}/move", places.ask),
    _route("POST", "/browse/{item}/move", places.move),
    _route("POST", "/browse/{item}/clone", places.clone),
    _route("POST", "/browse/{item}/transition", talk.move),
    _route("POST", "/browse/{item}/comments", talk.add),
    _route("POST", "/browse/{item}/comments/{comment}", talk.change),
    _route("POST", "/browse/{item}/comments/{comment}/delete", talk.delete),
    _route("POST", "/browse/{item}/attachments", efforts.attach),
    _route("POST", "/browse/{item}/attachments/{number}/delete", efforts.delete),
    _route("POST", "/browse/{item}/worklogs", efforts.log),
    _route("GET", "/secure/attachment/{number}/{name}", efforts.download),
    _route("GET", "/apps", manage.show),
    _unlocked("POST", "/apps/install", manage.install),
    _unlocked("POST", "/apps/uninstall", manage.uninstall),
    _unlocked("POST", "/apps/enable", manage.enable),
    _unlocked("POST", "/apps/disable", manage.disable),
    _route("GET", applinks.PATH, applinks.show),
    _route("GET", f"{applinks.PATH}/new", applinks.choose),
    _route("GET", f"{applinks.PATH}/incoming", applinks.ask),
    _route("POST", f"{applinks.PATH}/incoming", applinks.create),
    _route("GET", f"{applinks.PATH}/{{client}}", applinks.credentials),
    _route("POST", f"{applinks.PATH}/{{client}}/delete", applinks.delete),
    _route("GET", asking.PATH, consent.ask),
    _route("POST", asking.PATH, consent.decide),
    _route("GET", "/_host/token", apps.token),
    _route("GET", "/_host/updated", items.updated),
    _route("GET", "/counters", counters.show),
    _route("GET", "/_static/{name}", assets.show),
)


def handle(world: World, site: Site, request: Request) -> Response | None:
    """Give the page's answer; None when no page has this address."""
    method = "GET" if request.method == "HEAD" else request.method
    fitting = [(route, match) for route in _TABLE if (match := route.pattern.fullmatch(request.path))]
    if not fitting:
        return None
    for route, match in fitting:
        if route.method == method:
            given = {name: unquote(value) for name, value in match.groupdict().items()}
            visit = Visit(world=world, site=site, request=request)
            return placing.placed(site, _answer(visit, route.handler, given))
    return Response(405, {"Allow": ", ".join(route.method for route, _ in fitting)})


def _answer(visit: Visit, handler: Handler, given: dict[str, str]) -> Response:
    try:
        return handler(visit, **given)
    except SignInNeeded:
        return _sign_in_first(visit)
    except Refusal as refusal:
        if _for_scripts(visit):
            return plain(" ".join(refusal.messages), status=refusal.status)
        return page(visit, "problem.html", status=refusal.status, messages=refusal.messages)


def _sign_in_first(visit: Visit) -> Response:
    """Lead people to the accounts; a script must not take that page for its answer."""
    if _for_scripts(visit):
        return plain("Sign in first.", status=401)
    query = f"?{urlencode(visit.request.query, quote_via=quote)}" if visit.request.query else ""
    return go_to(f"/signin?next={quote(visit.request.path + query, safe='')}")


def _for_scripts(visit: Visit) -> bool:
    return visit.request.path.startswith("/_host/")
