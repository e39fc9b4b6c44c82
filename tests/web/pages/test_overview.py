"""The overview and what can be done on it."""

import json

from backbone_app.models import Pair, PairSide, Synchronization
from tests.support.app import Jira, call_app
from tests.support.pages import Reader, parse


def test_jira_opens_a_shell_that_loads_the_overview_and_shows_nothing_of_the_space(jira: Jira) -> None:
    response = jira.visitor("alice").open("ALPHA")

    page = parse(response)
    content = page.one("main", id="content")
    assert response.status_code == 200
    assert content.attributes["hx-get"] == f"/spaces/{jira.space_id('ALPHA')}/overview"
    assert content.attributes["hx-trigger"] == "load"
    assert content.text == "Loading… This page needs JavaScript."


def test_the_shell_loads_the_bridge_before_htmx_and_lets_no_page_evaluate_scripts(jira: Jira) -> None:
    page = parse(jira.visitor("alice").open("ALPHA"))

    scripts = [each.attributes["src"] for each in page.all("script")]
    config = json.loads(page.one("meta", name="htmx-config").attributes["content"])
    assert scripts[0] == "https://connect-cdn.atl-paas.net/all.js"
    assert scripts.index("/static/bridge.js") < scripts.index("/static/vendor/htmx.min.js")
    assert not config["allowEval"]
    assert not config["allowScriptTags"]
    assert not config["historyEnabled"]


def test_the_shell_needs_a_request_that_jira_signed_and_a_space_id(jira: Jira) -> None:
    target = "/space-settings?spaceId=..%2Fevil&spaceKey=X"
    token = jira.request_token("GET", target, person="alice")

    with_page_token = jira.visitor("alice").get("/space-settings", spaceId=jira.space_id("ALPHA"))
    for_no_space = call_app("GET", f"{target}&jwt={token}")

    assert (with_page_token.status_code, for_no_space.status_code) == (401, 404)


def test_a_space_without_synchronizations_is_told_what_one_is_and_how_to_begin(alice: Reader) -> None:
    assert alice.page.one("h1").text == "Backbone Work Sync"
    assert alice.page.all("table") == []
    assert alice.page.one("h2").text == "This space is not synchronized yet"
    assert [each.text for each in alice.page.all("button")] == ["Notifications", "New Synchronization"]


def test_the_table_names_the_partner_of_either_side(alice: Reader, bob: Reader, requested: None) -> None:
    for reader, partner in ((alice, "Beta (BETA)"), (bob, "Alpha (ALPHA)")):
        table = reader.page.one("table")
        assert [each.text for each in table.one("thead").all("th")] == [
            "Name",
            "Partner space",
            "Status",
            "Actions",
        ]
        assert table.one("tbody").all("td")[0].text == partner


def test_the_menu_offers_what_fits_the_state_and_the_side(
    alice: Reader, bob: Reader, requested: None
) -> None:
    assert menu(alice) == ["View Request", "Withdraw Request"]
    assert menu(bob) == ["View Request"]

    bob.press("View Request")
    bob.press("Accept Request")
    looking = ["Troubleshoot", "Activity", "Pair existing work items", "Download Pairs"]
    assert menu(bob) == [*looking, "Start", "Delete"]

    bob.press("Start")
    assert menu(bob) == [*looking, "Stop", "Delete"]


def test_what_people_typed_is_shown_as_text_and_never_becomes_markup(
    alice: Reader, bob: Reader, jira: Jira
) -> None:
    hostile = """<img src=x onerror=alert(1)>"' hx-on:click='x'"""
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    alice.press("Next", partner=jira.space_id("BETA"))
    alice.press("Next", name=hostile, description=hostile)
    assert alice.page.all("img") == []

    alice.press("Send Request")
    bob.reload()

    for reader in (alice, bob):
        assert reader.page.all("img") == []
        assert reader.page.one("tbody").one("strong").text == hostile


def test_a_poll_is_answered_with_nothing_until_something_has_changed(
    alice: Reader, bob: Reader, jira: Jira, requested: None
) -> None:
    poll = alice.page.one("span", hx_trigger="every 5s")
    seen = json.loads(poll.attributes["hx-vals"])["seen"]
    before = alice.visitor.get(poll.attributes["hx-get"], seen=seen)

    bob.press("View Request")
    bob.press("Accept Request")
    after = alice.visitor.get(poll.attributes["hx-get"], seen=seen)

    assert before.status_code == 204
    assert parse(after).one("span", class_="lozenge").text == "STOPPED"
    assert parse(after).all("h1") == []


