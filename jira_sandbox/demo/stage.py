"""The stage: Jira sites on which everything that matters is noted, and whose webhooks can be held back."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from jira_sandbox import richtext, sending
from jira_sandbox import seed as standard
from jira_sandbox.demo.answers import Answers
from jira_sandbox.outbox import Delivery
from jira_sandbox.seed import ALL_CLOUD
from jira_sandbox.server import HOST, Running, serve
from jira_sandbox.state.editions import CLOUD, Edition
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Send
from jira_sandbox.world import World

SITES: Final = ("acme", "initech")
AT_HOME: Final[Mapping[str, str]] = dict.fromkeys(SITES, "http://127.0.0.1")
LOOK_EVERY: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentNews:
    """A comment as Jira told of it; its text is "" once it is deleted."""

    at: datetime
    item: str
    comment: str
    author: str
    text: str


def _real_time() -> datetime:
    return datetime.now(UTC)


class Stage(World):
    """A world of standard sites, in real time unless told otherwise; nothing is delivered while that is held.

    ``news`` is what Jira told of comments, since it keeps no history of them. ``joined`` are the work items
    that people made twins of others, by id.
    """

    def __init__(
        self,
        seed: int,
        *,
        clock: Callable[[], datetime] = _real_time,
        addresses: Mapping[str, str] = AT_HOME,
        editions: Mapping[str, Edition] = ALL_CLOUD,
    ) -> None:
        super().__init__(clock, seed)
        for name, address in addresses.items():
            self.furnish(self.add_site(name, address, edition=editions.get(name, CLOUD)))
        standard.let_leads_look_around(self)  # one can ask a space only that one sees
        self.news: list[CommentNews] = []
        self.joined: dict[str, str] = {}
        self.limits = self.answers = Answers()
        self._held = threading.Event()

    def furnish(self, site: Site) -> None:
        """Put the standard people, spaces and settings into a new site."""
        standard.furnish(self, site)

    @property
    def is_silent(self) -> bool:
        """Whether Jira sends the app nothing."""
        return all(site.app.deliveries_off for site in self.sites.values())

    def is_by_app(self, site: Site, account: str, _deed: str) -> bool:
        """Whether the app did what an account did: ``item:ID``, ``entry:ID`` or ``comment:ID``."""
        return site.app.user.account_id == account

    def site_of(self, space: str) -> Site:
        """Find the site that has the space with this key."""
        return next(
            site for site in self.sites.values() if any(each.key == space for each in site.spaces.values())
        )

    def home_of(self, item: str) -> Site:
        """Find the site that has the work item with this id; raises ``LookupError`` for one that is gone."""
        for site in self.sites.values():
            if item in site.issues:
                return site
        raise LookupError(f"no site holds the work item {item}")

    def issue(self, item: str) -> Issue:
        """Find the work item with this id."""
        return self.home_of(item).issues[item]

    def post(self, delivery: Delivery) -> None:
        """Put a delivery on its way, and keep what it tells of a comment."""
        if delivery.event.startswith("comment_"):
            self.news.append(self._news_in(delivery))
        super().post(delivery)

    def deliver(self, send: Send) -> int:
        """Deliver what is due, unless deliveries are held."""
        return 0 if self._held.is_set() else super().deliver(send)

    @contextmanager
    def deliveries_held(self) -> Iterator[None]:
        """Hold back what happens meanwhile; a delivery that is already on its way still goes out."""
        self._held.set()
        try:
            yield
        finally:
            self._held.clear()

    def deliver_waiting(self) -> None:
        """Deliver now what waits at this moment, even while deliveries are held."""
        for delivery in list(self.outbox):
            self.send_one(delivery, sending.send)

    def app_calls(self) -> int:
        """Count the calls the app made so far."""
        return self.meters.calls(caller="app")

    def wait_until_quiet(self, *, still: float, within: float) -> bool:
        """Wait until for ``still`` seconds the app called nobody and no delivery waited or was added.

        Tells whether that happened ``within`` so many seconds. Deliveries that are held count as none.
        """
        calls, pending, since = -1, -1, time.monotonic()

        def quiet() -> bool:
            nonlocal calls, pending, since
            before = calls, pending
            calls, pending = self.app_calls(), len(self.outbox)
            if before != (calls, pending) or (pending and not self._held.is_set()):
                since = time.monotonic()
            return time.monotonic() - since >= still

        return wait_for(quiet, within=within)

    def _news_in(self, delivery: Delivery) -> CommentNews:
        told = json.loads(delivery.body)["comment"]
        is_gone = delivery.event == "comment_deleted"
        return CommentNews(
            at=self.clock(),
            item=delivery.issue_id,
            comment=told["id"],
            author=_account(told["author"]),
            text="" if is_gone else lines_of(richtext.from_wiki(told["body"])),
        )


def _account(author: Mapping[str, str]) -> str:
    """Give the account of somebody whom Jira tells of; on a Data Center that is the user key."""
    return author["accountId"] if "accountId" in author else author["key"]


def lines_of(document: Json) -> str:
    """Give the words of a document, a line for each block that has any."""
    lines = richtext.text_of(document).splitlines() if document else []
    return "\n".join(line.strip() for line in lines if line.strip())


def wait_for(condition: Callable[[], bool], *, within: float) -> bool:
    """Wait until ``condition`` holds, at most so many seconds; tells whether it does."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True


def served(stage: Stage, port: int) -> Running:
    """Serve the stage from ``port`` upwards, or on any free ports if one of those is taken."""
    wanted = range(port, port + len(stage.sites))
    return serve(stage, port if port and all(map(_is_free, wanted)) else 0)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0
