"""The verifier: what it accepts and reads, and that it tells nothing."""

import json
from typing import Any

import jwt
import pytest

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt import CONTEXT_QSH, query_hash
from tests.support.signing import (
    APP,
    NOW,
    QSH,
    SECONDS,
    SECRET,
    Keys,
    claims,
    from_atlassian,
    from_jira,
    hand_made,
    install,
    key_as_json,
    make_keys,
    refused_as,
    shared,
)


@pytest.fixture(scope="module")
def atlassian() -> Keys:
    return make_keys()


def test_a_signed_install_is_accepted_and_read(atlassian: Keys) -> None:
    found = install(from_atlassian(atlassian, aud=APP + "/", jti="token-1"), atlassian)

    assert (found.issuer, found.account, found.audience, found.token_id) == (
        "client-1",
        None,
        (APP + "/",),
        "token-1",
    )


def test_a_token_of_the_site_is_accepted_with_its_user_and_context() -> None:
    found = shared(from_jira(sub="5b10a2844c20165700ede21g", context={"jira": {"project": {"id": "1"}}}))

    assert found.account == "5b10a2844c20165700ede21g"
    assert found.context == {"jira": {"project": {"id": "1"}}}
    assert (found.issued_at, found.expires_at) == (SECONDS, SECONDS + 180)


def test_our_own_signature_binds_the_call_and_lasts_three_minutes() -> None:
    token = connect_jwt.sign(
        app_key="our.app",
        secret=SECRET,
        client_key="client-1",
        method="GET",
        path="/rest/api/3/myself",
        query="a=1",
        now=NOW,
    )

    assert jwt.decode(
        token,
        SECRET,
        algorithms=["HS256"],
        options={"verify_signature": True, "verify_exp": False, "verify_iat": False, "verify_aud": False},
    ) == {
        "iss": "our.app",
        "aud": ["client-1"],
        "iat": SECONDS,
        "exp": SECONDS + 180,
        "qsh": query_hash("GET", "/rest/api/3/myself", "a=1"),
    }


def test_a_peek_tells_algorithm_key_issuer_and_audience(atlassian: Keys) -> None:
    signed, shared_one = from_atlassian(atlassian, aud=[APP]), from_jira(aud="anybody")

    assert connect_jwt.peek(signed) == connect_jwt.Peek("RS256", "key-1", "client-1", [APP])
    assert connect_jwt.peek(shared_one) == connect_jwt.Peek("HS256", None, "client-1", "anybody")


def test_a_context_token_is_accepted_where_the_view_states_so() -> None:
    assert shared(from_jira(qsh=CONTEXT_QSH), qsh=CONTEXT_QSH).qsh == CONTEXT_QSH


@pytest.mark.parametrize("changes", [{"sub": 7}, {"sub": ""}, {"jti": ["x"]}, {"context": "x"}])
def test_claims_of_the_wrong_form_are_refused(changes: dict[str, Any]) -> None:
    with refused_as("claims"):
        shared(hand_made('{"alg":"HS256"}', json.dumps(claims(**changes))))


def test_a_refusal_tells_the_outside_nothing() -> None:
    with pytest.raises(NotAuthenticated) as refusal:
        shared(from_jira(exp=SECONDS - 1000))

    assert "exp" not in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_what_is_read_from_a_token_shows_neither_the_token_nor_its_context_when_printed() -> None:
    token = from_jira(context={"jira": {"issue": {"key": "TOP-1"}}})

    printed = repr(shared(token)) + repr(connect_jwt.peek(token))

    assert "client-1" in printed
    assert not any(part in printed for part in token.split("."))
    assert "TOP-1" not in printed


def test_a_key_as_json_is_never_a_shared_secret(atlassian: Keys) -> None:
    """CVE-2026-48526: PyJWT before 2.13 took a JWK for the secret of an HMAC."""
    key_set = key_as_json(atlassian)
    token = hand_made('{"alg":"HS256"}', json.dumps(claims()), secret=key_set)

    with refused_as("signature"):
        connect_jwt.verify_shared(token, secrets=[key_set], now=NOW, qsh=QSH)
