"""The client over a real socket: what goes out, and what each answer becomes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from backbone_app.core.values import Text, TwinMark
from backbone_app.errors import (
    OutcomeUnknown,
    RemoteBusy,
    RemoteError,
    RemoteMissing,
    RemoteMoved,
    RemoteRefused,
    RemoteUnreachable,
)
from backbone_app.jira import write
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.limits import Asked, Call
from backbone_app.jira.write import Cause, Draft
from tests.support.wire import Script, Wire, answer, resets, wired


@contextmanager
def site(door: Door, script: Script) -> Iterator[tuple[Wire, JiraClient]]:
    """A site that answers with ``script``, and a client whose credential shows what was signed."""
    with wired(script) as served:
        yield (
            served,
            JiraClient(
                base_url=served.url + "/",
                authorize=lambda method, path, query: f"JWT {method} {path} {query}",
                door=door,
                account="app-1",
            ),
        )


def failure(door: Door, script: Script, method: str = "PUT", *, reads: bool = False) -> RemoteError:
    """The error that a call meeting ``script`` ends with."""
    with site(door, script) as (_, client), pytest.raises(RemoteError) as raised:
        client.call(method, "/x", json={"a": 1}, reads=reads)
    return raised.value


def test_the_query_is_encoded_once_and_signed_as_sent(door: Door) -> None:
    params = [("jql", "a = 'b/c' & d+e~*"), ("jql", "ü"), ("empty", "")]
    with site(door, answer(200, b"{}")) as (served, client):
        client.call("GET", "/rest/api/3/search", params=params)

    query = "jql=a%20%3D%20%27b%2Fc%27%20%26%20d%2Be~%2A&jql=%C3%BC&empty="
    head = served.requests[0].decode()
    assert head.startswith(f"GET /rest/api/3/search?{query} HTTP/1.1\r\n")
    assert f"Authorization: JWT GET /rest/api/3/search {query}\r\n" in head
    assert "Content-Type" not in head


def test_json_goes_out_and_comes_back(door: Door) -> None:
    with site(door, answer(201, b'{"id":"7"}')) as (served, client):
        found = client.call("POST", "/x", json={"summary": "ä"})

    assert found == {"id": "7"}
    head, _, body = served.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"summary": "ä"}


def test_an_answer_without_a_body_is_none(door: Door) -> None:
    with site(door, answer(204)) as (_, client):
        assert client.call("DELETE", "/x") is None


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"Retry-After": "17"}, 17),
        (429, {"Retry-After": " 2.5 "}, 2.5),
        (429, {"Retry-After": "0"}, 1),
        (429, {"Retry-After": "999999999999"}, 3600),
        (429, {"Retry-After": "9" * 400}, 3600),
        (429, {"Retry-After": "1e9"}, 3600),
        (429, {"Retry-After": "-5"}, 1),
        (429, {"Retry-After": "NaN"}, 2),
        (429, {"Retry-After": "soon"}, 2),
        (429, {}, 2),
        (503, {"Retry-After": "30"}, 30),
        (429, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 1),
        (429, {"Retry-After": "Fri, 01 Jan 2999 00:00:00 GMT"}, 3600),
    ],
)
def test_a_busy_site_says_how_long_to_wait_within_reason(
    status: int, headers: dict[str, str], wait: float, door: Door
) -> None:
    busy = failure(door, answer(status, b"", **headers), "GET")

    assert isinstance(busy, RemoteBusy)
    assert busy.retry_after == wait


def test_only_a_429_proves_that_a_change_did_not_happen(door: Door) -> None:
    assert type(failure(door, answer(429, Retry_After="5"))) is RemoteBusy
    assert type(failure(door, answer(503, Retry_After="5"))) is OutcomeUnknown
    assert type(failure(door, answer(503, Retry_After="5"), "POST", reads=True)) is RemoteBusy


def test_a_wait_given_as_a_date_counts_from_the_answer(door: Door) -> None:
    at = datetime.now(UTC) + timedelta(seconds=100)

    busy = failure(door, answer(429, Retry_After=format_datetime(at, usegmt=True)))

    assert isinstance(busy, RemoteBusy)
    assert 90 < busy.retry_after <= 100


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_failing_site_leaves_a_change_unknown_and_a_read_undone(status: int, door: Door) -> None:
    assert type(failure(door, answer(status, b"<html>"))) is OutcomeUnknown
    assert type(failure(door, answer(status, b"<html>"), "GET")) is RemoteUnreachable
    assert type(failure(door, answer(status, b"<html>"), "POST", reads=True)) is RemoteUnreachable


def test_an_answer_that_is_not_json_is_no_answer(door: Door) -> None:
    assert type(failure(door, answer(200, b"<html>"))) is OutcomeUnknown
    assert type(failure(door, answer(200, b"<html>"), "GET")) is RemoteUnreachable


@pytest.mark.parametrize("status", [400, 401, 403, 409, 413, 422])
def test_a_refusal_keeps_jiras_own_words_by_field(status: int, door: Door) -> None:
    said = {"errorMessages": ["No."], "errors": {"summary": "Summary is required."}}

    refused = failure(door, answer(status, json.dumps(said).encode()))

    assert type(refused) is RemoteRefused
    assert (refused.status, refused.messages) == (status, ("No.",))
    assert refused.fields == {"summary": "Summary is required."}
    assert "required" not in str(refused)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_site_that_sends_us_elsewhere_was_renamed_and_is_not_followed(
    status: int, method: str, door: Door
) -> None:
    with wired(answer(200, b"{}")) as elsewhere:
        moved = failure(door, answer(status, b"<html>", Location=elsewhere.url), method)

    assert isinstance(moved, RemoteMoved)
    assert (moved.status, moved.retryable) == (status, False)
    assert str(moved).startswith("127.0.0.1 answers under another address now")
    assert elsewhere.url not in str(moved)
    assert elsewhere.requests == []


def test_of_a_refusal_without_end_only_so_much_is_kept(door: Door) -> None:
    said = {"errorMessages": ["x" * 1500] * 21, "errors": {f"field{n}": "y" * 1001 for n in range(21)}}

    refused = failure(door, answer(400, json.dumps(said).encode()))

    assert isinstance(refused, RemoteRefused)
    assert (len(refused.messages), len(refused.fields)) == (20, 20)
    assert {len(each) for each in (*refused.messages, *refused.fields.values())} == {1000}
    assert refused.fields["field0"] == "y" * 999 + "…"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errorMessages":"x","errors":[]}'])
def test_a_refusal_may_say_nothing_we_understand(body: bytes, door: Door) -> None:
    refused = failure(door, answer(400, body))

    assert isinstance(refused, RemoteRefused)
    assert (refused.messages, refused.fields) == ((), {})


def test_what_is_gone_is_missing(door: Door) -> None:
    assert type(failure(door, answer(404, b"{}"))) is RemoteMissing


def test_a_creation_whose_answer_names_nothing_is_unknown(door: Door) -> None:
    mark = TwinMark(nonce="n", origin_site="s", origin_item="1")
    draft = Draft(space="10000", type_id="3", fields={"summary": Text("a")}, mark=mark)
    with site(door, answer(201, b"{}")) as (_, client), pytest.raises(OutcomeUnknown):
        write.create(client, draft, cause=Cause(intent="n", edited=None, actor="a", note=""), timeout=5)


def test_every_answer_tells_how_far_the_sites_clock_is_ahead() -> None:
    told: list[timedelta] = []
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = (start + timedelta(seconds=each) for each in (10, 14, 20, 24))  # sent, received, twice
    door = Door(EgressPolicy(cloud_hosts=(), allow_loopback_http=True), clock=lambda: next(times))
    with wired(
        answer(200, b"{}", Date=format_datetime(start + timedelta(seconds=132), usegmt=True))
    ) as served:
        client = JiraClient(
            base_url=served.url, authorize=lambda *_: "", door=door, account="", server_offset=told.append
        )
        client.call("GET", "/x")
        served.script = answer(200, b"{}", Date="not a date")
        client.call("GET", "/x")

    assert told == [timedelta(seconds=120.5)]


def test_that_the_site_asks_to_slow_down_is_told_before_anything_else(door: Door) -> None:
    notes = Notes()
    busy = answer(429, b"{}", Date="Thu, 01 Jan 2026 00:00:00 GMT", **{"Retry-After": "5"})
    with wired(busy) as served, pytest.raises(RemoteBusy):
        JiraClient(
            base_url=served.url,
            authorize=lambda *_: "",
            door=door,
            account="",
            gate=notes,
            server_offset=lambda _: notes.told.append("offset"),
        ).call("GET", "/x")

    assert notes.told == ["GET /x", "asked http-429", "offset", "reached"]


class Notes:
    """A gate that lets every call out, and writes down what it is told; its own turn, too."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def admit(self, call: Call) -> "Notes":
        self.told.append(f"{call.method} {call.template}")
        return self

    def spent(self, points: int) -> None:
        self.told.append(f"spent {points}")

    def asked(self, asked: Asked) -> float:
        self.told.append(f"asked {asked.reason}")
        return 77.0

    def unreachable(self) -> None:
        self.told.append("unreachable")

    def reached(self) -> None:
        self.told.append("reached")


