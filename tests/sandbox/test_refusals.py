"""What every operation refuses alike: all routes of both versions, one by one."""

import base64
import re
from dataclasses import replace

import pytest

from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Route, Router
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_nobody,
    as_person,
    descriptor,
    install,
)

METHODS = ("GET", "POST", "PUT", "DELETE")
STRANGERS = "Client must be authenticated to access this resource."
ROUTER = Router(ROUTES)
WRONG = base64.b64encode(b"alice:guess").decode()


def target(route: Route) -> str:
    """A path the route is for."""
    return re.sub(r"\{\w+\}", "1", route.template)


def told(caller: Person, clock: VirtualClock, routes: list[Route]) -> dict[str, tuple[int, list[str]]]:
    """Status and messages of a call to each route, far enough apart to stay below every limit."""
    found = {}
    for route in routes:
        clock.advance(seconds=10)
        answer = caller.call(route.method, target(route), {})
        messages = answer.json()["errorMessages"] if answer.status >= 400 else []
        found[f"{route.method} {route.template}"] = (answer.status, messages)
    return found


def alike(routes: list[Route], status: int, message: str) -> dict[str, tuple[int, list[str]]]:
    return {f"{each.method} {each.template}": (status, [message]) for each in routes}


def test_wrong_credentials_are_refused_everywhere(world: World, site: Site, clock: VirtualClock) -> None:
    guessing = replace(as_person(world, site, "alice"), credentials=WRONG)

    assert told(guessing, clock, list(ROUTES)) == alike(list(ROUTES), 401, STRANGERS)


def test_strangers_are_refused_wherever_it_is_not_public(
    world: World, site: Site, clock: VirtualClock
) -> None:
    routes = [each for each in ROUTES if not each.is_public]

    assert told(as_nobody(world, site), clock, routes) == alike(routes, 401, STRANGERS)


def test_an_app_without_the_scope_is_refused_everywhere(
    world: World, site: Site, clock: VirtualClock
) -> None:
    install(world, site, ListeningApp(), wanted=descriptor(scopes=[]))
    routes = [each for each in ROUTES if each.scope != "NONE"]

    refused = told(as_app(world, site), clock, routes)

    assert refused == {
        f"{each.method} {each.template}": (
            403,
            [f"The app does not have the scope {each.scope} that this operation requires."],
        )
        for each in routes
    }


def test_what_no_app_may_do_is_refused_to_an_app_with_every_scope(
    world: World, site: Site, clock: VirtualClock
) -> None:
    every = ["READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "ACT_AS_USER"]
    install(world, site, ListeningApp(), wanted=descriptor(scopes=every))
    routes = [each for each in ROUTES if each.scope == "INACCESSIBLE"]

    refused = told(as_app(world, site), clock, routes)

    assert routes
    assert refused == alike(
        routes, 403, "The app does not have the scope INACCESSIBLE that this operation requires."
    )


def test_a_method_that_is_not_there_is_refused_everywhere(alice: Person) -> None:
    strange = [
        (method, path)
        for path in {target(each) for each in ROUTES}
        for method in METHODS
        if ROUTER.find(method, path) is None
    ]

    statuses = {alice.call(method, path, {}).status for method, path in strange}

    assert len(strange) > len(ROUTES)
    assert statuses == {405}


@pytest.mark.parametrize("version", [2, 3])
def test_a_path_that_is_not_there_is_not_found(alice: Person, version: int) -> None:
    answer = alice.get(f"/rest/api/{version}/wish")

    assert (answer.status, answer.json()["errorMessages"]) == (404, ["null for uri"])


def page(path: str) -> object:
    """A list that can be refused in no way of its own but by where its page is to start."""
    return pytest.param(path, marks=pytest.mark.refuses(f"GET {path}", 400), id=path)


@pytest.mark.parametrize(
    "path",
    [
        page("/rest/api/3/field/search/trashed"),
        page("/rest/api/3/issuesecurityschemes/level"),
        page("/rest/api/3/issuesecurityschemes/level/member"),
        page("/rest/api/3/issuesecurityschemes/project"),
        page("/rest/api/3/issuesecurityschemes/search"),
    ],
)
def test_a_page_starts_at_a_number(dana: Person, path: str) -> None:
    answer = dana.get(f"{path}?startAt=first")

    assert answer.status == 400
    assert answer.json()["errorMessages"] == ["Parameter 'startAt' must be a non-negative number."]
