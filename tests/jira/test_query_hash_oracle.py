"""Our hashes and tokens beside those of Atlassian's ``@atlassian/atlassian-jwt``.

1,000 requests drawn at random in the suite, 10,000 in ``make heavy``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt import query_hash
from tests.support import node
from tests.support.drawn_requests import DrawnRequest, drawn
from tests.support.signing import NOW, SECONDS, SECRET, make_keys
from tests.support.slices import slice_of

HOST = "https://acme.atlassian.net"
PEOPLE = ("5b10a2844c20165700ede21g", "557058:ü", None)


@dataclass(frozen=True)
class Difference:
    """A request that the two hash differently, and why ours is the better answer."""

    target: str
    base: str
    ours: tuple[str, str]
    theirs: tuple[str, str]
    reason: str


DIFFERENCES = [
    Difference(
        "/jiraX/y",
        "/jira",
        ("/jiraX/y", ""),
        ("/X/y", ""),
        "a base path ends where a segment ends; theirs takes it off the front of any word",
    ),
    Difference(
        "/a?x=%FF",
        "",
        ("/a", "x=%FF"),
        ("/a", "x=%EF%BF%BD"),
        "bytes that are no UTF-8 stay what they are: else a signature for one would hold for all others",
    ),
    Difference(
        "/a?x=1&__proto__=2",
        "",
        ("/a", "x=1&__proto__=2"),
        ("/a", "x=1"),
        "a parameter of this name counts like any other: else anybody could add one to a signed request",
    ),
    Difference(
        "/a'b",
        "",
        ("/a'b", ""),
        ("/a%27b", ""),
        "a path is hashed as received; Node's parser encodes an apostrophe",
    ),
]
SORTED_BY_BYTES = DrawnRequest("GET", "/a", "x=%F0%9F%90%A1&x=%EF%BD%A1")
"""EF before F0, as Jira's own Java sorts what it has encoded; JavaScript compares UTF-16 units."""


@pytest.fixture(scope="module")
def oracle() -> Iterator[node.Program]:
    with node.running("atlassian-jwt.js", needs="@atlassian/atlassian-jwt") as program:
        yield program


@pytest.fixture(scope="module")
def requests() -> list[DrawnRequest]:
    return [drawn(number) for number in slice_of(range(10_000), 1_000)]


def our_hash(request: DrawnRequest) -> str:
    return query_hash(request.method, request.path, request.query or "")


def their_hashes(oracle: node.Program, requests: list[DrawnRequest], *, base: str = "") -> list[str]:
    asked = [
        {"method": each.method, "url": f"{HOST}{base}{each.target}", "base": HOST + base} for each in requests
    ]
    return list(oracle.ask({"hash": asked})["hashes"])


def test_requests_of_every_kind_are_drawn(requests: list[DrawnRequest]) -> None:
    targets = [each.target for each in requests]

    for kind in ("//", "&", "%2F", "ü", "=&", "+", "%20", ",", "jwt=", "JWT=", "%zz", "%F0%9F%90%A1"):
        assert sum(kind in target for target in targets) >= len(targets) // 100, kind
    assert len(set(targets)) > len(targets) * 0.9
    assert any(each.path.endswith("/") for each in requests)
    assert any(each.query is None for each in requests)


@pytest.mark.parametrize("base", ["", "/jira"])
def test_our_hash_is_theirs(oracle: node.Program, requests: list[DrawnRequest], base: str) -> None:
    theirs = their_hashes(oracle, requests, base=base)

    differing = [
        each.target for each, hashed in zip(requests, theirs, strict=True) if our_hash(each) != hashed
    ]
    assert differing == []


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.target)
def test_where_we_differ_it_is_on_purpose(oracle: node.Program, known: Difference) -> None:
    asked = {"method": "GET", "url": HOST + known.target, "base": HOST + known.base}

    (theirs,) = oracle.ask({"hash": [asked]})["hashes"]

    assert theirs == query_hash("GET", *known.theirs)
    assert theirs != query_hash("GET", *known.ours)


def test_values_are_sorted_as_jira_sorts_them(oracle: node.Program) -> None:
    (theirs,) = their_hashes(oracle, [SORTED_BY_BYTES])

    assert theirs != our_hash(SORTED_BY_BYTES)


def test_a_token_that_they_make_is_accepted_here(oracle: node.Program, requests: list[DrawnRequest]) -> None:
    hashes = their_hashes(oracle, requests)
    wanted = [
        {
            "iss": f"client-{number}",
            "sub": PEOPLE[number % len(PEOPLE)],
            "aud": HOST,
            "iat": SECONDS,
            "exp": SECONDS + 180,
            "qsh": hashed,
            "context": {"jira": {"project": {"key": "ÄÖÜ"}}},
        }
        for number, hashed in enumerate(hashes)
    ]

    tokens = oracle.ask({"encode": wanted, "secret": SECRET})["tokens"]

    for request, token, claims in zip(requests, tokens, wanted, strict=True):
        found, _ = connect_jwt.verify_shared(token, secrets=[SECRET], now=NOW, qsh=our_hash(request))
        assert (found.issuer, found.account, found.audience) == (claims["iss"], claims["sub"], (HOST,))
        assert found.context == claims["context"]


def test_a_token_that_we_make_is_accepted_there(oracle: node.Program, requests: list[DrawnRequest]) -> None:
    tokens = [
        connect_jwt.sign(
            app_key="backbone-work-sync",
            secret=SECRET,
            client_key=f"client-{number}",
            method=each.method,
            path=each.path,
            query=each.query or "",
            now=NOW,
        )
        for number, each in enumerate(requests)
    ]

    told = oracle.ask({"decode": tokens, "secret": SECRET})["claims"]

    assert told == [
        {
            "iss": "backbone-work-sync",
            "aud": [f"client-{number}"],
            "iat": SECONDS,
            "exp": SECONDS + 180,
            "qsh": hashed,
        }
        for number, hashed in enumerate(their_hashes(oracle, requests))
    ]


def test_an_installation_that_they_sign_is_accepted_here(oracle: node.Program) -> None:
    keys = make_keys()
    qsh = query_hash("POST", "/installed", "")
    claims = {"iss": "client-1", "aud": HOST, "iat": SECONDS, "exp": SECONDS + 180, "qsh": qsh}

    token = oracle.ask({"sign": claims, "key": keys.private, "kid": "key-1"})["token"]

    assert connect_jwt.peek(token).key_id == "key-1"
    found = connect_jwt.verify_install(token, public_key_pem=keys.public, now=NOW, audience=HOST, qsh=qsh)
    assert found.issuer == "client-1"
