from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

PAGE = {"title": "A page", "url": "https://wiki.example/1"}
GLOBAL = "app=wiki&page=1"
ENCODED = "app%3Dwiki%26page%3D1"
_ALL = "/rest/api/3/issue/{issueIdOrKey}/remotelink"
_ONE = f"{_ALL}/{{linkId}}"


@pytest.fixture
def path(alice: Person) -> str:
    """The address of the links of ALPHA-1."""
    return f"/rest/api/3/issue/{alice.create('ALPHA', 'one')}/remotelink"


def made(person: Person, path: str, **more: object) -> dict[str, Any]:
    answer = person.post(path, {"object": PAGE, **more})
    assert answer.status == 201, answer.body
    return dict(answer.json())


@pytest.mark.answers(f"POST {_ALL}")
@pytest.mark.answers(f"GET {_ONE}")
def test_a_new_link_is_read_as_it_was_made(alice: Person, path: str) -> None:
    said = {
        "object": {**PAGE, "status": {"resolved": True}},
        "application": {"type": "org.wiki", "name": "Wiki"},
        "relationship": "is told of on",
        "globalId": GLOBAL,
    }

    answer = alice.post(path, said)

    link = answer.json()
    assert (answer.status, set(link)) == (201, {"id", "self"})
    assert alice.get(f"{path}/{link['id']}").json() == {**said, **link}


@pytest.mark.answers(f"GET {_ALL}")
def test_all_links_and_the_one_with_a_global_id(alice: Person, path: str) -> None:
    first = made(alice, path)
    second = made(alice, path, globalId=GLOBAL)

    listed = alice.get(path)
    chosen = alice.get(f"{path}?globalId={ENCODED}")

    assert (listed.status, [each["id"] for each in listed.json()]) == (200, [first["id"], second["id"]])
    assert (chosen.json()["id"], chosen.json()["globalId"]) == (second["id"], GLOBAL)


def test_the_same_global_id_again_replaces_the_link(alice: Person, path: str) -> None:
    link = made(alice, path, globalId=GLOBAL, relationship="is told of on")

    again = alice.post(path, {"globalId": GLOBAL, "object": {**PAGE, "title": "Another"}})

    shown = alice.get(f"{path}/{link['id']}").json()
    assert (again.status, again.json()) == (200, link)
    assert (shown["object"]["title"], "relationship" in shown) == ("Another", False)
    assert len(alice.get(path).json()) == 1


@pytest.mark.answers(f"PUT {_ONE}")
def test_a_change_replaces_all_that_a_link_says(alice: Person, path: str) -> None:
    link = made(alice, path, globalId=GLOBAL, relationship="is told of on")

    answer = alice.put(f"{path}/{link['id']}", {"object": {**PAGE, "title": "Another"}})

    shown = alice.get(f"{path}/{link['id']}").json()
    assert answer.status == 204
    assert shown == {**link, "object": {**PAGE, "title": "Another"}}


@pytest.mark.answers(f"DELETE {_ONE}")
@pytest.mark.answers(f"DELETE {_ALL}")
def test_links_are_deleted_by_id_and_by_global_id(alice: Person, path: str, site: Site) -> None:
    first, second = made(alice, path), made(alice, path, globalId=GLOBAL)

    by_id = alice.delete(f"{path}/{first['id']}")
    by_global_id = alice.delete(f"{path}?globalId={ENCODED}")

    assert (by_id.status, by_global_id.status, alice.get(path).json()) == (204, 204, [])
    history = [entry.items[0] for entry in site.issue("ALPHA-1").changelog]
    assert [(item.before, item.after) for item in history] == [
        (None, str(first["id"])),
        (None, str(second["id"])),
        (str(first["id"]), None),
        (str(second["id"]), None),
    ]
    assert history[0].after_text == 'This issue links to "A page"'


