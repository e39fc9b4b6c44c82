"""Atlassian's public keys for signed lifecycle calls, fetched by key id.

The key server is a setting, never anything a request says. A key id becomes part
of an address, so its form is checked first; what is not there is remembered, and
fetches of unknown ids are counted, so that a flood of invented ones stays here. A
key that was once found is served whatever the flood: after a day it is asked for
again, beyond the count, and stays where its host does not answer.
"""

import re
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from backbone_app.errors import EgressRefused, NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door

KEY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
PEM_HEAD: Final = "-----BEGIN PUBLIC KEY-----"
LONGEST_KEY: Final = 16_384
KNOWN_FOR: Final = 86_400.0
MISSING_FOR: Final = 600.0
AGAIN_AFTER: Final = 60.0
"""Seconds until a known key is asked for once more where its host did not answer."""
REMEMBERED: Final = 256
FETCHES_A_MINUTE: Final = 20
ANONYMOUSLY: Final = "Atlassian's key server"
"""What is said of a host to whoever calls; which one it is is the operator's affair."""

Shelved = TypeVar("Shelved")


@dataclass(frozen=True, slots=True)
class _Known:
    pem: str
    until: float


class InstallKeys:
    """Public keys by ``kid``; ``hosts`` are base addresses (``https://host``), asked in this order.

    ``clock`` is monotonic seconds. Safe to share between threads.
    """

    def __init__(self, hosts: tuple[str, ...], door: Door, clock: Callable[[], float]) -> None:
        self._hosts = hosts
        self._door = door
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._fetches: deque[float] = deque(maxlen=FETCHES_A_MINUTE)

    def pem(self, kid: str) -> str:
        """Return the key as PEM.

        Raises NotAuthenticated for an id that is badly formed (nothing is fetched) or that
        no host knows, RemoteUnreachable where a host does not answer as it should, no other one has
        the key, or too much was fetched this minute: then the caller is asked to come again.
        """
        if KEY_ID.fullmatch(kid) is None or ".." in kid:
            raise NotAuthenticated("kid")
        with self._lock:
            known = self._known.get(kid)
            if self._missing.get(kid, float("-inf")) > self._clock():
                raise NotAuthenticated("unknown_key")
        if known is None:
            return self._fetched(kid, self._ask_counted)
        return known.pem if known.until > self._clock() else self._renewed(kid, known)

    def _renewed(self, kid: str, known: _Known) -> str:
        """Ask for a key that was known for long: it may have been taken back."""
        try:
            return self._fetched(kid, self._ask)
        except RemoteUnreachable:
            self._remember(self._known, kid, _Known(known.pem, self._clock() + AGAIN_AFTER))
            return known.pem

    def _fetched(self, kid: str, ask: Callable[[str, str], str | None]) -> str:
        away: RemoteUnreachable | None = None
        for host in self._hosts:
            try:
                found = ask(host, kid)
            except RemoteUnreachable as silence:
                away = silence
                continue
            if found is not None:
                self._remember(self._known, kid, _Known(found, self._clock() + KNOWN_FOR))
                return found
        if away is not None:
            raise away  # it may be there: "nobody has it" takes an answer of each
        self._forget(kid)
        raise NotAuthenticated("unknown_key")

    def _ask_counted(self, host: str, kid: str) -> str | None:
        self._spend_fetch()
        return self._ask(host, kid)

    def _ask(self, host: str, kid: str) -> str | None:
        """Ask one host; None where it does not have the key."""
        try:
            reply = self._door.send("GET", f"{host}/{kid}", headers={"Accept": "application/x-pem-file"})
        except (EgressRefused, RemoteUnreachable):
            # Refused is an operator's own host that leads astray: no fault of the caller's.
            raise RemoteUnreachable(ANONYMOUSLY) from None
        if reply.status == 404:
            return None
        pem = reply.body[:LONGEST_KEY].decode("ascii", errors="replace")
        if reply.status != 200 or len(reply.body) > LONGEST_KEY or not pem.lstrip().startswith(PEM_HEAD):
            raise RemoteUnreachable(ANONYMOUSLY)
        return pem

    def _spend_fetch(self) -> None:
        with self._lock:
            now = self._clock()
            if len(self._fetches) == FETCHES_A_MINUTE and now - self._fetches[0] < 60:
                raise RemoteUnreachable(ANONYMOUSLY)
            self._fetches.append(now)

    def _forget(self, kid: str) -> None:
        with self._lock:
            self._known.pop(kid, None)
        self._remember(self._missing, kid, self._clock() + MISSING_FOR)

    def _remember(self, shelf: OrderedDict[str, Shelved], kid: str, value: Shelved) -> None:
        with self._lock:
            shelf[kid] = value
            shelf.move_to_end(kid)
            while len(shelf) > REMEMBERED:
                shelf.popitem(last=False)
