"""The one door through which every request leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Where requests may go; ``cloud_hosts`` are suffixes such as ``.atlassian.net``.

    ``service_hosts`` are exact host names (key servers). ``allow_loopback_http``
    is for demo and tests: http, 127.0.0.1 and localhost on any port as well.
    """

    cloud_hosts: tuple[str, ...]
    service_hosts: tuple[str, ...] = ()
    allow_loopback_http: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole; header names are lower-case, times are ours."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    sent_at: datetime
    received_at: datetime


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class Door:
    """Sends requests where the policy allows; safe to share between threads."""

    def __init__(
        self,
        policy: EgressPolicy,
        *,
        connect_timeout: float = 3.05,
        read_timeout: float = 20.0,
        max_bytes: int = 25_000_000,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:
        raise NotImplementedError

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        timeout: float | None = None,
        reads: bool = False,
    ) -> Reply:
        """Send one request; raises EgressRefused, RemoteUnreachable or OutcomeUnknown."""
        raise NotImplementedError


def check_base_url(policy: EgressPolicy, url: str) -> str:
    """Return a site's base address normalised (no trailing slash), or raise EgressRefused."""
    raise NotImplementedError