@pytest.mark.refuses(f"POST {_ALL}", 400)
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"object": "'object' is required."}),
        ({"object": {"url": "https://wiki.example"}}, {"title": "'title' is required."}),
        ({"object": {"title": "x"}}, {"url": "'url' is required."}),
        ({"object": {**PAGE, "summary": 5}}, {"summary": "'summary' must be a text."}),
        ({"object": PAGE, "globalId": "x" * 256}, {"globalId": "'globalId' is too long."}),
    ],
)
def test_what_is_wrong_is_named(
    alice: Person, path: str, body: dict[str, object], errors: dict[str, str]
) -> None:
    answer = alice.post(path, body)

    assert (answer.status, answer.json()["errors"]) == (400, errors)
    assert alice.get(path).json() == []


@pytest.mark.refuses(f"PUT {_ONE}", 400)
@pytest.mark.refuses(f"GET {_ONE}", 400)
@pytest.mark.refuses(f"DELETE {_ONE}", 400)
@pytest.mark.refuses(f"DELETE {_ALL}", 400)
def test_an_id_that_is_no_number_or_is_missing(alice: Person, path: str) -> None:
    refused = (
        alice.get(f"{path}/x"),
        alice.put(f"{path}/x", {"object": PAGE}),
        alice.delete(f"{path}/x"),
    )
    without = alice.delete(path)

    assert {each.status for each in refused} == {400}
    assert refused[0].json()["errorMessages"] == ["The remote issue link id 'x' is invalid."]
    assert (without.status, without.json()["errors"]) == (400, {"globalId": "'globalId' is required."})


@pytest.mark.refuses(f"GET {_ALL}", 404)
@pytest.mark.refuses(f"GET {_ONE}", 404)
@pytest.mark.refuses(f"PUT {_ONE}", 404)
@pytest.mark.refuses(f"DELETE {_ONE}", 404)
@pytest.mark.refuses(f"DELETE {_ALL}", 404)
def test_a_link_that_is_not_there(alice: Person, path: str) -> None:
    refused = (
        alice.get(f"{path}?globalId=x"),
        alice.get(f"{path}/99"),
        alice.put(f"{path}/99", {"object": PAGE}),
        alice.delete(f"{path}/99"),
        alice.delete(f"{path}?globalId=x"),
    )

    assert {each.status for each in refused} == {404}
    assert refused[1].json()["errorMessages"] == ["The remote issue link with id '99' does not exist."]


@pytest.mark.refuses(f"POST {_ALL}", 404)
def test_links_of_an_item_one_may_not_see(bob: Person, path: str) -> None:
    assert (bob.get(path).status, bob.post(path, {"object": PAGE}).status) == (404, 404)


@pytest.mark.refuses(f"POST {_ALL}", 403)
@pytest.mark.refuses(f"PUT {_ONE}", 403)
@pytest.mark.refuses(f"DELETE {_ALL}", 403)
def test_without_the_right_to_link(alice: Person, path: str, site: Site) -> None:
    link = made(alice, path, globalId=GLOBAL)
    site.deny(site.user("alice"), "LINK_ISSUES", space=site.space("ALPHA"))

    refused = (
        alice.post(path, {"object": PAGE}),
        alice.put(f"{path}/{link['id']}", {"object": PAGE}),
        alice.delete(f"{path}?globalId={ENCODED}"),
    )

    assert {each.status for each in refused} == {403}
    assert refused[0].json()["errorMessages"] == ["No Link Issue Permission for issue 'ALPHA-1'"]


@pytest.mark.refuses(f"DELETE {_ONE}", 403)
def test_deleting_by_id_takes_the_right_to_edit_as_well(alice: Person, path: str, site: Site) -> None:
    link = made(alice, path, globalId=GLOBAL)
    site.deny(site.user("alice"), "EDIT_ISSUES", space=site.space("ALPHA"))

    assert alice.delete(f"{path}/{link['id']}").status == 403
    assert alice.delete(f"{path}?globalId={ENCODED}").status == 204


def test_a_work_item_takes_so_many_links_and_no_more(alice: Person, path: str, site: Site) -> None:
    site.most_links = 1
    made(alice, path)

    answer = alice.post(path, {"object": PAGE})

    assert answer.json()["errorMessages"] == ["The issue has reached its limit of 1 remote links."]
