from urllib.parse import parse_qsl

import jwt
import pytest

from jira_sandbox.connect import tokens

PUBLISHED = [
    ("xdm_e", "https://kabakumov.atlassian.net"),
    ("xdm_c", "channel-com.github.integration.konstantin__github-post-install-page"),
    ("cp", ""),
    ("xdm_deprecated_addon_key_do_not_use", "com.github.integration.konstantin"),
    ("lic", "none"),
    ("cv", "1001.0.0-SNAPSHOT"),
]


def test_the_hash_of_a_published_request_is_the_published_one() -> None:
    made = tokens.query_string_hash("GET", "/jira/configuration", [*PUBLISHED, ("jwt", "any")])

    assert made == "345c5da1c34c5126155b18ff4522446c89cc017debe4878bfa6056cacd5245ae"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a?x=2&x=10&x=1", "/a?x=1&x=2&x=10"),
        ("/a?b=1&a=2", "/a?a=2&b=1"),
        ("/a/?x", "/a?x="),
        ("/a?x=1+2", "/a?x=1%202"),
        ("a?x=1", "/a?x=1&jwt=t"),
        ("/a?x=*", "/a?x=%2A"),
        ("/a&b", "/a%26b"),
    ],
)
def test_requests_that_mean_the_same_hash_the_same(one: str, other: str) -> None:
    assert _hash(one) == _hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a", "/b"),
        ("/a//b", "/a/b"),
        ("/a?x=1", "/a?x=2"),
        ("/a?x=1,2", "/a?x=1&x=2"),
        ("/a?A=1&a=2", "/a?A=2&a=1"),
        ("/a?x=1&JWT=t", "/a?x=1"),
        ("/a%2Fb", "/a/b"),
    ],
)
def test_requests_that_differ_hash_differently(one: str, other: str) -> None:
    assert _hash(one) != _hash(other)


def test_the_method_counts_and_its_case_does_not() -> None:
    assert tokens.query_string_hash("get", "/a", []) == tokens.query_string_hash("GET", "/a", [])
    assert tokens.query_string_hash("POST", "/a", []) != tokens.query_string_hash("GET", "/a", [])


def test_a_url_is_hashed_without_the_apps_base_path() -> None:
    made = tokens.hash_for_url("POST", "https://app.example/base/hook?x=1", "https://app.example/base")

    assert made == tokens.query_string_hash("POST", "/hook", [("x", "1")])


def test_another_library_accepts_our_tokens() -> None:
    claims = {"iss": "me", "qsh": "h"}
    secret = "s" * 64

    by_secret = tokens.sign_hs256(claims, secret)
    by_key = tokens.sign_rs256(claims, kid="k-1")

    assert jwt.decode(by_secret, secret, algorithms=["HS256"]) == claims
    assert jwt.decode(by_key, tokens.public_key_pem(), algorithms=["RS256"]) == claims
    assert jwt.get_unverified_header(by_key) == {"alg": "RS256", "typ": "JWT", "kid": "k-1"}


def test_we_accept_another_librarys_token() -> None:
    secret = "s" * 64

    assert tokens.read_hs256(jwt.encode({"iss": "me"}, secret, "HS256"), secret) == {"iss": "me"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "....",
        jwt.encode({"iss": "me"}, "t" * 64, "HS256"),
        jwt.encode({"iss": "me"}, "s" * 64, "HS512"),
        jwt.encode({"iss": "me"}, "", "none"),
        jwt.encode({"iss": "me"}, "s" * 64, "HS256")[:-2],
    ],
)
def test_a_token_not_made_with_the_secret_is_refused(token: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read_hs256(token, "s" * 64)


def _hash(address: str) -> str:
    path, _, query = address.partition("?")
    return tokens.query_string_hash("GET", path, parse_qsl(query, keep_blank_values=True))
