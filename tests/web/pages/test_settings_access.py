"""Global settings: a Jira admin chooses groups and sets who may use Backbone."""

import json

import pytest
from django.http import HttpResponse

from backbone_app.models import AllowedGroup
from jira_sandbox.state.values import Group
from tests.support.app import Jira, Visitor, call_app
from tests.support.desk import restrict
from tests.support.pages import Element, Reader, parse

ADDRESS = "/settings/access"
ONLY_GROUPS, EVERYBODY = {"who": "groups"}, {"who": "everybody"}


@pytest.fixture
def dana(jira: Jira) -> Reader:
    """The Jira admin in front of the settings."""
    reader = Reader(jira.visitor("dana"), jira.space_id("ALPHA"))
    reader.show(reader.visitor.get(ADDRESS))
    return reader


def choose(dana: Reader, name: str) -> None:
    """Search a group by its whole name and add it."""
    dana.press("Search", query=name)
    dana.press(f"Add {name}", **ONLY_GROUPS)


def chosen(page: Element) -> list[str]:
    """The groups that the form carries."""
    return [name for _, name in json.loads(page.one("input", name="groups").attributes["value"])]


def checked(page: Element) -> str:
    """Which of the two ways is chosen."""
    (way,) = [each for each in page.all("input", type="radio") if "checked" in each.attributes]
    return way.attributes["value"]


def said(answer: HttpResponse) -> str:
    return parse(answer).text


def test_at_first_everybody_may_and_no_group_is_chosen(dana: Reader) -> None:
    assert dana.page.one("h1").text == "Who may use Backbone"
    assert checked(dana.page) == "everybody"
    assert "No group is chosen." in dana.page.text


def test_a_group_is_searched_added_and_saved(dana: Reader, jira: Jira, alice: Reader) -> None:
    choose(dana, "jira-administrators")
    assert not AllowedGroup.objects.exists()

    dana.press("Save", **ONLY_GROUPS)

    assert dana.flag()["title"] == "Saved: who may use Backbone"
    assert (checked(dana.page), chosen(dana.page)) == ("groups", ["jira-administrators"])
    refused = alice.visitor.get(f"/spaces/{alice.space}/overview")
    assert refused.status_code == 403
    assert "only members of the group “jira-administrators”" in said(refused)
    assert "Ask a Jira admin" in said(refused)


def test_what_is_chosen_is_not_searched_again(dana: Reader) -> None:
    choose(dana, "staff")

    dana.press("Search", query="s")

    found = [each.label for each in dana.page.all("button") if each.label.startswith("Add")]
    assert found == ["Add jira-administrators"]


def test_a_search_answers_with_the_form_only_and_keeps_the_way_that_is_chosen(dana: Reader) -> None:
    dana.press("Search", query="staff", **ONLY_GROUPS)

    assert dana.page.all("h1") == []
    assert checked(dana.page) == "groups"
    assert dana.page.one("input", name="query").attributes["value"] == "staff"


def test_a_search_without_a_result_says_so(dana: Reader) -> None:
    dana.press("Search", query="nobody & sons")

    assert "No other group has “nobody & sons” in its name." in dana.page.text


def test_an_objection_does_not_claim_to_have_searched(dana: Reader) -> None:
    dana.press("Save", query="staff", **ONLY_GROUPS)

    assert "No other group" not in dana.page.text
    assert dana.page.one("input", name="query").attributes["value"] == "staff"


def test_a_group_is_removed_again(dana: Reader) -> None:
    choose(dana, "staff")
    choose(dana, "jira-administrators")

    dana.press("Remove staff")

    assert chosen(dana.page) == ["jira-administrators"]


def test_hardly_anybody_left_has_to_be_confirmed(dana: Reader, jira: Jira) -> None:
    dana.press("Save", **ONLY_GROUPS)

    assert "Nobody but Jira system admins" in dana.page.one("div", role="alert").text
    assert not jira.row.is_restricted
    dana.press("Save anyway", **ONLY_GROUPS)
    assert jira.row.is_restricted


def test_a_confirmation_does_not_outlive_another_step(dana: Reader) -> None:
    dana.press("Save", **ONLY_GROUPS)

    choose(dana, "staff")

    assert dana.page.all("input", name="confirmed") == []


def test_a_group_that_was_deleted_in_jira_is_shown_as_such(dana: Reader, jira: Jira) -> None:
    restrict(jira, "staff")
    del jira.site.groups[jira.site.group("staff").id]

    dana.show(dana.visitor.get(ADDRESS))

    assert dana.page.one("span", class_="lozenge").text == "NOT IN JIRA"
    assert "deleted or renamed" in dana.page.text


