"""The stage: one Jira site on a real socket, whose webhooks can be held back for a moment."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from jira_sandbox import seed as standard
from jira_sandbox import sending
from jira_sandbox.server import Running, serve
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Send
from jira_sandbox.world import World

SITE = "acme"
LOOK_EVERY = 0.02


class Stage(World):
    """A world in real time with one site; nothing is delivered while its deliveries are held."""

    def __init__(self, seed: int) -> None:
        super().__init__(lambda: datetime.now(UTC), seed)
        self.site: Site = self.add_site(SITE, "http://127.0.0.1")
        standard.furnish(self, self.site)
        standard.let_leads_look_around(self)  # one can ask a space only that one sees
        self._held = threading.Event()

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
        return self.meters.calls(site=SITE, caller="app")

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


def wait_for(condition: Callable[[], bool], *, within: float) -> bool:
    """Wait until ``condition`` holds, at most so many seconds; tells whether it does."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True


def served(stage: Stage, port: int) -> Running:
    """Serve the stage on ``port``, or on any free one if that is taken."""
    try:
        return serve(stage, port)
    except OSError:
        return serve(stage)
