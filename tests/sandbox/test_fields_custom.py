import json
from dataclasses import replace
from typing import Any

import pytest

from jira_sandbox.state.furniture import CustomField, FieldContext, Version
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, as_app, document

ISSUE = "/rest/api/3/issue"


def of(name: str, value: object) -> dict[str, Any]:
    """A field by its id."""
    return {name: value}


def field(site: Site, kind: str) -> CustomField:
    """The field of that kind in ALPHA."""
    return next(each for each in site.custom_fields.values() if each.kind == kind)


def option(field: CustomField, value: str) -> str:
    return next(each.id for each in field.contexts[0].options if each.value == value)


def shown(person: Person, issue: str, name: str) -> Any:
    return person.get(f"{ISSUE}/{issue}").json()["fields"][name]


def step(person: Person, issue: str) -> dict[str, Any]:
    """The newest step of the history."""
    histories = person.get(f"{ISSUE}/{issue}?expand=changelog").json()["changelog"]["histories"]
    item: dict[str, Any] = histories[0]["items"][0]
    return item


@pytest.mark.parametrize(
    ("kind", "given", "held", "told"),
    [
        ("textfield", "ref 5", "ref 5", (None, "ref 5")),
        ("readonlyfield", "OLD-5", "OLD-5", (None, "OLD-5")),
        ("url", "https://example.com/a?b", "https://example.com/a?b", (None, "https://example.com/a?b")),
        ("float", 12, 12.0, (None, "12")),
        ("float", 1.45, 1.45, (None, "1.45")),
        ("importid", 7, 7.0, (None, "7")),
        ("jsw-story-points", 5, 5.0, (None, "5")),
        ("datepicker", "2026-12-24", "2026-12-24", ("2026-12-24", "24/Dec/26")),
        (
            "datetime",
            "2026-12-24T18:30:00.000+0100",
            "2026-12-24T17:30:00.000+0000",
            ("2026-12-24T17:30+0000", "24/Dec/26 5:30 PM"),
        ),
        ("labels", ["b", "a", "b"], ["b", "a"], ("", "b a")),
    ],
)
def test_a_plain_value_is_kept_shown_and_told(
    alice: Person, site: Site, kind: str, given: object, held: object, told: tuple[str | None, str]
) -> None:
    name = field(site, kind).id
    issue = alice.create("ALPHA", "one")
    assert shown(alice, issue, name) is None

    alice.edit(issue, **{name: given})

    assert shown(alice, issue, name) == held
    item = step(alice, issue)
    assert (item["field"], item["fieldId"], item["fieldtype"]) == (field(site, kind).name, name, "custom")
    assert (item["to"], item["toString"]) == told
    alice.edit(issue, **{name: None})
    assert shown(alice, issue, name) is None


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("textfield", 5, "Operation value must be a string"),
        (
            "textfield",
            "x" * 256,
            "The entered text is too long. It exceeds the allowed limit of 255 characters.",
        ),
        ("url", "no address", "Not a valid URL"),
        ("url", "http://[half", "Not a valid URL"),
        ("float", "5", "Operation value must be a number"),
        ("float", True, "Operation value must be a number"),
        ("float", float("nan"), "Operation value must be a number"),
        ("float", 10**400, "Operation value must be a number"),
        ("datepicker", "24.12.2026", "Error parsing date string: 24.12.2026"),
        ("datetime", "tomorrow", "Error parsing date string: tomorrow"),
        ("datetime", 5, "Operation value must be a string"),
        (
            "datetime",
            "0001-01-01T00:00:00+1400",
            "Error parsing date string: 0001-01-01T00:00:00+1400",
        ),
        ("select", "Red", "Specify a valid 'id' or 'value' for the option."),
        ("select", {"value": "Pink"}, "Option value 'Pink' is not valid"),
        ("select", {"id": "99"}, "Option id '99' is not valid"),
        ("multicheckboxes", {"value": "Tested"}, "data was not an array"),
        ("multiselect", [{"value": "Watch"}], "Option value 'Watch' is not valid"),
        ("cascadingselect", {"value": "Berlin"}, "Option value 'Berlin' is not valid"),
        (
            "cascadingselect",
            {"value": "Asia", "child": {"value": "Berlin"}},
            "Option value 'Berlin' is not valid",
        ),
        ("userpicker", "alice", "data was not an object"),
        ("multiuserpicker", {"id": "alice"}, "data was not an array"),
        ("grouppicker", {"id": "staff"}, "Could not find valid 'name' or 'groupId' in group object."),
        ("grouppicker", {"name": "nobody"}, "The group 'nobody' does not exist."),
        ("multigrouppicker", {"name": "staff"}, "data was not an array"),
        ("labels", ["two words"], "The label 'two words' contains spaces which is invalid."),
        ("labels", ["x" * 256], f"The label '{'x' * 256}' exceeds the maximum length for labels (255)."),
        ("version", {"name": "9.9"}, "Version name '9.9' is not valid"),
        ("multiversion", [{}], "expected 'id' or 'name' property in version object"),
        ("project", {"key": "NONE"}, "Could not find valid 'id' or 'key' in project object: 'NONE'."),
        ("gh-sprint", "soon", "Number value expected as the Sprint id."),
        ("gh-sprint", "10000", "Number value expected as the Sprint id."),
        ("gh-sprint", 99, "Sprint with id 99 does not exist or is closed."),
        ("gh-epic-link", "ALPHA-99", "Issue 'ALPHA-99' is not an epic or you may not see it."),
        (
            "textarea",
            "plain",
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_the_field(
    alice: Person, site: Site, kind: str, given: object, words: str
) -> None:
    name = field(site, kind).id
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {name: given}})

    assert (answer.status, answer.json()["errors"]) == (400, {name: words})


