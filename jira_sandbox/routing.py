"""Routes: what a call is matched against and what its handler is given."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from urllib.parse import unquote

from jira_sandbox.meters import Cost
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import Acting
from jira_sandbox.state.values import Api, Json, User
from jira_sandbox.wire import Refusal, Request, Response
from jira_sandbox.world import World

Scope = Literal[
    "NONE",
    "READ",
    "WRITE",
    "DELETE",
    "PROJECT_ADMIN",
    "ADMIN",
    "ACT_AS_USER",
    "ACCESS_EMAIL_ADDRESSES",
    "INACCESSIBLE",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call on its way to a handler: who asks what of which site; ``names`` are the parts of the path.

    ``oauth`` is the OAuth app through which a person asks.
    """

    world: World
    site: Site
    actor: User
    by_app: bool
    request: Request
    names: dict[str, str]
    oauth: Acting | None = None

    @property
    def api(self) -> Api:
        """The version of the REST API the call is for."""
        return 2 if self.request.path.startswith("/rest/api/2/") else 3

    def body(self) -> dict[str, Json]:
        """Read the body, which must be a JSON object; Refusal 400 otherwise."""
        content = self.any_body()
        if not isinstance(content, dict):
            raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        return content

    def any_body(self) -> Json:
        """Read the body, which must be JSON of any kind; Refusal 400 otherwise."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):  # the latter for what is thousands of brackets deep
            raise Refusal(
                400, "There was an error parsing JSON. Check that your request body is valid."
            ) from None

    def number(self, name: str, default: int, *, most: int) -> int:
        """Read a whole number from the query, at most ``most``; Refusal 400 if it is not one."""
        text = self.request.parameter(name) or str(default)
        if not (text.isascii() and text.isdigit()):
            raise Refusal(400, f"Parameter '{name}' must be a non-negative number.")
        return min(int(text), most)


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """A method and a template like ``/rest/api/3/issue/{issueIdOrKey}``; what it costs and asks of an app.

    A public one answers strangers too.
    """

    method: str
    template: str
    handler: Handler
    scope: Scope = "READ"
    cost: Cost = Cost.CORE
    is_public: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template)))

    @property
    def name(self) -> str:
        """Method and template, as meters show them."""
        return f"{self.method} {self.template}"

    def names_in(self, path: str) -> dict[str, str] | None:
        """Match and give the decoded parts of ``path`` by name; None if the template does not fit."""
        found = self._pattern.fullmatch(path)
        return {name: unquote(part) for name, part in found.groupdict().items()} if found else None


@dataclass(slots=True)
class _Branch:
    """What may follow in a path: parts spelt out, any part at all, and the routes that end here by method."""

    spelt: dict[str, "_Branch"] = field(default_factory=dict)
    anything: "_Branch | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    """Finds routes part by part: a part that is spelt out goes before one that may be anything.

    So ``/issue/createmeta`` is no work item, in whatever order the routes are given.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Branch()
        for route in routes:
            self._ending(route.template).routes.setdefault(route.method, route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Give the route for a call and the decoded parts of its path; None if there is no such route."""
        for branch in _ends(self._root, path.split("/")):
            route = branch.routes.get(method)
            names = route.names_in(path) if route else None
            if route and names is not None:
                return route, names
        return None

    def knows(self, path: str) -> bool:
        """Whether some method is answered at ``path``."""
        return any(branch.routes for branch in _ends(self._root, path.split("/")))

    def _ending(self, template: str) -> _Branch:
        branch = self._root
        for part in template.split("/"):
            if part.startswith("{"):
                branch.anything = branch.anything or _Branch()
                branch = branch.anything
            else:
                branch = branch.spelt.setdefault(part, _Branch())
        return branch


def _ends(branch: _Branch, parts: list[str]) -> Iterator[_Branch]:
    """Walk every way the parts can be read, the most literal first."""
    if not parts:
        yield branch
        return
    if parts[0] in branch.spelt:
        yield from _ends(branch.spelt[parts[0]], parts[1:])
    if branch.anything and parts[0]:
        yield from _ends(branch.anything, parts[1:])
