"""The judge of calls bites: what was seen at the wire, made by hand, breaks one law, or none."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from jira_sandbox.connect import tokens
from jira_sandbox.demo.history import Change, Entry, Item
from tests.simulation.clock import START
from tests.simulation.judging.audit import Row, unaccounted
from tests.simulation.judging.deletions import twins_of_twins, undue
from tests.simulation.judging.echoes import idle
from tests.simulation.judging.isolation import strangers
from tests.simulation.judging.looking import blind
from tests.simulation.judging.pacing import hasty
from tests.simulation.judging.patience import impatient
from tests.simulation.judging.scope import trespasses
from tests.simulation.judging.unheard import unheard
from tests.simulation.judging.uniqueness import duplicates
from tests.simulation.witness import MARK, Call, Made, Told

ACME, GLOBEX = "https://acme.example", "https://globex.example"
ISSUE = "/rest/api/3/issue"
EDIT = {"fields": {"summary": "new"}, "historyMetadata": {"extraData": {"intent": "i1"}}}
DEED = Row("edit", "done", "10000", 1)


def test_one_twin_for_each_synchronization_and_one_copy_of_each_comment_are_enough() -> None:
    twins = [_made("20000", sync="s1"), _made("30000", sync="s2"), _made("20000", comment="5")]

    fine = list(duplicates(twins, name=str))
    doubled = list(duplicates([*twins, _made("20001", sync="s1"), _made("20000", comment="6")], name=str))

    assert fine == []
    assert doubled == [
        "I4: item s1 10000 was copied 2 times: 20000, 20001",
        "I4: comment on 20000 10000 7 was copied 2 times: 20000 5, 20000 6",
    ]


def test_a_twin_that_died_unheard_of_is_not_held_against_the_next_one() -> None:
    creation = {"properties": [{"key": MARK, "value": {"nonce": "n1"}}]}
    again = {"properties": [{"key": MARK, "value": {"nonce": "n2"}}]}
    lost = _numbered(("POST", ISSUE, creation, "ConnectionError"), ("POST", ISSUE, again, "201"))
    answered = _numbered(("POST", ISSUE, creation, "201"), ("POST", ISSUE, again, "201"))
    last_word = [answered[0], replace(answered[1], worker="live-1.1")]
    sought = _numbered(
        ("POST", ISSUE, creation, "ConnectionError"), ("GET", f"{ISSUE}/20000", {}), ("POST", ISSUE, again)
    )
    first, second = _made("20000", nonce="n1"), _made("20001", nonce="n2", at=25)
    died, later = ({"20000": START + timedelta(microseconds=at)} for at in (16, 26))

    assert unheard([first, second], lost, died, {}) == {"n1"}
    assert unheard([first, second], last_word, died, {}) == {"n1"}
    assert unheard([first, second], lost, died, named=later) == {"n1"}
    assert unheard([first], lost[:1], died, {}) == {"n1"}
    assert unheard([first], lost[:1], died, named=later) == frozenset()
    assert unheard([first, second], lost, died, named=died) == frozenset()
    assert unheard([first, second], lost, later, {}) == frozenset()
    assert unheard([first, second], lost, {}, {}) == frozenset()
    assert unheard([first, second], answered, died, {}) == frozenset()
    assert unheard([first, second], sought, died, {}) == frozenset()


def test_a_work_item_is_not_written_oftener_than_jira_allows() -> None:
    edits = _numbered(*[("PUT", f"{ISSUE}/10000", EDIT)] * 21, ("PUT", f"{ISSUE}/10001", EDIT))
    slow = [replace(each, at=0.1 * place) for place, each in enumerate(edits)]
    fast = [replace(each, at=0.09 * place) for place, each in enumerate(edits)]
    steady = [replace(edits[0], number=place, at=0.2 * place) for place in range(101)]

    assert list(hasty(slow)) == []
    assert list(hasty(fast)) == [
        f"I9: live-0.1's call 20 (PUT {ISSUE}/10000 → 200) is write 21 of its work item within 2 s"
    ]
    assert [each[-28:] for each in hasty(steady)] == ["of its work item within 30 s"]


def test_an_edit_that_changed_nothing_is_an_echo() -> None:
    calls = _numbered(("GET", f"{ISSUE}/10000", {}), ("PUT", f"{ISSUE}/10000", EDIT))

    idly = list(idle(calls, [_item()], effective=(), name=str))
    effectively = list(idle(calls, [_item()], effective={1}, name=str))

    assert idly == [
        (
            f"I5: live-0.1's call 1 (PUT {ISSUE}/10000 → 200) to 10000 changed nothing, "
            "and nobody had been there before it"
        )
    ]
    assert effectively == []


def test_an_edit_that_changed_nothing_is_excused_by_a_doubtful_one_or_by_somebody_who_was_faster() -> None:
    again = _numbered(("PUT", f"{ISSUE}/10000", EDIT, "ReadTimeout"), ("PUT", f"{ISSUE}/10000", EDIT))
    alone = _numbered(("GET", f"{ISSUE}/10000", {}), ("PUT", f"{ISSUE}/10000", EDIT))
    faster = Entry(id=1, at=START + timedelta(microseconds=15), by_app=False, values={"summary": "new"})

    assert list(idle(again, [_item()], effective=(), name=str)) == []
    assert list(idle(alone, [_item(faster)], effective=(), name=str)) == []


def test_an_edit_that_changed_nothing_is_not_excused_by_what_the_writer_has_looked_at_since() -> None:
    edit = ("PUT", f"{ISSUE}/10000", EDIT)
    doubtful = _numbered((*edit, "ReadTimeout"), ("GET", f"{ISSUE}/10000", {}), edit)
    crossed, look, late = _numbered(edit, ("GET", f"{ISSUE}/10000", {}), edit)
    other = replace(crossed, worker="live-1.1")

    assert len(list(idle(doubtful, [_item()], effective=(), name=str))) == 1
    assert len(list(idle([other, look, late], [_item()], effective={0}, name=str))) == 1
    assert list(idle([other, replace(late, number=1)], [_item()], effective={0}, name=str)) == []


def test_what_a_worker_has_seen_for_one_pair_it_does_not_know_for_another() -> None:
    look, late = _numbered(("GET", f"{ISSUE}/10000", {}), ("PUT", f"{ISSUE}/10000", EDIT))
    faster = Entry(id=1, at=START + timedelta(microseconds=5), by_app=False, values={"summary": "new"})

    assert (
        list(
            idle([replace(look, pair="1"), replace(late, pair="2")], [_item(faster)], effective=(), name=str)
        )
        == []
    )
    assert len(list(idle([look, late], [_item(faster)], effective=(), name=str))) == 1


def test_a_call_is_signed_for_the_site_it_goes_to_and_asks_for_its_work_items_alone() -> None:
    secrets = {ACME: "a" * 32, GLOBEX: "g" * 32}
    mine = _call("GET", f"{ISSUE}/10000", authorization=_signed(secrets[ACME]))
    other = _call("GET", f"{ISSUE}/20000", authorization=_signed(secrets[GLOBEX]))
    away = _call("GET", f"{ISSUE}/10000", origin="https://evil.example")
    several = {"jql": "id in (10000, 20000)"}
    sought = _call("POST", "/rest/api/2/search", body=several, authorization=_signed(secrets[ACME]))

    homes = {"10000": ACME, "20000": GLOBEX}

    assert list(strangers([mine], secrets, homes)) == []
    assert [each.partition(") ")[2][:42] for each in strangers([sought], secrets, homes)] == [
        "asks https://acme.example for 20000, which"
    ]
    assert [each.partition(") ")[2][:42] for each in strangers([other, away], secrets, homes)] == [
        "to https://acme.example is not signed for ",
        "asks https://acme.example for 20000, which",
        "went to https://evil.example, which is no ",
    ]


def test_a_call_to_a_linked_site_bears_a_token_of_that_site() -> None:
    bearers = {ACME: ["once for acme", "for acme"], GLOBEX: ["for globex"]}
    mine = [
        _call("GET", f"{ISSUE}/10000", authorization=f"Bearer {token}")
        for token in ("for acme", "once for acme")
    ]
    other = _call("GET", f"{ISSUE}/10000", authorization="Bearer for globex")
    signed = _call("GET", f"{ISSUE}/10000", authorization=_signed("a" * 32))

    assert list(strangers(mine, {}, {}, bearers=bearers)) == []
    assert [each.rpartition(": ")[2] for each in strangers([other, signed], {}, {}, bearers=bearers)] == [
        "it does not bear that site's token",
        "it does not bear that site's token",
    ]


def test_atlassian_is_asked_about_tokens_that_were_given_for_a_linked_site_alone() -> None:
    bearers = {GLOBEX: ["for globex"]}
    known, unknown = (
        _call(
            "GET",
            "/oauth/token/accessible-resources",
            origin="https://api.atlassian.com",
            authorization=f"Bearer {token}",
        )
        for token in ("for globex", "for nobody")
    )

    assert list(strangers([known], {}, {}, bearers=bearers)) == []
    assert [each.endswith("bears what was given for no site") for each in strangers([unknown], {}, {})] == [
        True
    ]


def test_the_app_deletes_no_work_item_and_no_copy_whose_original_stands() -> None:
    made = [_made("20000", comment="5")]
    erased = Change(item="10000", at=START, values={"comment:7": ""})
    copy = _numbered(("DELETE", f"{ISSUE}/20000/comment/5", {}))

    asked_for = list(undue(copy, made, [erased], {}, name=str))
    unasked = list(undue(copy, made, [], {}, name=str))
    whole = list(undue(_numbered(("DELETE", f"{ISSUE}/20000", {})), made, [], {}, name=str))
    webhook = _numbered(("DELETE", "/rest/webhooks/1.0/webhook/20001", {}))

    assert asked_for == []
    assert list(undue(webhook, made, [], {}, name=str)) == []
    assert [each.endswith("a copy on 20000 whose original nobody had deleted") for each in unasked] == [True]
    assert whole == [f"I7: live-0.1's call 0 (DELETE {ISSUE}/20000 → 200) deletes a work item"]


def test_who_was_told_that_a_work_item_is_deleted_makes_no_twin_of_it() -> None:
    calls = _numbered(
        ("GET", f"{ISSUE}/10000", {}, "404"), ("GET", f"{ISSUE}/30000", {}), ("POST", ISSUE, _creation())
    )

    resurrected = list(undue(calls, [], [], {"10000": START}, name=str))
    hidden = list(undue(calls, [], [], {}, name=str))
    died_since = list(undue(calls, [], [], {"10000": calls[0].answered}, name=str))

    assert [each.endswith("of which it knew that it is deleted") for each in resurrected] == [True]
    assert hidden == died_since == []


def test_what_was_deleted_does_not_come_back_as_a_twin_of_its_own_twin() -> None:
    twin, other = _made("20000", sync="s1"), _made("30000", sync="s2")
    again = replace(twin, item="10001", marks={**twin.marks, "originItem": "20000"})
    copy = replace(again, comment="5")

    assert list(twins_of_twins([twin, other, copy], (), name=str)) == []
    assert list(twins_of_twins([twin, other, again], (), name=str)) == [
        "I7: 10001 was made as a twin of 20000, which is itself the twin of 10000"
    ]
    assert list(twins_of_twins([twin, other, again], {"20000"}, name=str)) == []


def test_what_may_have_been_created_is_looked_for_before_it_is_created_again() -> None:
    doubtful = ("POST", ISSUE, _creation(), "ReadTimeout")
    again, ours = ("POST", ISSUE, _creation("i2")), {"jql": "project = 1 AND creator = currentUser()"}
    search, check = (("POST", "/rest/api/3/search/jql", each) for each in (ours, {"jql": "project = 1"}))
    busy = ("POST", ISSUE, _creation(), "429")

    assert [each.startswith("I12: live-0.1's call 1") for each in blind(_numbered(doubtful, again))] == [True]
    assert len(list(blind(_numbered(doubtful, check, again)))) == 1
    assert list(blind(_numbered(doubtful, search, again))) == []
    assert list(blind(_numbered(busy, again))) == []


def test_who_cannot_know_that_the_app_was_told_to_wait_may_call() -> None:
    at = START + timedelta(seconds=1)
    came = "GET /rest/api/3/issue/{issueIdOrKey} on acme came at 01:02:10.456000, told to wait from "
    violation = f"{came}{at:%H:%M:%S.%f} until 01:03:04.456000 (jira-cost-based)"
    faults = [f"I9: {violation}"]

    assert list(impatient([violation], [], [])) == faults
    assert list(impatient([violation], [Told(at, known=at)], [])) == faults
    assert list(impatient([violation], [Told(at, known=at + timedelta(seconds=2))], [])) == faults
    assert list(impatient([violation], [Told(START)], [])) == faults
    assert list(impatient([violation], [Told(at, known=at + timedelta(seconds=5))], [])) == []
    assert list(impatient([violation], [Told(at)], [])) == []


@pytest.mark.parametrize(("looked", "is_excused"), [(0.9, True), (1.0, True), (1.1, False)])
def test_who_stood_frozen_before_its_own_call_as_another_was_told_to_wait_is_excused(
    looked: float, is_excused: bool
) -> None:
    at, came = START + timedelta(seconds=1), START + timedelta(seconds=8)
    violation = (
        f"GET /rest/api/3/myself on acme came at {came:%H:%M:%S.%f}, told to wait from "
        f"{at:%H:%M:%S.%f} until 01:03:04.456000 (jira-cost-based)"
    )
    [call] = _numbered(("GET", "/rest/api/3/myself", {}))

    found = list(impatient([violation], [Told(at, known=at)], [replace(call, at=8.0, looked=looked)]))

    assert found == ([] if is_excused else [f"I9: {violation}"])


def test_fields_that_are_not_mapped_and_calls_of_another_kind_are_trespasses() -> None:
    allowed, further = ("PUT", f"{ISSUE}/10000", EDIT), {"fields": {"assignee": None, "summary": "new"}}
    calls = _numbered(allowed, ("PUT", f"{ISSUE}/10000", further), ("PUT", f"{ISSUE}/10000/assignee", {}))

    found = list(trespasses(calls, name=str))

    assert [each.partition(") ")[2] for each in found] == [
        "writes assignee of 10000",
        "is no write that a synchronization calls for",
    ]


def test_each_write_has_its_own_row_with_one_line_in_the_feed() -> None:
    once, twice = (
        _numbered(("PUT", f"{ISSUE}/10000", EDIT)),
        _numbered(*[("PUT", f"{ISSUE}/10000", EDIT)] * 2),
    )

    assert list(unaccounted(once, {"i1": DEED}, {"i1": 1})) == []
    assert next(unaccounted(once, {}, {})).endswith("names i1, which is no row")
    assert list(unaccounted(twice, {"i1": DEED}, {"i1": 1})) == ["I14: 2 writes were sent for the one row i1"]
    assert list(unaccounted(once, {"i1": Row("edit", "done", "10000", 0)}, {})) == [
        "I14: edit i1 of 10000 (done) has 0 lines in the feed"
    ]


def test_a_void_row_came_to_nothing_and_is_told_of_nowhere() -> None:
    once, void = _numbered(("PUT", f"{ISSUE}/10000", EDIT, "500")), Row("edit", "void", "10000", 0)

    assert list(unaccounted(once, {"i1": void}, {})) == []
    assert list(unaccounted(once, {"i1": void}, {"i1": 1})) == [
        "I14: edit i1 of 10000 is void, yet it has 0 lines in the feed and came about 1 times"
    ]


def test_writes_that_cannot_name_their_row_are_counted_against_the_rows_there_are() -> None:
    calls = _numbered(*[("PUT", f"{ISSUE}/10000/comment/5", {})] * 2)

    found = list(unaccounted(calls, {"i1": Row("comment", "done", "10000", 1)}, {}))

    assert found == ["I14: 2 writes (comment) went to 10000, and there are 1 rows"]


def _creation(nonce: str = "i1") -> dict[str, object]:
    mark = {"nonce": nonce, "originItem": "10000", "synchronization": "s1"}
    return {"fields": {"summary": "new"}, "properties": [{"key": "backbone-twin", "value": mark}]}


def _made(item: str, *, sync: str = "", comment: str = "", nonce: str = "", at: int = 15) -> Made:
    marks = {"originItem": "10000", "originComment": "7"} if comment else {"originItem": "10000"}
    marks |= {"synchronization": sync, "nonce": nonce}
    return Made(at=START + timedelta(microseconds=at), item=item, comment=comment, marks=marks)


def _item(*entries: Entry) -> Item:
    return Item(
        id="10000", key="A-1", space="A", by_app=False, created=START, born={}, now={}, entries=entries
    )


def _numbered(*calls: tuple[object, ...]) -> list[Call]:
    """Make calls that follow each other, ten moments apart: method, path, body, what was heard if not 200."""
    return [
        _call(str(method), str(path), body=body, number=number, heard=str(*heard) if heard else "200")
        for number, (method, path, body, *heard) in enumerate(calls)
    ]


def _call(
    method: str,
    path: str,
    *,
    origin: str = ACME,
    authorization: str = "",
    body: object = None,
    number: int = 0,
    heard: str = "200",
) -> Call:
    return Call(
        number=number,
        asked=START + timedelta(microseconds=10 * number + 10),
        answered=START + timedelta(microseconds=10 * number + 19),
        worker="live-0.1",
        method=method,
        origin=origin,
        path=path,
        authorization=authorization,
        body=json.dumps(body).encode() if body else b"",
        heard=heard,
    )


def _signed(secret: str) -> str:
    return f"JWT {tokens.sign_hs256({'iss': 'app'}, secret)}"