def test_a_user_picker_knows_no_stranger(alice: Person, site: Site) -> None:
    name = field(site, "userpicker").id

    answer = alice.put(f"{ISSUE}/{alice.create('ALPHA', 'one')}", {"fields": {name: {"accountId": "x"}}})

    assert answer.json()["errors"] == {name: f"Account ID 'x' does not exist for the field '{name}'."}


def test_a_rank_is_shown_and_not_set(alice: Person, site: Site) -> None:
    name = field(site, "gh-lexo-rank").id
    first, second = alice.create("ALPHA", "one"), alice.create("ALPHA", "two")

    answer = alice.put(f"{ISSUE}/{first}", {"fields": {name: "0|a:"}})

    assert set(answer.json()["errors"]) == {name}
    assert shown(alice, first, name) < shown(alice, second, name)


def test_an_option_is_chosen_by_id_or_value(alice: Person, site: Site) -> None:
    colour = field(site, "select")
    issue = alice.create("ALPHA", "one", **of(colour.id, {"value": "Red"}))

    alice.edit(issue, **{colour.id: {"id": option(colour, "Blue")}})

    number = option(colour, "Blue")
    assert shown(alice, issue, colour.id) == {
        "self": f"https://acme.atlassian.net/rest/api/3/customFieldOption/{number}",
        "value": "Blue",
        "id": number,
    }
    item = step(alice, issue)
    assert (item["from"], item["fromString"]) == (option(colour, "Red"), "Red")
    assert (item["to"], item["toString"]) == (number, "Blue")


def test_options_are_added_and_removed_one_by_one(alice: Person, site: Site) -> None:
    checks = field(site, "multicheckboxes")
    issue = alice.create("ALPHA", "one", **of(checks.id, [{"value": "Tested"}]))

    def update(**verb: object) -> Any:
        assert alice.put(f"{ISSUE}/{issue}", {"update": {checks.id: [verb]}}).status == 204
        return [each["value"] for each in shown(alice, issue, checks.id) or []]

    alice.edit(issue, **{checks.id: None})
    alice.edit(issue, **{checks.id: [{"value": "Tested"}]})
    assert (step(alice, issue)["from"], step(alice, issue)["fromString"]) == (None, None)
    assert update(add={"value": "Documented"}) == ["Tested", "Documented"]
    item = step(alice, issue)
    tested, documented = option(checks, "Tested"), option(checks, "Documented")
    assert (item["from"], item["fromString"]) == (f"[{tested}]", "Tested")
    assert (item["to"], item["toString"]) == (f"[{tested}, {documented}]", "Tested,Documented")
    assert update(remove={"id": tested}) == ["Documented"]
    assert update(set=[]) == []
    assert (step(alice, issue)["to"], step(alice, issue)["toString"]) == ("", "")


