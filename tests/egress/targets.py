"""Where nobody may lead us: IP addresses, and the ways in which somebody writes them or a host like ours."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from jira_sandbox.hosts import KEY_HOSTS


def _words(text: str) -> list[str]:
    return text.split()


V4: list[str] = _words(
    """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3
127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.1.1
192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.255
"""
)

V6: list[str] = _words(
    """
:: ::1 ::ffff:0:127.0.0.1 64:ff9b:1::a00:1 100::1 2001::1 2001:1::1 2001:2::1 2001:10::1 2001:20::1
2001:1ff::1 2001:db8::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 8000::1 fc00::1 fd00:ec2::254 fdff::1
fe80::1 fe80::1%eth0 2606:4700::1%eth0 fec0::1 feff::1 ff02::1 ff05::2 1fff::1
"""
)

INNER: list[str] = _words(
    """
127.0.0.1 169.254.169.254 10.0.0.1 192.168.1.1 172.16.0.1 100.100.100.200 0.0.0.0 168.63.129.16
93.184.216.34
"""
)
"""What an IPv6 address carries inside; the last one is public, which makes the outer one no better."""

OPERATORS = ("198.200.0.7", "2a00:1450:4001::7")
"""Public addresses that the operator denies: its own, and its database's."""
DENIED = "198.200.0.0/24,2a00:1450:4001::/48"


def _embedded(inner: IPv4Address) -> Iterable[IPv6Address]:
    """Every way in which IPv6 carries an IPv4 address; in Teredo it is the server, or the client inverted."""
    bits = int(inner)
    yield IPv6Address((0xFFFF << 32) | bits)
    yield IPv6Address(bits)
    yield IPv6Address((0xFFFF << 48) | bits)
    yield IPv6Address((0x64FF9B << 96) | bits)
    yield IPv6Address((0x64FF9B0001 << 80) | bits)
    yield IPv6Address((0x2002 << 112) | (bits << 80))
    yield IPv6Address((0x20010000 << 96) | (bits << 64) | 1)
    yield IPv6Address((0x20010000 << 96) | (0xFFFFFFFF ^ bits))
    yield IPv6Address((0xFE80 << 112) | (0x5EFE << 32) | bits)


EMBEDDED = [str(outer) for inner in INNER for outer in _embedded(IPv4Address(inner))]
NOT_NUMBERS = [
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "",
    "localhost",
    "1.2.3.4.5",
    "::1::",
    "1.2.3.4/8",
]
"""What a resolver never gives; should one do so, it is no address."""

ADDRESSES = list(dict.fromkeys([*V4, *V6, *EMBEDDED, *OPERATORS, *NOT_NUMBERS]))

SPELLINGS: list[str] = _words(
    """
2130706433 0x7f000001 0177.0.0.1 017700000001 127.1 127.0.1 0x7f.1 0x7f.0x0.0x0.0x1 127.0.0.1. 127。0。0。1
①②⑦.⓪.⓪.① 127%2e0%2e0%2e1 127.0.0.1%00.atlassian.net [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::]
[::1%25lo] 3232235777 0xa9fea9fe 0251.0376.0251.0376 localhost LOCALHOST localhost. localhost.localdomain
ip6-localhost localtest.me lvh.me 127.0.0.1.nip.io 10.0.0.1.sslip.io 169-254-169-254.nip.io metadata
metadata.google.internal metadata.goog instance-data kubernetes.default kubernetes.default.svc
kubernetes.default.svc.cluster.local intranet jira jira.internal printer.local app.localhost
router.home.arpa hidden.onion host.docker.internal gateway.docker.internal
"""
)

