"""The world: all sites, one clock, one chance, and what is under way between the sites and their apps."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from jira_sandbox import outbox
from jira_sandbox.agenda import Agenda
from jira_sandbox.chaos import Chaos
from jira_sandbox.datacenter.hooks import sending
from jira_sandbox.files import Files
from jira_sandbox.forge.apps import ForgeApp
from jira_sandbox.latency import Latency
from jira_sandbox.limits import Limits
from jira_sandbox.meters import Meters
from jira_sandbox.misfortunes import Hooks, Misfortunes
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.editions import CLOUD, Edition
from jira_sandbox.state.provider import Provider
from jira_sandbox.state.site import FIRST_ID, Site
from jira_sandbox.state.threelo import Accounts
from jira_sandbox.state.values import ChangelogEntry, Issue, User
from jira_sandbox.trace import Trace
from jira_sandbox.weather.sky import Weather
from jira_sandbox.wire import ConnectionLost, OutgoingCall, Send

BETWEEN_SITES = 10_000
"""So far apart do the ids of two sites start; a client that mixes sites up finds nothing."""
LARGEST_DELIVERY = 25 * 1024 * 1024
"""Bytes; of a larger event Jira tells nobody."""
Listener = Callable[[Site, Issue, User, ChangelogEntry | None], None]
"""Hears who changed which work item, and with which entry in its history, under the world's lock."""


