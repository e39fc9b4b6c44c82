"""The panel as Jira shows it at a work item."""

import pytest

from backbone_app.models import Pair
from tests.support.app import Jira, Visitor, call_app
from tests.support.machine import Machine
from tests.support.pages import Element, parse
from tests.support.scenario import Story, story

__all__ = ["story"]


def shown(visitor: Visitor, item: str, **query: str) -> Element:
    """The panel as this person sees it."""
    response = visitor.get(f"/panel/{item}", **query)
    assert response.status_code == 200, response.content
    return parse(response)


def test_jira_opens_a_shell_that_loads_the_panel_and_names_nothing(jira: Jira) -> None:
    target = "/panel?itemId=10001&itemKey=ALPHA-1&spaceId=10000"
    token = jira.request_token("GET", target, person="carol")

    page = parse(call_app("GET", f"{target}&jwt={token}", headers={"Accept": "text/html"}))

    assert page.one("main", id="content").attributes["hx-get"] == "/panel/10001"
    assert "ALPHA-1" not in page.text


@pytest.mark.parametrize("item", ["", "..%2Fx", "ALPHA-1", "%D9%A1"])
def test_the_shell_is_for_work_items_only(jira: Jira, item: str) -> None:
    target = f"/panel?itemId={item}&itemKey=A&spaceId=1"
    token = jira.request_token("GET", target, person="carol")

    assert call_app("GET", f"{target}&jwt={token}").status_code == 404


def test_an_ordinary_member_sees_the_twin_as_a_link_to_the_partners_jira(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()

    page = shown(story.jira.visitor("carol"), item)

    twin = story.issue(story.twin_of(item))
    link = page.one("a")
    assert link.text == twin.key
    assert link.attributes["href"] == f"{story.jira.site.base_url}/browse/{twin.key}"
    assert link.attributes["rel"] == "noopener noreferrer"
    assert page.one("span", class_="lozenge").text == "IN STEP"
    assert [each.text for each in page.all("dt")] == [
        "Synchronization",
        "Partner space",
        "Last sent",
        "Last received",
    ]
    sent = f"{story.clock():%-d %B %Y, %H:%M} UTC"
    assert [each.text for each in page.all("dd")][2:] == [sent, "\N{EN DASH}"]


def test_without_a_twin_it_says_why(story: Story) -> None:
    item = story.create("ALPHA", "A big one", kind="Epic")

    page = shown(story.jira.visitor("carol"), item)

    assert page.all("a") == []
    assert page.one("span", class_="lozenge").text == "NOT SYNCHRONIZED"
    assert "Its work type is not synchronized." in page.text


def test_without_synchronizations_it_says_so(story: Story) -> None:
    item = story.jira.person("dana").create("GAMMA", "Alone")

    assert shown(story.jira.visitor("dana"), item).text == "This space is not synchronized with another one."


def test_a_poll_is_answered_only_when_something_has_changed(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    visitor = story.jira.visitor("carol")
    poll = shown(visitor, item).one("span", hidden="")
    seen = poll.attributes["hx-vals"].split('"')[3]

    unchanged = visitor.get(f"/panel/{item}", seen=seen)
    Pair.objects.update(reason="remote_busy")

    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert "WAITING" in shown(visitor, item, seen=seen).text


def test_somebody_who_may_not_see_the_work_item_gets_the_answer_of_an_unknown_one(story: Story) -> None:
    item = story.jira.person("dana").create("GAMMA", "Not for carol")
    visitor = story.jira.visitor("carol")

    hidden, unknown = visitor.get(f"/panel/{item}"), visitor.get("/panel/999999")

    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_the_api_says_the_same(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()

    (row,) = Machine(story.jira, "carol", "ALPHA").get(f"/api/1/items/{item}").said["rows"]

    twin = story.issue(story.twin_of(item))
    assert row["twin"] == {"key": twin.key, "url": f"{story.jira.site.base_url}/browse/{twin.key}"}
    assert (row["state"], row["last_received"]) == ("in step", None)
    assert row["partner"] == {"key": "BETA", "name": "Beta", "base_url": None}
