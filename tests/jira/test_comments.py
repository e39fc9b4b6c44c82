"""Comments: read whole or not at all, marked as ours, restricted wherever anything says so."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from backbone_app.core import richtext
from backbone_app.core.values import EMPTY, Rich
from backbone_app.errors import OutcomeUnknown, RemoteMissing, RemoteRefused, RemoteUnreachable
from backbone_app.jira import read, webhooks, write
from backbone_app.jira.egress import Door
from jira_sandbox.misfortunes import Misfortune
from tests.jira.conftest import Play, scripted

WRITTEN = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
MARK = {"nonce": "n-1", "originItem": "7", "originComment": "8"}
OURS = {"accountId": "app-1", "displayName": "Backbone"}


def adf(words: str) -> dict[str, Any]:
    content = [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]
    return {"type": "doc", "version": 1, "content": content}


def rich(words: str) -> Rich:
    document = richtext.canonical(adf(words))
    assert isinstance(document, Rich)
    return document


def said(number: int = 10019, **changes: Any) -> dict[str, Any]:
    """A comment as Cloud shows it with its properties; a change to ... takes the member out."""
    whole = {
        "self": f"https://acme.atlassian.net/rest/api/3/issue/10001/comment/{number}",
        "id": str(number),
        "author": {"accountId": "acc-2", "displayName": "Bob"},
        "updateAuthor": {"accountId": "acc-1"},
        "body": adf("hello"),
        "created": "2026-11-22T01:02:03.000+0000",
        "updated": "2026-11-22T02:02:03.000+0100",
        "jsdPublic": True,
        "properties": [],
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def page(*comments: dict[str, Any], total: int) -> dict[str, Any]:
    return {"startAt": 0, "maxResults": 100, "total": total, "comments": list(comments)}


def prop(key: str, value: object) -> list[dict[str, object]]:
    return [{"key": "somebody.elses", "value": 7}, {"key": key, "value": value}]


def test_a_comment_is_read_in_one_call_with_its_author_its_text_and_its_times(door: Door) -> None:
    with scripted(door, said()) as jira:
        found = read.comment(jira.client, "10001", "10019")

    assert jira.lines == ["GET /rest/api/3/issue/10001/comment/10019?expand=properties"]
    assert (found.id, found.author, found.author_name, found.body) == ("10019", "acc-2", "Bob", rich("hello"))
    assert (found.created, found.updated) == (WRITTEN, WRITTEN)
    assert (found.restricted, found.by_us, found.mark) == (False, False, "")


def test_a_comment_without_text_is_empty(door: Door) -> None:
    blank = {"type": "doc", "version": 1, "content": [{"type": "paragraph"}]}

    with scripted(door, said(body=blank), said(body=None)) as jira:
        bodies = [read.comment(jira.client, "10001", "10019").body for _ in range(2)]

    assert bodies == [EMPTY, EMPTY]


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": {"type": "role", "value": "Administrators"}},
        {"visibility": {"type": "group", "value": "staff"}, "jsdPublic": ...},
        {"jsdPublic": False},
        {"properties": prop("sd.public.comment", {"internal": True})},
    ],
)
def test_a_comment_is_restricted_wherever_anything_says_so(changes: dict[str, Any], door: Door) -> None:
    with scripted(door, said(**changes)) as jira:
        found = read.comment(jira.client, "10001", "10019")

    assert found.restricted


@pytest.mark.parametrize(
    "changes",
    [
        {"visibility": None},
        {"jsdPublic": ...},
        {"properties": prop("sd.public.comment", {"internal": False})},
    ],
)
def test_a_comment_everybody_may_read_is_not_restricted(changes: dict[str, Any], door: Door) -> None:
    with scripted(door, said(**changes)) as jira:
        found = read.comment(jira.client, "10001", "10019")

    assert not found.restricted


@pytest.mark.parametrize(("internal", "restricted"), [(True, True), (False, False)])
def test_where_nothing_tells_whether_a_comment_is_internal_its_property_is_asked_for(
    internal: bool, restricted: bool, door: Door
) -> None:
    shown = said(properties=..., jsdPublic=...)

    with scripted(door, shown, {"key": "sd.public.comment", "value": {"internal": internal}}) as jira:
        found = read.comment(jira.client, "10001", "10019")

    assert jira.lines[1:] == ["GET /rest/api/3/comment/10019/properties/sd.public.comment"]
    assert found.restricted is restricted


def test_a_comment_without_that_property_is_not_internal(door: Door) -> None:
    with scripted(door, said(properties=..., jsdPublic=...), 404) as jira:
        assert not read.comment(jira.client, "10001", "10019").restricted


def test_our_own_comment_bears_our_mark(door: Door) -> None:
    marked = said(author=OURS, properties=prop("backbone-copy", {"nonce": "n-1"}))

    with scripted(door, marked) as jira:
        found = read.comment(jira.client, "10001", "10019")

    assert (found.by_us, found.mark) == (True, "n-1")


def test_our_mark_is_asked_for_where_a_site_does_not_show_properties(door: Door) -> None:
    ours = said(author=OURS, properties=...)
    mark = {"key": "backbone-copy", "value": {"nonce": "n-1"}}

    with scripted(door, ours, mark, ours, 404, said(properties=...)) as jira:
        marks = [read.comment(jira.client, "10001", "10019").mark for _ in range(3)]

    assert marks == ["n-1", "", ""]
    assert [line for line in jira.lines if "properties/" in line] == [
        "GET /rest/api/3/comment/10019/properties/backbone-copy"
    ] * 2


def test_a_mark_on_somebody_elses_comment_is_not_ours(door: Door) -> None:
    with scripted(door, said(properties=prop("backbone-copy", {"nonce": "n-1"}))) as jira:
        assert read.comment(jira.client, "10001", "10019").mark == ""


@pytest.mark.parametrize("odd", [None, 7, "n-1", {"nonce": 7}, []])
def test_a_mark_that_somebody_wrote_over_is_none(odd: object, door: Door) -> None:
    with scripted(door, said(author=OURS, properties=prop("backbone-copy", odd))) as jira:
        assert read.comment(jira.client, "10001", "10019").mark == ""


@pytest.mark.parametrize(
    "half", [said(id=...), said(body="h1. wiki"), said(created=...), said(updated="yesterday"), [], None]
)
def test_half_a_comment_is_no_answer(half: object, door: Door) -> None:
    with scripted(door, half) as jira, pytest.raises(RemoteUnreachable):
        read.comment(jira.client, "10001", "10019")


def test_a_comment_that_is_gone_is_missing(door: Door) -> None:
    with scripted(door, 404) as jira, pytest.raises(RemoteMissing):
        read.comment(jira.client, "10001", "10019")


def test_an_item_without_comments_has_none(door: Door) -> None:
    with scripted(door, page(total=0)) as jira:
        assert read.comments(jira.client, "10001") == ()


def test_all_pages_of_comments_are_read_in_order_and_each_begins_with_the_last_of_the_one_before(
    door: Door,
) -> None:
    first, second = page(said(1), said(2), total=4), page(said(2), said(3), said(4), total=4)

    with scripted(door, first, second) as jira:
        found = read.comments(jira.client, "10001")

    assert [one.id for one in found] == ["1", "2", "3", "4"]
    listed = "GET /rest/api/3/issue/10001/comment?expand=properties&orderBy=created"
    assert jira.lines == [f"{listed}&startAt=0&maxResults=100", f"{listed}&startAt=1&maxResults=100"]


def test_a_comment_deleted_between_two_pages_hides_none_of_the_others(door: Door) -> None:
    """Number 1 goes after the first page: without the overlap, 3 would slip past the edge unseen."""
    before = page(said(1), said(2), total=4)
    shifted = page(said(3), said(4), total=3)

    with scripted(door, before, shifted, page(said(2), said(3), said(4), total=3)) as jira:
        found = read.comments(jira.client, "10001")

    assert [one.id for one in found] == ["2", "3", "4"]


def test_where_comments_keep_vanishing_there_is_no_list(door: Door) -> None:
    shifting = [page(said(1), said(2), total=4), page(total=1)] * 3

    with scripted(door, *shifting) as jira, pytest.raises(RemoteUnreachable):
        read.comments(jira.client, "10001")


def test_a_total_that_counts_comments_hidden_from_us_is_not_waited_for(door: Door) -> None:
    with scripted(door, page(said(1), total=3), page(said(1), total=3)) as jira:
        assert [one.id for one in read.comments(jira.client, "10001")] == ["1"]


def test_comments_of_an_item_that_is_gone_are_missing_and_not_none(door: Door) -> None:
    with scripted(door, 404) as jira, pytest.raises(RemoteMissing):
        read.comments(jira.client, "10001")


def test_a_comment_is_written_with_our_mark_in_one_call(door: Door) -> None:
    with scripted(door, said(author=OURS, properties=...)) as jira:
        found = write.add_comment(
            jira.client, "10001", rich("hello"), nonce="n-1", original=("7", "8"), timeout=5
        )

    (request,) = jira.requests
    assert request.startswith(b"POST /rest/api/3/issue/10001/comment?expand=properties HTTP")
    assert json.loads(request.split(b"\r\n\r\n", 1)[1]) == {
        "body": adf("hello"),
        "properties": [{"key": "backbone-copy", "value": MARK}],
    }
    assert (found.id, found.by_us, found.mark, found.updated) == ("10019", True, "n-1", WRITTEN)


def test_a_comment_is_changed_in_one_call_that_leaves_its_mark_alone(door: Door) -> None:
    marked = said(author=OURS, properties=prop("backbone-copy", {"nonce": "n-1"}))

    with scripted(door, marked) as jira:
        found = write.change_comment(jira.client, "10001", "10019", rich("hello"), timeout=5)

    (request,) = jira.requests
    assert request.startswith(b"PUT /rest/api/3/issue/10001/comment/10019?expand=properties HTTP")
    assert json.loads(request.split(b"\r\n\r\n", 1)[1]) == {"body": adf("hello")}
    assert (found.body, found.mark) == (rich("hello"), "n-1")


@pytest.mark.parametrize("answer", [[], {}, {"id": "10019"}, 500])
def test_an_answer_that_shows_no_comment_leaves_open_what_became_of_it(answer: object, door: Door) -> None:
    with scripted(door, answer, answer) as jira:
        with pytest.raises(OutcomeUnknown):
            write.add_comment(
                jira.client, "10001", rich("hello"), nonce="n-1", original=("7", "8"), timeout=5
            )
        with pytest.raises(OutcomeUnknown):
            write.change_comment(jira.client, "10001", "10019", rich("hello"), timeout=5)


@pytest.mark.parametrize(
    ("status", "error"), [(400, RemoteRefused), (403, RemoteRefused), (404, RemoteMissing)]
)
def test_what_jira_refuses_of_comments_is_refused(
    status: int, error: type[RemoteRefused], door: Door
) -> None:
    with scripted(door, status, status) as jira:
        with pytest.raises(error):
            write.add_comment(
                jira.client, "10001", rich("hello"), nonce="n-1", original=("7", "8"), timeout=5
            )
        with pytest.raises(error):
            write.change_comment(jira.client, "10001", "10019", rich("hello"), timeout=5)


def test_a_comment_is_removed(door: Door) -> None:
    with scripted(door, 204) as jira:
        write.remove_comment(jira.client, "10001", "10019", timeout=5)

    assert jira.lines == ["DELETE /rest/api/3/issue/10001/comment/10019"]


@pytest.mark.parametrize(("status", "error"), [(400, RemoteRefused), (404, RemoteMissing)])
def test_a_comment_that_cannot_be_removed_is_told_of(
    door: Door, status: int, error: type[RemoteRefused]
) -> None:
    with scripted(door, status) as jira, pytest.raises(error):
        write.remove_comment(jira.client, "10001", "10019", timeout=5)


def commented(play: Play, number: str, words: str, **more: object) -> str:
    """A comment of alice's; gives its id."""
    answer = play.alice.post(f"/rest/api/3/issue/{number}/comment", {"body": adf(words), **more})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