def test_a_cascade_has_two_steps(alice: Person, site: Site) -> None:
    place = field(site, "cascadingselect")
    issue = alice.create("ALPHA", "one", **of(place.id, {"value": "Europe"}))
    assert "child" not in shown(alice, issue, place.id)

    alice.edit(issue, **{place.id: {"value": "Asia", "child": {"value": "Tokyo"}}})

    held = shown(alice, issue, place.id)
    assert (held["value"], held["child"]["value"]) == ("Asia", "Tokyo")
    asia, tokyo = option(place, "Asia"), option(place, "Tokyo")
    assert step(alice, issue)["to"] is None
    assert step(alice, issue)["toString"] == f"Parent values: Asia({asia})Level 1 values: Tokyo({tokyo})"


def test_people_and_groups_are_picked(alice: Person, site: Site) -> None:
    approver, reviewers = field(site, "userpicker").id, field(site, "multiuserpicker").id
    team, teams = field(site, "grouppicker").id, field(site, "multigrouppicker").id
    carol, frank = site.user("carol").account_id, site.user("frank").account_id
    issue = alice.create("ALPHA", "one")

    alice.edit(issue, **{approver: {"accountId": carol}})
    assert (step(alice, issue)["to"], step(alice, issue)["toString"]) == (carol, "Carol Cook")
    alice.edit(issue, **{reviewers: [{"id": carol}, {"accountId": frank}]})
    assert step(alice, issue)["toString"] == "Carol Cook,Frank Fisher"
    alice.edit(issue, **{team: {"name": "staff"}})
    assert step(alice, issue)["to"] == "[staff]"
    alice.edit(issue, **{teams: [{"groupId": site.group("staff").id}]})

    assert shown(alice, issue, approver)["displayName"] == "Carol Cook"
    assert [each["accountId"] for each in shown(alice, issue, reviewers)] == [carol, frank]
    staff = site.group("staff").id
    link = f"https://acme.atlassian.net/rest/api/3/group?groupId={staff}"
    assert shown(alice, issue, team) == {"name": "staff", "groupId": staff, "self": link}
    assert shown(alice, issue, teams) == [shown(alice, issue, team)]


def test_versions_and_spaces_are_picked(alice: Person, site: Site) -> None:
    site.space("ALPHA").versions.append(Version(id="77", name="1.0", description="First"))
    found, tested, related = (field(site, each).id for each in ("version", "multiversion", "project"))
    issue = alice.create("ALPHA", "one")

    alice.edit(issue, **{found: {"name": "1.0"}})
    assert (step(alice, issue)["to"], step(alice, issue)["toString"]) == ("[77]", "1.0")
    alice.edit(issue, **{tested: [{"id": "77"}]})
    alice.edit(issue, **{related: {"key": "ALPHA"}})
    assert step(alice, issue)["toString"] == "Alpha"

    assert shown(alice, issue, found) == {
        "self": "https://acme.atlassian.net/rest/api/3/version/77",
        "id": "77",
        "description": "First",
        "name": "1.0",
        "archived": False,
        "released": False,
    }
    assert shown(alice, issue, tested) == [shown(alice, issue, found)]
    assert shown(alice, issue, related)["key"] == "ALPHA"


def test_a_sprint_is_set_by_its_number_and_shown_with_those_that_are_over(alice: Person, site: Site) -> None:
    name = field(site, "gh-sprint").id
    (first, second) = site.sprints
    issue = alice.create("ALPHA", "one", **of(name, first))
    assert shown(alice, issue, name) == [
        {"id": first, "name": "ALPHA Sprint 1", "state": "active", "boardId": 10000, "goal": ""}
    ]

    alice.edit(issue, **{name: second})

    assert [each["id"] for each in shown(alice, issue, name)] == [second]
    item = step(alice, issue)
    assert (item["from"], item["fromString"]) == (str(first), "ALPHA Sprint 1")
    assert (item["to"], item["toString"]) == (str(second), "ALPHA Sprint 2")


