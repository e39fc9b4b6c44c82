"""Which route a call takes, and what is put off until later."""

from collections import Counter
from datetime import timedelta

import pytest

from jira_sandbox.agenda import Agenda
from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Call, Route, Router
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app, document


def no_handler(_call: Call) -> Response:
    raise AssertionError


def router(*names: str) -> Router:
    parts = [name.partition(" ") for name in names]
    return Router(Route(method, template, no_handler) for method, _, template in parts)


def test_every_route_is_found_by_its_own_path() -> None:
    found = Router(ROUTES)

    for route in ROUTES:
        path = route.template.replace("{", "x").replace("}", "y")
        match = found.find(route.method, path)
        assert match is not None, route.name
        assert match[0].name == route.name


def test_no_route_is_there_twice() -> None:
    counted = Counter(route.name for route in ROUTES)

    assert [name for name, count in counted.items() if count > 1] == []


def test_what_is_spelt_out_goes_before_what_may_be_anything() -> None:
    routes = router("GET /issue/{key}", "GET /issue/picker", "PUT /issue/{key}")

    assert [routes.find("GET", path)[0].template for path in ("/issue/picker", "/issue/pick")] == [  # type: ignore[index]
        "/issue/picker",
        "/issue/{key}",
    ]
    assert routes.find("PUT", "/issue/picker") is not None


def test_a_way_that_leads_nowhere_is_left_for_another() -> None:
    routes = router("GET /{kind}/x/{id}/end", "GET /issue/{key}/y")

    found = routes.find("GET", "/issue/x/1/end")

    assert found is not None
    assert found[1] == {"kind": "issue", "id": "1"}


@pytest.mark.parametrize("path", ["/issue", "/issue/", "/issue/a/", "/issue/a/b", "issue/a", "/other/a"])
def test_other_paths_are_not_known(path: str) -> None:
    routes = router("GET /issue/{key}")

    assert (routes.find("GET", path), routes.knows(path)) == (None, False)


def test_parts_are_decoded_and_other_methods_known_about() -> None:
    routes = router("GET /property/{key}")

    found = routes.find("GET", "/property/a%2Fb%20c")

    assert found is not None
    assert found[1] == {"key": "a/b c"}
    assert (routes.find("PUT", "/property/a"), routes.knows("/property/a")) == (None, True)


def test_what_is_due_is_done_in_the_order_of_its_time(clock: VirtualClock) -> None:
    agenda, done = Agenda(), list[str]()
    for name, minutes in (("third", 3), ("first", 1), ("second", 2), ("fourth", 3)):
        agenda.at(clock() + timedelta(minutes=minutes), lambda name=name: done.append(name))  # type: ignore[misc]
    gone = agenda.at(clock(), lambda: done.append("crossed out"))
    gone.is_off = True

    agenda.catch_up(clock)
    at_once, then = list(done), agenda.next
    clock.advance(minutes=3)
    agenda.catch_up(clock)

    assert (at_once, done, len(agenda)) == ([], ["first", "second", "third", "fourth"], 0)
    assert (then, agenda.next) == (clock() - timedelta(minutes=2), None)


def test_an_act_may_put_down_another_that_is_due(world: World, alice: Person, clock: VirtualClock) -> None:
    done: list[int] = []

    def again() -> None:
        done.append(len(done))
        if len(done) < 3:
            world.agenda.at(clock(), again)

    world.agenda.at(clock(), again)
    alice.get("/rest/api/3/myself")

    assert done == [0, 1, 2]


def test_a_work_item_is_found_by_its_key_again_after_it_was_deleted_and_made(
    world: World, alice: Person
) -> None:
    site = world.sites["acme"]
    first = alice.create("ALPHA", "one")
    second = alice.create("ALPHA", "two")
    known = [site.issue("ALPHA-2").id, site.issue("alpha-1").id]

    alice.delete(f"/rest/api/3/issue/{second}")

    assert known == [second, first]
    assert alice.get("/rest/api/3/issue/ALPHA-2").status == 404
    assert alice.get("/rest/api/3/issue/ALPHA-1").json()["id"] == first


def test_the_latest_version_is_the_second(alice: Person, world: World, site: Site, app: ListeningApp) -> None:
    issue = alice.create("ALPHA", "one", description=document("text"))

    by_person = alice.get(f"/rest/api/latest/issue/{issue}").json()
    by_app = as_app(world, site).get(f"/rest/api/latest/issue/{issue}").json()

    assert by_person["fields"]["description"] == by_app["fields"]["description"] == "text"
    assert by_person["self"].endswith(f"/rest/api/2/issue/{issue}")
    assert alice.get("/rest/api/latest/nothing").status == 404