class World:
    """Several sites in one process.

    Same clock readings, same ``seed`` and same calls give the same world. ``outbox`` is a plain list: a test
    may reorder it, remove from it, or send one delivery twice. ``lock`` is held while a call has its effect.
    ``down`` are the names of the sites that nobody reaches and that reach nobody. ``webhook_trace`` is what
    the app's call that has its effect right now wants its webhooks marked with. ``courier`` takes calls to
    apps where none is at hand; ``latency`` is what calls wait for. Both may be None. The next
    ``reports_refused`` reports of accounts are answered 429; while ``key_hosts_down`` nobody reaches the
    hosts of public keys. ``forge`` is the Forge app that wraps the Connect app, where one is registered.
    ``accounts`` is Atlassian's account server, which lets OAuth apps act as people. ``acting`` is the kind of
    the caller whose call has its effect right now.
    """

    def __init__(self, clock: Callable[[], datetime], seed: int = 0) -> None:
        self.clock = clock
        self.seed = seed
        self.lock = threading.RLock()
        self.sites: dict[str, Site] = {}
        self.outbox: list[Delivery] = []
        self.down: set[str] = set()
        self.failed: list[Delivery] = []
        self.accepted: Counter[str] = Counter()
        self.meters = Meters()
        self.limits = Limits()
        self.misfortunes = Misfortunes()
        self.hooks = Hooks()
        self.chaos = Chaos()
        self.agenda = Agenda()
        self.weather = Weather(self)
        self.trace = Trace()
        self.latency: Latency | None = None
        self.courier: Send | None = None
        self.largest_delivery = LARGEST_DELIVERY
        self.listeners: list[Listener] = []
        self._chances: dict[str, random.Random] = {}
        self.kid = self.uuid("kid")
        self.forge: ForgeApp | None = None
        self.accounts = Accounts()
        self.forge_kid = self.uuid("forge kid")
        self.media_secret = self.uuid("media secret")
        self.files = Files()
        self.webhook_trace = self.acting = ""
        self.reports_refused = 0
        self.key_hosts_down = False

    def add_site(
        self, name: str, base_url: str, *, first_id: int | None = None, edition: Edition = CLOUD
    ) -> Site:
        """Add an empty site at ``base_url`` (Data Center may have a context path); its ids are its own."""
        if first_id is None:
            first_id = FIRST_ID + BETWEEN_SITES * len(self.sites)
        self.sites[name] = Site(
            name=name,
            base_url=base_url.rstrip("/"),
            clock=self.clock,
            provider=Provider(draw=self.uuid),
            first_id=first_id,
            cloud_id=self.uuid("cloud ids") if edition.is_cloud else "",
            edition=edition,
        )
        return self.sites[name]

    def chance(self, purpose: str) -> random.Random:
        """Find the chance for one purpose; drawing for one purpose leaves the others as they are."""
        return self._chances.setdefault(purpose, random.Random(f"{self.seed}:{purpose}"))

    def uuid(self, purpose: str) -> str:
        """Draw a random-looking UUID."""
        digits = f"{self.chance(purpose).getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def account_id(self, name: str) -> str:
        """Give a person's account id, which is the same on every site."""
        ids = self.accounts.ids
        if name not in ids:
            ids[name] = f"712020:{self.uuid('accounts')}"
        return ids[name]

    def post(self, delivery: Delivery) -> None:
        """Put a delivery on its way, as far as chaos lets it go straight and it is not too large for Jira."""
        if len(delivery.body) <= self.largest_delivery:
            self.outbox += self.chaos.sent(delivery, self.chance("chaos"))

    def catch_up(self) -> None:
        """Do what the agenda has for the time up to now; each call and each round of deliveries begins so."""
        self.agenda.catch_up(self.clock)

    def happened(self, site: Site, issue: Issue, actor: User, entry: ChangelogEntry | None) -> None:
        """Tell the listeners of a change."""
        for listener in list(self.listeners):
            listener(site, issue, actor, entry)

    def pass_latency(self, endpoint: str) -> None:
        """Let a call to ``endpoint`` wait for its answer."""
        if self.latency:
            self.latency.pass_by(endpoint, self.chance("latency"))

    def rename(self, site: Site, base_url: str) -> None:
        """Give the site another address; whoever calls at a former one is sent there with 302."""
        site.former_urls.append(site.base_url)
        site.base_url = base_url.rstrip("/")
        if site.base_url in site.former_urls:
            site.former_urls.remove(site.base_url)

    def noted(self, send: Send, event: str) -> Send:
        """Give a ``send`` whose calls, made because of ``event``, are counted and kept in the trace."""

        def told(call: OutgoingCall) -> int:
            status: int | None = None
            try:
                status = send(call)
            finally:
                accepted = status is not None and status < 300
                self.meters.send(call.site, event, len(call.body), is_accepted=accepted)
                self.trace.told(self.clock(), call, status)
            return status

        return told

    def take_down(self, name: str) -> None:
        """Take a site from the net: its calls break off before any effect, and it reaches nobody.

        The Cloud's deliveries wait, a Data Center's are lost: it tries each of them once.
        """
        self.down.add(name)

    def bring_up(self, name: str) -> None:
        """Put a site back on the net; what waited goes out as it becomes due."""
        self.down.discard(name)

    def deliver(self, send: Send) -> int:
        """Send every delivery that is due, in the order of the outbox, and tell how many were accepted.

        What is refused as busy or gets no answer stays, due again in 5 to 15 minutes, five times at most.
        """
        self.catch_up()
        with self.lock:
            now = self.clock()
            due = [delivery for delivery in self.outbox if delivery.due <= now]
        return sum(self.send_one(delivery, send) for delivery in due)

    def deliver_by_courier(self) -> int:
        """Send every delivery that is due by the courier; none if there is no courier."""
        return self.deliver(self.courier) if self.courier else 0

    def send_one(self, delivery: Delivery, send: Send) -> bool:
        """Send one delivery now, due or not, and tell whether it was accepted; sent without the lock held.

        Of a site that is down nothing is sent: it stays, unless its turn comes only once.
        """
        if delivery.site in self.down:
            if delivery.hook_id is None:
                return False
            send = _unreachable
        call = self._call(delivery)
        if call is None:
            self._take_out(delivery)
            return False
        status = outbox.attempt(delivery, call, self.noted(send, delivery.event))
        sending.note(self.sites[delivery.site], delivery, status, self.clock())
        accepted = status is not None and status < 300
        self.accepted[delivery.site] += accepted
        if outbox.is_over(delivery, status):
            self._take_out(delivery)
            if not accepted:
                delivery.failed_at = self.clock()
                self.failed.append(delivery)
        else:
            delivery.due = outbox.next_due(self.clock(), self.chance("retries"))
        return accepted

    def _call(self, delivery: Delivery) -> OutgoingCall | None:
        """Give the call as it goes over the wire now; None if it is not to be made any more."""
        site = self.sites[delivery.site]
        if delivery.hook_id is not None:
            return sending.call(site, delivery)
        if delivery.client_id:
            return outbox.bearer_call(delivery, self.accounts.apps[delivery.client_id], self.clock())
        app = site.installation
        if app is None or not app.enabled or app.deliveries_off:
            return None
        return outbox.signed_call(delivery, app, self.clock())

    def _take_out(self, delivery: Delivery) -> None:
        with self.lock:
            if delivery in self.outbox:
                self.outbox.remove(delivery)


def _unreachable(_: OutgoingCall) -> int:
    raise ConnectionLost("the site is not on the net")
