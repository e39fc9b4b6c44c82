"""How often one address, one site and one person may call, each as a bucket that fills again.

The buckets lie in the memory of this process, so each web process counts for itself: a
limit here protects the service, Jira's own limits are kept with the help of the database.
A call that is properly signed never pays for what others send from its address: webhooks
of all customers come from the same few addresses of Atlassian's, and somebody could have
an automation there send us rubbish, to have the others' turned away. Installations come
from there too, those of all customers at once when a new version of the app is out.

Of the library ``limits`` only the memory store would be used, which keeps a key for every
address that ever called and walks all of them a hundred times a second; here both are bounded.
"""

import ipaddress
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NoReturn

import structlog
from django.conf import settings
from django.http import HttpRequest

from backbone_app import metrics
from backbone_app.errors import TooMany
from backbone_app.services.tenants import Caller

MOST_KEYS: Final = 50_000
MINUTE: Final = 60.0

_log = structlog.get_logger()


class Buckets:
    """Buckets by key: each holds a minute's worth and fills at an even pace; ``clock`` is monotonic seconds.

    At most ``most_keys`` are remembered; who was longest away is forgotten first, which
    is to be given a full bucket. Safe to share between threads.
    """

    def __init__(self, clock: Callable[[], float], *, most_keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._most_keys = most_keys
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, *, per_minute: int) -> float:
        """Take one from the bucket; returns 0.0, or the seconds until there is one again."""
        with self._lock:
            now = self._clock()
            left, at = self._kept.pop(key, (float(per_minute), now))
            left = min(float(per_minute), left + (now - at) * per_minute / MINUTE)
            taken = left >= 1.0
            self._kept[key] = (left - 1.0 if taken else left, now)
            if len(self._kept) > self._most_keys:
                self._kept.popitem(last=False)
            return 0.0 if taken else (1.0 - left) * MINUTE / per_minute

    def wait(self, key: str, *, per_minute: int) -> float:
        """Tell how many seconds it is until there is one in the bucket, and take none."""
        with self._lock:
            left, at = self._kept.get(key, (1.0, self._clock()))
            left += (self._clock() - at) * per_minute / MINUTE
            return 0.0 if left >= 1.0 else (1.0 - left) * MINUTE / per_minute

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._kept.clear()


buckets: Final = Buckets(time.monotonic)


def admit_address(request: HttpRequest) -> None:
    """Count a call to what anybody may call; raises TooMany."""
    _take("address", client_address(request), settings.BACKBONE_ADDRESS_CALLS_PER_MINUTE)


def count_refusal(request: HttpRequest) -> None:
    """Count a call that proved nothing; raises TooMany once an address has sent too many of them."""
    _take("refusal", client_address(request), settings.BACKBONE_ADDRESS_REFUSALS_PER_MINUTE)


def admit_guess(request: HttpRequest) -> None:
    """Raise TooMany for an address that has tried too many tickets in vain: none of its is looked at then."""
    wait = buckets.wait(_guesses_of(request), per_minute=settings.BACKBONE_TICKET_GUESSES_PER_MINUTE)
    if wait:
        _refuse("guess", client_address(request), wait)


def count_guess(request: HttpRequest) -> None:
    """Count a ticket that was none; somebody who tries many is an alarm."""
    most = settings.BACKBONE_TICKET_GUESSES_PER_MINUTE
    buckets.take(_guesses_of(request), per_minute=most)
    if buckets.wait(_guesses_of(request), per_minute=most):
        _log.critical("tickets_guessed", count=most)


def _guesses_of(request: HttpRequest) -> str:
    return f"guess {client_address(request)}"


def admit_site(site_id: uuid.UUID) -> None:
    """Count what a site itself sends; raises TooMany, upon which Jira sends a webhook again."""
    _take("webhook", str(site_id), settings.BACKBONE_SITE_WEBHOOKS_PER_MINUTE)


def admit_installation(installation: str) -> None:
    """Count what Forge sends for one installation of its app; raises TooMany."""
    _take("site", installation, settings.BACKBONE_SITE_CALLS_PER_MINUTE)


def admit_person(caller: Caller) -> None:
    """Count a call of a site's page or of a machine with a page's token; raises TooMany."""
    _take("person", f"{caller.site_id} {caller.account}", settings.BACKBONE_PERSON_CALLS_PER_MINUTE)
    _take("site", str(caller.site_id), settings.BACKBONE_SITE_CALLS_PER_MINUTE)


def client_address(request: HttpRequest) -> str:
    """Tell where a call comes from; of IPv6 the network, which one customer of a provider has as a whole.

    Behind a proxy the last address that was forwarded counts, the one the proxy itself
    has seen: whatever stands before it anybody may have written.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BACKBONE_BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))


def _take(kind: str, whose: str, per_minute: int) -> None:
    wait = buckets.take(f"{kind} {whose}", per_minute=per_minute)
    if wait:
        _refuse(kind, whose, wait)


def _refuse(kind: str, whose: str, wait: float) -> NoReturn:
    metrics.RATE_LIMITED.up(kind=kind)
    if not buckets.take(f"said {kind} {whose}", per_minute=1):  # a flood must not become one of lines
        _log.warning("rate_limited", kind=kind)
    raise TooMany(wait)
