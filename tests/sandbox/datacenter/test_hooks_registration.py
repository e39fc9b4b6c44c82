"""Webhooks that administrators of a Data Center register over REST, in the two forms of its versions."""

import json
from typing import Any

import pytest

from jira_sandbox.world import World
from tests.support.admin_hooks import (
    BEFORE_10,
    EVERY,
    FROM_10,
    HOME,
    LISTENER,
    NEWER,
    OLDER,
    SECTION,
    Colleague,
    colleague,
    data_center,
    delivered,
    number_of,
    path,
    register,
    stranger,
    wanted,
)
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_person, standard_world

IN_OLDER = [
    *((method, OLDER) for method in ("GET", "POST")),
    *((method, f"{OLDER}/10000") for method in ("GET", "PUT", "DELETE")),
]
IN_NEWER = [
    *((method, NEWER) for method in ("GET", "POST")),
    *((method, f"{NEWER}/10000") for method in ("GET", "PUT", "DELETE")),
    *(("GET", f"{NEWER}/10000/{what}") for what in ("statistics", "statistics/summary", "latest")),
]
NOW = 1795309323456
"""What the clock stands at, in milliseconds."""


@pytest.fixture(params=EVERY)
def world(request: pytest.FixtureRequest, clock: VirtualClock) -> World:
    return data_center(request.param, clock)


@pytest.fixture
def dana(world: World) -> Colleague:
    """Administers Jira."""
    return colleague(world, "dana")


def of_10(clock: VirtualClock) -> World:
    return data_center("dc-10.3", clock)


def answered(person: Person, calls: list[tuple[str, str]]) -> set[int]:
    """The statuses of the calls, each with a body that would do."""
    return {person.call(method, at, {"name": "x", "url": LISTENER}).status for method, at in calls}


def test_in_the_older_form_a_webhook_is_registered_changed_and_removed(
    dana: Colleague, clock: VirtualClock
) -> None:
    body = {"name": "Ours", "url": LISTENER, "events": ["comment_created"], "excludeBody": True}

    made = dana.post(OLDER, body)
    place = made.json()["self"].removeprefix(HOME)
    clock.advance(seconds=1)
    changed = dana.put(place, {"name": "Still ours", "enabled": False})

    assert made.status == 201
    assert made.json() == {
        **body,
        "filters": {SECTION: ""},
        "enabled": True,
        "self": f"{HOME}{OLDER}/10000",
        "lastUpdatedUser": "dana",
        "lastUpdatedDisplayName": "Dana Draper",
        "lastUpdated": NOW,
    }
    assert changed.status == 200
    assert changed.json() == made.json() | {"name": "Still ours", "enabled": False, "lastUpdated": NOW + 1000}
    assert dana.get(OLDER).json() == [dana.get(place).json()] == [changed.json()]
    assert (dana.delete(place).status, dana.get(OLDER).json(), dana.get(place).status) == (204, [], 404)


@pytest.mark.parametrize("edition", FROM_10)
def test_in_the_newer_form_a_webhook_is_registered_changed_and_removed(
    edition: str, clock: VirtualClock
) -> None:
    dana = colleague(data_center(edition, clock), "dana")
    body = {"name": "Ours", "url": LISTENER, "events": ["comment_created"], "active": True}
    more = {"scopeType": "global", "sslVerificationRequired": False}
    configuration = {"EXCLUDE_BODY": "true", "FILTERS": "project = ALPHA", "SECRET": "hush"}

    made = dana.post(NEWER, {**body, **more, "configuration": configuration, "id": None})
    place = f"{NEWER}/{made.json()['id']}"
    clock.advance(seconds=1)
    changed = dana.put(place, {"events": ["comment_deleted"], "active": False})

    assert made.status == 201
    assert made.json() == {
        **body,
        **more,
        "id": 10000,
        "configuration": {"EXCLUDE_BODY": "true", "FILTERS": "project = ALPHA"},
        "createdDate": NOW,
        "updatedDate": NOW,
    }
    assert changed.status == 200
    assert changed.json() == made.json() | {
        "events": ["comment_deleted"],
        "active": False,
        "updatedDate": NOW + 1000,
    }
    assert dana.get(NEWER).json() == [dana.get(place).json()] == [changed.json()]
    assert (dana.delete(place).status, dana.get(NEWER).json(), dana.get(place).status) == (204, [], 404)


def test_a_secret_is_never_shown(clock: VirtualClock) -> None:
    world = of_10(clock)
    dana = colleague(world, "dana")
    place = f"{NEWER}/{register(world, 'comment_created', SECRET='hush')['id']}"
    colleague(world, "alice").comment(colleague(world, "alice").create("ALPHA", "one"), "Hello")
    delivered(world)

    shown = [
        dana.get(each).body for each in (NEWER, place, OLDER, f"{place}/latest", f"{NEWER}?statistics=true")
    ]
    shown.append(dana.put(place, {"configuration": {"SECRET": "hush"}}).body)

    assert all(shown)
    assert not any(b"hush" in each for each in shown)
    assert "hush" not in repr(world.sites["acme"].admin_hooks)


