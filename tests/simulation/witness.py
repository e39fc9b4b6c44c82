"""What a witness at the wire saw: every call of the app, what it heard, and what it brought about.

Nothing of it comes from the app: whatever the app says of itself is held against this.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any, Final
from urllib.parse import parse_qsl

import requests

MARK: Final = "backbone-twin"
COPY: Final = "backbone-copy"
FOR_TOKENS: Final = re.compile(r"/(?:rest/oauth2/latest|oauth)/(?:token|revoke)$")
"""Where an authorization server is asked: a Data Center's own, or that of all Cloud sites."""
ITEM: Final = re.compile(r"/rest/api/[23]/issue/(\d+)(/.*)?$")
KINDS: Final = {
    ("POST", ""): "create",
    ("PUT", "item"): "edit",
    ("POST", "/transitions"): "move",
    ("POST", "/comment"): "comment",
    ("PUT", "/comment/"): "comment",
    ("DELETE", "/comment/"): "comment",
    ("DELETE", "/properties/"): "unmark",
}
"""The writes that the app may send, by method and the part of the path behind the work item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the app: ``asked`` and ``answered`` are moments, ``worker`` is a process's incarnation.

    ``began`` is when it left and ``at`` when it came, ``looked`` when its worker had last asked who was told
    to wait, ``knew`` when it had last looked at the link and ``claimed`` when it had last taken that to ask
    for tokens, all in virtual seconds; ``pair`` is what the lines logged then are about, if any.
    ``heard`` is the status of the answer, or the name of what broke instead; ``wait`` the seconds after which
    it is to come again, where the answer says a number.
    """

    number: int
    asked: datetime
    answered: datetime
    worker: str
    method: str
    origin: str
    path: str
    query: str = ""
    authorization: str = ""
    body: bytes = b""
    heard: str = "200"
    at: float = 0.0
    looked: float = 0.0
    began: float = 0.0
    knew: float = 0.0
    claimed: float = 0.0
    wait: float = 0.0
    pair: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """The body, where it is an object in JSON."""
        said = json.loads(self.body) if self.body.startswith(b"{") else {}
        return said if isinstance(said, dict) else {}

    @property
    def is_for_tokens(self) -> bool:
        """Whether it asks an authorization server for something."""
        return self.method == "POST" and FOR_TOKENS.fullmatch(self.path) is not None

    @property
    def form(self) -> dict[str, str]:
        """The form that such a call brings."""
        return dict(parse_qsl(self.body.decode())) if self.is_for_tokens else {}

    @property
    def item(self) -> str:
        """The id of the work item that its address names, "" for none."""
        found = ITEM.search(self.path)
        return found[1] if found else ""

    @property
    def kind(self) -> str:
        """Which kind of write it is, "" for a read and for what the app has no business to send."""
        found = ITEM.search(self.path)
        rest = (found[2] or "item") if found else "" if self.path.endswith("/issue") else "?"
        return next(
            (
                kind
                for (method, part), kind in KINDS.items()
                if method == self.method
                and (rest == part or (part.endswith("/") and rest.startswith(part)))
                and not rest.endswith("/comment/list")
            ),
            "",
        )

    @property
    def marks(self) -> dict[str, str]:
        """What it leaves on the work item or comment that it makes: its nonce and its original."""
        if self.method != "POST" or self.kind not in {"create", "comment"}:
            return {}
        said = [one["value"] for one in self.content.get("properties", ()) if one["key"] in {MARK, COPY}]
        return said[0] if said else {}

    @property
    def intent(self) -> str:
        """The row that it names as its reason, "" where its kind names none."""
        extra = self.content.get("historyMetadata", {}).get("extraData", {})
        return str(self.marks.get("nonce", "") or extra.get("intent", ""))

    @property
    def is_settled(self) -> bool:
        """Whether who called knew from the answer what had become of it."""
        return self.heard in {"NameResolutionError", "SSLError"} or self.heard[:1] in {"2", "3", "4"}

    def __str__(self) -> str:
        return f"{self.worker}'s call {self.number} ({self.method} {self.path} → {self.heard})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A work item, or a copy of a comment, that came into being by the app; ``marks`` name its original."""

    at: datetime
    item: str
    comment: str = ""
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Tokens that were given for a link, whoever heard of it; ``by`` is the number of the call for them."""

    address: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    by: int | None = None
    at: float = 0.0


@dataclass(slots=True)
class Break:
    """A link was broken ``since`` a time, as the app knows itself, until it was mended."""

    since: float
    until: float = inf


@dataclass(slots=True)
class Told:
    """A worker was told to wait ``at`` a time; ``known``: when it can have told the others, None never."""

    at: datetime
    known: datetime | None = None


@dataclass(slots=True)
class Witness:
    """Takes note; ``caused`` tells for a changelog entry of the app in which call it came about.

    ``times`` are the true times of all entries, ``deaths`` the moments at which work items were deleted,
    ``news`` those at which the app first took the news of an entry, ``named`` those at which it first took
    news that bear a work item's mark. ``given`` are all tokens that there were for links, ``taken`` the times
    at which whoever let us in took that back, ``spoilt`` those at which access tokens alone ended early;
    ``ended`` tells of a call by its number when its worker had the answer, or no more would come.
    """

    calls: list[Call] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    caused: dict[int, int] = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)
    deaths: dict[str, datetime] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    news: dict[int, datetime] = field(default_factory=dict)
    named: dict[str, datetime] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    spoilt: list[float] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    ended: dict[int, float] = field(default_factory=dict)
    under_way: int | None = None

    @property
    def reads(self) -> dict[str, list[tuple[datetime, datetime]]]:
        """By work item the moments at which the app asked for it whole and was answered."""
        found: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for call in self.calls:
            if call.method == "GET" and call.path.endswith(f"/issue/{call.item}") and call.heard == "200":
                found[call.item].append((call.asked, call.answered))
        return found

    def is_sought(self, item: str) -> bool:
        """Whether the app made a work item and has not come to it by its id: it may yet have to find it."""
        twins = (one for one in self.made if one.item == item and not one.comment)
        return any(twins) and all(call.item != item for call in self.calls)

    def begin(self) -> int:
        """Note that a call is about to have its effect; gives its number."""
        self.under_way = len(self.calls)
        return self.under_way

    def end(self, call: Call) -> None:
        """Note the call as it went."""
        self.under_way = None
        self.calls.append(call)

    def gave(self, made: Given) -> None:
        """Note tokens unless they are known."""
        if all(made.access != each.access for each in self.given):
            self.given.append(made)

    def took(self, body: bytes, *, at: datetime) -> None:
        """Note that the app took the news of an event."""
        told = json.loads(body)
        if changelog := told.get("changelog"):
            self.news.setdefault(int(changelog["id"]), at)
        issue = told.get("issue", {})
        if MARK in (issue.get("properties") or {}):
            self.named.setdefault(issue["id"], at)

    def changed(self, entry: int, *, at: datetime, by_app: bool) -> None:
        """Note a changelog entry with the true time; that of a late effect is laid to no call."""
        self.times[entry] = at
        if by_app and self.under_way is not None:
            self.caused[entry] = self.under_way


def broken(lost: requests.RequestException) -> str:
    """Name what broke; a host that was not found is told from a connection that was lost."""
    reason = getattr(lost.args[0] if lost.args else None, "reason", None)
    is_unfound = type(reason).__name__ == "NameResolutionError"
    return "NameResolutionError" if is_unfound else type(lost).__name__
