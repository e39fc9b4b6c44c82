"""The query string hash: published vectors, rules, and what must not change it."""

import hashlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.jira.connect_jwt import query_hash

PUBLISHED_QUERY = (
    "xdm_e=https%3A%2F%2Fkabakumov.atlassian.net"
    "&xdm_c=channel-com.github.integration.konstantin__github-post-install-page"
    "&cp=&xdm_deprecated_addon_key_do_not_use=com.github.integration.konstantin"
    "&lic=none&cv=1001.0.0-SNAPSHOT"
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PARAMETERS = st.lists(st.tuples(WORDS, WORDS), max_size=6)


def hash_of(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def test_the_vector_published_with_atlassians_own_app_comes_out() -> None:
    found = query_hash("GET", "/jira/configuration", PUBLISHED_QUERY)

    assert found == "345c5da1c34c5126155b18ff4522446c89cc017debe4878bfa6056cacd5245ae"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("x=2&x=10&x=1", "x=1,10,2"),
        ("x", "x="),
        ("=v", "=v"),
        ("x=%zz", "x=%25zz"),
        ("x=*~!()'-_.", "x=%2A~%21%28%29%27-_."),
        ("x=a+b", "x=a%20b"),
        ("x=a%2Cb", "x=a%2Cb"),
        ("x=a,b", "x=a%2Cb"),
        ("b=1&B=2&a=3&A=4", "A=4&B=2&a=3&b=1"),
        ("repeated=parameter%202&repeated=parameter%201", "repeated=parameter%201,parameter%202"),
        ("jwt=aaa.bbb.ccc&JWT=kept", "JWT=kept"),
        ("x=1;y=2", "x=1%3By%3D2"),
        ("x=1&&y=2", "x=1&y=2"),
        ("x=a=b", "x=a%3Db"),
        ("x=%F0%9F%90%A1&x=%ef%bd%a1", "x=%EF%BD%A1,%F0%9F%90%A1"),
        ("", ""),
    ],
)
def test_a_query_is_sorted_and_encoded_as_atlassian_jwt_does(query: str, canonical: str) -> None:
    assert query_hash("GET", "/a", query) == hash_of(f"GET&/a&{canonical}")


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/", "/"),
        ("a", "/a"),
        ("/a/", "/a"),
        ("/a//b///", "/a//b//"),
        ("/a&b", "/a%26b"),
        ("/a%20b", "/a%20b"),
        ("/a%2fb", "/a%2fb"),
    ],
)
def test_a_path_loses_one_trailing_slash_and_is_otherwise_hashed_as_received(
    path: str, canonical: str
) -> None:
    assert query_hash("get", path, "") == hash_of(f"GET&{canonical}&")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x=a%2Fb", "x=a%252Fb"),
        ("x=1;y=2", "x=1&y=2"),
        ("x=", ""),
        ("x=1&x=2", "x=1%2C2"),
        ("x=%2B", "x=+"),
        ("x=%ff", "x=%fe"),
        ("x=1", "X=1"),
    ],
)
def test_case_25_queries_that_say_different_things_have_different_hashes(one: str, other: str) -> None:
    assert query_hash("GET", "/a", one) != query_hash("GET", "/a", other)


@given(PARAMETERS, st.randoms(use_true_random=False))
def test_case_25_order_and_spelling_of_parameters_do_not_matter(
    parameters: list[tuple[str, str]], chance: object
) -> None:
    plain = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in parameters)
    shuffled = sorted(parameters, key=lambda _: chance.random())  # type: ignore[attr-defined]

    respelled = "&".join(f"{spelled_out(key)}={spelled_out(value)}" for key, value in shuffled)

    assert query_hash("POST", "/a", plain) == query_hash("post", "/a/", respelled)


def spelled_out(text: str) -> str:
    """Every byte percent-encoded in lower case, blanks as plus: another spelling of the same."""
    return "".join("+" if byte == 0x20 else f"%{byte:02x}" for byte in text.encode())
