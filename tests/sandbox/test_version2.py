"""Version 2 of the API: the links in its answers lead to version 2, and what was stored is left alone."""

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person


def test_links_lead_to_the_same_version_whatever_they_are_called(alice: Person, site: Site) -> None:
    item = alice.create("ALPHA", "one")

    space = alice.get("/rest/api/2/project/ALPHA")
    meta = alice.get(f"/rest/api/2/issue/{item}/editmeta")

    assert space.json()["self"] == f"{site.base_url}/rest/api/2/project/10000"
    assert space.json()["roles"]["Developers"] == f"{site.base_url}/rest/api/2/project/10000/role/10001"
    assert b"/rest/api/2/" in meta.body
    assert b"/rest/api/3/" not in space.body + meta.body


def test_what_was_stored_is_told_as_it_was_stored(alice: Person) -> None:
    item = alice.create("ALPHA", "one")
    stored = {"self": "https://elsewhere.example/rest/api/3/myself"}
    path = f"/issue/{item}/properties/place"
    alice.put(f"/rest/api/3{path}", stored)

    alone = alice.get(f"/rest/api/2{path}").json()
    within = alice.get(f"/rest/api/2/issue/{item}?properties=place").json()

    assert (alone["value"], within["properties"]["place"]) == (stored, stored)
    assert "/rest/api/2/" in within["self"]
