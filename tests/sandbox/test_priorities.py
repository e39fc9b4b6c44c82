import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app

PRIORITY, RESOLUTION = "/rest/api/3/priority", "/rest/api/3/resolution"
ADMINS_ONLY = ["Only Jira administrators can perform this operation."]


def names(person: Person, path: str) -> list[str]:
    return [each["name"] for each in person.get(path).json()]


def task(person: Person, answer: Response) -> str:
    path = answer.headers["Location"].removeprefix("https://acme.atlassian.net")
    return f"{answer.status} {person.get(path).json()['status']}"


@pytest.mark.answers("GET /rest/api/3/priority")
@pytest.mark.answers("GET /rest/api/3/priority/{id}")
@pytest.mark.answers("POST /rest/api/3/priority")
@pytest.mark.answers("PUT /rest/api/3/priority/{id}")
def test_a_priority_is_made_and_changed(dana: Person, alice: Person) -> None:
    made = dana.post(PRIORITY, {"name": "Whenever", "statusColor": "#abc", "description": "No hurry"})
    one = f"{PRIORITY}/{made.json()['id']}"
    changed = dana.put(one, {"name": "Someday"})

    shown = alice.get(one).json()
    assert (made.status, changed.status) == (201, 204)
    assert (shown["name"], shown["statusColor"], shown["description"]) == ("Someday", "#abc", "No hurry")
    assert names(alice, PRIORITY) == ["Highest", "High", "Medium", "Low", "Lowest", "Someday"]


@pytest.mark.answers("PUT /rest/api/3/priority/default")
@pytest.mark.answers("GET /rest/api/3/priority/search")
def test_the_default_priority_is_that_of_new_items(dana: Person, alice: Person, site: Site) -> None:
    low = site.priority("Low").id

    answer = dana.put(f"{PRIORITY}/default", {"id": low})

    issue = alice.create("ALPHA", "one")
    assert answer.status == 204
    assert alice.get(f"/rest/api/3/issue/{issue}").json()["fields"]["priority"]["name"] == "Low"
    found = alice.get(f"{PRIORITY}/search?onlyDefault=true").json()["values"]
    assert [(each["name"], each["isDefault"]) for each in found] == [("Low", True)]
    assert len(alice.get(f"{PRIORITY}/search?id={low}&id=99").json()["values"]) == 1
    assert len(alice.get(f"{PRIORITY}/search?priorityName=low").json()["values"]) == 2
    assert alice.get(f"{PRIORITY}/search?projectId=99").json()["values"] == []
    page = alice.get(f"{PRIORITY}/search?maxResults=2&startAt=4").json()
    assert (page["total"], page["isLast"], len(page["values"])) == (5, True, 1)


@pytest.mark.answers("PUT /rest/api/3/priority/move")
@pytest.mark.refuses("PUT /rest/api/3/priority/move", 400)
@pytest.mark.refuses("PUT /rest/api/3/priority/move", 404)
def test_priorities_are_put_in_order(dana: Person, site: Site) -> None:
    high, low, lowest = (site.priority(name).id for name in ("High", "Low", "Lowest"))
    path = f"{PRIORITY}/move"

    answer = dana.put(path, {"ids": [lowest, low], "after": high})
    dana.put(path, {"ids": [high], "position": "Last"})

    assert (answer.status, names(dana, PRIORITY)) == (204, ["Highest", "Lowest", "Low", "Medium", "High"])
    senseless: list[dict[str, object]] = [
        {"ids": []},
        {"ids": [low]},
        {"ids": [low], "after": high, "position": "First"},
        {"ids": [low], "position": "Middle"},
        {"ids": [low], "after": low},
    ]
    for wrong in senseless:
        assert dana.put(path, wrong).status == 400, wrong
    assert dana.put(path, {"ids": ["99"], "position": "First"}).status == 404


