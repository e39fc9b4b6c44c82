"""One Jira site, spoken to as the app: JSON in, JSON or an error of ours out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from time import monotonic
from typing import Any, Final, NoReturn
from urllib.parse import quote, urlsplit

import orjson

from backbone_app import metrics
from backbone_app.errors import (
    OutcomeUnknown,
    RemoteBusy,
    RemoteMissing,
    RemoteMoved,
    RemoteRefused,
    RemoteUnreachable,
)
from backbone_app.jira import limits
from backbone_app.jira.dialects import CLOUD, Dialect
from backbone_app.jira.egress import SAFE_METHODS, Door, Reply
from backbone_app.jira.gate import OPEN, Gate, Turn
from backbone_app.jira.times import http_date

Heads = Callable[[Mapping[str, str]], None]
"""Is told the headers of a good answer, their names in lower case."""
Authorize = Callable[[str, str, str], str]
"""(method, path, raw query) to the value of the Authorization header, e.g. ``JWT eyJ…``."""

SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")
TASK: Final = re.compile(r"/task/([0-9]{1,18})$")
HALF_A_SECOND: Final = timedelta(milliseconds=500)
MOST_COMPLAINTS: Final = 20
LONGEST_COMPLAINT: Final = 1000
HIDDEN: Final = "permission to see the specified issue"
"""So says Data Center, with 403, of a work item that is there but not for us; the Cloud says 404."""

TAKEN_BACK: Final = b"not installed on this instance"
"""So says Atlassian's gateway, with 403, of a token that lasts where whoever gave it took back all leave."""


def forget_headers(_headers: Mapping[str, str]) -> None:
    """Ignore an answer's headers."""


def forget_offset(_offset: timedelta) -> None:
    """Ignore a measured clock offset."""


def take_the_refusal(_authorization: str) -> None:
    """Know of nothing better to authorize a call with than what was refused."""


def segment(value: str) -> str:
    """Return an id or key that may become part of a path; anything else is a bug of the caller."""
    if SEGMENT.fullmatch(value) is None:
        raise ValueError("not an id or a key")
    return value


@dataclass(frozen=True, slots=True)
class _Sent:
    """A call that was answered; ``authorization`` is what the header of that name held."""

    reply: Reply
    call: limits.Call
    turn: Turn
    authorization: str = field(repr=False)


