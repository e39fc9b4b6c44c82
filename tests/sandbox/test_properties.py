import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

ISSUE = "/rest/api/3/issue"


@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}/properties")
@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}")
@pytest.mark.answers("PUT /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}")
@pytest.mark.answers("DELETE /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}")
@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", 404)
def test_a_property_is_made_read_changed_listed_and_removed(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}/properties/link"

    assert alice.put(path, {"n": 1}).status == 201
    assert alice.put(path, {"n": 2}).status == 200
    assert alice.get(path).json() == {"key": "link", "value": {"n": 2}}
    assert [each["key"] for each in alice.get(f"{ISSUE}/{issue}/properties").json()["keys"]] == ["link"]
    assert alice.delete(path).status == 204

    assert alice.get(path).status == 404
    assert alice.delete(path).status == 404


def test_a_property_leaves_no_history(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")

    alice.put(f"{ISSUE}/{issue}/properties/link", 1)

    assert site.issue(issue).changelog == []


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", 403)
def test_setting_a_property_needs_the_right_to_edit(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.revoke(site.user("alice"), "EDIT_ISSUES", space=site.space("ALPHA"))

    assert alice.put(f"{ISSUE}/{issue}/properties/link", 1).status == 403
    assert site.issue(issue).properties == {}


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", 400)
def test_a_property_can_be_as_long_as_jira_allows_and_no_longer(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}/properties/link"

    assert alice.put(path, "x" * 32_766).status == 201
    assert alice.put(path, "x" * 32_767).status == 400
    assert alice.get(path).json()["value"] == "x" * 32_766


@pytest.mark.parametrize("value", ["ж" * 32_766, [1] * 16_383], ids=["other letters", "many parts"])
def test_of_a_property_its_characters_count_without_blanks(alice: Person, value: object) -> None:
    path = f"{ISSUE}/{alice.create('ALPHA', 'one')}/properties/link"

    assert alice.put(path, value).status == 201
    assert alice.put(path, [value, 1]).status == 400


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", 404)
@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/properties", 404)
def test_properties_of_an_item_one_may_not_see_are_not_found(alice: Person, bob: Person) -> None:
    issue = alice.create("ALPHA", "one")
    alice.put(f"{ISSUE}/{issue}/properties/link", 1)

    assert bob.get(f"{ISSUE}/{issue}/properties").status == 404
    assert bob.get(f"{ISSUE}/{issue}/properties/link").status == 404
    assert bob.put(f"{ISSUE}/{issue}/properties/link", 2).status == 404
