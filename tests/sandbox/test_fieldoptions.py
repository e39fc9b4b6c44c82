from typing import Any

import pytest

from jira_sandbox.state.furniture import CustomField
from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

OPTION = "/rest/api/3/field/{fieldId}/context/{contextId}/option"
ONE = f"{OPTION}/{{optionId}}"


def of(name: str, value: object) -> dict[str, Any]:
    """A field by its id."""
    return {name: value}


@pytest.fixture
def colour(site: Site) -> CustomField:
    return next(each for each in site.custom_fields.values() if each.kind == "select")


@pytest.fixture
def place(site: Site) -> CustomField:
    return next(each for each in site.custom_fields.values() if each.kind == "cascadingselect")


def path(field: CustomField) -> str:
    return f"/rest/api/3/field/{field.id}/context/{field.contexts[0].id}/option"


def values(person: Person, field: CustomField, query: str = "") -> list[str]:
    return [each["value"] for each in person.get(f"{path(field)}?{query}").json()["values"]]


def number(field: CustomField, value: str) -> str:
    return next(each.id for each in field.contexts[0].options if each.value == value)


@pytest.mark.answers(f"GET {OPTION}")
def test_options_of_the_first_step_come_first_and_those_under_them_name_them(
    dana: Person, place: CustomField
) -> None:
    listed = dana.get(path(place)).json()["values"]

    assert [each["value"] for each in listed] == ["Europe", "Asia", "Berlin", "Paris", "Tokyo", "Delhi"]
    assert listed[2]["optionId"] == listed[0]["id"]
    assert values(dana, place, "onlyOptions=true") == ["Europe", "Asia"]
    assert values(dana, place, f"optionId={listed[1]['id']}") == ["Asia", "Tokyo", "Delhi"]


@pytest.mark.answers(f"POST {OPTION}")
def test_an_option_that_was_added_can_be_chosen(dana: Person, colour: CustomField) -> None:
    wanted = [{"value": "Black"}, {"value": "White", "disabled": True}]

    answer = dana.post(path(colour), {"options": wanted})

    assert answer.status == 200
    black, white = answer.json()["options"]
    assert (black["value"], black["disabled"], white["disabled"]) == ("Black", False, True)
    issue = dana.create("ALPHA", "one", **of(colour.id, {"value": "Black"}))
    shown = dana.get(f"/rest/api/3/issue/{issue}").json()["fields"][colour.id]
    assert (shown["id"], shown["value"]) == (black["id"], "Black")
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "two"}
    refused = dana.post("/rest/api/3/issue", {"fields": {**fields, colour.id: {"id": white["id"]}}})
    assert refused.json()["errors"] == {colour.id: f"Option id '{white['id']}' is not valid"}


def test_an_option_is_added_under_another(dana: Person, place: CustomField) -> None:
    europe = number(place, "Europe")

    (made,) = dana.post(path(place), {"options": [{"value": "Rome", "optionId": europe}]}).json()["options"]

    assert made["optionId"] == europe


@pytest.mark.refuses(f"POST {OPTION}", 400)
@pytest.mark.refuses(f"POST {OPTION}", 403)
@pytest.mark.refuses(f"POST {OPTION}", 404)
def test_options_that_are_there_empty_or_of_no_select_list_are_refused(
    dana: Person, alice: Person, colour: CustomField, place: CustomField, site: Site
) -> None:
    text = next(each for each in site.custom_fields.values() if each.kind == "textfield")

    there = dana.post(path(colour), {"options": [{"value": "Red"}]})

    assert there.json()["errors"] == {"value": "The option 'Red' already exists in the context."}
    assert dana.post(path(colour), {"options": [{"value": " "}]}).status == 400
    assert dana.post(path(colour), {"options": []}).status == 400
    assert dana.post(path(colour), {"options": "Red"}).status == 400
    assert dana.post(path(text), {"options": [{"value": "Red"}]}).status == 400
    assert dana.post(path(place), {"options": [{"value": "Rome", "optionId": "99"}]}).status == 404
    assert alice.post(path(colour), {"options": [{"value": "Black"}]}).status == 403


@pytest.mark.answers(f"PUT {OPTION}")
def test_only_options_that_changed_are_told_of(dana: Person, colour: CustomField) -> None:
    red, green = number(colour, "Red"), number(colour, "Green")
    wanted = [{"id": red, "value": "Crimson"}, {"id": green, "value": "Green"}]

    answer = dana.put(path(colour), {"options": wanted})

    assert answer.status == 200
    assert answer.json() == {"options": [{"id": red, "value": "Crimson", "disabled": False}]}
    assert values(dana, colour) == ["Crimson", "Green", "Blue"]