class JiraClient:
    """Calls to one site as ``account``; as safe to share between threads as ``authorize`` is.

    ``gate`` decides whether a call may go out now, and learns what became of it.
    ``server_offset`` is told after every answer how far the site's clock is ahead of ours.
    ``dialect`` says how the site is asked, and with it in which form it tells rich text. ``unauthorized`` is
    told what a call was authorized with that the site does not know (401), or not any more (403 once leave is
    taken back), and raises where there is better.
    """

    def __init__(
        self,
        *,
        base_url: str,
        authorize: Authorize,
        door: Door,
        account: str,
        gate: Gate = OPEN,
        server_offset: Callable[[timedelta], None] = forget_offset,
        dialect: Dialect = CLOUD,
        unauthorized: Callable[[str], None] = take_the_refusal,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._authorize = authorize
        self._door = door
        self._gate = gate
        self._server_offset = server_offset
        self._unauthorized = unauthorized
        self.account: Final = account
        self.dialect: Final = dialect
        self.site: Final = _host(base_url)

    @property
    def api(self) -> int:
        """The version of the REST API that goes into a path: ``/rest/api/3/…``."""
        return self.dialect.api

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: object | None = None,
        timeout: float = 20.0,
        reads: bool = False,
        heads: Heads = forget_headers,
    ) -> Any:
        """Call the site and return its parsed JSON (None without a body).

        ``timeout`` is total seconds, the gate's included. ``reads`` marks a POST without effect (search,
        check). ``heads`` is told the answer's headers. Raises RemoteBusy, RemoteMissing,
        RemoteMoved, RemoteRefused, RemoteUnreachable, OutcomeUnknown, EgressRefused.
        """
        sent = self._send(method, path, params, json, timeout=timeout, reads=reads)
        answer = self._answer(sent)
        heads(sent.reply.headers)
        return answer

    def begin(self, method: str, path: str, *, json: object, timeout: float = 20.0) -> str:
        """Begin what Jira does later, and return the id of the task it answers with (303, see there).

        Raises what ``call`` raises; OutcomeUnknown for an answer that names no task.
        """
        sent = self._send(method, path, (), json, timeout=timeout, reads=False)
        if sent.reply.status != 303:
            self._answer(sent)
            self._unsettled(sent.call)
        self._tell_offset(sent.reply)
        sent.turn.reached()
        sent.turn.spent(limits.points(sent.call, None))
        named = TASK.search(sent.reply.headers.get("location", ""))
        if named is None:
            self._unsettled(sent.call)
        return named[1]

    def _send(
        self,
        method: str,
        path: str,
        params: Sequence[tuple[str, str]],
        json: object | None,
        *,
        timeout: float,
        reads: bool,
    ) -> _Sent:
        end = monotonic() + timeout
        effect = method not in SAFE_METHODS and not reads
        call = limits.describe(method, path, write=effect)
        turn = self._gate.admit(call)
        # Encoded once, and that very text is both signed and sent.
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params)
        authorization = self._authorized(turn, method, path, query)
        headers = {"Accept": "application/json", "Authorization": authorization}
        body = None
        if json is not None:
            headers["Content-Type"] = "application/json"
            body = orjson.dumps(json)
        url = f"{self._base_url}{path}" + (f"?{query}" if query else "")
        left = end - monotonic()
        if left <= 0:  # a process that was stopped meanwhile: who took its work over counts on its silence
            raise RemoteUnreachable(self.site)
        try:
            with metrics.JIRA_SECONDS.timed(endpoint=call.endpoint):
                reply = self._door.send(method, url, headers=headers, body=body, timeout=left, reads=reads)
        except (RemoteUnreachable, OutcomeUnknown) as lost:
            metrics.JIRA_REQUESTS.up(endpoint=call.endpoint, code="none", reason="")
            if isinstance(lost, RemoteUnreachable):
                turn.unreachable()
            raise
        return _Sent(reply, call, turn, authorization)

    def _authorized(self, turn: Turn, method: str, path: str, query: str) -> str:
        """Authorize a call. A site that does not answer when asked for that would not be reached either."""
        try:
            return self._authorize(method, path, query)
        except RemoteUnreachable:
            turn.unreachable()
            raise

    def _answer(self, sent: _Sent) -> Any:
        reply, call, turn = sent.reply, sent.call, sent.turn
        asked = limits.asked(reply.status, reply.headers, now=reply.received_at)
        reason = asked.reason if asked else ""
        metrics.JIRA_REQUESTS.up(endpoint=call.endpoint, code=str(reply.status), reason=reason)
        # Others go on calling until they are told: it comes before all else that is to be kept of an answer.
        wait = turn.asked(asked) if asked else None
        self._tell_offset(reply)
        if reply.status >= 500 and asked is None:
            turn.unreachable()
            self._unsettled(call)
        turn.reached()
        if wait is not None:
            self._slow_down(reply, call, wait, reason)
        if not 200 <= reply.status < 300:
            self._refuse(sent)
        try:
            answer = orjson.loads(reply.body) if reply.body else None
        except orjson.JSONDecodeError:
            self._unsettled(call)
        turn.spent(limits.points(call, answer))
        return answer

    def _slow_down(self, reply: Reply, call: limits.Call, wait: float, reason: str) -> NoReturn:
        """Only a 429 proves that nothing happened: a 503 may come from a gateway, of a write that went on."""
        if call.write and reply.status != 429:
            self._unsettled(call)
        raise RemoteBusy(self.site, wait, reason)

    def _refuse(self, sent: _Sent) -> NoReturn:
        reply = sent.reply
        if reply.status == 408:
            self._unsettled(sent.call)
        sent.turn.spent(1)
        if _is_unauthorized(reply):
            self._unauthorized(sent.authorization)
        if 300 <= reply.status < 400:
            raise RemoteMoved(self.site, reply.status)
        messages, fields = _complaints(reply.body)
        is_hidden = reply.status == 403 and any(HIDDEN in message for message in messages)
        kind = RemoteMissing if reply.status == 404 or is_hidden else RemoteRefused
        raise kind(self.site, reply.status, messages=messages, fields=fields)

    def _unsettled(self, call: limits.Call) -> NoReturn:
        raise OutcomeUnknown(self.site) if call.write else RemoteUnreachable(self.site)

    def _tell_offset(self, reply: Reply) -> None:
        """Compare the site's ``Date``, cut to whole seconds, with the middle of the call."""
        date = http_date(reply.headers.get("date", ""))
        if date is not None:
            middle = reply.sent_at + (reply.received_at - reply.sent_at) / 2
            self._server_offset(date + HALF_A_SECOND - middle)


def _is_unauthorized(reply: Reply) -> bool:
    """Whether the site does not know what the call was authorized with, or not any more."""
    return reply.status == 401 or (reply.status == 403 and TAKEN_BACK in reply.body)


def _host(base_url: str) -> str:
    """Name the site; an address that is none is refused when it is called, not here."""
    try:
        return urlsplit(base_url).hostname or base_url
    except ValueError:
        return base_url


def _complaints(body: bytes) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read Jira's error object; gateways in between answer HTML, which tells nothing.

    What is kept is bounded: an app in that Jira (a validator of a workflow) may say whatever it likes.
    """
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return (), {}
    if not isinstance(said, Mapping):
        return (), {}
    messages, fields = said.get("errorMessages"), said.get("errors")
    return (
        tuple(_cut(message) for message in messages[:MOST_COMPLAINTS]) if isinstance(messages, list) else (),
        {_cut(name): _cut(text) for name, text in islice(fields.items(), MOST_COMPLAINTS)}
        if isinstance(fields, dict)
        else {},
    )


def _cut(said: object) -> str:
    text = str(said)
    return text if len(text) <= LONGEST_COMPLAINT else f"{text[: LONGEST_COMPLAINT - 1]}…"
