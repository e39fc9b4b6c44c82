"""The Jira of a simulated world: one to four sites, and what really happened on them, in its true order.

Sites' clocks may be wrong, so nothing here goes by them: everything that happens has a *moment*, a time that
only ever moves on and that no two events share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jira_sandbox import layouts, seed
from jira_sandbox.demo.history import Change
from jira_sandbox.demo.stage import CommentNews, Stage
from jira_sandbox.layouts import Layout
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.editions import Edition
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, Issue, User
from tests.simulation.clock import START, clock
from tests.simulation.witness import COPY, MARK, Given, Made, Witness

METALS: Final = (("GOLD", "IRON"), ("SILVER", "TIN"), ("COPPER", "ZINC"))
"""The spaces of the sites after the first one."""
NAMES: Final = ("acme", "initech", "globex", "umbrella")
LISTENER: Final = "https://app.example/link"
"""Where linked sites tell what happens there: there is no such page."""
UNDER_WAY: Final = timedelta(seconds=3)
"""A call that left before it was told to wait can take so long to arrive."""


@dataclass(slots=True)
class Moments:
    """When what happened, by a time of its own; ``entries`` and ``births`` by their ids."""

    count: int = 0
    entries: dict[int, datetime] = field(default_factory=dict)
    births: dict[str, datetime] = field(default_factory=dict)

    def next(self) -> datetime:
        """Give a moment after all others."""
        self.count += 1
        return START + timedelta(microseconds=self.count)

    def of(self, change: Change) -> datetime:
        """Give the moment of a change that somebody has just made."""
        if change.entry is not None:
            return self.entries[change.entry]
        return self.births[change.item] if change.is_creation else self.next()


class Chronicle(list[Change]):
    """What people did, each change at its true moment, whatever the clock of its site said."""

    def __init__(self, moments: Moments) -> None:
        super().__init__()
        self._moments = moments

    def append(self, change: Change) -> None:
        """Note a change."""
        super().append(replace(change, at=self._moments.of(change)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How the app calls a site that it is not installed on; ``site`` is its own row of it.

    ``office`` is the address of whoever gives tokens for it.
    """

    site: UUID
    account: str
    address: str
    office: str


class Jira(Stage):
    """Sites of which each after the first has spaces of its own; ``count`` of them.

    Some have another address than usual, or run another product. ``links`` are by the names of sites,
    ``deeds`` what the app did over them; ``unheard`` names those of which the app hears by a webhook of its
    own alone.
    """

    def __init__(self, count: int, addresses: Mapping[str, str], editions: Mapping[str, Edition]) -> None:
        self.moments = Moments()
        self.witness = Witness()
        self.sent_by: Callable[[Delivery], list[Delivery]] = _at_once
        self.links: dict[str, Link] = {}
        self.deeds: set[str] = set()
        self.unheard: set[str] = set()
        sites = {name: f"https://{name}.atlassian.net" for name in NAMES[:count]} | dict(addresses)
        super().__init__(0, clock=_now, addresses=sites, editions=editions)
        self.limits.grace = UNDER_WAY
        self.listeners.append(self.noted_change)

    def furnish(self, site: Site) -> None:
        """Put people, spaces and settings into a new site."""
        number = len(self.sites) - 1
        seed.furnish(self, site, _layout(METALS[number - 1]) if number else layouts.FIRST)

    def note_tokens(self) -> None:
        """Note what tokens there are for links that nobody had before."""
        for name, link in self.links.items():
            access, refresh = self._newest_tokens(self.sites[name])
            made = Given(
                address=link.address,
                access=access,
                refresh=refresh,
                by=self.witness.under_way,
                at=clock.seconds,
            )
            if access:
                self.witness.gave(made)

    def _newest_tokens(self, site: Site) -> tuple[str, str]:
        if site.edition.is_cloud:
            kept = self.accounts.access, self.accounts.refresh
            return next(reversed(kept[0]), ""), next(reversed(kept[1]), "")
        grants = sorted(site.provider.grants.values(), key=lambda each: each.created)
        return (grants[-1].access_token, grants[-1].refresh_token) if grants else ("", "")

    def apps_account(self, site: Site) -> str:
        """Give the account by which the app acts: of a linked site that of whoever lets it in."""
        link = self.links.get(site.name)
        return link.account if link else site.app.user.account_id

    def is_by_app(self, site: Site, account: str, deed: str) -> bool:
        """Whether the app did it; on a linked site its account may be that of somebody who works there."""
        return deed in self.deeds if site.name in self.links else super().is_by_app(site, account, deed)

    def is_app_acting(self, site: Site, account: str, deed: str) -> bool:
        """Whether it is the app that does this right now; what it does on a linked site is noted."""
        if site.name not in self.links:
            return site.installation is not None and self.apps_account(site) == account
        if self.acting == "app":
            self.deeds.add(deed)
        return self.acting == "app"

    def noted_change(self, site: Site, issue: Issue, actor: User, entry: ChangelogEntry | None) -> None:
        """Note when it happened, and whether the app did it."""
        moment = self.moments.next()
        deed = f"item:{issue.id}" if entry is None else f"entry:{entry.id}"
        by_app = self.is_app_acting(site, actor.account_id, deed)
        if by_app and issue.id not in self.moments.births:
            self.witness.made.append(Made(at=moment, item=issue.id, marks=issue.properties.get(MARK) or {}))
        self.moments.births.setdefault(issue.id, moment)
        if entry is not None:
            self.moments.entries[entry.id] = moment
            self.witness.changed(entry.id, at=clock.now(), by_app=by_app)

    def post(self, delivery: Delivery) -> None:
        """Put a delivery on its way, as whoever decides about deliveries lets it go.

        What the app made a webhook for besides is noted once, whether or not there is one just then.
        """
        is_ours = delivery.site not in self.unheard or not is_for_nobody(delivery.url)
        if delivery.event.startswith("comment_") and not (is_ours and delivery.site in self.unheard):
            self.news.append(self._news_in(delivery))
            self._witnessed(delivery.site, self.news[-1], is_new=delivery.event == "comment_created")
        if delivery.event == "jira:issue_deleted":
            self.witness.deaths.setdefault(delivery.issue_id, self.moments.next())
        if is_ours:
            self.outbox += self.sent_by(delivery)

    def _witnessed(self, site: str, news: CommentNews, *, is_new: bool) -> None:
        if is_new and self.is_app_acting(self.sites[site], news.author, f"comment:{news.comment}"):
            comments = self.sites[site].issues[news.item].comments
            marks = next(each.properties.get(COPY) for each in comments if each.id == news.comment)
            self.witness.made.append(
                Made(at=news.at, item=news.item, comment=news.comment, marks=marks or {})
            )

    def _news_in(self, delivery: Delivery) -> CommentNews:
        return replace(super()._news_in(delivery), at=self.moments.next())


def is_for_nobody(url: str) -> bool:
    """Whether it is told where no page of the app's is; Jira adds to the address who did it."""
    return url.partition("?")[0] == LISTENER


def _now() -> datetime:
    return clock.now()


def _at_once(delivery: Delivery) -> list[Delivery]:
    return [delivery]


def _layout(keys: tuple[str, str]) -> Layout:
    """Name the spaces of a further site otherwise; who works in them stays."""
    spaces = zip(keys, layouts.FURTHER.spaces, strict=True)
    renamed = tuple(replace(plan, key=key, name=key.title()) for key, plan in spaces)
    return replace(layouts.FURTHER, spaces=renamed)
