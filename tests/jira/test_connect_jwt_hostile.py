"""The hostile cases that the verifier alone decides, 2 to 27."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt import CONTEXT_QSH, query_hash
from tests.support.signing import (
    APP,
    NOW,
    SECONDS,
    Keys,
    claims,
    encoded,
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


def unsigned(algorithm: str) -> Iterator[str]:
    """Tokens of an algorithm without a signature: with none, with any, and with a good one of another."""
    header, payload = json.dumps({"alg": algorithm, "kid": "key-1"}), json.dumps(claims())
    bare = f"{encoded(header.encode())}.{encoded(payload.encode())}."
    yield from (bare, bare + "AAAA", hand_made(header, payload))


def test_case_02_a_token_without_a_signature_is_refused(atlassian: Keys) -> None:
    for token in unsigned("none"):
        with pytest.raises(NotAuthenticated):
            install(token, atlassian)
        with pytest.raises(NotAuthenticated):
            shared(token)


@pytest.mark.parametrize("algorithm", ["None", "nOnE", "NONE", "none ", ""])
def test_case_03_no_other_spelling_of_none_is_taken(algorithm: str, atlassian: Keys) -> None:
    for token in unsigned(algorithm):
        with pytest.raises(NotAuthenticated):
            install(token, atlassian)
        with pytest.raises(NotAuthenticated):
            shared(token)


def test_case_04_the_public_key_is_not_taken_as_a_shared_secret(atlassian: Keys) -> None:
    header = json.dumps({"alg": "HS256", "kid": "key-1"})
    token = hand_made(header, json.dumps(claims()), secret=atlassian.public)

    with refused_as("algorithm"):
        install(token, atlassian)


def test_case_05_the_key_as_json_is_not_taken_as_a_shared_secret(atlassian: Keys) -> None:
    header = json.dumps({"alg": "HS256", "kid": "key-1"})
    token = hand_made(header, json.dumps(claims()), secret=key_as_json(atlassian))

    with refused_as("algorithm"):
        install(token, atlassian)


def test_case_06_an_install_signed_with_the_secret_it_brings_is_refused(atlassian: Keys) -> None:
    with refused_as("algorithm"):
        install(from_jira(), atlassian)


def test_case_07_a_strangers_signature_is_refused(atlassian: Keys) -> None:
    token = from_atlassian(make_keys())

    with refused_as("signature"):
        install(token, atlassian)


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c"])
def test_case_07_a_token_that_brings_its_own_key_is_refused_before_any_key_is_sought(
    name: str, atlassian: Keys
) -> None:
    with refused_as("header"):
        connect_jwt.peek(from_atlassian(atlassian, headers={name: "https://evil.example"}))


def test_case_11_an_install_for_another_app_is_refused(atlassian: Keys) -> None:
    with refused_as("audience"):
        install(from_atlassian(atlassian, aud=["https://other.example"]), atlassian)


@pytest.mark.parametrize(
    "audience",
    [
        ["https://other.example", APP],
        [APP + ".evil.example"],
        ["https://app.exampl"],
        ["https://app.example."],
        ["https://APP.example"],
        ["https://app.example@evil.example"],
        ["http://app.example"],
        [APP + "//"],
        [APP + "/x"],
        [[APP]],
        {"0": APP},
        [],
        [""],
        [None],
        7,
    ],
)
def test_case_12_only_exactly_our_address_in_first_place_counts(audience: object, atlassian: Keys) -> None:
    with refused_as("audience"):
        install(from_atlassian(atlassian, aud=audience), atlassian)


@pytest.mark.parametrize(
    ("missing", "case"),
    [("aud", "audience"), ("exp", "claims"), ("iss", "issuer"), ("qsh", "qsh"), ("iat", "claims")],
)
def test_case_13_an_install_without_one_of_its_claims_is_refused(
    missing: str, case: str, atlassian: Keys
) -> None:
    with refused_as(case):
        install(from_atlassian(atlassian, **{missing: None}), atlassian)


@pytest.mark.parametrize("missing", ["exp", "iss", "qsh", "iat"])
def test_case_13_a_shared_token_without_one_of_its_claims_is_refused(missing: str) -> None:
    with pytest.raises(NotAuthenticated):
        shared(from_jira(**{missing: None}))


def test_case_14_a_token_lives_30_seconds_past_its_expiry_and_no_longer() -> None:
    token = from_jira()

    assert shared(token, now=NOW + timedelta(seconds=210)).issuer == "client-1"
    with refused_as("expired"):
        shared(token, now=NOW + timedelta(seconds=211))


def test_case_15_an_expiry_years_ahead_is_refused(atlassian: Keys) -> None:
    assert install(from_atlassian(atlassian, exp=SECONDS + 86400), atlassian).issuer == "client-1"
    with refused_as("far_expiry"):
        install(from_atlassian(atlassian, exp=SECONDS + 86401), atlassian)
    with refused_as("far_expiry"):
        install(from_atlassian(atlassian, exp=SECONDS + 10 * 365 * 86400), atlassian)


def test_case_15_a_token_from_the_future_is_refused() -> None:
    assert shared(from_jira(iat=SECONDS + 30)).issued_at == SECONDS + 30
    with refused_as("not_yet"):
        shared(from_jira(iat=SECONDS + 31))


@pytest.mark.parametrize(
    "expiry",
    [f'"{SECONDS + 60}"', f"{SECONDS + 60}.0", "NaN", "Infinity", "true", "-1", "[]", "null", "1e12"],
)
def test_case_16_an_expiry_that_is_no_whole_number_is_refused(expiry: str) -> None:
    payload = json.dumps(claims()).replace(str(SECONDS + 180), expiry)

    with pytest.raises(NotAuthenticated):
        shared(hand_made('{"alg":"HS256"}', payload))


@pytest.mark.parametrize("issued", [True, False, 1.0, "1", -1])
def test_case_16_a_moment_of_signing_that_is_no_whole_number_is_refused(issued: object) -> None:
    with refused_as("claims"):
        shared(from_jira(iat=issued))


def test_case_22_a_context_token_is_refused_where_a_signed_request_is_expected(atlassian: Keys) -> None:
    with refused_as("qsh"):
        shared(from_jira(qsh=CONTEXT_QSH))
    with refused_as("algorithm"):
        install(from_jira(qsh=CONTEXT_QSH), atlassian)


def test_case_23_the_hash_of_another_path_is_refused() -> None:
    with refused_as("qsh"):
        shared(from_jira(qsh=query_hash("POST", "/uninstalled", "")))


def test_case_24_the_hash_of_another_method_is_refused() -> None:
    with refused_as("qsh"):
        shared(from_jira(qsh=query_hash("GET", "/installed", "")))


def test_case_26_a_lifecycle_call_never_takes_a_context_hash(atlassian: Keys) -> None:
    with refused_as("qsh"):
        install(from_atlassian(atlassian, qsh=CONTEXT_QSH), atlassian, qsh=CONTEXT_QSH)


def test_case_27_a_token_of_an_iframe_is_refused_where_own_pages_call() -> None:
    with refused_as("qsh"):
        shared(from_jira(), qsh=CONTEXT_QSH)
