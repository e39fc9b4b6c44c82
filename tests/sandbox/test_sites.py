from collections.abc import Iterator

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import Person, as_person, standard_world, two_sites


@pytest.fixture
def world() -> World:
    return two_sites()


@pytest.fixture
def initech(world: World) -> Site:
    return world.sites["initech"]


def ids(site: Site) -> Iterator[str]:
    yield from site.spaces
    yield from site.work_types
    yield from (each.id for each in site.priorities)
    yield from (each.id for each in site.statuses)
    yield from site.resolutions
    yield from site.groups
    for space in site.spaces.values():
        yield from (step.id for flow in space.workflows.values() for step in flow.transitions)


def status(person: Person, issue: str) -> str:
    fields = person.get(f"/rest/api/3/issue/{issue}?fields=status").json()["fields"]
    return str(fields["status"]["name"])


def test_no_id_of_one_site_means_anything_on_the_other(world: World, initech: Site) -> None:
    acme = world.sites["acme"]
    ours = as_person(world, acme, "alice").create("ALPHA", "one")
    theirs = as_person(world, initech, "gina").create("GOLD", "two")

    assert not set(ids(acme)) & set(ids(initech))
    assert ours not in initech.issues
    assert theirs not in acme.issues


def test_who_is_on_both_sites_has_one_account_id(world: World, initech: Site) -> None:
    acme = world.sites["acme"]

    assert acme.user("alice").account_id == initech.user("alice").account_id
    assert acme.users.keys() & initech.users.keys() == {
        acme.user("alice").account_id,
        acme.user("dana").account_id,
    }


def test_each_space_of_the_second_site_has_its_own_admin(world: World, initech: Site) -> None:
    gina, hank = (as_person(world, initech, name) for name in ("gina", "hank"))

    def administered(person: Person) -> list[str]:
        page = person.get("/rest/api/3/project/search?action=edit").json()
        return [each["key"] for each in page["values"]]

    assert (administered(gina), administered(hank)) == (["GOLD"], ["IRON"])
    assert administered(as_person(world, initech, "dana")) == ["GOLD", "IRON"]


def test_the_workflows_of_the_second_site_are_its_own(world: World, initech: Site) -> None:
    alice = as_person(world, initech, "alice")
    gold, iron = alice.create("GOLD", "one"), alice.create("IRON", "two")

    for name in ("Begin", "Hand in", "Rework", "Hand in", "Accept"):
        alice.move(gold, name)
    for name in ("Block", "Unblock", "Finish", "Reopen"):
        alice.move(iron, name)

    assert (status(alice, gold), status(alice, iron)) == ("Done", "Open")


def test_sites_that_are_alike_share_all_their_ids() -> None:
    world = standard_world(sites={"acme": "https://a.example", "initech": "https://b.example"})
    first, second = world.sites.values()

    assert set(ids(first)) - set(first.groups) == set(ids(second)) - set(second.groups)
    assert second.space("ALPHA").id == first.space("ALPHA").id
