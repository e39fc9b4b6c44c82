"""A call to the REST API that has arrived: who calls for what, whether that may be, what limits look at."""

import contextlib
from dataclasses import dataclass

from jira_sandbox import auth
from jira_sandbox.datacenter import table as datacenter
from jira_sandbox.meters import Arrived, Cost
from jira_sandbox.quotas import Asked
from jira_sandbox.rest.table import REMOVED, ROUTES
from jira_sandbox.routing import Route, Router
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal, Request

MOST_TRACE = 1024
_CLOUD, _DATA_CENTER = Router(ROUTES), Router(datacenter.ROUTES)


def routed(site: Site, request: Request) -> tuple[Route | None, dict[str, str]]:
    """Find the route and the decoded parts of the path; HEAD is a GET of which only the headers are sent."""
    method = "GET" if request.method == "HEAD" else request.method
    return _router(site).find(method, request.path) or (None, {})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call to the REST API, counted but not yet acted on."""

    site: Site
    request: Request
    caller: auth.Caller | None
    route: Route | None
    names: dict[str, str]
    counted: Arrived

    @property
    def kind(self) -> str:
        """What kind of caller it is, for meters and misfortunes."""
        return self.caller.kind if self.caller else "nobody"

    @property
    def endpoint(self) -> str:
        """The route as meters show it."""
        return self.counted.row.route

    @property
    def trace(self) -> str:
        """What an app wants the webhooks of its call marked with; empty when it is no such text."""
        text = self.request.headers.get("x-atlassian-webhook-trace", "")
        is_fit = self.kind == "app" and len(text) <= MOST_TRACE and text.isascii() and text.isprintable()
        return text if is_fit else ""

    def admitted(self) -> tuple[Route, auth.Caller]:
        """Pair the route with the caller that may use it; Refusal 401, 403, 404, 405 or 410 otherwise."""
        route = self._known_route()
        caller = self.caller or (auth.STRANGER if route.is_public else None)
        if caller is None:
            raise Refusal(401, auth.REFUSED)
        if caller.scopes is not None and route.scope != "NONE" and route.scope not in caller.scopes:
            raise Refusal(403, f"The app does not have the scope {route.scope} that this operation requires.")
        return route, caller

    def asked(self) -> Asked:
        """Say what limits look at; to be called with the world's lock held."""
        name = self.names.get("issueIdOrKey", "")
        if name and self.route and self.route.cost is Cost.WRITE:
            with contextlib.suppress(LookupError):
                name = self.site.issue(name).id
        else:
            name = ""
        return Asked(
            site=self.site.name,
            endpoint=self.endpoint,
            written=name,
            counted=self.site.edition.is_cloud,
        )

    def _known_route(self) -> Route:
        if self.route:
            return self.route
        if self.site.edition.is_cloud and self.request.path in REMOVED:
            raise Refusal(410, REMOVED[self.request.path])
        known = _router(self.site).knows(self.request.path)
        raise Refusal(405, "Method Not Allowed") if known else Refusal(404, "null for uri")


def _router(site: Site) -> Router:
    return _CLOUD if site.edition.is_cloud else _DATA_CENTER
