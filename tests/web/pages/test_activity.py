"""The feed as people read it: on its page, in the panel, and through the API."""

import json
from datetime import timedelta

import pytest

from backbone_app.models import Pause, Site
from backbone_app.services import activity
from tests.support.app import Jira, Visitor
from tests.support.machine import Machine
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, paragraphs, story

__all__ = ["story"]

HOSTILE = """<img src=x onerror=alert(1)>"' hx-on:click='x'"""


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    return left, story.twin_of(left)


@pytest.fixture
def beta(story: Story) -> Reader:
    """The admin of BETA on its overview."""
    return Reader(story.jira.visitor("bob"), story.jira.space_id("BETA"))


def sentences(page: Element) -> list[str]:
    return [line.one("strong").text for line in page.all("li", class_="line")]


def poll(visitor: Visitor, page: Element) -> tuple[int, dict[str, str], Element]:
    """Ask as the page on show would: status, where the answer goes, and the answer."""
    asking = page.one("span", id="poll")
    answer = visitor.get(asking.attributes["hx-get"], **json.loads(asking.attributes["hx-vals"]))
    return answer.status_code, {name: answer.get(name, "") for name in ("HX-Retarget",)}, parse(answer)


def test_the_menu_leads_to_the_feed_and_that_back_to_the_overview(
    beta: Reader, pair: tuple[str, str]
) -> None:
    page = beta.press("Activity")

    assert page.one("h1").text == "Activity of ALPHA and BETA"
    assert len(sentences(page)) == 1
    assert sentences(page)[0].startswith("Created as the twin of ALPHA-")
    assert beta.press("← Overview").one("h1").text == "Backbone Work Sync"


def test_a_request_that_nobody_accepted_has_no_activity(alice: Reader, requested: None) -> None:
    alice.reload()

    assert "Activity" not in [each.text for each in alice.page.all("button", class_="menu-item")]


def test_before_anything_was_written_it_says_so(beta: Reader, story: Story) -> None:
    page = beta.press("Activity")

    assert page.all("li") == []
    assert "Nothing has been written yet." in page.text
    assert "Nothing of this kind has happened yet." in beta.press("Conflicts").text


def test_a_change_shows_before_after_author_and_rule(
    beta: Reader, story: Story, pair: tuple[str, str]
) -> None:
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()

    line = beta.press("Activity").all("li", class_="line")[0]

    assert line.one("strong").text == "Summary changed"
    link = line.one("a")
    assert link.text == story.issue(pair[1]).key
    assert link.attributes["rel"] == "noopener noreferrer"
    change = line.one("div", class_="change")
    assert "Summary: Broken lamp → Mended lamp" in change.text
    assert change.text.startswith("Summary:")
    assert "Alice Archer, " in change.text
    assert change.text.endswith("· Fields: Summary ↔ Summary")


def test_what_people_typed_stays_text(beta: Reader, story: Story, pair: tuple[str, str]) -> None:
    story.edit("alice", pair[0], summary=HOSTILE, description={"type": "doc", "version": 1, "content": []})
    story.comment("alice", pair[0], HOSTILE * 10)
    story.settle()

    page = beta.press("Activity")

    assert page.all("img") == []
    assert HOSTILE.split(" hx-on", maxsplit=1)[0] in page.text
    assert page.one("details", class_="value").one("span", class_="lines").text.count("onerror") == 10


def test_filters_are_buttons_that_say_which_one_is_on(
    beta: Reader, story: Story, pair: tuple[str, str]
) -> None:
    story.comment("alice", pair[0], "Hello")
    story.settle()
    beta.press("Activity")

    page = beta.press("Comments")

    pressed = {
        each.text: each.attributes["aria-pressed"] for each in page.one("div", role="group").all("button")
    }
    assert [name for name, state in pressed.items() if state == "true"] == ["Comments"]
    assert list(pressed) == ["All", "Received", "Sent", "Comments", "Conflicts", "Trouble"]
    assert sentences(page) == ["Comment added"]


def test_show_more_brings_the_older_lines_and_goes_away_in_the_end(
    beta: Reader, story: Story, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "PAGE", 1)
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()
    page = beta.press("Activity")
    assert sentences(page) == ["Summary changed"]
    button = next(each for each in page.all("button") if each.text == "Show more")

    older = beta.press("Show more")

    assert (button.attributes["hx-target"], button.attributes["hx-swap"]) == ("this", "outerHTML")
    assert len(sentences(older)) == 1
    assert sentences(older)[0].startswith("Created as")
    assert older.all("button") == []


def test_a_poll_without_news_asks_again_after_twice_as_long_up_to_a_minute(
    beta: Reader, pair: tuple[str, str]
) -> None:
    page, waits = beta.press("Activity"), []
    for _ in range(6):
        waits.append(page.one("span", id="poll").attributes["hx-trigger"])
        status, headers, page = poll(beta.visitor, page)
        assert (status, headers["HX-Retarget"], page.all("li")) == (200, "#poll", [])

    assert waits == [f"every {seconds}s" for seconds in (5, 10, 20, 40, 60, 60)]


def test_a_poll_with_news_shows_the_new_lines_above_the_old_and_soon_asks_again(
    beta: Reader, story: Story, pair: tuple[str, str]
) -> None:
    page = poll(beta.visitor, beta.press("Activity"))[2]
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()

    status, headers, news = poll(beta.visitor, page)

    assert (status, headers["HX-Retarget"]) == (200, "")
    assert len(sentences(news)) == 2
    assert sentences(news)[0] == "Summary changed"
    assert news.one("span", id="poll").attributes["hx-trigger"] == "every 5s"