class Shut(Notes):
    """A gate that lets nothing out."""

    def admit(self, call: Call) -> "Notes":
        raise RemoteBusy(call.method, 5, "pace")


ISSUE = "/rest/api/3/issue/10001"


@pytest.mark.parametrize(
    ("method", "script", "told"),
    [
        ("GET", answer(200, b'{"id":"10001"}'), ["reached", "spent 2"]),
        ("PUT", answer(204), ["reached", "spent 1"]),
        ("GET", answer(404, b"{}"), ["reached", "spent 1"]),
        ("GET", answer(429, RateLimit_Reason="jira-burst-based"), ["asked jira-burst-based", "reached"]),
        ("GET", answer(503, Retry_After="3"), ["asked http-503", "reached"]),
        ("PUT", answer(503, Retry_After="3"), ["asked http-503", "reached"]),
        ("GET", answer(500), ["unreachable"]),
        ("PUT", answer(502), ["unreachable"]),
        ("GET", answer(200, b"<html>"), ["reached"]),
        ("GET", resets, ["unreachable"]),
        ("PUT", resets, []),
    ],
)
def test_the_gate_learns_what_became_of_each_call(
    door: Door, method: str, script: Script, told: list[str]
) -> None:
    notes = Notes()
    with wired(script) as served, suppress(RemoteError):
        gated(served, door, notes).call(method, ISSUE)

    assert notes.told == [f"{method} /rest/api/3/issue/{{id}}", *told]