def test_a_configuration_takes_the_place_of_the_former_as_a_whole(clock: VirtualClock) -> None:
    world = of_10(clock)
    place = f"{NEWER}/{register(world, 'comment_created', jql='project = ALPHA', SECRET='hush')['id']}"

    changed = colleague(world, "dana").put(place, {"configuration": {"EXCLUDE_BODY": "true"}})

    assert changed.json()["configuration"] == {"EXCLUDE_BODY": "true"}
    assert world.sites["acme"].admin_hooks[0].settings.secret == ""


@pytest.mark.parametrize("edition", FROM_10)
@pytest.mark.parametrize("form", [OLDER, NEWER])
def test_from_10_on_the_older_filters_are_taken_and_not_heeded(
    edition: str, form: str, clock: VirtualClock
) -> None:
    world = data_center(edition, clock)
    body = {"name": "x", "url": LISTENER, "events": ["jira:issue_created"]}

    made = colleague(world, "dana").post(form, body | {"filters": {SECTION: "project = BETA"}})
    colleague(world, "alice").create("ALPHA", "heard all the same")

    assert made.status == 201
    assert "BETA" not in made.body.decode()
    assert len(delivered(world)) == 1


@pytest.mark.parametrize("edition", BEFORE_10)
def test_before_10_nobody_finds_the_newer_path(edition: str, clock: VirtualClock) -> None:
    world = data_center(edition, clock)

    everybody = (colleague(world, "dana"), colleague(world, "alice"), stranger(world))

    assert [answered(each, IN_NEWER) for each in everybody] == [{404}] * 3


@pytest.mark.parametrize("edition", EVERY)
def test_only_who_administers_jira_gets_at_webhooks(edition: str, clock: VirtualClock) -> None:
    world = data_center(edition, clock)
    register(world, "comment_created")
    calls = IN_OLDER + (IN_NEWER if edition in FROM_10 else [])

    assert answered(colleague(world, "alice"), calls) == {403}
    assert answered(stranger(world), calls) == {401}
    assert len(world.sites["acme"].admin_hooks) == 1


