"""Downloads: a POST with a token makes a ticket, a GET with the ticket alone brings the file."""

import csv
import io
import json
import logging

import pytest
import structlog
from django.conf import LazySettings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from backbone_app.logs import JsonLines
from backbone_app.models import AuditEntry, DownloadTicket, Synchronization
from tests.support.app import Jira, Visitor, call_app
from tests.support.hostile import everything
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock
from tests.support.trouble import add_failure, add_pair

USED = "This download has been fetched already, or was not fetched within a minute."


@pytest.fixture
def running(jira: Jira) -> str:
    """The path of a running synchronization of ALPHA and BETA, within the spaces' pages."""
    alice, bob = Machine(jira, "alice", "ALPHA"), Machine(jira, "bob", "BETA")
    made = alice.post("requests", partner_space=jira.space_id("BETA"), name="Both").said["id"]
    bob.post(f"requests/{made}/accept")
    alice.post(f"synchronizations/{made}/start")
    return f"/spaces/{jira.space_id('ALPHA')}/synchronizations/{made}"


def ticket_of(answer: HttpResponse) -> str:
    """The address that a page's script is told to fetch."""
    assert (answer.status_code, answer.content) == (204, b"")
    address: str = json.loads(answer["HX-Trigger"])["app:download"]["url"]
    return address


def fetch(address: str, **headers: str) -> tuple[StreamingHttpResponse, list[list[str]]]:
    """Fetch a file as a browser does, without any token; the answer and its rows."""
    answer: object = Client().get(address, headers=headers)
    assert isinstance(answer, StreamingHttpResponse)
    return answer, list(csv.reader(io.StringIO(answer.getvalue().decode())))


def asked(jira: Jira, path: str, name: str = "alice") -> HttpResponse:
    return Visitor(jira, name).post(path)


def status(address: str, method: str = "GET", **headers: str) -> int:
    return call_app(method, address, headers=headers).status_code


