import json
from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, as_app, descriptor, document, install

SEARCH = "/rest/api/3/search/jql"
PLUGIN = "com.atlassian.plugins.atlassian-connect-plugin"


def declared(**kinds: str) -> dict[str, Any]:
    """A descriptor with a field of each kind, named by its key."""
    fields = [
        {
            "key": key,
            "name": {"value": key.title()},
            "description": {"value": f"The {key}."},
            "type": kind,
        }
        for key, kind in kinds.items()
    ]
    return descriptor(modules={"jiraIssueFields": fields})


@pytest.fixture
def us(world: World, site: Site) -> AppCaller:
    """An app with a field for text, one for a number, one for rich text and one for a choice."""
    wanted = declared(partner="string", weight="number", story="rich_text", mood="single_select")
    install(world, site, ListeningApp(), wanted=wanted)
    return as_app(world, site)


def listed(person: Person) -> dict[str, dict[str, Any]]:
    """The app's fields by their keys."""
    found = person.get("/rest/api/3/field").json()
    return {each["key"]: each for each in found if each["key"].startswith("example.app__")}


def test_the_fields_of_a_descriptor_are_there_under_the_keys_of_app_and_module(us: AppCaller) -> None:
    fields = listed(us)

    assert fields.keys() == {"example.app__partner", "example.app__weight", "example.app__story"}
    partner = fields["example.app__partner"]
    assert (partner["name"], partner["schema"]["type"]) == ("Partner", "string")
    assert partner["schema"]["custom"] == f"{PLUGIN}:example.app__partner"


def test_they_are_set_and_shown_as_jiras_own_are(us: AppCaller) -> None:
    numbers = {key.rpartition("__")[2]: each["id"] for key, each in listed(us).items()}
    wanted: dict[str, Any] = {
        numbers["partner"]: "GOLD-7",
        numbers["weight"]: 2,
        numbers["story"]: document("long"),
    }

    issue = us.create("BETA", "one", **wanted)

    shown = us.get(f"/rest/api/3/issue/{issue}").json()["fields"]
    assert {name: shown[name] for name in wanted} == wanted
    assert us.get(f"/rest/api/2/issue/{issue}").json()["fields"][numbers["story"]] == "long"


def test_an_app_that_is_installed_anew_keeps_its_fields_and_what_is_in_them(
    us: AppCaller, world: World, site: Site
) -> None:
    number = listed(us)["example.app__partner"]["id"]
    wanted: dict[str, Any] = {number: "GOLD-7"}
    issue = us.create("ALPHA", "one", **wanted)

    install(world, site, ListeningApp(), wanted=declared(partner="string"))

    assert listed(us)["example.app__partner"]["id"] == number
    assert us.get(f"/rest/api/3/issue/{issue}").json()["fields"][number] == "GOLD-7"


def test_they_are_searched_as_jiras_own_of_that_kind_are(us: AppCaller) -> None:
    weight = listed(us)["example.app__weight"]["id"].removeprefix("customfield_")
    for summary, value in (("light", 2), ("heavy", 10)):
        held: dict[str, Any] = {f"customfield_{weight}": value}
        us.create("BETA", summary, **held)

    answer = us.post(SEARCH, {"jql": f"cf[{weight}] > 3 AND Weight < 100", "fields": ["summary"]})

    assert [each["fields"]["summary"] for each in answer.json()["issues"]] == ["heavy"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/rest/api/3/issue/{0}?fieldsByKeys={1}&fields=example.app__weight,summary", None),
        (
            "POST",
            "/rest/api/3/issue/bulkfetch",
            {"issueIdsOrKeys": ["{0}"], "fields": ["example.app__weight", "summary"]},
        ),
        ("POST", SEARCH, {"jql": "id = {0}", "fields": ["example.app__weight", "summary"]}),
        ("GET", SEARCH + "?jql=id%3D{0}&fieldsByKeys={1}&fields=*all,-example.app__weight", None),
    ],
)
@pytest.mark.parametrize("by_keys", [True, False])
def test_they_can_be_asked_for_by_their_keys(
    us: AppCaller, method: str, path: str, body: dict[str, Any] | None, by_keys: bool
) -> None:
    weight = listed(us)["example.app__weight"]["id"]
    held: dict[str, Any] = {weight: 2}
    issue = us.create("BETA", "one", **held)
    if body is not None:
        body = json.loads(json.dumps(body).replace("{0}", issue)) | {"fieldsByKeys": by_keys}

    answer = us.call(method, path.format(issue, str(by_keys).lower()), body).json()

    (shown,) = answer.get("issues", [answer])
    is_left_out = "-example" in path
    assert (weight in shown["fields"]) is (by_keys is not is_left_out)
    assert "summary" in shown["fields"]