@pytest.mark.parametrize("number", ["77", "some", "²"])
def test_a_webhook_that_is_not_there_is_not_found(world: World, dana: Colleague, number: str) -> None:
    calls = IN_OLDER + (IN_NEWER if path(dana.site) == NEWER else [])
    about = [(method, at.replace("10000", number)) for method, at in calls if "10000" in at]

    assert answered(dana, about) == {404}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"name": " "}, {"name": "The name must be specified."}),
        ({"name": None}, {"name": "The name must be specified."}),
        ({"url": ""}, {"url": "The url must be specified."}),
        ({"url": "/hook"}, {"url": "'/hook' is not a whole address of http or https."}),
        ({"url": "ftp://a.example"}, {"url": "'ftp://a.example' is not a whole address of http or https."}),
        ({"url": "https://[::"}, {"url": "'https://[::' is not a whole address of http or https."}),
        ({"url": "https://a:x/"}, {"url": "'https://a:x/' is not a whole address of http or https."}),
        ({"events": ["issue_property_set", "b"]}, {"events": "Unknown events: issue_property_set, b."}),
        ({"events": "comment_created"}, {"events": "The events must be a list of texts."}),
        (
            {"name": 1, "events": [1]},
            {"name": "The name must be specified.", "events": "The events must be a list of texts."},
        ),
    ],
)
def test_a_registration_that_will_not_do_is_refused(
    world: World, dana: Colleague, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = dana.post(path(dana.site), wanted(dana.site, "comment_created") | changes)

    assert (answer.status, answer.json()["errors"]) == (400, faults)
    assert dana.site.admin_hooks == []


@pytest.mark.parametrize(
    ("changes", "member", "words"),
    [
        ({"excludeBody": 1}, "excludeBody", "The excludeBody must be true or false."),
        ({"enabled": "perhaps"}, "enabled", "The enabled must be true or false."),
        ({"filters": "project = ALPHA"}, "filters", "The filters must be an object of texts."),
        ({"filters": {SECTION: "project ="}}, "filters", "Error in the JQL Query"),
        ({"filters": {SECTION: "shape = round"}}, "filters", "Field 'shape' does not exist"),
    ],
)
def test_a_fault_of_the_older_form_is_named(
    clock: VirtualClock, changes: dict[str, Any], member: str, words: str
) -> None:
    dana = colleague(data_center("dc-9.12", clock), "dana")

    answer = dana.post(OLDER, {"name": "x", "url": LISTENER, "events": []} | changes)

    assert answer.status == 400
    assert answer.json()["errors"].keys() == {member}
    assert words in answer.json()["errors"][member]


@pytest.mark.parametrize(
    ("changes", "member", "words"),
    [
        ({"active": 1}, "active", "The active must be true or false."),
        ({"sslVerificationRequired": []}, "sslVerificationRequired", "must be true or false."),
        ({"scopeType": "project"}, "scopeType", "The scope type must be 'global'."),
        ({"configuration": []}, "configuration", "must be an object of texts."),
        ({"configuration": {"EXCLUDE_BODY": True}}, "configuration", "must be an object of texts."),
        ({"configuration": {"FILTERS": "project ="}}, "configuration", "Error in the JQL Query"),
        ({"configuration": {"FILTERS": "project = NONE"}}, "configuration", "NONE"),
    ],
)
def test_a_fault_of_the_newer_form_is_named(
    clock: VirtualClock, changes: dict[str, Any], member: str, words: str
) -> None:
    dana = colleague(of_10(clock), "dana")

    answer = dana.post(NEWER, {"name": "x", "url": LISTENER, "events": []} | changes)

    assert answer.status == 400
    assert answer.json()["errors"].keys() == {member}
    assert words in answer.json()["errors"][member]


def test_what_is_no_registration_at_all_is_refused(dana: Colleague) -> None:
    assert dana.post(path(dana.site), [1]).status == 400
    assert dana.post(path(dana.site)).status == 400


def test_a_change_that_will_not_do_changes_nothing(world: World, dana: Colleague) -> None:
    hook = register(world, "comment_created")
    place = f"{path(dana.site)}/{number_of(hook)}"

    answer = dana.put(place, {"name": "Other", "url": "nowhere"})

    assert answer.status == 400
    assert dana.get(place).json() == hook


def test_webhooks_are_listed_in_pages_and_by_event(clock: VirtualClock) -> None:
    world = of_10(clock)
    dana = colleague(world, "dana")
    numbers = [register(world, event)["id"] for event in ("comment_created", "user_created") * 2]

    def listed(query: str) -> list[int]:
        return [each["id"] for each in dana.get(f"{NEWER}?{query}").json()]

    assert listed("start=1&limit=2") == numbers[1:3]
    assert listed("event=user_created") == [numbers[1], numbers[3]]
    assert dana.get(f"{NEWER}?start=some").status == 400


def test_statistics_count_what_was_accepted_refused_and_not_answered(clock: VirtualClock) -> None:
    world, app = of_10(clock), ListeningApp()
    dana, alice = colleague(world, "dana"), colleague(world, "alice")
    place = f"{NEWER}/{register(world, 'jira:issue_created', 'comment_created')['id']}"
    before = dana.get(f"{place}/latest")
    app.answers = [204, 302, 500, OSError("gone"), 200]
    issue = alice.create("ALPHA", "one")
    for text in ("a", "b", "c", "d"):
        alice.comment(issue, text)
    world.deliver(app)

    told, latest = dana.get(f"{place}/statistics").json(), dana.get(f"{place}/latest").json()
    window = {"start": NOW, "duration": 86_400_000}
    created = {"successes": 1, "failures": 0, "errors": 0, "window": window}
    commented = {"successes": 1, "failures": 2, "errors": 1, "window": window}

    assert (before.status, before.body) == (204, b"")
    assert told["counts"] == {"successes": 2, "failures": 2, "errors": 1, "window": window}
    assert told["lastFailure"]["result"] == {"outcome": "FAILURE", "description": "500"}
    assert told["lastError"]["result"] == {"outcome": "ERROR", "description": "No answer"}
    assert told["lastSuccess"] == latest
    assert latest["event"] == "comment_created"
    assert latest["request"] == {"method": "POST", "url": app.calls[-1].url}
    summary = dana.get(f"{place}/statistics/summary").json()
    assert {event: each["counts"] for event, each in summary.items()} == {
        "jira:issue_created": created,
        "comment_created": commented,
    }
    assert dana.get(f"{place}/statistics?event=jira:issue_created").json()["counts"] == created
    assert dana.get(f"{NEWER}?statistics=true").json()[0]["statistics"] == told
    assert "statistics" not in dana.get(NEWER).json()[0]


def test_statistics_forget_after_a_day_and_the_last_delivery_is_remembered(clock: VirtualClock) -> None:
    world = of_10(clock)
    dana, alice = colleague(world, "dana"), colleague(world, "alice")
    place = f"{NEWER}/{register(world, 'jira:issue_created')['id']}"
    for summary in ("one", "two"):
        alice.create("ALPHA", summary)
        delivered(world)
        clock.advance(hours=12)

    counts = dana.get(f"{place}/statistics").json()["counts"]
    clock.advance(hours=12)

    assert counts["successes"] == 1
    assert dana.get(f"{place}/statistics").json()["counts"]["successes"] == 0
    assert json.loads(dana.get(f"{place}/latest").body)["event"] == "jira:issue_created"


def test_a_cloud_site_has_neither_path() -> None:
    world = standard_world()
    alice = as_person(world, world.sites["acme"], "alice")

    assert [alice.get(each).status for each in (OLDER, NEWER)] == [404, 404]