@pytest.mark.answers("DELETE /rest/api/3/priority/{id}")
@pytest.mark.refuses("DELETE /rest/api/3/priority/{id}", 400)
def test_a_deleted_priority_leaves_its_items_the_default_one(dana: Person, alice: Person, site: Site) -> None:
    low, medium = site.priority("Low").id, site.priority("Medium").id
    issue = alice.create("ALPHA", "one", priority={"id": low})
    dana.put(f"{PRIORITY}/default", {"id": medium})

    answer = dana.delete(f"{PRIORITY}/{low}")

    assert task(dana, answer) == "303 COMPLETE"
    assert alice.get(f"/rest/api/3/issue/{issue}").json()["fields"]["priority"]["name"] == "Medium"
    assert dana.delete(f"{PRIORITY}/{medium}").json()["errorMessages"] == [
        "The default priority cannot be deleted."
    ]


@pytest.mark.answers("GET /rest/api/3/resolution")
@pytest.mark.answers("GET /rest/api/3/resolution/{id}")
@pytest.mark.answers("POST /rest/api/3/resolution")
@pytest.mark.answers("PUT /rest/api/3/resolution/{id}")
def test_a_resolution_is_made_and_changed(dana: Person, alice: Person) -> None:
    made = dana.post(RESOLUTION, {"name": "Moved", "description": "Elsewhere"})
    one = f"{RESOLUTION}/{made.json()['id']}"
    changed = dana.put(one, {"name": "Gone"})

    shown = alice.get(one).json()
    assert (made.status, changed.status) == (201, 204)
    assert (shown["name"], shown["description"]) == ("Gone", "Elsewhere")
    assert names(alice, RESOLUTION) == ["Done", "Won't Do", "Duplicate", "Gone"]


@pytest.mark.answers("PUT /rest/api/3/resolution/default")
@pytest.mark.answers("PUT /rest/api/3/resolution/move")
@pytest.mark.answers("GET /rest/api/3/resolution/search")
@pytest.mark.refuses("PUT /rest/api/3/resolution/move", 400)
@pytest.mark.refuses("PUT /rest/api/3/resolution/move", 404)
def test_resolutions_are_put_in_order_and_one_is_the_default(dana: Person, site: Site) -> None:
    done, _wont, duplicate = site.resolutions

    moved = dana.put(f"{RESOLUTION}/move", {"ids": [duplicate], "position": "First"})
    chosen = dana.put(f"{RESOLUTION}/default", {"id": done})

    assert (moved.status, chosen.status) == (204, 204)
    assert names(dana, RESOLUTION) == ["Duplicate", "Done", "Won't Do"]
    found = dana.get(f"{RESOLUTION}/search?onlyDefault=true").json()["values"]
    assert [(each["id"], each["default"]) for each in found] == [(done, True)]
    assert dana.get(f"{RESOLUTION}/search?id={duplicate}&onlyDefault=true").json()["values"] == []
    assert dana.put(f"{RESOLUTION}/move", {"ids": [done]}).status == 400
    assert dana.put(f"{RESOLUTION}/move", {"ids": [done], "after": "99"}).status == 404


@pytest.mark.answers("DELETE /rest/api/3/resolution/{id}")
@pytest.mark.refuses("DELETE /rest/api/3/resolution/{id}", 400)
def test_a_deleted_resolution_is_replaced_by_another(dana: Person, alice: Person, site: Site) -> None:
    done, _wont, duplicate = site.resolutions
    issue = alice.create("ALPHA", "one")
    site.issue(issue).fields["resolution"] = duplicate

    refused = dana.delete(f"{RESOLUTION}/{duplicate}?replaceWith={duplicate}")
    answer = dana.delete(f"{RESOLUTION}/{duplicate}?replaceWith={done}")

    assert list(refused.json()["errors"]) == ["replaceWith"]
    assert task(dana, answer) == "303 COMPLETE"
    assert alice.get(f"/rest/api/3/issue/{issue}").json()["fields"]["resolution"]["name"] == "Done"


