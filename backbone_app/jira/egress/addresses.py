"""Which IP addresses are public: a table of our own.

``ipaddress.is_global`` is no filter: what it says depends on the version of
Python, and on 3.11 it passes NAT64, 6to4, ``::127.0.0.1``, ``fec0::/10``,
multicast and the metadata services of some clouds. The table follows IANA's
special-purpose registries.

IPv4 is public where no range is named. IPv6 is public within ``2000::/3`` only,
where no range is named; outside of it lie loopback, mapped and compatible IPv4,
NAT64 (``64:ff9b::/96``, ``64:ff9b:1::/48``), ``100::/64``, ``5f00::/16``, private,
link-local, site-local and multicast addresses. What carries an IPv4 address inside
is refused whatever it carries: where it leads is somebody else's decision.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Network = IPv4Network | IPv6Network

GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
NOT_PUBLIC: Final[tuple[Network, ...]] = (
    IPv4Network("0.0.0.0/8"),  # this network
    IPv4Network("10.0.0.0/8"),  # private
    IPv4Network("100.64.0.0/10"),  # between a provider and its customers; metadata of one cloud
    IPv4Network("127.0.0.0/8"),  # loopback
    IPv4Network("168.63.129.16/32"),  # one cloud's own services; public by every registry
    IPv4Network("169.254.0.0/16"),  # link-local; metadata of most clouds
    IPv4Network("172.16.0.0/12"),  # private
    IPv4Network("192.0.0.0/24"),  # protocol assignments; metadata of one cloud
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.31.196.0/24"),  # AS112
    IPv4Network("192.52.193.0/24"),  # automatic multicast tunnelling
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("192.168.0.0/16"),  # private
    IPv4Network("192.175.48.0/24"),  # AS112
    IPv4Network("198.18.0.0/15"),  # benchmarks
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, and broadcast
    IPv6Network("2001::/23"),  # protocol assignments: Teredo, benchmarks, ORCHID, drones
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("2620:4f:8000::/48"),  # AS112
    IPv6Network("3fff::/20"),  # documentation
)


def is_public(text: str, *, but: Iterable[Network] = ()) -> bool:
    """Answer whether ``text`` is a public IP address outside of the networks ``but``.

    Only what a resolver gives is read: decimal IPv4 or IPv6. Everything else is not public, nor
    is an address with a zone: it means another interface on each machine.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in GLOBAL_UNICAST):
        return False
    return not any(address in network for network in (*NOT_PUBLIC, *but))
