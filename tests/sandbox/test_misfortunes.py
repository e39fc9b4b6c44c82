import pytest

from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support.sandbox import Person, as_app, as_nobody

ISSUE = "/rest/api/3/issue"
pytestmark = pytest.mark.usefixtures("app")


def test_an_answer_lost_after_its_effect(world: World, site: Site) -> None:
    world.misfortunes.add(Misfortune(match=("POST", r"/issue$"), kind="lose_answer_after_effect"))

    with pytest.raises(ConnectionLost):
        as_app(world, site).create("ALPHA", "made all the same")

    assert [issue.fields["summary"] for issue in site.issues.values()] == ["made all the same"]


def test_a_request_lost_before_its_effect(world: World, site: Site) -> None:
    world.misfortunes.add(Misfortune(match=("POST", r"/issue$"), kind="lose_before_effect"))

    with pytest.raises(ConnectionLost):
        as_app(world, site).create("ALPHA", "never made")

    assert site.issues == {}


def test_a_refusal_as_often_as_told(world: World, site: Site, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    world.misfortunes.add(
        Misfortune(match=("GET", rf"/issue/{issue}$"), kind="refuse_before_effect", times=2, status=502)
    )

    answers = [as_app(world, site).get(f"{ISSUE}/{issue}").status for _ in range(3)]

    assert answers == [502, 502, 200]


def test_busy_with_the_headers_told(world: World, site: Site) -> None:
    headers = {"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"}
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="busy", headers=headers))

    answer = as_app(world, site).get("/rest/api/3/myself")

    assert answer.status == 429
    assert (answer.headers["Retry-After"], answer.headers["RateLimit-Reason"]) == ("7", "jira-burst-based")


def test_people_are_spared_unless_they_are_meant(world: World, alice: Person) -> None:
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="busy"))
    assert alice.get("/rest/api/3/myself").status == 200

    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="busy", caller="person"))
    assert alice.get("/rest/api/3/myself").status == 429


def test_other_calls_and_other_sites_are_spared(world: World, site: Site) -> None:
    world.misfortunes.add(Misfortune(match=("PUT", "/myself"), kind="busy"))
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="busy", site="elsewhere"))

    assert as_app(world, site).get("/rest/api/3/myself").status == 200
    assert len(world.misfortunes.waiting) == 2


def test_a_test_acts_between_effect_and_answer(world: World, site: Site, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    seen: list[str] = []

    def look_and_edit(_request: object) -> None:
        seen.append(site.issue(issue).fields["summary"])
        alice.edit(issue, summary="three")

    world.hooks.after("PUT", r"/issue/\d+$", look_and_edit)
    answer = as_app(world, site).put(f"{ISSUE}/{issue}?returnIssue=true", {"fields": {"summary": "two"}})

    assert seen == ["two"]
    assert answer.json()["fields"]["summary"] == "two"
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["summary"] == "three"


def test_a_test_acts_before_the_effect_once(world: World, site: Site, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    world.hooks.before("PUT", r"/issue/\d+$", lambda _request: alice.edit(issue, summary="crossed"))

    as_app(world, site).edit(issue, summary="two")
    as_app(world, site).edit(issue, summary="four")

    steps = [entry.items[0].after_text for entry in site.issue(issue).changelog]
    assert steps == ["crossed", "two", "four"]


def test_calls_are_counted_before_they_are_refused_and_after_what_they_cost(
    world: World, site: Site, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    world.meters.reset()
    world.misfortunes.add(Misfortune(match=("GET", "/issue/"), kind="busy"))

    as_app(world, site).get(f"{ISSUE}/{issue}")
    as_app(world, site).get(f"{ISSUE}/{issue}")
    as_app(world, site).edit(issue, summary="two")
    alice.get("/rest/api/3/myself")
    as_nobody(world, site).get("/rest/api/3/myself")

    points = {(row["caller"], row["route"]): (row["calls"], row["points"]) for row in world.meters.snapshot()}
    assert points == {
        ("app", "GET /rest/api/3/issue/{issueIdOrKey}"): (2, 3),
        ("app", "PUT /rest/api/3/issue/{issueIdOrKey}"): (1, 1),
        ("person", "GET /rest/api/3/myself"): (1, 3),
        ("nobody", "GET /rest/api/3/myself"): (1, 1),
    }
    assert world.meters.calls(caller="app") == 3
    assert world.meters.calls(site="acme", route="PUT") == 1


def test_bytes_are_those_of_the_bodies(world: World, alice: Person) -> None:
    world.meters.reset()

    answer = alice.post(ISSUE, {"fields": {}})

    row = world.meters.snapshot()[0]
    assert (row["bytes_in"], row["bytes_out"]) == (len(b'{"fields": {}}'), len(answer.body))