def test_a_busy_site_is_left_alone_for_as_long_as_the_gate_says(door: Door) -> None:
    with wired(answer(429, Retry_After="7")) as served, pytest.raises(RemoteBusy) as busy:
        gated(served, door, Notes()).call("GET", ISSUE)

    assert (busy.value.retry_after, busy.value.reason) == (77, "http-429")


def test_what_the_gate_does_not_let_out_never_leaves(door: Door) -> None:
    with wired(answer(200, b"{}")) as served, pytest.raises(RemoteBusy):
        gated(served, door, Shut()).call("GET", ISSUE)

    assert served.requests == []


def test_a_call_whose_time_went_by_at_the_gate_never_leaves(door: Door) -> None:
    with wired(answer(200, b"{}")) as served, pytest.raises(RemoteUnreachable):
        gated(served, door, Notes()).call("POST", ISSUE, timeout=-1.0)
    assert served.requests == []


def gated(served: Wire, door: Door, gate: Notes) -> JiraClient:
    """A client behind this gate."""
    return JiraClient(base_url=served.url, authorize=lambda *_: "", door=door, account="", gate=gate)


def test_errors_name_the_site_by_its_host(door: Door) -> None:
    assert failure(door, answer(404)).site == "127.0.0.1"


@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "a?b", "a%2fb", "a b", "ü", "1\n"])
def test_what_is_no_id_never_becomes_part_of_a_path(value: str) -> None:
    assert segment("ALPHA-1") == "ALPHA-1"
    with pytest.raises(ValueError, match="not an id"):
        segment(value)