@pytest.mark.refuses(f"PUT {OPTION}", 400)
@pytest.mark.refuses(f"PUT {OPTION}", 403)
@pytest.mark.refuses(f"PUT {OPTION}", 404)
def test_an_option_does_not_get_the_name_of_another(dana: Person, alice: Person, colour: CustomField) -> None:
    wanted = {"options": [{"id": number(colour, "Red"), "value": "Green"}]}

    assert dana.put(path(colour), wanted).status == 400
    assert alice.put(path(colour), wanted).status == 403
    assert dana.put(path(colour), {"options": [{"id": "99", "value": "Green"}]}).status == 404
    assert values(dana, colour) == ["Red", "Green", "Blue"]


@pytest.mark.answers(f"PUT {OPTION}/move")
def test_options_are_put_into_another_order(dana: Person, colour: CustomField) -> None:
    red, green, blue = (number(colour, each) for each in ("Red", "Green", "Blue"))

    def moved(**to: str) -> list[str]:
        answer = dana.put(f"{path(colour)}/move", to | {"customFieldOptionIds": [to.pop("id")]})
        assert answer.status == 204, answer.body
        return values(dana, colour)

    assert moved(id=blue, position="First") == ["Blue", "Red", "Green"]
    assert moved(id=red, position="Last") == ["Blue", "Green", "Red"]
    assert moved(id=blue, after=green) == ["Green", "Blue", "Red"]


@pytest.mark.refuses(f"PUT {OPTION}/move", 400)
@pytest.mark.refuses(f"PUT {OPTION}/move", 403)
@pytest.mark.refuses(f"PUT {OPTION}/move", 404)
def test_options_are_moved_to_a_place_that_is_there(dana: Person, alice: Person, colour: CustomField) -> None:
    red: dict[str, Any] = {"customFieldOptionIds": [number(colour, "Red")]}

    def status(person: Person, wanted: dict[str, Any]) -> int:
        return person.put(f"{path(colour)}/move", wanted).status

    assert status(dana, red) == 400
    assert status(dana, red | {"position": "Middle"}) == 400
    assert status(dana, red | {"after": red["customFieldOptionIds"][0]}) == 400
    assert status(dana, {"customFieldOptionIds": [], "position": "First"}) == 400
    assert status(dana, red | {"after": "99"}) == 404
    assert status(alice, red | {"position": "First"}) == 403


@pytest.mark.answers(f"DELETE {ONE}")
def test_an_option_nobody_holds_is_deleted(dana: Person, colour: CustomField) -> None:
    answer = dana.delete(f"{path(colour)}/{number(colour, 'Green')}")

    assert answer.status == 204
    assert values(dana, colour) == ["Red", "Blue"]


@pytest.mark.refuses(f"DELETE {ONE}", 400)
@pytest.mark.refuses(f"DELETE {ONE}", 403)
@pytest.mark.refuses(f"DELETE {ONE}", 404)
def test_an_option_that_is_held_or_has_others_under_it_stays(
    dana: Person, alice: Person, colour: CustomField, place: CustomField
) -> None:
    red = number(colour, "Red")
    dana.create("ALPHA", "one", **of(colour.id, {"id": red}))

    held = dana.delete(f"{path(colour)}/{red}")
    above = dana.delete(f"{path(place)}/{number(place, 'Asia')}")

    assert held.json()["errorMessages"] == ["The option is used by issues and cannot be deleted."]
    assert (held.status, above.status) == (400, 400)
    assert alice.delete(f"{path(colour)}/{red}").status == 403
    assert dana.delete(f"{path(colour)}/99").status == 404


@pytest.mark.refuses(f"GET {OPTION}", 403)
@pytest.mark.refuses(f"GET {OPTION}", 404)
def test_options_are_listed_for_administrators_of_a_context_that_is_there(
    dana: Person, alice: Person, colour: CustomField, place: CustomField
) -> None:
    elsewhere = f"/rest/api/3/field/{colour.id}/context/{place.contexts[0].id}/option"

    assert alice.get(path(colour)).status == 403
    assert dana.get(elsewhere).status == 404


@pytest.mark.answers("GET /rest/api/3/customFieldOption/{id}")
def test_an_option_is_shown_to_whoever_sees_the_field(alice: Person, colour: CustomField) -> None:
    red = number(colour, "Red")

    answer = alice.get(f"/rest/api/3/customFieldOption/{red}")

    assert answer.status == 200
    assert answer.json() == {
        "self": f"https://acme.atlassian.net/rest/api/3/customFieldOption/{red}",
        "value": "Red",
    }


@pytest.mark.refuses("GET /rest/api/3/customFieldOption/{id}", 404)
def test_an_option_of_a_field_one_does_not_see_is_not_there(bob: Person, colour: CustomField) -> None:
    answer = bob.get(f"/rest/api/3/customFieldOption/{number(colour, 'Red')}")

    assert answer.status == 404
    assert "does not exist" in answer.json()["errorMessages"][0]
