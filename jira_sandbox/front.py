"""The front of every site: counts, authenticates, routes, and turns what goes wrong into Jira's answers.

The server and the in-process mount both end here, so a test and a demo meet the same Jira.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime

from jira_sandbox import auth, control
from jira_sandbox.connect import tokens
from jira_sandbox.meters import Cost, Meter
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Asked
from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.site import Site
from jira_sandbox.version2 import in_version_2
from jira_sandbox.wire import ConnectionLost, Refusal, Request, Response, answer
from jira_sandbox.world import World

__all__ = ["ConnectionLost", "Front", "Pages", "Refusal", "Request", "Response"]

Pages = Callable[[World, Site, Request], Response | None]
"""What people see in a browser; None for a path it does not know. Called without the world's lock."""
Witness = Callable[[Site, Request, Response | None, Route | None], None]
"""Looks on: a request to the REST API, its final answer (None: it was lost) and the route, if there is one."""
witnesses: list[Witness] = []
"""Who looks on at every world of this process, on sockets or not; called in the thread of the request."""
KEYS, CONTROL, REST = "/_keys/", "/_sandbox/", "/rest/"
MOST_TRACE = 1024


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A call to the REST API, counted but not yet acted on."""

    site: Site
    request: Request
    caller: auth.Caller | None
    route: Route | None
    names: dict[str, str]

    @property
    def kind(self) -> str:
        return self.caller.kind if self.caller else "nobody"

    @property
    def endpoint(self) -> str:
        return self.route.name if self.route else f"{self.request.method} (unknown)"


class Front:
    """Takes requests for the sites of one world."""

    def __init__(self, world: World, pages: Pages | None = None) -> None:
        self.world = world
        self._pages = pages

    def handle(self, site_name: str, request: Request) -> Response:
        """Answer for the site; ConnectionLost when a misfortune wants no answer, or the site is down."""
        site = self.world.sites[site_name]
        response = self._answer(site, request)
        date = format_datetime(site.now().replace(microsecond=0), usegmt=True)
        return Response(response.status, {"Date": date, **response.headers}, response.body)

    def _answer(self, site: Site, request: Request) -> Response:
        try:
            if request.path.startswith(REST):
                return self._rest(site, request)
            if request.path.startswith(CONTROL):
                return control.handle(self.world, site, request)
            if request.path.startswith(KEYS):
                return public_key(self.world, request.path.removeprefix(KEYS))
        except Refusal as refusal:
            return refusal.answer()
        self._must_be_up(site)
        page = self._pages(self.world, site, request) if self._pages else None
        return page or answer(404, {"errorMessages": ["Not found."], "errors": {}}, objects=0)

    def _must_be_up(self, site: Site) -> None:
        if site.name in self.world.down:
            raise ConnectionLost(f"{site.name} is down")

    def _rest(self, site: Site, request: Request) -> Response:
        refusal: Refusal | None = None
        caller = None
        try:
            caller = auth.identify(site, request, self.world.clock().timestamp())
        except Refusal as refused:
            refusal = refused
        route, names = _routed(request)
        arrival = _Arrival(site, request, caller, route, names)
        meter = self.world.meters.arrive(site.name, arrival.endpoint, arrival.kind, len(request.body))
        try:
            response = self._final(arrival, meter, refusal)
        except ConnectionLost:
            _tell(arrival, None)
            raise
        _tell(arrival, response)
        return response

    def _final(self, arrival: _Arrival, meter: Meter, refusal: Refusal | None) -> Response:
        if arrival.kind == "app":
            return self._limited(arrival, meter)
        response = refusal.answer() if refusal else self._met(arrival)
        _charge(meter, arrival.route, response)
        return response

    def _limited(self, arrival: _Arrival, meter: Meter) -> Response:
        """Answer the app, whose calls are limited and who is told how the limits stand."""
        limits = self.world.limits
        with self.world.lock:
            asked = _asked(arrival)
        limits.arrived(asked, self.world.clock())
        response = self._met(arrival, asked)
        points = _charge(meter, arrival.route, response)
        return limits.answered(
            asked, response, points=points, now=self.world.clock(), date=arrival.site.now()
        )

    def _met(self, arrival: _Arrival, asked: Asked | None = None) -> Response:
        """Let misfortunes, limits and acts of a test that wait for this call come first, then answer."""
        self._must_be_up(arrival.site)
        misfortune = self.world.misfortunes.strike(arrival.site.name, arrival.kind, arrival.request)
        spared = _before_effect(misfortune)
        refused = spared or (self.world.limits.refusal(asked, self.world.clock()) if asked else None)
        if refused:
            return refused
        self.world.hooks.run_before(arrival.kind, arrival.request)
        with self.world.lock:
            self.world.webhook_trace = _trace(arrival)
            response = self._acted(arrival)
            self.world.webhook_trace = ""
        self.world.hooks.run_after(arrival.kind, arrival.request)
        if misfortune and misfortune.kind == "lose_answer_after_effect":
            raise ConnectionLost("the answer was lost")
        return response

    def _acted(self, arrival: _Arrival) -> Response:
        try:
            route, actor = _admitted(arrival)
            call = Call(
                world=self.world,
                site=arrival.site,
                actor=actor.user,
                by_app=actor.kind == "app",
                request=arrival.request,
                names=arrival.names,
            )
            response = route.handler(call)
            return in_version_2(response) if call.api == 2 else response
        except Refusal as refusal:
            return refusal.answer()


def public_key(world: World, kid: str) -> Response:
    """Give the key that checks ``installed`` and ``uninstalled``, in PEM; 404 for any other ``kid``."""
    if kid != world.kid:
        return Response(404, {"Content-Type": "text/plain"}, b"not found")
    return Response(200, {"Content-Type": "application/x-pem-file"}, tokens.public_key_pem())


def _tell(arrival: _Arrival, response: Response | None) -> None:
    for witness in tuple(witnesses):
        witness(arrival.site, arrival.request, response, arrival.route)


def _routed(request: Request) -> tuple[Route | None, dict[str, str]]:
    for route in ROUTES:
        names = route.names_in(request.path) if route.method == request.method else None
        if names is not None:
            return route, names
    return None, {}


def _admitted(arrival: _Arrival) -> tuple[Route, auth.Caller]:
    """Pair the route with the caller that may use it; Refusal 401, 403, 404 or 405 otherwise."""
    if arrival.route is None:
        known = any(route.names_in(arrival.request.path) is not None for route in ROUTES)
        raise Refusal(405, "Method Not Allowed") if known else Refusal(404, "null for uri")
    caller = arrival.caller or (auth.STRANGER if arrival.route.is_public else None)
    if caller is None:
        raise Refusal(401, auth.REFUSED)
    scope = arrival.route.scope
    if caller.scopes is not None and scope != "NONE" and scope not in caller.scopes:
        raise Refusal(403, f"The app does not have the scope {scope} that this operation requires.")
    return arrival.route, caller


def _before_effect(misfortune: Misfortune | None) -> Response | None:
    if misfortune is None or misfortune.kind == "lose_answer_after_effect":
        return None
    if misfortune.kind == "lose_before_effect":
        raise ConnectionLost("the request was lost")
    status = 429 if misfortune.kind == "busy" else misfortune.status
    told = answer(status, {"errorMessages": ["Try again later."], "errors": {}}, objects=0)
    return Response(status, {**told.headers, **misfortune.headers}, told.body)


def _trace(arrival: _Arrival) -> str:
    """Read what an app wants the webhooks of its call marked with; empty when it is no such text."""
    text = arrival.request.headers.get("x-atlassian-webhook-trace", "")
    is_fit = arrival.kind == "app" and len(text) <= MOST_TRACE and text.isascii() and text.isprintable()
    return text if is_fit else ""


def _asked(arrival: _Arrival) -> Asked:
    name = arrival.names.get("issueIdOrKey", "")
    if name and arrival.route and arrival.route.cost is Cost.WRITE:
        with contextlib.suppress(LookupError):
            name = arrival.site.issue(name).id
    else:
        name = ""
    return Asked(site=arrival.site.name, endpoint=arrival.endpoint, written=name)


def _charge(meter: Meter, route: Route | None, response: Response) -> int:
    """Add size and points of the answer, and tell what the call cost; its arrival was one of the points."""
    meter.bytes_out += len(response.body)
    told = route.cost.value * response.objects if route else 0
    meter.points += told
    return 1 + told
