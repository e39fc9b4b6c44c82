import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from jira_sandbox.files import IN_MEMORY
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_nobody,
    as_person,
    descriptor,
    install,
)
from tests.support.uploads import attach, content, disposition, fetch, form, part, send

ISSUE, FILE = "/rest/api/3/issue", "/rest/api/3/attachment"
LARGE = bytes(range(256)) * (IN_MEMORY // 256 + 1)
ATTACH = "POST /rest/api/3/issue/{issueIdOrKey}/attachments"
CONTENT = "GET /rest/api/3/attachment/content/{id}"


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA and administers nothing."""
    return as_person(world, site, "frank")


@pytest.mark.answers(ATTACH)
def test_a_file_is_attached_and_answered_in_full(alice: Person, issue: str, site: Site) -> None:
    body = form(part(disposition("tea.txt"), b"Earl Grey", "text/plain"))

    answer = send(alice, f"{ISSUE}/{issue}/attachments", body)

    (shown,) = answer.json()
    author = shown.pop("author")
    assert answer.status == 200
    assert author["displayName"] == "Alice Archer"
    assert shown == {
        "self": f"{site.base_url}{FILE}/{shown['id']}",
        "id": shown["id"],
        "filename": "tea.txt",
        "created": "2026-11-22T01:02:03.456+0000",
        "size": 9,
        "mimeType": "text/plain",
        "content": f"{site.base_url}{FILE}/content/{shown['id']}",
    }
    (held,) = alice.get(f"{ISSUE}/{issue}").json()["fields"]["attachment"]
    assert (held["id"], held["filename"]) == (shown["id"], "tea.txt")


def test_several_files_come_in_one_call_an_empty_one_among_them(alice: Person, issue: str) -> None:
    numbers = attach(alice, issue, ("a.txt", b"a"), ("empty", b""), ("b.png", b"\r\n--b\r\n"))

    shown = [alice.get(f"{FILE}/{number}").json() for number in numbers]

    assert [(each["filename"], each["size"], each["mimeType"]) for each in shown] == [
        ("a.txt", 1, "text/plain"),
        ("empty", 0, "application/octet-stream"),
        ("b.png", 7, "image/png"),
    ]
    assert [content(fetch(alice, f"{FILE}/content/{each}?redirect=false")) for each in numbers] == [
        b"a",
        b"",
        b"\r\n--b\r\n",
    ]
    assert "thumbnail" in shown[2]
    assert "thumbnail" not in shown[0]


@pytest.mark.parametrize(
    ("header", "filename"),
    [
        (disposition("Ünïcödé ☕.txt"), "Ünïcödé ☕.txt"),
        (disposition('say "tea".txt'), 'say "tea".txt'),
        (disposition("C:\\tea\\cup.txt"), "cup.txt"),
        (disposition("../../cup.txt"), "cup.txt"),
        (disposition("a; b=c.txt"), "a; b=c.txt"),
        ("form-data; name=\"file\"; filename*=utf-8''%E2%98%95.txt", "☕.txt"),
        ('form-data; name="file"; filename="_.txt"; filename*=UTF-8\'\'%E2%98%95.txt', "☕.txt"),
        ("form-data; name=\"file\"; filename*=klingon''%E9.txt", "é.txt"),
    ],
)
def test_a_file_keeps_its_name(alice: Person, issue: str, header: str, filename: str) -> None:
    answer = send(alice, f"{ISSUE}/{issue}/attachments", form(part(header, b"x")))

    (shown,) = answer.json()
    sent = fetch(alice, f"{FILE}/content/{shown['id']}?redirect=false")
    assert shown["filename"] == filename
    assert sent.headers["Content-Disposition"].encode("latin-1")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("text/x-tea; charset=utf-8", "text/x-tea; charset=utf-8"),
        ("", "text/plain"),
        ("application/octet-stream", "text/plain"),
        ("☕/☕", "text/plain"),
        ("tea", "text/plain"),
    ],
)
def test_a_file_is_of_the_type_that_was_said_or_that_its_name_tells(
    alice: Person, issue: str, said: str, kind: str
) -> None:
    body = form(part(disposition("tea.txt"), b"x", said))

    (shown,) = send(alice, f"{ISSUE}/{issue}/attachments", body).json()

    sent = fetch(alice, f"{FILE}/content/{shown['id']}?redirect=false")
    assert shown["mimeType"] == sent.headers["Content-Type"] == kind


def test_a_form_without_a_part_called_file_attaches_nothing(alice: Person, issue: str) -> None:
    body = form(part(disposition("a.txt", "attachment"), b"x"), part('form-data; name="file"', b"x"))

    answer = send(alice, f"{ISSUE}/{issue}/attachments", body)

    assert (answer.status, answer.json()) == (200, [])
    assert alice.get(f"{ISSUE}/{issue}/changelog").json()["values"] == []


@pytest.mark.refuses(ATTACH, 403)
def test_a_page_of_another_site_cannot_attach(alice: Person, issue: str) -> None:
    answer = send(alice, f"{ISSUE}/{issue}/attachments", form(part(disposition("a"), b"x")), check="")

    assert (answer.status, answer.json()["errorMessages"]) == (403, ["XSRF check failed"])


def test_without_the_right_nobody_attaches(frank: Person, issue: str, site: Site) -> None:
    site.revoke(site.user("frank"), "CREATE_ATTACHMENTS", space=site.space("ALPHA"))

    answer = send(frank, f"{ISSUE}/{issue}/attachments", form(part(disposition("a"), b"x")))

    assert answer.status == 403
    assert answer.json()["errorMessages"] == [
        "You do not have permission to create attachments for this issue."
    ]


def test_what_is_no_form_is_refused(alice: Person, issue: str) -> None:
    path, whole = f"{ISSUE}/{issue}/attachments", form(part(disposition("a.txt"), b"x" * 100))

    assert send(alice, path, b"{}", kind="application/json").status == 415
    assert send(alice, path, whole, kind="multipart/form-data").status == 415
    assert send(alice, path, b"x", kind="").status == 415
    assert send(alice, path, whole[:-60]).status == 400
    assert send(alice, path, b"what is this").status == 400
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["attachment"] == []
    assert len(attach(alice, issue, ("b", b"x" * 10))) == 1


@pytest.mark.refuses(ATTACH, 404)
def test_nobody_attaches_to_what_is_not_seen(bob: Person, issue: str) -> None:
    answer = send(bob, f"{ISSUE}/{issue}/attachments", form(part(disposition("a"), b"x")))

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["Issue does not exist or you do not have permission to see it."]


@pytest.mark.refuses(ATTACH, 413)
def test_a_file_too_large_is_refused_and_the_others_with_it(alice: Person, issue: str, site: Site) -> None:
    site.upload_limit = 10
    body = form(part(disposition("a"), b"x"), part(disposition("b"), b"x" * 11))

    answer = send(alice, f"{ISSUE}/{issue}/attachments", body)

    assert answer.status == 413
    assert answer.json()["errorMessages"] == ["The file b exceeds its maximum permitted size of 10 bytes."]
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["attachment"] == []


def test_too_many_files_are_refused(alice: Person, issue: str, site: Site) -> None:
    sixty_one = form(*(part(disposition(f"{number}"), b"") for number in range(61)))

    at_once = send(alice, f"{ISSUE}/{issue}/attachments", sixty_one)
    site.most_attachments = 1
    attach(alice, issue, ("a", b"x"))
    in_all = send(alice, f"{ISSUE}/{issue}/attachments", form(part(disposition("b"), b"x")))

    assert (at_once.status, in_all.status) == (413, 413)


@pytest.mark.answers("GET /rest/api/3/attachment/meta")
def test_the_site_says_how_large_files_may_be(alice: Person, site: Site) -> None:
    site.upload_limit = 10

    answer = alice.get(f"{FILE}/meta")

    assert (answer.status, answer.json()) == (200, {"enabled": True, "uploadLimit": 10})


def test_a_site_can_do_without_files(alice: Person, issue: str, site: Site) -> None:
    (number,) = attach(alice, issue, ("a", b"x"))
    site.attachments_on = False

    assert alice.get(f"{FILE}/meta").json()["enabled"] is False
    assert alice.get(f"{FILE}/{number}").status == 404
    assert fetch(alice, f"{FILE}/content/{number}").status == 404
    assert send(alice, f"{ISSUE}/{issue}/attachments", form(part(disposition("b"), b"x"))).status == 404


@pytest.mark.answers("GET /rest/api/3/attachment/{id}")
def test_what_is_known_of_a_file_is_told(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.txt", b"abc"))

    answer = alice.get(f"{FILE}/{number}")

    shown = answer.json()
    assert answer.status == 200
    assert (shown["id"], shown["filename"], shown["size"]) == (int(number), "a.txt", 3)


@pytest.mark.refuses("GET /rest/api/3/attachment/{id}", 404)
def test_a_file_of_a_hidden_work_item_is_hidden(bob: Person, alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.txt", b"abc"))

    answer = bob.get(f"{FILE}/{number}")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == [f"The attachment with id '{number}' does not exist"]


@pytest.mark.answers("DELETE /rest/api/3/attachment/{id}")
def test_a_deleted_file_is_gone(frank: Person, issue: str) -> None:
    (number,) = attach(frank, issue, ("a.txt", b"abc"))

    answer = frank.delete(f"{FILE}/{number}")

    assert answer.status == 204
    assert frank.get(f"{FILE}/{number}").status == 404
    assert fetch(frank, f"{FILE}/content/{number}?redirect=false").status == 404
    assert frank.get(f"{ISSUE}/{issue}").json()["fields"]["attachment"] == []


@pytest.mark.refuses("DELETE /rest/api/3/attachment/{id}", 403)
def test_others_files_are_deleted_by_who_may_delete_all(alice: Person, frank: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.txt", b"abc"))
    (franks,) = attach(frank, issue, ("b.txt", b"abc"))

    answer = frank.delete(f"{FILE}/{number}")

    assert answer.status == 403
    assert answer.json()["errorMessages"] == [
        f"You do not have permission to delete attachment with id: {number}"
    ]
    assert alice.delete(f"{FILE}/{franks}").status == 204


@pytest.mark.refuses("DELETE /rest/api/3/attachment/{id}", 404)
def test_what_is_not_there_cannot_be_deleted(alice: Person) -> None:
    answer = alice.delete(f"{FILE}/99")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == ["The attachment with id '99' does not exist"]


def test_an_archived_work_item_takes_no_file_and_loses_none(alice: Person, issue: str, site: Site) -> None:
    (number,) = attach(alice, issue, ("a.txt", b"abc"))
    site.archive(site.issue(issue))

    assert send(alice, f"{ISSUE}/{issue}/attachments", form(part(disposition("b"), b"x"))).status == 403
    assert alice.delete(f"{FILE}/{number}").status == 403


def test_history_names_the_file(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.txt", b"abc"))
    alice.delete(f"{FILE}/{number}")

    entries = alice.get(f"{ISSUE}/{issue}/changelog").json()["values"]

    common = {"field": "Attachment", "fieldtype": "jira", "fieldId": "attachment"}
    assert [each["items"] for each in entries] == [
        [{**common, "from": None, "fromString": None, "to": number, "toString": "a.txt"}],
        [{**common, "from": number, "fromString": "a.txt", "to": None, "toString": None}],
    ]


def test_webhooks_tell_of_files(world: World, site: Site, alice: Person, issue: str) -> None:
    app = ListeningApp()
    events = ("attachment_created", "attachment_deleted", "jira:issue_updated")
    hooks = [{"event": event, "url": "/hook"} for event in events]
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()

    (number,) = attach(alice, issue, ("a.txt", b"abc"))
    alice.delete(f"{FILE}/{number}")
    world.deliver(app)

    told = [json.loads(call.body) for call in app.calls]
    assert [each["webhookEvent"] for each in told] == [events[0], events[2], events[1], events[2]]
    assert told[0]["attachment"]["filename"] == "a.txt"
    assert told[0]["issue"]["id"] == issue
    assert told[1]["issue_event_type_name"] == "issue_updated"
    assert told[1]["changelog"]["items"][0]["toString"] == "a.txt"
    assert [each["id"] for each in told[1]["issue"]["fields"]["attachment"]] == [number]


def test_v2_leads_to_v2(alice: Person, issue: str, site: Site) -> None:
    body = form(part(disposition("a.png"), b"abc"))

    (shown,) = send(alice, f"/rest/api/2/issue/{issue}/attachments", body).json()

    base = f"{site.base_url}/rest/api/2/attachment"
    assert shown["self"] == f"{base}/{shown['id']}"
    assert shown["content"] == f"{base}/content/{shown['id']}"
    assert shown["thumbnail"] == f"{base}/thumbnail/{shown['id']}"
    assert alice.get(f"/rest/api/2/attachment/{shown['id']}").json()["content"] == shown["content"]


@pytest.mark.parametrize("whole", [b"Earl Grey", LARGE], ids=["small", "large"])
@pytest.mark.answers(CONTENT)
def test_a_file_comes_back_as_it_was_sent(alice: Person, issue: str, world: World, whole: bytes) -> None:
    (number,) = attach(alice, issue, ("tea.txt", whole))

    answer = fetch(alice, f"{FILE}/content/{number}")

    assert (answer.status, answer.body) == (303, b"")
    target = urlsplit(answer.headers["Location"])
    sent = fetch(as_nobody(world, alice.site), f"{target.path}?{target.query}")
    assert (sent.status, content(sent)) == (200, whole)
    directly = fetch(alice, f"{FILE}/content/{number}?redirect=false")
    assert (directly.status, content(directly)) == (200, whole)
    assert directly.headers["Content-Type"] == "text/plain"
    assert directly.headers["Content-Disposition"] == (
        "attachment; filename=\"tea.txt\"; filename*=UTF-8''tea.txt"
    )


@pytest.mark.parametrize("whole", [bytes(range(100)), LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=90-", 90, None),
        ("bytes=-10", -10, None),
        ("bytes=98-1000000000", 98, None),
    ],
)
def test_a_range_of_a_file_is_sent(
    alice: Person, issue: str, whole: bytes, asked: str, start: int, end: int | None
) -> None:
    (number,) = attach(alice, issue, ("a.bin", whole))

    answer = fetch(alice, f"{FILE}/content/{number}?redirect=false", range=asked)

    first = range(len(whole))[start]
    last = (end or len(whole)) - 1
    assert (answer.status, content(answer)) == (206, whole[start:end])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"


@pytest.mark.refuses(CONTENT, 416)
def test_bytes_that_are_not_there_are_not_sent(alice: Person, issue: str) -> None:
    numbers = attach(alice, issue, ("a.bin", b"0123456789"), ("empty", b""))
    path = f"{FILE}/content/{{}}?redirect=false"

    answer = fetch(alice, path.format(numbers[0]), range="bytes=10-")

    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */10")
    assert fetch(alice, path.format(numbers[0]), range="bytes=-0").status == 416
    assert fetch(alice, path.format(numbers[1]), range="bytes=0-").status == 416


@pytest.mark.refuses(CONTENT, 400)
@pytest.mark.parametrize("asked", ["bytes=-", "bytes=5-2", "lines=1-2", "bytes=a-b", "0-5"])
def test_a_range_that_is_none_is_refused(alice: Person, issue: str, asked: str) -> None:
    (number,) = attach(alice, issue, ("a.bin", b"0123456789"))

    answer = fetch(alice, f"{FILE}/content/{number}?redirect=false", range=asked)

    assert answer.status == 400
    assert answer.json()["errorMessages"] == [f"The Range header is malformed: {asked}"]


def test_of_several_ranges_the_whole_file_is_sent(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.bin", b"0123456789"))

    answer = fetch(alice, f"{FILE}/content/{number}?redirect=false", range="bytes=0-1,3-4")

    assert (answer.status, content(answer)) == (200, b"0123456789")


@pytest.mark.refuses(CONTENT, 404)
def test_the_content_of_a_hidden_file_is_hidden(alice: Person, bob: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.bin", b"0123456789"))

    answer = fetch(bob, f"{FILE}/content/{number}")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == [f"The attachment with id '{number}' does not exist"]


def test_head_tells_the_size_and_sends_nothing(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("a.bin", b"0123456789"))

    answer = fetch(alice, f"{FILE}/content/{number}?redirect=false", method="HEAD")

    assert (answer.status, content(answer), answer.headers["Content-Length"]) == (200, b"", "10")


def test_the_address_of_a_file_opens_it_for_a_while_and_no_other(
    alice: Person, issue: str, world: World, clock: VirtualClock
) -> None:
    numbers = attach(alice, issue, ("a.bin", b"a"), ("b.bin", b"b"))
    first, second = (urlsplit(fetch(alice, f"{FILE}/content/{each}").headers["Location"]) for each in numbers)
    stranger = as_nobody(world, alice.site)

    mixed = fetch(stranger, f"{second.path}?{first.query}")
    nowhere = fetch(stranger, f"/_media/file?{first.query}")
    clock.advance(minutes=10, seconds=1)
    late = fetch(stranger, f"{first.path}?{first.query}")

    assert (mixed.status, nowhere.status, late.status) == (403, 404, 403)
    assert fetch(stranger, first.path).status == 403


def test_the_address_of_a_deleted_file_leads_nowhere(alice: Person, issue: str, world: World) -> None:
    (number,) = attach(alice, issue, ("a.bin", b"a"))
    target = urlsplit(fetch(alice, f"{FILE}/content/{number}").headers["Location"])

    alice.delete(f"{FILE}/{number}")

    assert fetch(as_nobody(world, alice.site), f"{target.path}?{target.query}").status == 404
    assert dict(parse_qsl(target.query))["name"] == "a.bin"


@pytest.mark.answers("GET /rest/api/3/attachment/thumbnail/{id}")
def test_a_picture_has_a_thumbnail_and_other_files_a_default_one(alice: Person, issue: str) -> None:
    picture, text = attach(alice, issue, ("a.png", b"\x89PNG"), ("a.txt", b"a"))

    small = fetch(alice, f"{FILE}/thumbnail/{picture}?redirect=false&width=10&height=10")
    default = fetch(alice, f"{FILE}/thumbnail/{text}?redirect=false")
    older = fetch(alice, f"/rest/api/2/attachment/thumbnail/{text}?redirect=false")

    assert (small.status, content(small)) == (200, b"\x89PNG")
    assert (default.status, default.headers["Content-Type"]) == (200, "image/png")
    assert content(older) == content(default)
    assert fetch(alice, f"{FILE}/thumbnail/{picture}").status == 303


@pytest.mark.refuses("GET /rest/api/3/attachment/thumbnail/{id}", 404)
def test_without_the_default_there_is_no_thumbnail_of_a_text(alice: Person, issue: str) -> None:
    (text,) = attach(alice, issue, ("a.txt", b"a"))

    answer = fetch(alice, f"{FILE}/thumbnail/{text}?fallbackToDefault=false")

    assert (answer.status, answer.json()["errorMessages"]) == (404, ["The thumbnail is not available."])


@pytest.mark.refuses("GET /rest/api/3/attachment/thumbnail/{id}", 400)
def test_a_width_must_be_a_number(alice: Person, issue: str) -> None:
    (picture,) = attach(alice, issue, ("a.png", b"a"))

    answer = fetch(alice, f"{FILE}/thumbnail/{picture}?width=wide")

    assert answer.status == 400
    assert answer.json()["errorMessages"] == ["Parameter 'width' must be a non-negative number."]


def test_a_large_file_lies_on_disk_and_goes_with_the_world(alice: Person, issue: str, world: World) -> None:
    attach(alice, issue, ("a.bin", LARGE), ("b.bin", b"small"))
    large, small = alice.site.issue(issue).attachments
    assert isinstance(large.content, Path)
    assert large.content.exists()
    assert small.content == b"small"

    world.files.clear()

    assert not large.content.parent.exists()


def test_requests_follow_to_the_file(alice: Person, issue: str, world: World) -> None:
    attach(alice, issue, ("a.bin", LARGE))

    with mounted(world):
        held = requests.get(f"{alice.site.base_url}{ISSUE}/{issue}", auth=("alice", "secret-alice")).json()[
            "fields"
        ]["attachment"]
        got = requests.get(held[0]["content"], auth=("alice", "secret-alice"))
        middle = requests.get(
            held[0]["content"], auth=("alice", "secret-alice"), headers={"Range": "bytes=1-3"}
        )

    assert got.content == LARGE
    assert [each.status_code for each in got.history] == [303]
    assert (middle.status_code, middle.content) == (206, LARGE[1:4])


def test_an_app_attaches_and_fetches(world: World, site: Site, app: ListeningApp, issue: str) -> None:
    (number,) = attach(as_person(world, site, "alice"), issue, ("a.bin", b"abc"))

    answer = as_app(world, site).get(f"{FILE}/content/{number}?redirect=false")

    assert (answer.status, content(answer)) == (200, b"abc")


def test_times_go_by_the_sites_clock(alice: Person, issue: str, site: Site) -> None:
    site.clock_shift = timedelta(hours=1)

    (number,) = attach(alice, issue, ("a.bin", b"abc"))

    assert alice.get(f"{FILE}/{number}").json()["created"] == "2026-11-22T02:02:03.456+0000"
