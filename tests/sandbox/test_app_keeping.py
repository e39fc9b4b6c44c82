from typing import Any

import pytest

from jira_sandbox.connect import installing
from jira_sandbox.state.apps import License
from jira_sandbox.state.descriptor import indexed
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, as_app, descriptor, install

ADDON = "/rest/atlassian-connect/1/addons/example.app"
PROPERTIES = f"{ADDON}/properties"
MODULES = "/rest/atlassian-connect/1/app/module/dynamic"
LISTED = "GET /rest/atlassian-connect/1/addons/{addonKey}/properties"
ONE = "/rest/atlassian-connect/1/addons/{addonKey}/properties/{propertyKey}"
INDEX = {
    "key": "index",
    "name": {"value": "Index"},
    "entityType": "issue",
    "keyConfigurations": [
        {
            "propertyKey": "link",
            "extractions": [{"objectName": "twin.key", "type": "string", "alias": "twinKey"}],
        }
    ],
}


def refused(template: str, status: int, *methods: str) -> list[Any]:
    """The methods as parameters, each marked as a refusal that it shows."""
    return [
        pytest.param(method, marks=pytest.mark.refuses(f"{method} {template}", status)) for method in methods
    ]


@pytest.fixture
def caller(world: World, site: Site, app: ListeningApp) -> AppCaller:
    return as_app(world, site)


@pytest.mark.answers(LISTED)
@pytest.mark.answers(f"PUT {ONE}")
@pytest.mark.answers(f"GET {ONE}")
@pytest.mark.answers(f"DELETE {ONE}")
def test_an_app_keeps_properties_of_its_own(caller: AppCaller) -> None:
    made = caller.put(f"{PROPERTIES}/state", {"at": 1})
    changed = caller.put(f"{PROPERTIES}/state", {"at": 2})
    listed = caller.get(PROPERTIES).json()
    read = caller.get(f"{PROPERTIES}/state").json()
    gone = caller.delete(f"{PROPERTIES}/state")

    assert (made.status, made.json()) == (201, {"message": "Property created.", "statusCode": 201})
    assert (changed.status, changed.json()["statusCode"]) == (200, 200)
    link = f"https://acme.atlassian.net{PROPERTIES}/state"
    assert listed == {"keys": [{"self": link, "key": "state"}]}
    assert read == {"key": "state", "value": {"at": 2}}
    assert (gone.status, gone.body) == (204, b"")
    assert caller.get(PROPERTIES).json() == {"keys": []}


@pytest.mark.parametrize("method", refused(ONE, 404, "GET", "DELETE"))
def test_a_property_that_is_not_there_is_not_found(caller: AppCaller, method: str) -> None:
    answer = caller.call(method, f"{PROPERTIES}/none")

    assert answer.json() == {"message": "Property with key 'none' not found.", "statusCode": 404}
    assert answer.status == 404


@pytest.mark.parametrize("method", refused(ONE, 400, "GET", "PUT", "DELETE"))
def test_a_key_has_at_most_127_characters(caller: AppCaller, method: str) -> None:
    answer = caller.call(method, f"{PROPERTIES}/{'k' * 128}", 1)

    assert answer.status == 400
    assert answer.json()["message"] == "The property key must not be longer than 127 characters."


def test_a_value_has_at_most_32768_characters_of_json(caller: AppCaller) -> None:
    fits = caller.put(f"{PROPERTIES}/fits", "é" * 32_766)
    long = caller.put(f"{PROPERTIES}/long", "é" * 32_767)
    none = caller.put(f"{PROPERTIES}/none")

    assert (fits.status, long.status, none.status) == (201, 400, 400)
    assert long.json()["message"] == "The property value must not be longer than 32768 characters."
    assert none.json()["message"] == "The property value must be valid, non-empty JSON."


@pytest.mark.refuses(LISTED, 401)
def test_nobody_else_sees_an_apps_properties(dana: Person, caller: AppCaller) -> None:
    other = caller.get(PROPERTIES.replace("example.app", "other.app"))
    person = dana.get(PROPERTIES)

    assert (other.status, person.status) == (401, 401)
    assert person.json()["message"] == "Access to this resource must be authenticated as the app itself."


@pytest.mark.answers(f"POST {MODULES}")
@pytest.mark.answers(f"GET {MODULES}")
@pytest.mark.answers(f"DELETE {MODULES}")
def test_an_app_adds_modules_to_itself_and_takes_them_back(caller: AppCaller, site: Site) -> None:
    page = {"key": "extra", "name": {"value": "Extra"}, "url": "/extra"}

    made = caller.post(MODULES, {"jiraEntityProperties": [INDEX], "generalPages": [page]})

    assert (made.status, made.body) == (200, b"")
    assert caller.get(MODULES).json() == {"jiraEntityProperties": [INDEX], "generalPages": [page]}
    (known,) = indexed(site.app, "issue")
    assert (known.property_key, known.path, known.kind, known.alias) == (
        "link",
        "twin.key",
        "string",
        "twinKey",
    )
    assert not list(indexed(site.app, "user"))
    assert caller.delete(f"{MODULES}?moduleKey=extra").status == 204
    assert caller.get(MODULES).json() == {"jiraEntityProperties": [INDEX]}
    assert caller.delete(MODULES).status == 204
    assert caller.get(MODULES).json() == {}


