"""What a way in is tried on: a site with our app on it, and a network on which every attempt is seen."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
import structlog
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from backbone_app.web import rates
from jira_sandbox.hosts import KEY_HOSTS
from tests.support.app import Jira
from tests.support.hostile import Outgoing, everything
from tests.support.network import Network
from tests.support.sandbox import VirtualClock
from tests.support.wire import Script, Wire, wired

SITE = "acme.atlassian.net"
REAL_SEND = HTTPAdapter.send
"""The library's own, taken while nothing stands in front of it."""


_ALLOWED_TO_CHANGE = frozenset({"Pace", "Spending", "Unfinished"})


class Kind(StrEnum):
    """What a way leads in."""

    URL = "url"  # as somebody writes it
    ADDRESS = "address"  # as the answer of a resolver


@dataclass(frozen=True, slots=True)
class Scene:
    """A site, the network, and what left the app."""

    jira: Jira
    clock: VirtualClock
    network: Network
    outgoing: Outgoing
    open_to_the_end: ExitStack
    servers: list[Wire] = field(default_factory=list)

    @contextmanager
    def counting(self, refusals: int) -> Iterator[None]:
        """Hold that so many refusals are counted, and that nothing in the log says where it was to go."""
        self.clock.advance(seconds=5)  # so that no limit of calls to the site or to us comes in between
        rates.buckets.clear()
        with structlog.testing.capture_logs() as lines:
            yield
        counted = [line for line in lines if line["event"] == "egress_refused"]
        assert len(counted) == refusals
        assert all(line.keys() == {"event", "case", "log_level"} for line in counted)

    def unchanged(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row but the accounts of calls to the site, which is asked for the rights of who types.

        And but for what was typed on a page, which is kept for its author.
        """
        return {table: rows for table, rows in everything().items() if table not in _ALLOWED_TO_CHANGE}

    def allowed_server(self, script: Script) -> Wire:
        """A server on this machine that answers with the script from now on; one for all targets."""
        if not self.servers:
            self.servers.append(self.open_to_the_end.enter_context(wired(script)))
            self.network.behind["127.0.0.1"] = self.servers[0].port
        self.servers[0].script = script
        return self.servers[0]

    @contextmanager
    def on_the_wire(self) -> Iterator[None]:
        """Let the app's calls go out by its own connections instead of to the sandbox."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HTTPAdapter, "send", REAL_SEND)
            yield

    @contextmanager
    def beyond_the_site(self) -> Iterator[None]:
        """The same for all calls but those to the site itself, which is asked for the rights of who types."""
        to_the_sandbox = HTTPAdapter.send

        def send(adapter: HTTPAdapter, request: PreparedRequest, **options: Any) -> Response:
            is_known = str(request.url).startswith(f"https://{SITE}/")
            return (to_the_sandbox if is_known else REAL_SEND)(adapter, request, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HTTPAdapter, "send", send)
            yield

    def nothing_left(self) -> None:
        """Hold that no socket was connected, and that only the site and the key hosts were called."""
        hosts = {url.split("/")[2] for url in self.outgoing.urls}
        assert self.network.connects == []
        assert hosts <= {SITE, "initech.atlassian.net", *KEY_HOSTS}


@dataclass(frozen=True, slots=True)
class Way:
    """One way in; ``go`` tries a target by it and holds that the answer is as it should be.

    ``refusals`` is how many refusals are counted; none where an address in a payload is just not used.
    ``share`` is how many targets the suite takes, for ways that take long; ``WHOLE=1`` takes all.
    """

    name: str
    takes: Kind
    go: Callable[[Scene, str], None]
    refusals: Callable[[str], int] = lambda _target: 1
    share: int = 1000
