"""The audit log as Jira admins read it, as a page and over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.core.failures import rule
from backbone_app.models import AuditEntry, Site
from jira_sandbox.misfortunes import Misfortune
from tests.support.acts import Stage
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.pages import Element, Reader, parse
from tests.support.sandbox import VirtualClock

ADDRESS = "/settings/audit"
API = "/api/1/audit"


@pytest.fixture
def stage(jira: Jira, clock: VirtualClock) -> Stage:
    """Alice has sent a request to BETA, bob has accepted it, alice has started it."""
    stage = Stage(jira, clock)
    stage.run()
    return stage


@pytest.fixture
def dana(jira: Jira) -> Machine:
    """The Jira admin, calling the API."""
    return Machine(jira, "dana", "ALPHA")


def look(jira: Jira, **query: str) -> Element:
    return parse(jira.visitor("dana").get(ADDRESS, **query))


def lines(page: Element) -> list[str]:
    return [each.text for each in page.all("li", class_="line")]


def acts(page: Element) -> list[str]:
    return [each.one("strong").text for each in page.all("li", class_="line")]


def add(jira: Jira, count: int, clock: VirtualClock, **more: object) -> None:
    """Entries of one moment, which only their ids tell apart."""
    entry = {"site": jira.row, "at": clock(), "actor": "jira", "act": "enabled", **more}
    AuditEntry.objects.bulk_create(AuditEntry(**entry) for _ in range(count))


def test_it_tells_newest_first_who_did_what_where_and_from_which_page(stage: Stage) -> None:
    page = look(stage.jira)

    assert acts(page) == [
        "Synchronization started",
        "Request accepted",
        "Request sent",
        "App installed",
    ]
    started, _, _, installed = lines(page)
    assert "22 November 2026" in started
    assert started.endswith("Alice Archer · Overview · ALPHA with BETA")
    assert installed.endswith("Jira")


def test_the_nav_leads_from_the_one_settings_page_to_the_other(jira: Jira) -> None:
    dana = Reader(jira.visitor("dana"), jira.space_id("ALPHA"))
    dana.show(dana.visitor.get("/settings/access"))

    page = dana.press("Audit log")

    assert page.one("h1").text == "Audit log"
    assert page.one("button", aria_current="page").text == "Audit log"
    assert "kept for 365 days" in page.text


def test_where_nothing_was_done_the_page_says_what_will_stand_there(jira: Jira) -> None:
    AuditEntry.objects.all().delete()

    page = look(jira)

    assert "Nothing has been done yet." in page.text
    assert not [each for each in page.all("button") if each.text.startswith("Download")]


def test_fifty_at_a_time_and_none_twice(jira: Jira, clock: VirtualClock) -> None:
    add(jira, 149, clock)  # and the installation
    first = look(jira)
    more = first.one("button", id="show-more").attributes["hx-get"]
    second = parse(jira.visitor("dana").get(more))
    third = parse(jira.visitor("dana").get(second.one("button", id="show-more").attributes["hx-get"]))

    assert [len(lines(page)) for page in (first, second, third)] == [50, 50, 50]
    assert not third.all("button")


def test_it_is_filtered_by_space_and_by_kind_of_act(stage: Stage) -> None:
    add(stage.jira, 1, stage.clock, space="10002", detail={"space_key": "GAMMA"})

    assert acts(look(stage.jira, space="10002")) == ["App enabled"]
    assert acts(look(stage.jira, act="request_sent")) == ["Request sent"]
    assert acts(look(stage.jira, space=stage.jira.space_id("BETA"), act="started")) == [
        "Synchronization started"
    ]
    assert "There is no entry of this kind." in look(stage.jira, space="10002", act="stopped").text


def test_either_space_of_an_act_within_the_site_can_be_chosen_by_its_key(
    jira: Jira, clock: VirtualClock
) -> None:
    within = {"space_key": "OLD", "partner_key": "DELTA", "partner_space": "9"}
    add(jira, 1, clock, space="8", detail=within)
    add(jira, 1, clock, space="8", detail=within | {"space_key": "NEW"})
    add(jira, 1, clock, space="7", detail={"space_key": "FAR", "partner_key": "NOT-OURS"})

    offered = look(jira).one("select", name="space").all("option")

    assert [(each.attributes["value"], each.text) for each in offered] == [
        ("", "All spaces"),
        ("9", "DELTA"),
        ("7", "FAR"),
        ("8", "NEW"),
    ]


def test_the_filters_show_what_was_chosen(stage: Stage) -> None:
    alpha = stage.jira.space_id("ALPHA")

    page = look(stage.jira, space=alpha, act="started")

    chosen = [each.text for each in page.all("option") if "selected" in each.attributes]
    assert chosen == ["ALPHA", "Synchronization started"]


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"before": "-1"}, {"space": "ALPHA"}, {"act": "none"}, {"space": "9" * 19}]
)
def test_what_the_page_never_asks_for_is_not_there(jira: Jira, query: dict[str, str]) -> None:
    assert jira.visitor("dana").get(ADDRESS, **query).status_code == 404


def test_who_has_left_the_site_is_a_former_user(jira: Jira, clock: VirtualClock) -> None:
    add(jira, 1, clock, actor="person", account="somebody-who-left", act="stopped")

    assert "Former user" in lines(look(jira))[0]


def test_where_jira_tells_no_names_the_rest_is_still_told(stage: Stage) -> None:
    refusal = Misfortune(match=("GET", "/user/bulk"), kind="refuse_before_effect", status=500, times=9)
    stage.jira.world.misfortunes.add(refusal)

    page = look(stage.jira)

    assert lines(page)[0].endswith("Somebody · Overview · ALPHA with BETA")


def test_the_partners_people_have_no_name_here(jira: Jira, clock: VirtualClock) -> None:
    across = {"space_key": "ALPHA", "partner_key": "GOLD", "partner_site": "https://initech.atlassian.net"}
    add(jira, 1, clock, actor="partner", act="stopped", detail=across)

    assert lines(look(jira))[0].endswith("The partner's side · ALPHA with GOLD on initech.atlassian.net")


def test_details_are_told_in_words(jira: Jira, clock: VirtualClock) -> None:
    far = {"partner_key": "GOLD", "partner_site": "https://initech.atlassian.net", "space_key": "ALPHA"}
    for act, detail in (
        ("paused", {"reason": "app_not_authorized"}),
        ("retried_all", {"count": 3}),
        ("retried", {"items": ["ALPHA-1", ""]}),
        ("paired", {"items": ["ALPHA-1", "BETA-2"]}),
        ("access_changed", {"is_restricted": 1, "groups": ["staff", "R&D"]}),
        ("access_changed", {"is_restricted": 1, "groups": []}),
        ("access_changed", {"is_restricted": 0, "groups": ["staff"]}),
        ("paused", {"reason": "app_not_authorized", "reason_lies": "own", **far}),
        ("paused", {"reason": "app_not_authorized", "reason_lies": "partner", **far}),
    ):
        add(jira, 1, clock, act=act, detail=detail)

    told = lines(look(jira))[:9][::-1]

    assert rule("app_not_authorized").sentence in told[0]
    assert "3 work items" in told[1]
    assert "Error retried ALPHA-1 22" in told[2]
    assert "ALPHA-1 and BETA-2" in told[3]
    assert "only members of “staff”, “R&D” 22" in told[4]
    assert "no group, so nobody but Jira system admins" in told[5]
    assert "Access changed everybody who administers a space 22" in told[6]
    assert "Synchronization paused in ALPHA: The site no longer" in told[7]
    assert "Synchronization paused in GOLD on initech.atlassian.net: The site no longer" in told[8]


def test_one_question_to_jira_names_everybody_and_queries_do_not_grow(stage: Stage) -> None:
    look(stage.jira)
    stage.jira.world.meters.reset()
    with CaptureQueriesContext(
        connection,
    ) as few:
        look(stage.jira)
    add(stage.jira, 40, stage.clock, actor="person", account=stage.jira.account("carol"))
    with CaptureQueriesContext(connection) as many:
        look(stage.jira)

    assert stage.jira.world.meters.calls(route="GET /rest/api/3/user/bulk") == 1
    assert len(many) - len(few) <= 5  # the books on the one call that carol's name takes


@pytest.mark.parametrize("name", ["alice", "carol"])
def test_who_does_not_administer_jira_reads_none_of_it(stage: Stage, name: str) -> None:
    page = stage.jira.visitor(name).get(ADDRESS)
    api = Machine(stage.jira, name, "ALPHA").get(API)

    assert (page.status_code, api.status) == (403, 403)
    assert b"Request sent" not in page.content


def test_another_sites_admin_reads_their_own_only(stage: Stage, other_jira: Jira) -> None:
    theirs = Machine(other_jira, "dana", "ALPHA").get(API).said["lines"]

    assert [line["act"] for line in theirs] == ["installed"]
    assert AuditEntry.objects.filter(site=Site.objects.get(base_url=other_jira.site.base_url)).count() == 1


def test_an_entry_of_another_site_is_no_place_to_go_on_from(
    stage: Stage, other_jira: Jira, dana: Machine
) -> None:
    foreign = AuditEntry.objects.get(site=other_jira.row)

    assert dana.get(API, before=foreign.pk).said["lines"] == []


def test_a_machine_reads_the_same(stage: Stage, dana: Machine) -> None:
    answer = dana.get(API, act="started")

    (line,) = answer.said["lines"]
    assert answer.said["older"] is None
    assert (line["actor"], line["who"], line["account"]) == (
        "person",
        "Alice Archer",
        stage.jira.account("alice"),
    )
    assert (line["what"], line["page"], line["space_key"], line["partner"]) == (
        "Synchronization started",
        "Overview",
        "ALPHA",
        "BETA",
    )


def test_a_machine_turns_pages_and_what_it_may_not_ask_for_is_refused_by_name(
    jira: Jira, clock: VirtualClock, dana: Machine
) -> None:
    add(jira, 60, clock)

    first = dana.get(API).said
    second = dana.get(API, before=first["older"]).said
    refused = dana.get(API, act="none")

    assert (len(first["lines"]), len(second["lines"]), second["older"]) == (50, 11, None)
    assert (refused.status, refused.said["field"]) == (400, "act")
