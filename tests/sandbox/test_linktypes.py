import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

TYPES, LINK, ISSUE = "/rest/api/3/issueLinkType", "/rest/api/3/issueLink", "/rest/api/3/issue"
DEPENDS = {"name": "Depends", "inward": "is needed by", "outward": "needs"}


@pytest.fixture
def blocks(site: Site) -> str:
    return next(each.id for each in site.link_types if each.name == "Blocks")


@pytest.mark.answers("GET /rest/api/3/issueLinkType")
def test_a_site_has_jiras_four_kinds_of_links(alice: Person, blocks: str) -> None:
    answer = alice.get(TYPES)

    shown = answer.json()["issueLinkTypes"]
    assert (answer.status, [each["name"] for each in shown]) == (
        200,
        ["Blocks", "Cloners", "Duplicate", "Relates"],
    )
    assert shown[0] == {
        "id": blocks,
        "name": "Blocks",
        "inward": "is blocked by",
        "outward": "blocks",
        "self": f"https://acme.atlassian.net{TYPES}/{blocks}",
    }


@pytest.mark.answers("GET /rest/api/3/issueLinkType/{issueLinkTypeId}")
@pytest.mark.answers("POST /rest/api/3/issueLinkType")
def test_a_new_kind_is_shown(alice: Person, dana: Person) -> None:
    answer = dana.post(TYPES, DEPENDS)

    made = answer.json()
    assert (answer.status, {name: made[name] for name in DEPENDS}) == (201, DEPENDS)
    assert alice.get(f"{TYPES}/{made['id']}").json() == made


@pytest.mark.answers("PUT /rest/api/3/issueLinkType/{issueLinkTypeId}")
def test_a_change_keeps_what_it_does_not_name(dana: Person, blocks: str) -> None:
    answer = dana.put(f"{TYPES}/{blocks}", {"outward": "stops"})

    shown = answer.json()
    assert (answer.status, shown["name"], shown["inward"], shown["outward"]) == (
        200,
        "Blocks",
        "is blocked by",
        "stops",
    )


@pytest.mark.answers("DELETE /rest/api/3/issueLinkType/{issueLinkTypeId}")
def test_a_deleted_kind_takes_its_links_along(alice: Person, dana: Person, blocks: str, site: Site) -> None:
    first, second = alice.create("ALPHA", "one"), alice.create("ALPHA", "two")
    ends = {"inwardIssue": {"id": first}, "outwardIssue": {"id": second}}
    alice.post(LINK, {"type": {"id": blocks}, **ends})

    answer = dana.delete(f"{TYPES}/{blocks}")

    assert (answer.status, site.links) == (204, [])
    assert alice.get(f"{TYPES}/{blocks}").status == 404
    assert site.issues[first].changelog[-1].items[0].before_text == "This issue blocks ALPHA-2"


@pytest.mark.refuses("GET /rest/api/3/issueLinkType/{issueLinkTypeId}", 404)
def test_a_kind_that_is_not_there(alice: Person) -> None:
    answer = alice.get(f"{TYPES}/99")

    assert (answer.status, answer.json()["errorMessages"]) == (
        404,
        ["No issue link type with id '99' found."],
    )


@pytest.mark.refuses("GET /rest/api/3/issueLinkType/{issueLinkTypeId}", 400)
@pytest.mark.refuses("PUT /rest/api/3/issueLinkType/{issueLinkTypeId}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/issueLinkType/{issueLinkTypeId}", 400)
def test_an_id_that_is_no_number_is_invalid(dana: Person, blocks: str) -> None:
    refused = (dana.get(f"{TYPES}/x"), dana.put(f"{TYPES}/x", DEPENDS), dana.delete(f"{TYPES}/x"))

    assert {each.status for each in refused} == {400}
    assert refused[0].json()["errorMessages"] == ["The issue link type id 'x' is invalid."]
    assert dana.put(f"{TYPES}/{blocks}", {}).status == 400


@pytest.mark.refuses("POST /rest/api/3/issueLinkType", 400)
@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"inward": ""}, "The inward of the link type is required."),
        ({"inward": 5}, "data was not a string"),
    ],
)
def test_every_text_of_a_new_kind_is_needed(dana: Person, change: dict[str, object], text: str) -> None:
    answer = dana.post(TYPES, {**DEPENDS, **change})

    assert (answer.status, answer.json()["errors"]) == (400, {"inward": text})


@pytest.mark.refuses("POST /rest/api/3/issueLinkType", 404)
def test_a_name_is_given_once(dana: Person, blocks: str) -> None:
    refused = dana.post(TYPES, {**DEPENDS, "name": "blocks"})
    renamed = dana.post(TYPES, DEPENDS).json()["id"]

    assert refused.status == dana.put(f"{TYPES}/{renamed}", {"name": "Blocks"}).status == 404
    assert refused.json()["errorMessages"] == ["An issue link type with the name 'blocks' already exists."]


@pytest.mark.refuses("PUT /rest/api/3/issueLinkType/{issueLinkTypeId}", 404)
@pytest.mark.refuses("DELETE /rest/api/3/issueLinkType/{issueLinkTypeId}", 404)
def test_only_jiras_administrators_manage_kinds(alice: Person, blocks: str) -> None:
    refused = (
        alice.post(TYPES, DEPENDS),
        alice.put(f"{TYPES}/{blocks}", DEPENDS),
        alice.delete(f"{TYPES}/{blocks}"),
    )

    assert {each.status for each in refused} == {404}
    assert {each.body for each in refused} == {refused[0].body}


@pytest.mark.refuses("GET /rest/api/3/issueLinkType", 404)
def test_who_sees_no_space_sees_no_kinds(alice: Person, site: Site) -> None:
    for space in site.spaces.values():
        site.deny(site.user("alice"), "BROWSE_PROJECTS", space=space)

    answer = alice.get(TYPES)

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["You do not have permission to view issue link types."]