@pytest.mark.refuses("POST /rest/api/3/priority", 400)
@pytest.mark.refuses("PUT /rest/api/3/priority/{id}", 400)
@pytest.mark.refuses("POST /rest/api/3/resolution", 400)
@pytest.mark.refuses("PUT /rest/api/3/resolution/{id}", 400)
def test_what_is_wrong_with_one_is_told_by_field(dana: Person, site: Site) -> None:
    priority = f"{PRIORITY}/{site.priority('Low').id}"
    resolution = f"{RESOLUTION}/{next(iter(site.resolutions))}"

    for wanted, field in (
        ({"name": "", "statusColor": "#abc"}, "name"),
        ({"name": "low", "statusColor": "#abc"}, "name"),
        ({"name": "x" * 61, "statusColor": "#abc"}, "name"),
        ({"name": "New", "statusColor": "red"}, "statusColor"),
        ({"name": "New", "statusColor": "#abcd"}, "statusColor"),
    ):
        refused = dana.post(PRIORITY, wanted)
        assert (refused.status, list(refused.json()["errors"])) == (400, [field])
    assert list(dana.put(priority, {"statusColor": "blue"}).json()["errors"]) == ["statusColor"]
    assert dana.put(priority, {}).status == 400
    assert list(dana.post(RESOLUTION, {"name": "done"}).json()["errors"]) == ["name"]
    assert list(dana.put(resolution, {"name": "Duplicate"}).json()["errors"]) == ["name"]


@pytest.mark.refuses("POST /rest/api/3/priority", 403)
@pytest.mark.refuses("PUT /rest/api/3/priority/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/priority/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/priority/default", 403)
@pytest.mark.refuses("PUT /rest/api/3/priority/move", 403)
@pytest.mark.refuses("POST /rest/api/3/resolution", 403)
@pytest.mark.refuses("PUT /rest/api/3/resolution/{id}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/resolution/{id}", 403)
@pytest.mark.refuses("PUT /rest/api/3/resolution/default", 403)
@pytest.mark.refuses("PUT /rest/api/3/resolution/move", 403)
def test_only_administrators_of_jira_change_them_and_no_app_does(
    alice: Person, world: World, site: Site, app: ListeningApp
) -> None:
    for caller in (alice, as_app(world, site)):
        for path, held in ((PRIORITY, site.priority("Low").id), (RESOLUTION, next(iter(site.resolutions)))):
            refused = [
                caller.post(path, {"name": "x", "statusColor": "#abc"}),
                caller.put(f"{path}/{held}", {"name": "x"}),
                caller.delete(f"{path}/{held}?replaceWith=1"),
                caller.put(f"{path}/default", {"id": held}),
                caller.put(f"{path}/move", {"ids": [held], "position": "First"}),
            ]
            assert [each.status for each in refused] == [403] * 5
            if caller is alice:
                assert all(each.json()["errorMessages"] == ADMINS_ONLY for each in refused)


@pytest.mark.refuses("GET /rest/api/3/priority/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/priority/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/priority/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/priority/default", 404)
@pytest.mark.refuses("GET /rest/api/3/resolution/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/resolution/{id}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/resolution/{id}", 404)
@pytest.mark.refuses("PUT /rest/api/3/resolution/default", 404)
def test_what_is_not_there_is_not_found(dana: Person) -> None:
    for path, what in ((PRIORITY, "priority"), (RESOLUTION, "resolution")):
        refused = [
            dana.get(f"{path}/99"),
            dana.put(f"{path}/99", {"name": "x"}),
            dana.delete(f"{path}/99?replaceWith=1"),
            dana.put(f"{path}/default", {"id": "99"}),
        ]
        words = [f"The {what} with id '99' does not exist."]
        assert [(each.status, each.json()["errorMessages"]) for each in refused] == [(404, words)] * 4