TRICKS = [
    "http://acme.atlassian.net",
    "http://acme.atlassian.net:443",
    "HTTP://acme.atlassian.net",
    *(
        f"{scheme}://acme.atlassian.net"
        for scheme in ("file", "gopher", "ftp", "dict", "ldap", "ws", "wss", "git")
    ),
    *(
        f"{scheme}://acme.atlassian.net"
        for scheme in ("unix", "jar", "netdoc", "httpss", "https+unix", "sftp", "tftp")
    ),
    "file:///etc/passwd",
    "data:text/html,https://acme.atlassian.net",
    "javascript:https://acme.atlassian.net",
    "https:acme.atlassian.net",
    "https:/acme.atlassian.net",
    "https:///acme.atlassian.net",
    "https:////acme.atlassian.net",
    "https:\\\\acme.atlassian.net",
    "https://https://acme.atlassian.net",
    "https://acme.atlassian.net@evil.example",
    "https://acme.atlassian.net:443@evil.example",
    "https://acme.atlassian.net%40evil.example",
    "https://evil.example@acme.atlassian.net",
    "https://user:word@acme.atlassian.net",
    "https://@acme.atlassian.net",
    "https://:@acme.atlassian.net",
    "https://evil.example#@acme.atlassian.net",
    "https://evil.example#.atlassian.net",
    "https://evil.example?@acme.atlassian.net",
    "https://evil.example?.atlassian.net",
    "https://evil.example/.atlassian.net",
    "https://evil.example;acme.atlassian.net",
    "https://evil.example,acme.atlassian.net",
    "https://evil.example\\@acme.atlassian.net",
    "https://evil.example\\.atlassian.net",
    "https://evil.example%23.atlassian.net",
    "https://evil.example%2f.atlassian.net",
    "https://evil.example%5c.atlassian.net",
    "https://evil.example%00.atlassian.net",
    "https://evil.example\x00.atlassian.net",
    "https://evil.example\t.atlassian.net",
    "https://evil.example\n.atlassian.net",
    "https://evil.example\r\n.atlassian.net",
    "https://evil.example .atlassian.net",
    "https://evil.example\u00a0.atlassian.net",
    "https://evil.example\u200b.atlassian.net",
    "https://evil.example\u2215.atlassian.net",
    "https://evil.example\uff0f.atlassian.net",
    "https://evil.example\uff20acme.atlassian.net",
    "https://evil.example\u2100acme.atlassian.net",
    "https://ac\tme.atlassian.net",
    "https://ac\nme.atlassian.net",
    "ht\ntps://acme.atlassian.net",
    "https://acme.atlassian.net.evil.example",
    "https://acme.atlassian.net.",
    "https://acme.atlassian.net..",
    "https://atlassian.net.evil",
    "https://atlassian.net",
    "https://evilatlassian.net",
    "https://evil-atlassian.net",
    "https://.atlassian.net",
    "https://..atlassian.net",
    "https://a..atlassian.net",
    "https://*.atlassian.net",
    "https://-a.atlassian.net",
    "https://a-.atlassian.net",
    "https://a_b.atlassian.net",
    "https://" + "a" * 64 + ".atlassian.net",
    "https://" + "a" * 300 + ".atlassian.net",
    "https://" + "a." * 130 + "atlassian.net",
    "https://acme.atlassian.net/" + "x" * 100_000,
    "https://\u0430cme.atlassian.net",
    "https://acme.\u0430tlassian.net",
    "https://acme.xn--tlassian-2ue.net",
    "https://acme.atlass\u0131an.net",
    "https://acme\u3002atlassian\u3002net",
    "https://acme.atlassian.n\u212at",
    *(
        f"https://acme.atlassian.net:{port}"
        for port in ("22", "80", "443", "8443", "0", "65536", "-1", "", "4x", "٤")
    ),
    *(f"https://{host}" for host in sorted(KEY_HOSTS)),  # they may be called, and no site lives there
    "https://acme.atlassian.net/../x",
    "https://acme.atlassian.net/%2e%2e/x",
    "https://acme.atlassian.net/.%2E/x",
    "https://acme.atlassian.net/a/./b",
    "https://acme.atlassian.net\\..\\x",
    "https://acme.atlassian.net#x",
    "https://acme.atlassian.net/#x",
    "https://",
    "https://?",
    "https://#",
    "https://:443",
    "https://[",
    "https://[]",
    "https://[acme.atlassian.net]",
    "https://acme.atlassian.net]",
    "://acme.atlassian.net",
    "//acme.atlassian.net",
    "///acme.atlassian.net",
    "\\\\acme.atlassian.net",
    "/acme.atlassian.net",
]


def _hosts(addresses: Iterable[str]) -> list[str]:
    return [f"[{address.replace('%', '%25')}]" if ":" in address else address for address in addresses]


URLS = list(
    dict.fromkeys(
        [*(f"https://{host}" for host in (*_hosts([*V4, *V6, *EMBEDDED[:18]]), *SPELLINGS)), *TRICKS]
    )
)

NAMES = frozenset(
    f"https://{host}"
    for host in _words(
        """
localhost.localdomain localtest.me lvh.me 127.0.0.1.nip.io 10.0.0.1.sslip.io 169-254-169-254.nip.io
metadata.google.internal metadata.goog kubernetes.default kubernetes.default.svc
kubernetes.default.svc.cluster.local jira.internal printer.local app.localhost router.home.arpa
hidden.onion host.docker.internal gateway.docker.internal acme.atlassian.net.evil.example
atlassian.net.evil atlassian.net evilatlassian.net evil-atlassian.net acme.xn--tlassian-2ue.net
acme.atlassian.net:443 acme.atlassian.net:8443
"""
    )
) | {f"https://{host}" for host in KEY_HOSTS}
"""Those of ``URLS`` that a Data Center's name may look like: there it counts what the name leads to."""