def test_all_pairs_of_a_synchronization_come_as_a_file(
    jira: Jira, clock: VirtualClock, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backbone_app.services.pairs.AT_ONCE", 2)
    for number in range(1, 5):
        add_pair(jira, number, now=clock())
    add_failure(jira, 5, now=clock())
    add_pair(jira, 6, now=clock(), twin=False)

    _, (columns, *rows) = fetch(ticket_of(asked(jira, f"{running}/download")))

    assert columns == ["Your work item", "Partner's work item", "State", "Reason"]
    assert [row[:2] for row in rows[:5]] == [[f"ALPHA-{n}", f"BETA-{n}"] for n in range(1, 6)]
    assert rows[5][:2] == ["ALPHA-6", ""]
    assert rows[0][2:] == ["in step", ""]
    assert rows[4][3].startswith("The field is not on the screen")


def test_the_file_is_an_attachment_that_nobody_keeps_and_that_tells_no_referrer(
    jira: Jira, running: str
) -> None:
    answer, _ = fetch(ticket_of(asked(jira, f"{running}/pairs/download")))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="backbone-pairs-2026-11-22.csv"'
    assert answer["Cache-Control"] == "no-cache, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        "\N{FULLWIDTH COMMERCIAL AT}SUM(A1)",
        '=HYPERLINK("https://x.test")',
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(
    jira: Jira, clock: VirtualClock, running: str, cell: str
) -> None:
    pair = add_pair(jira, 1, now=clock())
    pair.sides.filter(side="right").update(item_key=cell)

    _, (_, row) = fetch(ticket_of(asked(jira, f"{running}/download")))

    assert row[1] == f"'{cell}"


def test_a_ticket_serves_once(jira: Jira, running: str) -> None:
    address = ticket_of(asked(jira, f"{running}/download"))
    fetch(address)

    again = call_app("GET", address)

    assert again.status_code == 410
    assert json.loads(again.content) == {"code": "gone", "message": USED}


def test_used_expired_and_unknown_ones_and_what_is_none_have_one_answer(
    jira: Jira, clock: VirtualClock, running: str
) -> None:
    used, old = (ticket_of(asked(jira, f"{running}/download")) for _ in range(2))
    fetch(used)
    clock.advance(seconds=60)

    answers = [call_app("GET", each) for each in (used, old, f"/downloads/{'x' * 43}", "/downloads/x")]

    assert {(each.status_code, each.content) for each in answers} == {(410, answers[0].content)}


def test_whoever_guesses_tickets_is_told_to_wait_and_a_real_one_is_served(
    jira: Jira, running: str, settings: LazySettings
) -> None:
    settings.BACKBONE_ADDRESS_REFUSALS_PER_MINUTE = 10
    address = ticket_of(asked(jira, f"{running}/download"))

    guesses = [status(f"/downloads/{number:043}") for number in range(12)]

    assert guesses == [410] * 10 + [429] * 2
    assert fetch(address)[0].status_code == 200


@pytest.mark.parametrize("leave", ["disable", "uninstall"])
def test_a_site_that_has_sent_us_away_meanwhile_gets_nothing(jira: Jira, running: str, leave: str) -> None:
    address = ticket_of(asked(jira, f"{running}/download"))
    getattr(jira, leave)()

    assert status(address) == 410


def test_who_only_looks_ahead_does_not_use_a_ticket_up(jira: Jira, running: str) -> None:
    address = ticket_of(asked(jira, f"{running}/download"))

    assert status(address, "HEAD") == 405
    assert status(address, **{"Sec-Purpose": "prefetch;prerender"}) == 410
    assert status(address, Purpose="prefetch") == 410
    fetch(address)


def test_case_61_no_line_of_a_log_holds_a_ticket(
    jira: Jira, running: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    address = ticket_of(asked(jira, f"{running}/download"))
    with structlog.testing.capture_logs() as ours:
        for method in ("HEAD", "POST"):
            status(address, method)
        fetch(address)
        status(address)

    ticket = address.rpartition("/")[2]
    written = [JsonLines().format(record) for record in caplog.records]
    assert any("HEAD" in line for line in written)
    assert ticket not in f"{ours}{written}{capfd.readouterr()}"
    assert ticket not in json.dumps([list(map(repr, row)) for rows in everything().values() for row in rows])


def test_the_right_is_asked_of_jira_when_the_ticket_is_made(jira: Jira, running: str) -> None:
    alice = jira.site.user("alice")
    Visitor(jira, "alice").get(f"/spaces/{jira.space_id('ALPHA')}/overview")
    jira.site.revoke(alice, "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))

    assert asked(jira, f"{running}/download").status_code == 403
    assert not DownloadTicket.objects.exists()


def test_of_the_log_too(jira: Jira) -> None:
    Visitor(jira, "dana").get("/settings/audit")
    jira.site.revoke(jira.site.user("dana"), "ADMINISTER")

    assert asked(jira, "/settings/audit/download", "dana").status_code == 403
    assert not DownloadTicket.objects.exists()


def test_the_log_of_a_site_holds_nothing_of_another(jira: Jira, other_jira: Jira, running: str) -> None:
    _, rows = fetch(ticket_of(asked(other_jira, "/settings/audit/download", "dana")))

    assert [row[3] for row in rows] == ["What", "Audit log downloaded", "App installed"]


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_who_does_not_administer_the_space_gets_no_ticket(jira: Jira, running: str, name: str) -> None:
    assert asked(jira, f"{running}/download", name).status_code == 403
    assert asked(jira, "/settings/audit/download", name).status_code == 403
    assert not DownloadTicket.objects.exists()


def test_a_synchronization_that_was_deleted_meanwhile_is_not_there_and_nothing_is_noted(
    jira: Jira, running: str
) -> None:
    address = ticket_of(asked(jira, f"{running}/download"))
    Synchronization.objects.all().delete()

    assert status(address) == 404
    assert not AuditEntry.objects.filter(act="pairs_downloaded").exists()


def test_a_machine_is_told_the_address(jira: Jira, running: str) -> None:
    alice, dana = Machine(jira, "alice", "ALPHA"), Machine(jira, "dana", "ALPHA")

    pairs = alice.post(f"/api/1{running}/pairs/download")
    log = dana.post("/api/1/audit/download")

    assert (pairs.status, log.status) == (200, 200)
    assert fetch(pairs.said["url"])[1][0][0] == "Your work item"
    assert fetch(log.said["url"])[1][0][0] == "Time (UTC)"


def test_the_log_comes_whole_with_names_and_tells_of_its_own_download(jira: Jira, running: str) -> None:
    _, rows = fetch(ticket_of(asked(jira, "/settings/audit/download", "dana")))

    by_what = {row[3]: row for row in rows}
    assert rows[1][1:4] == ["Dana Draper", jira.account("dana"), "Audit log downloaded"]
    assert by_what["Request sent"][5:8] == ["ALPHA", "BETA", "API"]
    assert by_what["Request accepted"][1] == "Bob Baker"
    assert by_what["App installed"][1:3] == ["Jira", ""]


@pytest.mark.parametrize(("path", "page"), [("download", "Overview"), ("pairs/download", "Synchronization")])
def test_the_log_tells_who_fetched_the_pairs_from_which_page(
    jira: Jira, running: str, path: str, page: str
) -> None:
    fetch(ticket_of(asked(jira, f"{running}/{path}")))

    entry = AuditEntry.objects.get(act="pairs_downloaded")
    assert (entry.account, entry.page, entry.space) == (
        jira.account("alice"),
        page,
        jira.space_id("ALPHA"),
    )
    assert entry.detail == {"space_key": "ALPHA", "partner_key": "BETA"}
