"""What we accept every parser reads alike: the same host, the same port, nothing beside them."""

import re
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, target
from hypothesis import strategies as st
from urllib3.util import parse_url

from backbone_app.errors import EgressRefused
from backbone_app.jira.egress import EgressPolicy
from backbone_app.jira.egress.policy import Case, allowed

POLICY = EgressPolicy(cloud_hosts=(".atlassian.net",), service_hosts=("keys.example",))
WORDS = r"""
https http https:// // / \ : @ # ? % . .. %2e %2E %2f %2F %00 %40 %7E [ ] ; , & = ~ ! * ' ( ) | ^ ` { } <
> " $ + _ - :443 :8443 acme atlassian.net .atlassian.net acme.atlassian.net keys.example evil.example
localhost 127.0.0.1 [::1] rest api xn-- ACME Atlassian.NET
"""
ODD = "\t\n\r \x00\x7f\u3002\uff0f\u2100\u212a\u0430\u0131"
PIECES = st.sampled_from([*WORDS.split(), *ODD])
LIKE_URLS = st.lists(PIECES, max_size=9).map("".join)
NEARLY_RIGHT = st.tuples(
    st.sampled_from(["https://", "HTTPS://", "https:/", "https:///", "http://", ""]),
    st.lists(PIECES, max_size=2).map("".join),
    st.sampled_from(["acme.atlassian.net", "Acme.Atlassian.Net", "keys.example", "a.b.atlassian.net"]),
    st.lists(PIECES | st.characters(), max_size=6).map("".join),
).map("".join)
SPECIAL = re.compile(r"[\t\n\r]")


def whatwg_host(url: str) -> str:
    """The host as browsers read it: tabs and line ends fall out, backslashes are slashes."""
    cleaned = SPECIAL.sub("", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    authority = re.split(r"[/?#]", cleaned.partition(":")[2].lstrip("/"), maxsplit=1)[0]
    return re.sub(r":[0-9]*\Z", "", authority.rpartition("@")[2]).lower()


def hosts(url: str) -> set[str | None]:
    """The host as each of the parsers reads it that the address may meet on its way."""
    prepared = requests.Request("GET", url).prepare().url or ""
    split = urlsplit(url)
    assert (split.username, split.password, split.port) == (None, None, None)
    return {split.hostname, parse_url(url).host, parse_url(prepared).host, whatwg_host(url)}


def agrees(url: str) -> bool:
    """Hold that an address we accept is read alike by all; tell whether we do."""
    try:
        address = allowed(POLICY, url, case=Case.CALL)
    except EgressRefused:
        return False
    assert hosts(url) == {address.host}
    assert address.host.endswith(".atlassian.net") or address.host == "keys.example"
    assert address.scheme == "https"
    sent = requests.Request("GET", url).prepare()
    assert sent.path_url in {address.rest, "/" + address.rest}
    return True


@given(LIKE_URLS | NEARLY_RIGHT | st.text(max_size=60))
def test_an_address_that_is_accepted_is_read_alike_by_every_parser(url: str) -> None:
    accepted = agrees(url)

    target(float(accepted))


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "/",
        "?x=1",
        "/rest/api/3/issue/1?fields=a%2Cb&x=%20%C3%BC",
        "/a//b/",
        "/x?y=/../z",
        "/;a=b:c@d!$'()*,",
    ],
)
def test_an_ordinary_address_is_accepted_and_sent_as_it_is_written(rest: str) -> None:
    assert agrees(f"https://acme.atlassian.net{rest}")


@pytest.mark.parametrize(
    "rest", ["/%7Eadmin", "?x=%41", "?x=%2f", "?x=%2", "?x=ü", "/a b", "/x#y", "?x={y}", "/a|b"]
)
def test_what_would_be_sent_otherwise_than_it_is_written_is_refused(rest: str) -> None:
    assert not agrees(f"https://acme.atlassian.net{rest}")
