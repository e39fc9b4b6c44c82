"""Every route called by everybody, on sites in every state: what its view states is what happens.

The table of routes is the URLconf, what is expected is computed from each view's own
statement: a new route is called by everybody as soon as it has an example.
"""

from collections.abc import Iterator
from functools import cache

import pytest
import structlog

from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from backbone_app.web.auth import Who
from tests.support.hostile import REFUSAL, Outgoing, affairs
from tests.support.matrix.examples import EXAMPLES, Route, routes
from tests.support.matrix.roles import ALLOWED, Cell, Role
from tests.support.matrix.scene import Scene

RIGHTS = ("/rest/api/3/permissions/check", "/rest/api/3/user/groups")
"""All that may be asked of Jira before somebody is refused."""


@pytest.fixture
def outgoing(scene: Scene) -> Iterator[Outgoing]:
    outgoing = Outgoing()
    with pytest.MonkeyPatch.context() as patch:
        outgoing.watch(patch)
        yield outgoing


@cache
def all_routes() -> tuple[Route, ...]:
    return tuple(routes())


def test_every_route_has_an_example_and_every_example_a_route(scene: Scene) -> None:
    known = {route.pattern for route in all_routes()}

    assert known - EXAMPLES.keys() == set(), "say in tests/support/matrix/examples.py how these are called"
    assert EXAMPLES.keys() - known == set(), "these addresses are gone"


def cells(scene: Scene, role: Role) -> list[Cell]:
    return [Cell(scene, route, EXAMPLES[route.pattern], role) for route in all_routes()]


def wrongs(called: list[Cell], outgoing: Outgoing) -> list[str]:
    """Make the calls and say what is not as it should be; whoever gets in leaves nothing behind."""
    before = affairs()
    refused = [cell for cell in called if cell.expected().isdisjoint(ALLOWED)]
    found = [f"{cell}: {wrong}" for cell in refused for wrong in _wrongs_of_refused(cell, outgoing)]
    if affairs() != before:
        found.append("a call that was refused changed something")
    return found + [wrong for cell in called if cell not in refused for wrong in _wrongs_of_allowed(cell)]


def _wrongs_of_refused(cell: Cell, outgoing: Outgoing) -> Iterator[str]:
    cell.scene.clock.advance(seconds=10)
    asked = len(outgoing.urls)
    with structlog.testing.capture_logs() as logs:
        status, said = cell.call()
    if {status} != cell.expected():
        yield f"{status} instead of {sorted(cell.expected())}"
    if "hidden" in said.lower() or (status == 401 and REFUSAL["message"] not in said):
        yield "told something"
    if [line.keys() for line in logs] != [{"event", "case", "log_level"}]:
        yield f"logged {logs}"
    for url in outgoing.urls[asked:]:
        if status == 401 or not any(right in url for right in RIGHTS):
            yield f"called {url}"


def _wrongs_of_allowed(cell: Cell) -> Iterator[str]:
    with cell.scene.undone():
        status, _ = cell.call()
        if status not in ALLOWED | cell.example.also:
            yield f"{cell}: {status} instead of {sorted(ALLOWED)}"


@pytest.mark.parametrize("role", Role)
def test_what_a_view_states_is_what_happens(scene: Scene, outgoing: Outgoing, role: Role) -> None:
    called = cells(scene, role)

    assert wrongs(called, outgoing) == []
    assert len(called) == len(all_routes())


@pytest.mark.parametrize("role", [Role.SPACE_ADMIN, Role.SITE, Role.ATLASSIAN])
def test_a_site_that_has_switched_us_off_or_removed_us_gets_in_nowhere_but_to_switch_us_on(
    scene: Scene, outgoing: Outgoing, role: Role
) -> None:
    for state in (SiteStatus.DISABLED, SiteStatus.UNINSTALLED):
        with scene.undone():
            Site.objects.filter(pk=scene.sites["acme"].row.pk).update(status=state)

            assert wrongs(cells(scene, role), outgoing) == []


def test_each_kind_of_route_lets_somebody_in_and_keeps_somebody_out(scene: Scene) -> None:
    let_in: dict[Who, set[Role]] = {who: set() for who in Who}
    for role in Role:
        for cell in cells(scene, role):
            if cell.expected() == ALLOWED:
                let_in[cell.route.stated.who].add(role)

    people = {role for role in Role if role.is_person}
    assert let_in[Who.ANYBODY] == set(Role)
    assert let_in[Who.ATLASSIAN] == {Role.ATLASSIAN}
    assert let_in[Who.FORGE] == {Role.FORGE}
    assert let_in[Who.SITE] == {Role.SITE}
    assert let_in[Who.VISITOR] == people | {Role.SITE}
    assert let_in[Who.HOLDER] == set()
    assert let_in[Who.READER] == people - {Role.PARTNER_ADMIN, Role.STRANGER}
    assert let_in[Who.JIRA_ADMIN] == {Role.JIRA_ADMIN, Role.SYSTEM_ADMIN}
    assert Role.SPACE_ADMIN in let_in[Who.SPACE_ADMIN]
    assert let_in[Who.SPACE_ADMIN].isdisjoint({Role.USER, Role.OTHER_SPACE_ADMIN, Role.JIRA_ADMIN})
