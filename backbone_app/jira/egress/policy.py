"""Where requests may go, and what an address that may be called looks like."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import structlog

from backbone_app import metrics
from backbone_app.errors import EgressRefused
from backbone_app.jira.egress.addresses import Network, is_public

MAX_URL: Final = 8192
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
LOOPBACK_ANSWERS: Final = frozenset({"127.0.0.1", "::1"})

# One pattern for the whole address: whatever two parsers could read differently does not match, nor
# what the library would write otherwise than it was signed.
NEEDLESS: Final = "4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]|3[0-9]|2[DE]"  # escapes of letters, digits and -._~
ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(?P<port>:[0-9]{1,5})?"
    rf"(?P<rest>(?:[/?](?:[a-z0-9._~!$&'()*+,;=:@/?-]|(?-i:%(?!{NEEDLESS})[0-9A-F]{{2}}))*)?)",
    re.IGNORECASE | re.ASCII,
)
CONTEXT: Final = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._~-]{0,63}){1,3}/?")
USUAL_PORT: Final = ":443"
FIRST_FREE: Final = 1024
LAST: Final = 65_535
HOST_NAME: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

Resolver = Callable[[str], Sequence[str]]
"""A host name to the texts of all its IP addresses, the best first; raises OSError where it has none."""

_log = structlog.get_logger()


class Case(StrEnum):
    """What was refused; the log counts by it and never holds the address itself."""

    BASE_URL = "base_url"  # told by a site or typed by an admin
    CALL = "call"  # about to be called: put together from a row of ours
    RESOLVED = "resolved"  # the name is allowed, an IP address it leads to is not


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Where requests may go; ``cloud_hosts`` are suffixes such as ``.atlassian.net``.

    ``service_hosts`` are exact host names (key servers). ``denied`` are networks the operator
    takes out of the public ones. ``allow_loopback_http`` is for demo and tests: http,
    127.0.0.1 and localhost on any port as well. ``any_host`` is for Data Centers, which live
    wherever their owners put them: any host name on port 443, or on one that needs no rights
    to listen on, and a site may have a context path.
    """

    cloud_hosts: tuple[str, ...]
    service_hosts: tuple[str, ...] = ()
    denied: tuple[Network, ...] = ()
    allow_loopback_http: bool = False
    any_host: bool = False

    def allows_host(self, host: str) -> bool:
        """Answer whether ``host``, in lower case, may be called over https."""
        is_service = HOST_NAME.fullmatch(host) is not None and host in self.service_hosts
        return is_service or self.allows_site(host)

    def allows_site(self, host: str) -> bool:
        """Answer whether a site may live at ``host``; a key server may be called, but is no site."""
        suffixes = tuple(f".{suffix.lstrip('.')}" for suffix in self.cloud_hosts)
        is_site = HOST_NAME.fullmatch(host) is not None and (self.any_host or host.endswith(suffixes))
        return is_site or self.is_own_machine(host)

    def allows_port(self, port: str) -> bool:
        """Answer whether a host may be called on ``port``, which is empty or begins with its colon."""
        return not port or (self.any_host and (port == USUAL_PORT or FIRST_FREE <= int(port[1:]) <= LAST))

    def allows_path(self, path: str) -> bool:
        """Answer whether a site may have this path before all others."""
        return path in {"", "/"} or (self.any_host and CONTEXT.fullmatch(path) is not None)

    def is_own_machine(self, host: str) -> bool:
        """Answer whether ``host`` is this machine, and may be called in development."""
        return self.allow_loopback_http and host in LOOPBACK

    def resolved(self, host: str, resolve: Resolver) -> tuple[str, ...]:
        """Look an allowed host up, once, and return its addresses; all of them may be called.

        Raises EgressRefused where one may not: a name that leads to us with one answer of several
        is no better than one that does with all. Raises OSError where there is no answer.
        """
        answers = (host,) if host == "127.0.0.1" else tuple(resolve(host))
        if not answers:
            raise OSError("the name has no address")
        if not all(self._allows_address(host, answer) for answer in answers):
            raise refused(Case.RESOLVED)
        return answers

    def _allows_address(self, host: str, address: str) -> bool:
        if self.is_own_machine(host):
            return address in LOOPBACK_ANSWERS
        return is_public(address, but=self.denied)


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be called, in its parts; ``port`` with its colon, or empty."""

    scheme: str
    host: str
    port: str
    rest: str


def check_base_url(policy: EgressPolicy, url: str) -> str:
    """Return a site's base address as ``https://host``, or raise EgressRefused.

    A base address has no query, and a path only where a Data Center may have one; a trailing slash and the
    port that https has anyway are taken off.
    """
    address = allowed(policy, url, case=Case.BASE_URL)
    if not policy.allows_path(address.rest) or not policy.allows_site(address.host):
        raise refused(Case.BASE_URL)
    port = "" if address.port == USUAL_PORT else address.port
    return f"{address.scheme}://{address.host}{port}{address.rest.rstrip('/')}"


def allowed(policy: EgressPolicy, url: str, *, case: Case) -> Address:
    """Take apart an address that may be called; raises EgressRefused for any other."""
    parsed = ADDRESS.fullmatch(url) if len(url) <= MAX_URL else None
    # The library leaves a question mark out that nothing comes after: what is sent is not what was signed.
    if parsed is None or _has_dot_segments(url) or url.endswith("?"):
        raise refused(case)
    address = Address(
        scheme=parsed["scheme"].lower(),
        host=parsed["host"].lower(),
        port=parsed["port"] or "",
        rest=parsed["rest"],
    )
    if policy.is_own_machine(address.host):
        return address
    if (
        address.scheme != "https"
        or not policy.allows_port(address.port)
        or not policy.allows_host(address.host)
    ):
        raise refused(case)
    return address


def refused(case: Case) -> EgressRefused:
    """Count a refusal in the log, and make the error, which says nothing of the reason."""
    _log.warning("egress_refused", case=case.value)
    metrics.EGRESS_REFUSED.up(case=case.value)
    return EgressRefused()


def _has_dot_segments(url: str) -> bool:
    return any(segment in {".", ".."} for segment in urlsplit(url).path.split("/"))
