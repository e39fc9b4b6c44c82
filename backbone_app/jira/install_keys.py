"""Atlassian's public keys for signed lifecycle calls, fetched by key id.

The key server is a setting, never anything a request says. A key id becomes part
of an address, so its form is checked first; what is not there is remembered, and
fetches are counted, so that a flood of invented ids stays here.
"""

import re
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final, TypeVar

from backbone_app.errors import NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door

KEY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
PEM_HEAD: Final = "-----BEGIN PUBLIC KEY-----"
MISSING_FOR: Final = 600.0
REMEMBERED: Final = 256
FETCHES_A_MINUTE: Final = 20

Shelved = TypeVar("Shelved", str, float)


class InstallKeys:
    """Public keys by ``kid``; ``hosts`` are base addresses (``https://host``), asked in this order.

    ``clock`` is monotonic seconds. Safe to share between threads.
    """

    def __init__(self, hosts: tuple[str, ...], door: Door, clock: Callable[[], float]) -> None:
        self._hosts = hosts
        self._door = door
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, str] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._fetches: deque[float] = deque(maxlen=FETCHES_A_MINUTE)

    def pem(self, kid: str) -> str:
        """Return the key as PEM.

        Raises NotAuthenticated for an id that is badly formed (nothing is fetched) or that
        no host knows, RemoteUnreachable where a host does not answer as it should or
        too much was fetched this minute: then the caller is asked to come again.
        """
        if KEY_ID.fullmatch(kid) is None or ".." in kid:
            raise NotAuthenticated("kid")
        with self._lock:
            known = self._known.get(kid)
            if self._missing.get(kid, float("-inf")) > self._clock():
                raise NotAuthenticated("unknown_key")
        return known if known is not None else self._fetched(kid)

    def _fetched(self, kid: str) -> str:
        for host in self._hosts:
            found = self._ask(host, kid)
            if found is not None:
                self._remember(self._known, kid, found)
                return found
        self._remember(self._missing, kid, self._clock() + MISSING_FOR)
        raise NotAuthenticated("unknown_key")

    def _ask(self, host: str, kid: str) -> str | None:
        """Ask one host; None where it does not have the key."""
        self._spend_fetch(host)
        reply = self._door.send("GET", f"{host}/{kid}", headers={"Accept": "application/x-pem-file"})
        if reply.status == 404:
            return None
        pem = reply.body.decode("ascii", errors="replace")
        if reply.status != 200 or not pem.lstrip().startswith(PEM_HEAD):
            raise RemoteUnreachable(host)
        return pem

    def _spend_fetch(self, host: str) -> None:
        with self._lock:
            now = self._clock()
            if len(self._fetches) == FETCHES_A_MINUTE and now - self._fetches[0] < 60:
                raise RemoteUnreachable(host)
            self._fetches.append(now)

    def _remember(self, shelf: OrderedDict[str, Shelved], kid: str, value: Shelved) -> None:
        with self._lock:
            shelf[kid] = value
            shelf.move_to_end(kid)
            while len(shelf) > REMEMBERED:
                shelf.popitem(last=False)