def test_a_poll_with_more_news_than_fit_gets_the_whole_feed_anew(
    beta: Reader, story: Story, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "MOST", 1)
    page = beta.press("Activity")
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()

    _, headers, anew = poll(beta.visitor, page)

    assert headers["HX-Retarget"] == "#feed"
    assert len(anew.one("div", id="feed").all("li", class_="line")) == 2


@pytest.mark.parametrize(
    "query", [{"only": "secrets"}, {"before": "x"}, {"down_to": "٣"}, {"wait": "9" * 30}]
)
def test_what_no_page_of_ours_asks_is_not_found(beta: Reader, story: Story, query: dict[str, str]) -> None:
    path = f"/spaces/{beta.space}/synchronizations/{story.synchronization_id}/activity"

    assert beta.visitor.get(path, **query).status_code == 404


def test_a_value_that_is_gone_says_so(beta: Reader, story: Story, pair: tuple[str, str]) -> None:
    Site.objects.update(retention_days=0)
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()

    page = beta.press("Activity")

    change = page.all("li", class_="line")[0].one("div", class_="change").text
    assert change.startswith("Summary: The value is no longer kept.")
    assert "Alice Archer" in change


def test_the_panel_loads_the_recent_activity_when_it_is_opened(story: Story, pair: tuple[str, str]) -> None:
    carol = story.jira.visitor("carol")
    panel = parse(carol.get(f"/panel/{pair[1]}"))
    recent = panel.one("details", class_="recent")

    (loading,) = [each for each in recent.walk() if "hx-get" in each.attributes]
    page = parse(carol.get(loading.attributes["hx-get"]))

    assert recent.one("summary").text == "Recent activity"
    assert loading.text == "Loading…"
    assert loading.attributes["hx-trigger"] == "toggle from:closest details"
    assert (loading.attributes["hx-target"], loading.attributes["hx-swap"]) == ("this", "outerHTML")
    assert len(sentences(page)) == 1
    assert sentences(page)[0].startswith("Created as the twin of")
    assert poll(carol, page)[1]["HX-Retarget"] == "#poll"


def test_the_panels_own_poll_leaves_the_open_list_alone(story: Story, pair: tuple[str, str]) -> None:
    carol = story.jira.visitor("carol")

    answer = parse(carol.get(f"/panel/{pair[1]}", seen="another"))

    assert len(answer.all("section", id="panel")) == 1
    assert answer.all("details") == []


def test_who_may_not_see_the_work_item_gets_the_answer_of_an_unknown_one(story: Story) -> None:
    item = story.jira.person("dana").create("GAMMA", "Not for carol")
    carol = story.jira.visitor("carol")

    hidden, unknown = (carol.get(f"/panel/{each}/activity") for each in (item, "999999"))

    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_the_api_tells_the_same_as_the_pages(story: Story, pair: tuple[str, str]) -> None:
    story.edit("alice", pair[0], summary="Mended lamp")
    story.settle()
    bob = Machine(story.jira, "bob", "BETA")

    feed = bob.get(f"synchronizations/{story.synchronization_id}/activity", only="received").said
    item = bob.get(f"/api/1/items/{pair[1]}/activity").said
    older = bob.get(f"/api/1/items/{pair[1]}/activity", before=feed["lines"][0]["id"]).said

    assert feed == item
    assert [line["kind"] for line in feed["lines"]] == ["edited", "created"]
    assert [line["kind"] for line in older["lines"]] == ["created"]
    (row,) = feed["lines"][0]["rows"]
    entry = story.issue(pair[0]).changelog[-1]
    assert (row["before"], row["after"], row["rule"]) == (
        "Broken lamp",
        "Mended lamp",
        "Fields: Summary ↔ Summary",
    )
    assert row["sources"][0]["by"] == {"name": "Alice Archer", "account": story.jira.account("alice")}
    assert row["sources"][0]["entry"] == entry.id


@pytest.mark.parametrize("query", [{"only": "secrets"}, {"before": "0"}, {"since": "1"}])
def test_the_api_refuses_what_it_does_not_know(story: Story, query: dict[str, str]) -> None:
    bob = Machine(story.jira, "bob", "BETA")

    assert bob.get(f"synchronizations/{story.synchronization_id}/activity", **query).status == 400


def test_what_can_be_unfolded_or_focussed_has_a_name_that_lasts_over_polls(
    beta: Reader, story: Story, pair: tuple[str, str]
) -> None:
    for words in ("old" * 200, "new" * 200):
        story.edit("alice", pair[0], description=paragraphs(words))
        story.settle()

    page, again = beta.press("Activity"), beta.press("All")

    names = [each.attributes["id"] for tag in ("details", "summary") for each in page.all(tag)]
    assert len(names) == len(set(names)) == 6
    assert names == [each.attributes["id"] for tag in ("details", "summary") for each in again.all(tag)]


def test_while_the_site_is_held_off_the_pages_can_be_read_and_nothing_can_be_changed(
    beta: Reader, story: Story, pair: tuple[str, str], jira: Jira, clock: VirtualClock
) -> None:
    beta.press("Activity")
    begun, until = clock(), clock() + timedelta(hours=1)
    Pause.objects.create(
        scope=f"site:{jira.row.pk}", site=jira.row, reason="unreachable", since=begun, until=until
    )
    clock.advance(minutes=10)

    feed = beta.press("All")
    overview = beta.reload()
    troubles = beta.press("Troubleshoot")
    refused = beta.visitor.post(f"/spaces/{beta.space}/synchronizations/{story.synchronization_id}/stop")

    assert sentences(feed)[0].startswith("Created as the twin of")
    assert "Jira cannot be asked now" in feed.text
    assert "Broken lamp" not in feed.text
    assert "RUNNING" in overview.text
    assert f"acme.atlassian.net cannot be reached since {begun:%H:%M} UTC" in troubles.text
    assert refused.status_code == 503