def test_an_added_module_lets_work_items_be_found_by_their_properties(
    caller: AppCaller, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.put(f"/rest/api/3/issue/{issue}/properties/link", {"twin": {"key": "BETA-1"}})
    caller.post(MODULES, {"jiraEntityProperties": [INDEX]})

    found = [
        alice.post("/rest/api/3/search/jql", {"jql": f"project = ALPHA AND {clause}"}).json()["issues"]
        for clause in ("issue.property[link].twin.key = 'BETA-1'", "twinKey = 'BETA-1'", "twinKey = other")
    ]

    assert [[each["id"] for each in issues] for issues in found] == [[issue], [issue], []]


def test_a_module_may_be_a_webhook(world: World, caller: AppCaller, app: ListeningApp, alice: Person) -> None:
    caller.post(MODULES, {"webhooks": [{"event": "jira:issue_created", "url": "/added"}]})

    alice.create("ALPHA", "one")
    world.deliver(app)

    assert [call.url for call in app.calls] == ["https://app.example/hook", "https://app.example/added"]


def test_an_app_adds_three_hundred_modules_and_no_more(caller: AppCaller) -> None:
    def hooks(count: int) -> dict[str, Any]:
        return {"webhooks": [{"event": "jira:issue_created", "url": "/added"}] * count}

    enough, more = caller.post(MODULES, hooks(300)), caller.post(MODULES, hooks(1))

    assert (enough.status, more.status) == (200, 400)
    assert more.json()["message"] == "An app can register at most 300 modules."
    assert len(caller.get(MODULES).json()["webhooks"]) == 300


@pytest.mark.refuses(f"POST {MODULES}", 400)
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"nonsense": []}, "The module type nonsense is not supported."),
        ({"generalPages": [{"url": "/x"}]}, "A module of type generalPages must have a key."),
        ({"generalPages": [{"key": "x", "url": "/x"}]}, "The module x must have a name."),
        ({"jiraEntityProperties": [INDEX, INDEX]}, "A module with the key index is there already."),
        (
            {"webhooks": [{"event": "jira:issue_created"}]},
            "A module of type webhooks must have an event and a url.",
        ),
        ([], "Invalid request payload. Refer to the REST API documentation and try again."),
    ],
)
def test_modules_are_registered_all_or_none(caller: AppCaller, given: object, words: str) -> None:
    good = {"jiraProjectPages": [{"key": "good", "name": {"value": "Good"}, "url": "/good"}]}

    answer = caller.post(MODULES, {**good, **given} if isinstance(given, dict) else given)

    assert (answer.status, answer.json()) == (400, {"message": words})
    assert caller.get(MODULES).json() == {}


@pytest.mark.parametrize("method", refused(MODULES, 401, "GET", "POST", "DELETE"))
def test_people_have_no_modules(dana: Person, method: str) -> None:
    answer = dana.call(method, MODULES, {})

    assert (answer.status, answer.json()) == (401, {"message": "The call is not from a Connect app."})


def test_what_an_app_keeps_goes_with_it(world: World, site: Site, caller: AppCaller) -> None:
    caller.put(f"{PROPERTIES}/state", 1)
    caller.post(MODULES, {"jiraEntityProperties": [INDEX]})

    installing.uninstall(world, site, send=ListeningApp())
    install(world, site, ListeningApp())

    assert caller.get(PROPERTIES).json() == {"keys": []}
    assert caller.get(MODULES).json() == {}


@pytest.mark.answers("GET /rest/atlassian-connect/1/addons/{addonKey}")
def test_a_paid_app_sees_its_licence(world: World, site: Site) -> None:
    install(world, site, ListeningApp(), wanted=descriptor(enableLicensing=True))
    caller = as_app(world, site)

    unlicensed = caller.get(ADDON).json()
    site.app.license = License(active=False, evaluation=True, entitlement_number="SEN-1")
    expired = caller.get(ADDON).json()

    assert (unlicensed["key"], unlicensed["state"], "license" in unlicensed) == (
        "example.app",
        "ENABLED",
        False,
    )
    assert expired["license"] == {
        "active": False,
        "type": "COMMERCIAL",
        "evaluation": True,
        "supportEntitlementNumber": "SEN-1",
        "contacts": [],
    }


@pytest.mark.refuses("GET /rest/atlassian-connect/1/addons/{addonKey}", 404)
@pytest.mark.refuses("GET /rest/atlassian-connect/1/addons/{addonKey}", 403)
def test_an_app_sees_only_itself(caller: AppCaller, dana: Person) -> None:
    other = caller.get(ADDON.replace("example.app", "other.app"))
    person = dana.get(ADDON)

    assert (other.status, other.json()["errorMessages"]) == (404, ["The app was not found."])
    assert (person.status, person.json()["errorMessages"]) == (403, ["Only the app itself may ask."])
