"""The front of every site: counts, authenticates, routes, and turns what goes wrong into Jira's answers.

The server and the in-process mount both end here, so a test and a demo meet the same Jira.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

from jira_sandbox import auth, control, hosts, media
from jira_sandbox.meters import Arrived, Cost
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Asked
from jira_sandbox.rest.table import REMOVED, ROUTES
from jira_sandbox.routing import Call, Route, Router
from jira_sandbox.state.site import Site
from jira_sandbox.version2 import in_version_2, spelt_out
from jira_sandbox.wire import ConnectionLost, Refusal, Request, Response, TimedOut, answer
from jira_sandbox.world import World

__all__ = ["ConnectionLost", "Front", "Pages", "Refusal", "Request", "Response"]

Pages = Callable[[World, Site, Request], Response | None]
"""What people see in a browser; None for a path it does not know. Called without the world's lock."""
Witness = Callable[[Site, Request, Response | None, Route | None], None]
"""Looks on: a request to the REST API, its final answer (None: it was lost), and its route, if any."""
witnesses: list[Witness] = []
"""Who looks on at every world of this process, on sockets or not; called in the thread of the request."""
CONTROL, REST = "/_sandbox/", "/rest/"
MOST_TRACE = 1024
_ROUTER = Router(ROUTES)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A call to the REST API, counted but not yet acted on."""

    site: Site
    request: Request
    caller: auth.Caller | None
    route: Route | None
    names: dict[str, str]
    counted: Arrived

    @property
    def kind(self) -> str:
        return self.caller.kind if self.caller else "nobody"

    @property
    def endpoint(self) -> str:
        return self.counted.row.route


class Front:
    """Takes requests for the sites of one world."""

    def __init__(self, world: World, pages: Pages | None = None) -> None:
        self.world = world
        self._pages = pages

    def handle(self, site_name: str, request: Request) -> Response:
        """Answer for the site; ConnectionLost when a misfortune wants no answer, or the site is down."""
        site = self.world.sites[site_name]
        self.world.catch_up()
        return self._traced(site_name, request, lambda: self._dated(site, request))

    def handle_elsewhere(self, host: str, request: Request) -> Response | None:
        """Answer for one of Atlassian's own hosts; None for any other, ConnectionLost when it is down."""
        if not hosts.knows(host):
            return None
        return self._traced(host, request, lambda: hosts.answer(self.world, host, request.path, request))

    def _traced(self, name: str, request: Request, act: Callable[[], Response]) -> Response:
        trace, clock = self.world.trace, self.world.clock
        trace.asked(name, clock(), request)
        try:
            response = act()
        except ConnectionLost as lost:
            trace.lost(name, clock(), type(lost).__name__)
            raise
        trace.answered(name, clock(), response)
        return response

    def _dated(self, site: Site, request: Request) -> Response:
        response = self._answer(site, request)
        date = format_datetime(site.now().replace(microsecond=0), usegmt=True)
        dated = replace(response, headers={"Date": date, **response.headers})
        return dated.without_body() if request.method == "HEAD" else dated

    def _answer(self, site: Site, request: Request) -> Response:
        try:
            if request.path.startswith(CONTROL):
                return control.handle(self.world, site, request)
            moved = _moved(site, request)
            if moved:
                return moved
            if request.path.startswith(REST):
                return self._rest(site, request)
            elsewhere = hosts.at_site(self.world, request) or self._media(site, request)
            if elsewhere:
                return elsewhere
        except Refusal as refusal:
            return refusal.answer()
        self._must_be_up(site)
        page = self._pages(self.world, site, request) if self._pages else None
        return page or answer(404, {"errorMessages": ["Not found."], "errors": {}}, objects=0)

    def _media(self, site: Site, request: Request) -> Response | None:
        """Give the file at an address that needs no credentials; misfortunes meet whoever calls there too."""
        if not request.path.startswith(media.PATH):
            return None
        self._must_be_up(site)
        misfortune = self.world.misfortunes.strike(site.name, "nobody", request)
        spared = misfortune.before_effect() if misfortune else None
        response = spared or media.serve(self.world, site, request)
        return misfortune.after_effect(response) if misfortune else response

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
        request = spelt_out(request)  # what was signed is the path as it was sent
        route, names = _ROUTER.find(_method(request), request.path) or (None, {})
        counted = self.world.meters.arrive(
            site.name,
            route.name if route else f"{request.method} (unknown)",
            caller.kind if caller else "nobody",
            len(request.body),
            agent=request.headers.get("user-agent", ""),
        )
        arrival = _Arrival(site, request, caller, route, names, counted)
        self.world.pass_latency(arrival.endpoint)
        try:
            response = self._final(arrival, refusal)
        except ConnectionLost:
            _tell(arrival, None)
            raise
        _tell(arrival, response)
        return response

    def _final(self, arrival: _Arrival, refusal: Refusal | None) -> Response:
        if arrival.kind == "app":
            return self._limited(arrival)
        response = refusal.answer() if refusal else self._met(arrival)
        self._charge(arrival, response)
        return response

    def _limited(self, arrival: _Arrival) -> Response:
        """Answer the app, whose calls are limited and who is told how the limits stand."""
        limits = self.world.limits
        with self.world.lock:
            asked = _asked(arrival)
        limits.arrived(asked, self.world.clock())
        response = self._met(arrival, asked)
        points = self._charge(arrival, response)
        return limits.answered(
            asked, response, points=points, now=self.world.clock(), date=arrival.site.now()
        )

    def _met(self, arrival: _Arrival, asked: Asked | None = None) -> Response:
        """Let misfortunes, limits and acts of a test that wait for this call come first, then answer."""
        self._must_be_up(arrival.site)
        misfortune = self.world.misfortunes.strike(arrival.site.name, arrival.kind, arrival.request)
        if misfortune:
            self.world.meters.meet(arrival.counted, misfortune.kind)
        spared = misfortune.before_effect() if misfortune else None
        refused = spared or (self.world.limits.refusal(asked, self.world.clock()) if asked else None)
        if refused:
            return refused
        self.world.hooks.run_before(arrival.kind, arrival.request)
        response = self._struck(arrival, misfortune) if misfortune else self._effect(arrival)
        self.world.hooks.run_after(arrival.kind, arrival.request)
        return misfortune.after_effect(response) if misfortune else response

    def _struck(self, arrival: _Arrival, misfortune: Misfortune) -> Response:
        """Let the call have its effect as far and as soon as its misfortune allows."""
        if misfortune.kind == "effect_after_time_out":
            later = self.world.clock() + timedelta(seconds=misfortune.seconds)
            self.world.agenda.at(later, lambda: self._effect_unheard(arrival))
            raise TimedOut("the effect comes later")
        response = self._effect(replace(arrival, request=misfortune.heard(arrival.request)))
        if misfortune.kind == "event_before_answer":
            self.world.deliver_by_courier()
        return response

    def _effect_unheard(self, arrival: _Arrival) -> None:
        self._effect(arrival)

    def _effect(self, arrival: _Arrival) -> Response:
        with self.world.lock:
            self.world.webhook_trace = _trace(arrival)
            try:
                return self._acted(arrival)
            finally:
                self.world.webhook_trace = ""

    def _charge(self, arrival: _Arrival, response: Response) -> int:
        """Add size and points of the answer, and tell what the call cost; its arrival was one point."""
        told = arrival.route.cost.value * response.objects if arrival.route else 0
        self.world.meters.answer(arrival.counted, points=told, size=response.size)
        return 1 + told

    def _acted(self, arrival: _Arrival) -> Response:
        try:
            route, actor = _admitted(arrival)
            call = Call(
                world=self.world,
                site=arrival.site,
                actor=actor.user,
                by_app=actor.is_app,
                request=arrival.request,
                names=arrival.names,
            )
            response = route.handler(call)
            return in_version_2(response) if call.api == 2 else response
        except Refusal as refusal:
            return refusal.answer()