def test_a_group_that_went_between_adding_and_saving_is_said_beside_the_groups(
    dana: Reader, jira: Jira
) -> None:
    choose(dana, "staff")
    del jira.site.groups[jira.site.group("staff").id]

    dana.press("Save", **ONLY_GROUPS)

    assert "Jira has no group “staff”" in dana.page.one("ul", class_="errorlist").text


def test_a_name_of_a_group_is_text_and_nothing_else(dana: Reader, jira: Jira) -> None:
    name = "<b onclick='x'>\"]} & sons"
    jira.site.groups["7"] = Group(id="7", name=name, members={jira.account("dana")})

    choose(dana, name)
    dana.press("Save", **ONLY_GROUPS)

    assert chosen(dana.page) == [name]
    assert dana.page.all("b") == []
    refused = jira.visitor("alice").get(f"/spaces/{dana.space}/overview")
    assert name in said(refused)
    assert parse(refused).all("b") == []


@pytest.mark.parametrize(
    "carried",
    [
        "[",
        "[[1, 2]]",
        '[["a"]]',
        "7",
        "null",
        '[["", "x"]]',
        "[" * 5000,
        "[[]]",
        "{}x",
        '{"a": 1}',
        '[["1", "n"]' + ', ["1", "n"]' * 20 + "]",
    ],
)
def test_groups_that_no_page_of_ours_carries_are_refused_beside_them(
    dana: Reader, jira: Jira, carried: str
) -> None:
    page = dana.show(dana.visitor.post(ADDRESS, groups=carried, **ONLY_GROUPS))

    assert "Reload the page." in page.one("ul", class_="errorlist").text
    assert not jira.row.is_restricted


def test_a_rule_that_is_full_offers_no_further_group(dana: Reader, jira: Jira) -> None:
    for number in range(21):
        jira.site.groups[str(number)] = Group(id=str(number), name=f"many {number:02}", members=set())
    carried = json.dumps([[str(number), f"many {number:02}"] for number in range(20)])

    page = dana.show(dana.visitor.post(f"{ADDRESS}/edit", groups=carried, query="many 20", add="20"))

    assert len(chosen(page)) == 20
    assert [each for each in page.all("button") if each.label.startswith("Add")] == []
    assert "Remove one before you add another one." in page.text


def test_one_has_to_choose_who_may(dana: Reader) -> None:
    page = dana.show(dana.visitor.post(ADDRESS, groups="[]"))

    assert page.one("ul", class_="errorlist").text == "Choose who may use Backbone."


def test_the_rule_is_lifted(dana: Reader, jira: Jira, alice: Reader) -> None:
    restrict(jira, "jira-administrators")
    dana.show(dana.visitor.get(ADDRESS))

    dana.press("Save", **EVERYBODY)

    alice.reload()
    assert not jira.row.is_restricted


@pytest.mark.parametrize("name", ["alice", "bob", "carol"])
def test_whoever_does_not_administer_jira_is_told_whom_to_ask(jira: Jira, name: str) -> None:
    visitor = jira.visitor(name)

    answers = [
        visitor.get(ADDRESS),
        visitor.post(ADDRESS, groups="[]", **EVERYBODY),
        visitor.post(f"{ADDRESS}/edit", query="staff", groups="[]", **EVERYBODY),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("Ask a Jira admin" in said(answer) for answer in answers)


def test_the_shell_shows_nothing_by_itself(jira: Jira) -> None:
    restrict(jira, "staff")
    token = jira.request_token("GET", "/global-settings", person="carol")

    answer = call_app("GET", f"/global-settings?jwt={token}", headers={"Accept": "text/html"})

    assert answer.status_code == 200
    assert parse(answer).one("main").attributes["hx-get"] == ADDRESS
    assert "staff" not in answer.content.decode()


def test_the_panel_stays_for_whoever_may_browse(jira: Jira, accepted: None) -> None:
    restrict(jira, "jira-administrators")
    carol: Visitor = jira.visitor("carol")
    item = jira.person("carol").create("ALPHA", "Seen by all")

    assert carol.get(f"/panel/{item}").status_code == 200


def test_the_partner_who_accepts_is_held_to_the_rule_too(bob: Reader, jira: Jira, requested: None) -> None:
    bob.press("View Request")
    restrict(jira, "jira-administrators")

    refused = bob.send("Accept Request")

    assert refused.status_code == 403
    assert "only members of the group “jira-administrators”" in said(refused)


def test_a_sender_who_left_the_group_meanwhile_is_refused_without_naming_groups(
    bob: Reader, jira: Jira, requested: None
) -> None:
    bob.press("View Request")
    restrict(jira, "staff")
    jira.site.group("staff").members.discard(jira.account("alice"))

    refused = bob.send("Accept Request")

    assert refused.status_code == 403
    assert "Whoever sent this request no longer has the right" in said(refused)
    assert "staff" not in said(refused)