def test_a_copy_lives_from_its_writing_to_its_removal(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    play.world.meters.reset()

    written = write.add_comment(
        play.client, number, rich("hello"), nonce="n-1", original=("7", "8"), timeout=5
    )
    play.clock.advance(seconds=5)
    changed = write.change_comment(play.client, number, written.id, rich("good bye"), timeout=5)

    assert play.calls == 2
    assert (written.body, written.by_us, written.mark, written.restricted) == (
        rich("hello"),
        True,
        "n-1",
        False,
    )
    assert (changed.id, changed.body, changed.mark) == (written.id, rich("good bye"), "n-1")
    assert changed.updated > written.updated == written.created
    assert (
        read.comments(play.client, number) == (changed,) == (read.comment(play.client, number, written.id),)
    )
    write.remove_comment(play.client, number, written.id, timeout=5)
    assert read.comments(play.client, number) == ()


def test_a_lost_answer_to_a_comment_is_unknown_and_the_comment_is_found_by_its_mark(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    commented(play, number, "somebody else's")
    play.world.misfortunes.add(Misfortune(match=("POST", r"/comment$"), kind="lose_answer_after_effect"))

    with pytest.raises(OutcomeUnknown):
        write.add_comment(play.client, number, rich("hello"), nonce="n-1", original=("7", "8"), timeout=5)

    assert [one.mark for one in read.comments(play.client, number) if one.by_us] == ["n-1"]


def test_a_hundred_comments_and_more_are_all_read(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    written = [commented(play, number, str(count)) for count in range(201)]
    play.world.meters.reset()

    found = read.comments(play.client, number)

    assert [one.id for one in found] == written
    assert play.calls == 3


def test_what_people_restrict_is_seen_as_restricted(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    commented(play, number, "all")
    commented(play, number, "agents", properties=[{"key": "sd.public.comment", "value": {"internal": True}}])

    assert [one.restricted for one in read.comments(play.client, number)] == [False, True]


def test_comments_of_an_item_we_may_not_see_are_missing(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    play.site.revoke(play.site.app.user, "BROWSE_PROJECTS", space=play.site.space("ALPHA"))

    with pytest.raises(RemoteMissing):
        read.comments(play.client, number)
    with pytest.raises(RemoteMissing):
        write.add_comment(play.client, number, rich("hello"), nonce="n-1", original=("7", "8"), timeout=5)


def test_the_delivery_of_a_comment_tells_of_the_comment_that_is_read(play: Play) -> None:
    number = play.alice.create("ALPHA", "a")
    comment = commented(play, number, "hello")
    delivery = next(one for one in play.world.outbox if one.event == "comment_created")

    told = webhooks.parse(delivery.body, identifier=delivery.identifier)

    seen = read.comment(play.client, number, comment)
    assert told.comment == webhooks.CommentNews(comment, seen.author, seen.updated, restricted=False)
    assert (told.item_id, told.carries) == (number, frozenset())