def test_an_epic_link_is_another_name_for_the_parent(alice: Person, site: Site) -> None:
    name = field(site, "gh-epic-link").id
    epic, later = (alice.create("ALPHA", each, kind="Epic") for each in ("big", "bigger"))
    issue = alice.create("ALPHA", "one", **of(name, "ALPHA-1"))
    assert (shown(alice, issue, name), shown(alice, issue, "parent")["id"]) == ("ALPHA-1", epic)

    alice.edit(issue, parent={"id": later})
    assert (shown(alice, issue, name), shown(alice, issue, "parent")["id"]) == ("ALPHA-2", later)
    assert step(alice, issue)["field"] == "IssueParentAssociation"

    number = name.removeprefix("customfield_")
    query = {"jql": f"cf[{number}] = ALPHA-2", "fields": ["key"]}
    assert [each["id"] for each in alice.post("/rest/api/3/search/jql", query).json()["issues"]] == [issue]
    alice.put(f"{ISSUE}/{issue}", {"update": {name: [{"set": None}]}})
    assert (shown(alice, issue, name), site.issue(issue).fields["parent"]) == (None, None)


def test_only_what_may_be_in_an_epic_has_an_epic_link(alice: Person, site: Site) -> None:
    name = field(site, "gh-epic-link").id
    site.put_field(replace(site.custom_fields[name], contexts=(FieldContext(id="1", name="all"),)))
    epics = [alice.create("ALPHA", each, kind="Epic") for each in ("big", "bigger")]

    answer = alice.put(f"{ISSUE}/{epics[0]}", {"fields": {name: "ALPHA-2"}})

    assert (answer.status, set(answer.json()["errors"])) == (400, {name})


@pytest.mark.parametrize(
    ("kind", "value", "left"),
    [
        ("textfield", "ref 5", (None, "ref 5", None, "")),
        ("float", 3, (None, "3", None, "")),
        ("select", {"value": "Red"}, ("10003", "Red", "", "")),
    ],
)
def test_what_was_emptied_is_told_from_what_was_never_filled(
    alice: Person, site: Site, kind: str, value: object, left: tuple[str | None, ...]
) -> None:
    known = field(site, kind)
    issue = alice.create("ALPHA", "one")

    alice.edit(issue, **{known.id: value})
    first = step(alice, issue)
    alice.edit(issue, **{known.id: None})
    last = step(alice, issue)

    assert (first["from"], first["fromString"]) == (None, None)
    wanted = (option(known, "Red"), *left[1:]) if kind == "select" else left
    assert (last["from"], last["fromString"], last["to"], last["toString"]) == wanted


def test_rich_text_is_a_document_and_in_version_2_wiki_text(alice: Person, site: Site) -> None:
    name = field(site, "textarea").id
    issue = alice.create("ALPHA", "one", **of(name, document("as said")))
    assert shown(alice, issue, name) == document("as said")

    answer = alice.put(f"/rest/api/2/issue/{issue}", {"fields": {name: "*now*"}})

    assert answer.status == 204
    assert alice.get(f"/rest/api/2/issue/{issue}").json()["fields"][name] == "*now*"
    assert (step(alice, issue)["fromString"], step(alice, issue)["toString"]) == ("as said", "*now*")


def test_fields_are_there_in_their_contexts_alone(alice: Person, bob: Person, site: Site) -> None:
    name = field(site, "textfield").id

    epic, elsewhere = alice.create("ALPHA", "big", kind="Epic"), bob.create("BETA", "one")

    assert name not in alice.get(f"{ISSUE}/{epic}").json()["fields"]
    assert name not in bob.get(f"{ISSUE}/{elsewhere}").json()["fields"]
    assert set(alice.put(f"{ISSUE}/{epic}", {"fields": {name: "x"}}).json()["errors"]) == {name}


def test_what_can_be_chosen_and_how_is_told_by_the_create_screen(alice: Person, site: Site) -> None:
    task = site.work_type("Task").id
    page = alice.get(f"{ISSUE}/createmeta/ALPHA/issuetypes/{task}?maxResults=200").json()
    listed = {each["fieldId"]: each for each in page["fields"]}

    colour, place = listed[field(site, "select").id], listed[field(site, "cascadingselect").id]
    reviewers = listed[field(site, "multiuserpicker").id]

    custom = "com.atlassian.jira.plugin.system.customfieldtypes:select"
    number = int(field(site, "select").id.removeprefix("customfield_"))
    assert colour["schema"] == {"type": "option", "custom": custom, "customId": number}
    assert [each["value"] for each in colour["allowedValues"]] == ["Red", "Green", "Blue"]
    assert (colour["required"], colour["hasDefaultValue"], colour["operations"]) == (False, False, ["set"])
    assert [each["value"] for each in place["allowedValues"][0]["children"]] == ["Berlin", "Paris"]
    assert (reviewers["schema"]["type"], reviewers["schema"]["items"]) == ("array", "user")
    assert reviewers["operations"] == ["add", "set", "remove"]
    assert reviewers["autoCompleteUrl"].startswith("https://acme.atlassian.net/rest/api/1.0/users/picker?")
    assert field(site, "gh-lexo-rank").id not in listed


