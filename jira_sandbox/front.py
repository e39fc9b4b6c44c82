"""The front of every site: counts, authenticates, routes, and turns what goes wrong into Jira's answers.

The server and the in-process mount both end here, so a test and a demo meet the same Jira.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from jira_sandbox import addresses, callers, control, hosts, media
from jira_sandbox.arrivals import Arrival, routed
from jira_sandbox.auth import Caller
from jira_sandbox.datacenter import dialect, files, outgoing, ratelimiting
from jira_sandbox.datacenter.oauth import asking
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Asked
from jira_sandbox.routing import Call, Route
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


class Front:
    """Takes requests for the sites of one world."""

    def __init__(self, world: World, pages: Pages | None = None) -> None:
        self.world = world
        self._pages = pages

    def handle(self, site_name: str, request: Request) -> Response:
        """Answer for the site; ConnectionLost when a misfortune wants no answer, or the site is down."""
        site = self.world.sites[site_name]
        request = addresses.within(site, request)
        self.world.catch_up()
        return self._traced(site_name, request, lambda: _dated(site, request, self._answer(site, request)))

    def handle_elsewhere(self, host: str, request: Request) -> Response | None:
        """Answer for one of Atlassian's own hosts; None for any other, ConnectionLost when it is down."""
        if not hosts.knows(host):
            return None
        return self._traced(
            host, request, lambda: hosts.answer(self.world, host, request.path, request, self._through)
        )

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

    def _answer(self, site: Site, request: Request) -> Response:
        try:
            if request.path.startswith(CONTROL):
                return control.handle(self.world, site, request)
            moved = addresses.moved(site, request)
            if moved:
                return moved
            if _is_for_programs(site, request.path):
                return self._rest(site, request)
            elsewhere = hosts.at_site(self.world, request, self._through) or self._media(site, request)
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

    def _through(self, site: Site, request: Request, caller: Caller) -> Response:
        """Answer a call that came by Atlassian's gateway, which knows who calls."""
        self.world.catch_up()
        return _dated(site, request, self._rest(site, request, caller))

    def _rest(self, site: Site, request: Request, caller: Caller | None = None) -> Response:
        refusal: Refusal | None = None
        try:
            caller = caller or callers.identify(site, request)
        except Refusal as refused:
            refusal = refused
        request = spelt_out(request)  # what was signed is the path as it was sent
        route, names = routed(site, request)
        counted = self.world.meters.arrive(
            site.name,
            route.name if route else f"{request.method} (unknown)",
            caller.kind if caller else "nobody",
            len(request.body),
            agent=request.headers.get("user-agent", ""),
        )
        arrival = Arrival(site, request, caller, route, names, counted)
        self.world.pass_latency(arrival.endpoint)
        try:
            response = self._final(arrival, refusal)
        except ConnectionLost:
            _tell(arrival, None)
            raise
        if not site.edition.is_cloud:
            response = outgoing.headed(site, request, caller, response)
        _tell(arrival, response)
        return response

    def _final(self, arrival: Arrival, refusal: Refusal | None) -> Response:
        if arrival.kind == "app":
            return self._limited(arrival)
        response = refusal.answer() if refusal else self._met(arrival)
        self._charge(arrival, response)
        return response

    def _limited(self, arrival: Arrival) -> Response:
        """Answer the app, whose calls are limited and who is told how the limits stand."""
        limits = self.world.limits
        with self.world.lock:
            asked = arrival.asked()
        limits.arrived(asked, self.world.clock())
        response = self._met(arrival, asked)
        points = self._charge(arrival, response)
        return limits.answered(
            asked, response, points=points, now=self.world.clock(), date=arrival.site.now()
        )

    def _met(self, arrival: Arrival, asked: Asked | None = None) -> Response:
        """Let misfortunes, limits and acts of a test that wait for this call come first, then answer."""
        self._must_be_up(arrival.site)
        misfortune = self.world.misfortunes.strike(arrival.site.name, arrival.kind, arrival.request)
        if misfortune:
            self.world.meters.meet(arrival.counted, misfortune.kind)
        spared = misfortune.before_effect() if misfortune else None
        refused = spared or self._over_limits(arrival, asked)
        if refused:
            return refused
        self.world.hooks.run_before(arrival.kind, arrival.request)
        response = self._struck(arrival, misfortune) if misfortune else self._effect(arrival)
        self.world.hooks.run_after(arrival.kind, arrival.request)
        return misfortune.after_effect(response) if misfortune else response

    def _over_limits(self, arrival: Arrival, asked: Asked | None) -> Response | None:
        now = self.world.clock()
        refused = self.world.limits.refusal(asked, now) if asked else None
        with self.world.lock:
            return refused or ratelimiting.refusal(arrival.site, arrival.caller, now)

    def _struck(self, arrival: Arrival, misfortune: Misfortune) -> Response:
        """Let the call have its effect as far and as soon as its misfortune allows."""
        if misfortune.kind == "effect_after_time_out":
            later = self.world.clock() + timedelta(seconds=misfortune.seconds)
            self.world.agenda.at(later, lambda: self._effect_unheard(arrival))
            raise TimedOut("the effect comes later")
        response = self._effect(replace(arrival, request=misfortune.heard(arrival.request)))
        if misfortune.kind == "event_before_answer":
            self.world.deliver_by_courier()
        return response

    def _effect_unheard(self, arrival: Arrival) -> None:
        self._effect(arrival)

    def _effect(self, arrival: Arrival) -> Response:
        with self.world.lock:
            self.world.webhook_trace, self.world.acting = arrival.trace, arrival.kind
            try:
                return self._acted(arrival)
            finally:
                self.world.webhook_trace = self.world.acting = ""

    def _charge(self, arrival: Arrival, response: Response) -> int:
        """Add size and points of the answer, and tell what the call cost; its arrival was one point."""
        told = arrival.route.cost.value * response.objects if arrival.route else 0
        self.world.meters.answer(arrival.counted, points=told, size=response.size)
        return 1 + told

    def _acted(self, arrival: Arrival) -> Response:
        try:
            route, caller = arrival.admitted()
            call = Call(
                world=self.world,
                site=arrival.site,
                actor=caller.user,
                by_app=caller.is_app,
                request=dialect.understood(arrival.site, arrival.request),
                names=arrival.names,
                oauth=caller.oauth,
            )
            response = route.handler(call)
            response = in_version_2(response) if call.api == 2 else response
            return response if arrival.site.edition.is_cloud else dialect.told(arrival.site, response)
        except Refusal as refusal:
            return dialect.reworded(arrival.site, refusal).answer()


def _is_for_programs(site: Site, path: str) -> bool:
    """Whether a path is of the REST API, which has pages for people too, or that of a file of Data Center."""
    return files.is_one(site, path) or (path.startswith(REST) and not asking.is_for_people(site, path))


def _dated(site: Site, request: Request, response: Response) -> Response:
    date = format_datetime(site.now().replace(microsecond=0), usegmt=True)
    dated = replace(response, headers={"Date": date, **response.headers})
    return dated.without_body() if request.method == "HEAD" else dated


def _tell(arrival: Arrival, response: Response | None) -> None:
    for witness in tuple(witnesses):
        witness(arrival.site, arrival.request, response, arrival.route)