def test_pairs_that_are_not_in_step_are_listed_with_their_reason(
    alice: Reader, jira: Jira, accepted: None
) -> None:
    row = Synchronization.objects.get()
    pair = Pair.objects.create(
        synchronization=row,
        reason="type_not_mapped",
        origin_side="left",
        origin_site=jira.row.id,
        origin_item="1",
        created_at=row.created_at,
    )
    PairSide.objects.create(
        pair=pair, side="left", synchronization=row, site=jira.row, item="1", item_key="ALPHA-1"
    )

    alice.press("Start")

    aside = alice.page.one("details", class_="aside")
    assert aside.one("summary").text == "1 not in step"
    assert [each.text for each in aside.all("li")] == ["ALPHA-1: Its work type is not synchronized."]
    assert "1 pair" in [each.text for each in alice.page.all("p")]


def test_start_and_stop_change_one_state_for_both_sides_and_raise_a_flag(
    alice: Reader, bob: Reader, accepted: None
) -> None:
    assert "choose Start" in alice.page.one("tbody").text

    alice.press("Start")
    bob.reload()
    assert (alice.status(), bob.status()) == ("RUNNING", "RUNNING")
    assert alice.flag()["title"] == "Synchronization started"

    bob.press("Stop")
    alice.reload()
    assert (alice.status(), bob.status()) == ("STOPPED", "STOPPED")
    assert "choose Start" not in alice.page.one("tbody").text


def test_delete_says_what_it_means_before_it_is_done(alice: Reader, bob: Reader, accepted: None) -> None:
    button = next(each for each in alice.page.all("button") if each.text == "Delete")
    question = button.attributes["hx-confirm"]
    assert "The work items stay in both spaces, they are no longer kept in step." in question
    assert "What Backbone noted on them (its hidden properties) is removed" in question
    assert "This cannot be undone." in question

    alice.press("Delete")
    bob.reload()

    assert alice.page.all("table") == bob.page.all("table") == []
    assert not Synchronization.objects.exists()


def test_starting_twice_from_an_old_page_is_told_and_changes_nothing(
    alice: Reader, bob: Reader, accepted: None
) -> None:
    bob.reload()
    alice.press("Start")

    response = bob.send("Start")

    assert response.status_code == 409
    assert "RUNNING" in parse(response).one("section", class_="problem").text


def test_an_ordinary_member_of_the_space_sees_and_changes_nothing(
    alice: Reader, jira: Jira, accepted: None
) -> None:
    carol = jira.visitor("carol")
    row = Synchronization.objects.get()

    seen = carol.get(f"/spaces/{alice.space}/overview")
    started = carol.post(f"/spaces/{alice.space}/synchronizations/{row.id}/start")
    deleted = carol.post(f"/spaces/{alice.space}/synchronizations/{row.id}/delete")

    assert [seen.status_code, started.status_code, deleted.status_code] == [403, 403, 403]
    assert "Administer Space" in parse(seen).text
    assert Synchronization.objects.get().state == "stopped"


def test_the_admin_of_one_space_cannot_act_through_the_other(
    alice: Reader, bob: Reader, accepted: None
) -> None:
    row = Synchronization.objects.get()

    response = alice.visitor.post(f"/spaces/{bob.space}/synchronizations/{row.id}/start")

    assert response.status_code == 403
    assert Synchronization.objects.get().state == "stopped"


def test_another_sites_admin_finds_no_such_synchronization(
    alice: Reader, other_jira: Jira, accepted: None
) -> None:
    stranger, row = other_jira.visitor("alice"), Synchronization.objects.get()
    space = other_jira.space_id("ALPHA")
    assert space == alice.space, "the same ids on both sites, so that only the site tells them apart"

    answers = [
        stranger.post(f"/spaces/{space}/synchronizations/{row.id}/{action}")
        for action in ("start", "stop", "delete")
    ]
    seen = parse(stranger.get(f"/spaces/{space}/overview"))

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert seen.all("table") == []
    assert Synchronization.objects.get().state == "stopped"


def test_a_right_taken_away_counts_at_once_for_a_change(alice: Reader, jira: Jira, accepted: None) -> None:
    jira.site.revoke(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))

    response = alice.send("Start")

    assert response.status_code == 403
    assert Synchronization.objects.get().state == "stopped"


def menu(reader: Reader) -> list[str]:
    """The labels of the only line's menu."""
    return [each.text for each in reader.page.one("details", class_="menu").all("button")]