def _tell(arrival: _Arrival, response: Response | None) -> None:
    for witness in tuple(witnesses):
        witness(arrival.site, arrival.request, response, arrival.route)


def _moved(site: Site, request: Request) -> Response | None:
    """Send whoever asks at a former address of the site to the new one, a POST too; None at the right one."""
    host = request.headers.get("host", "")
    if not site.former_urls or host not in {urlsplit(url).netloc for url in site.former_urls}:
        return None
    query = f"?{urlencode(request.query)}" if request.query else ""
    return Response(302, {"Location": f"{site.base_url}{request.path}{query}"})


def _method(request: Request) -> str:
    """Route HEAD as GET: the same answer, of which only the headers are sent."""
    return "GET" if request.method == "HEAD" else request.method


def _admitted(arrival: _Arrival) -> tuple[Route, auth.Caller]:
    """Pair the route with the caller that may use it; Refusal 401, 403, 404, 405 or 410 otherwise."""
    if arrival.route is None:
        if arrival.request.path in REMOVED:
            raise Refusal(410, REMOVED[arrival.request.path])
        known = _ROUTER.knows(arrival.request.path)
        raise Refusal(405, "Method Not Allowed") if known else Refusal(404, "null for uri")
    caller = arrival.caller or (auth.STRANGER if arrival.route.is_public else None)
    if caller is None:
        raise Refusal(401, auth.REFUSED)
    scope = arrival.route.scope
    if caller.scopes is not None and scope != "NONE" and scope not in caller.scopes:
        raise Refusal(403, f"The app does not have the scope {scope} that this operation requires.")
    return arrival.route, caller


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