def test_a_webhook_tells_custom_fields_as_version_2_does(world: World, site: Site, app: ListeningApp) -> None:
    us: AppCaller = as_app(world, site)
    text, colour = field(site, "textarea").id, field(site, "select").id

    wanted: dict[str, Any] = {text: document("as said"), colour: {"value": "Red"}}
    issue = us.create("ALPHA", "one", **wanted)
    world.deliver(app)

    (call,) = app.calls
    told = json.loads(call.body)["issue"]["fields"]
    by_call = us.get(f"/rest/api/2/issue/{issue}").json()["fields"]
    custom = {name: value for name, value in by_call.items() if name.startswith("customfield_")}
    assert {name: told[name] for name in custom} == custom
    assert (told[text], told[colour]["value"]) == ("as said", "Red")
    assert "/rest/api/2/customFieldOption/" in told[colour]["self"]


def disable(site: Site, kind: str, value: str) -> str:
    """Disable an option of the field of that kind and give its id."""
    known = field(site, kind)
    context = known.contexts[0]
    options = tuple(
        replace(each, is_disabled=True) if each.value == value else each for each in context.options
    )
    site.put_field(replace(known, contexts=(replace(context, options=options),)))
    return option(known, value)


def allowed(person: Person, issue: str, name: str) -> list[Any]:
    meta = person.get(f"{ISSUE}/{issue}/editmeta").json()["fields"][name]
    return list(meta["allowedValues"])


def test_a_disabled_option_stays_where_it_is_and_is_not_chosen_anew(alice: Person, site: Site) -> None:
    name = field(site, "multicheckboxes").id
    holder = alice.create("ALPHA", "one", **of(name, [{"value": "Tested"}]))
    other = alice.create("ALPHA", "two")
    disable(site, "multicheckboxes", "Tested")

    kept = alice.put(f"{ISSUE}/{holder}", {"update": {name: [{"add": {"value": "Documented"}}]}})
    again = alice.put(f"{ISSUE}/{holder}", {"fields": {name: [{"value": "Tested"}]}})
    anew = alice.put(f"{ISSUE}/{other}", {"fields": {name: [{"value": "Tested"}]}})

    assert (kept.status, again.status) == (204, 204)
    assert anew.json()["errors"] == {name: "Option value 'Tested' is not valid"}
    assert [each["value"] for each in allowed(alice, other, name)] == ["Documented", "Translated"]


def test_a_disabled_step_of_a_cascade_is_not_offered(alice: Person, site: Site) -> None:
    disable(site, "cascadingselect", "Paris")

    europe = allowed(alice, alice.create("ALPHA", "one"), field(site, "cascadingselect").id)[0]

    assert [each["value"] for each in europe["children"]] == ["Berlin"]


def test_archived_versions_are_not_offered(alice: Person, site: Site) -> None:
    site.space("ALPHA").versions += [
        Version(id="76", name="0.9", is_archived=True),
        Version(id="77", name="1"),
    ]
    issue = alice.create("ALPHA", "one")

    for name in ("versions", "fixVersions", field(site, "version").id, field(site, "multiversion").id):
        assert [each["id"] for each in allowed(alice, issue, name)] == ["77"]


def test_a_work_item_keeps_the_sprints_that_are_over_and_goes_to_none_of_them(
    alice: Person, site: Site
) -> None:
    name = field(site, "gh-sprint").id
    first, second = site.sprints
    issue = alice.create("ALPHA", "one", **of(name, first))
    site.sprints[first] = replace(site.sprints[first], state="closed")

    alice.edit(issue, **{name: second})

    assert [each["id"] for each in shown(alice, issue, name)] == [first, second]
    assert (step(alice, issue)["from"], step(alice, issue)["to"]) == (str(first), f"{first}, {second}")
    back = alice.put(f"{ISSUE}/{issue}", {"fields": {name: first}})
    assert back.json()["errors"] == {name: f"Sprint with id {first} does not exist or is closed."}
    alice.edit(issue, **{name: None})
    assert [each["id"] for each in shown(alice, issue, name)] == [first]
