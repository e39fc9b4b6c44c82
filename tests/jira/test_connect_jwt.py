"""The verifier: what it accepts, and the hostile cases that it alone decides."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt import CONTEXT_QSH, query_hash
from backbone_app.jira.connect_jwt.signed import NOBODYS_SECRET

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SECRET = "a shared secret that is long enough for HS256"
APP = "https://app.example"
QSH = query_hash("POST", "/installed", "")


@dataclass(frozen=True)
class Keys:
    private: str
    public: str


@pytest.fixture(scope="module")
def atlassian() -> Keys:
    return make_keys()


@pytest.fixture(scope="module")
def stranger() -> Keys:
    return make_keys()


def make_keys() -> Keys:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Keys(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def claims(**changes: Any) -> dict[str, Any]:
    """A good set of claims; a change to None takes the claim out."""
    good = {"iss": "client-1", "aud": [APP], "iat": SECONDS, "exp": SECONDS + 180, "qsh": QSH}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def hand_made(header: str, payload: str, *, secret: str = SECRET) -> str:
    """A token with exactly these JSON texts, correctly signed with HS256."""
    signed = f"{encoded(header.encode())}.{encoded(payload.encode())}"
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"


def install(token: str, keys: Keys, *, qsh: str = QSH, now: datetime = NOW) -> connect_jwt.Claims:
    return connect_jwt.verify_install(token, public_key_pem=keys.public, now=now, audience=APP, qsh=qsh)


def shared(token: str, *, qsh: str = QSH, now: datetime = NOW) -> connect_jwt.Claims:
    return connect_jwt.verify_shared(token, secret=SECRET, now=now, qsh=qsh)


def from_atlassian(keys: Keys, *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(
        claims(**changes), keys.private, algorithm="RS256", headers={"kid": "key-1", **(headers or {})}
    )


def from_jira(**changes: Any) -> str:
    return jwt.encode(claims(**changes), SECRET, algorithm="HS256")


def refused_as(case: str) -> Any:
    return pytest.raises(NotAuthenticated, check=lambda refusal: refusal.case == case)


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


def test_a_peek_tells_algorithm_key_and_issuer(atlassian: Keys) -> None:
    assert connect_jwt.peek(from_atlassian(atlassian)) == connect_jwt.Peek("RS256", "key-1", "client-1")
    assert connect_jwt.peek(from_jira()) == connect_jwt.Peek("HS256", None, "client-1")


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "NONE", ""])
def test_case_02_and_03_no_algorithm_is_refused_in_every_spelling(algorithm: str, atlassian: Keys) -> None:
    header, payload = json.dumps({"alg": algorithm, "kid": "key-1"}), json.dumps(claims())
    unsigned = f"{encoded(header.encode())}.{encoded(payload.encode())}."

    for token in (unsigned, unsigned + "AAAA", hand_made(header, payload)):
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
    key_set = jwt.algorithms.RSAAlgorithm.to_jwk(
        jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).prepare_key(atlassian.public)
    )
    token = hand_made(json.dumps({"alg": "HS256", "kid": "key-1"}), json.dumps(claims()), secret=key_set)

    with refused_as("algorithm"):
        install(token, atlassian)


def test_case_06_an_install_signed_with_the_secret_it_brings_is_refused(atlassian: Keys) -> None:
    with refused_as("algorithm"):
        install(from_jira(), atlassian)


def test_case_07_a_strangers_signature_is_refused(atlassian: Keys, stranger: Keys) -> None:
    with refused_as("signature"):
        install(from_atlassian(stranger), atlassian)


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


def test_case_22_a_context_token_is_refused_where_a_signed_request_is_expected(atlassian: Keys) -> None:
    with refused_as("qsh"):
        shared(from_jira(qsh=CONTEXT_QSH))
    with refused_as("algorithm"):
        install(from_jira(qsh=CONTEXT_QSH), atlassian)


def test_a_context_token_is_accepted_where_the_view_states_so() -> None:
    assert shared(from_jira(qsh=CONTEXT_QSH), qsh=CONTEXT_QSH).qsh == CONTEXT_QSH


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


def hostile_shapes() -> Iterator[str]:
    header, payload, signature = from_jira().split(".")
    good_header, good_payload = '{"alg":"HS256"}', json.dumps(claims())
    yield hand_made(good_header, good_payload[:-1] + ',"iss":"client-2"}')
    yield hand_made('{"alg":"HS256","alg":"HS256"}', good_payload)
    yield hand_made(good_header, good_payload[:-1] + ',"context":' + "[" * 2000 + "]" * 2000 + "}")
    yield hand_made(good_header, good_payload[:-1] + ',"context":"' + "x" * 1_000_000 + '"}')
    yield hand_made(good_header, "[1]")
    yield hand_made(good_header, "not json")
    yield hand_made(good_header, '"\\ud800"')
    yield f"{header}=.{payload}.{signature}"
    yield f"{header}.{payload}.{signature}="
    yield f"{header}.{payload}.{signature}."
    yield f".{header}.{payload}.{signature}"
    yield f"{header}.{payload}"
    yield f"{header}..{payload}.{signature}"
    yield f"{header}.{payload}.{signature}.{signature}.{signature}"
    yield f"{header}.{payload}.!!!"
    yield f"{header}.{payload}.{signature}A"
    yield f"{header}.{payload}.{signature[:-1]}{'B' if signature[-1] != 'B' else 'C'}"
    yield f" {header}.{payload}.{signature}"
    yield f"{header}.{payload}.{signature}\n"
    yield f"{header}.{encoded(bytes([0xFF]))}.{signature}"
    yield f"{header}.{payload}.A"
    yield ""


@pytest.mark.parametrize("token", list(hostile_shapes()), ids=lambda token: f"{token[:12]}-{len(token)}")
def test_case_35_a_token_that_is_not_strictly_one_token_is_refused(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        shared(token)


@pytest.mark.parametrize("issuer", [7, "", "x" * 256, "a\x00b", "\ud800", ["client-1"]])
def test_case_35_an_issuer_that_is_no_identifier_is_refused(issuer: object) -> None:
    with refused_as("issuer"):
        connect_jwt.peek(hand_made('{"alg":"HS256"}', json.dumps(claims(iss=issuer))))


@pytest.mark.parametrize(
    "extra", ['"crit":["exp"]', '"b64":false', '"zip":"DEF"', '"kid":7', '"kid":["a"]', '"alg2":1,"crit":[]']
)
def test_case_36_a_header_with_rules_of_its_own_is_refused(extra: str) -> None:
    with refused_as("header"):
        shared(hand_made('{"alg":"HS256",' + extra + "}", json.dumps(claims())))


def test_case_37_other_algorithms_are_refused_with_a_good_key_of_their_own(atlassian: Keys) -> None:
    tokens = [
        jwt.encode(claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
        jwt.encode(claims(), ed25519.Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        jwt.encode(claims(), atlassian.private, algorithm="PS256"),
        jwt.encode(claims(), atlassian.private, algorithm="RS512"),
        jwt.encode(claims(), SECRET * 2, algorithm="HS512"),
    ]

    for token in tokens:
        with refused_as("algorithm"):
            install(token, atlassian)
        with refused_as("algorithm"):
            shared(token)


@pytest.mark.parametrize("well_formed", [True, False])
def test_case_38_an_unknown_site_is_refused_after_the_work_of_a_bad_signature(well_formed: bool) -> None:
    with refused_as("unknown_site"):
        connect_jwt.dummy_verify(from_jira() if well_formed else "not a token")


def test_case_38_even_who_signs_with_the_stand_in_secret_is_nobody() -> None:
    token = jwt.encode(claims(), NOBODYS_SECRET, algorithm="HS256")

    with refused_as("unknown_site"):
        connect_jwt.dummy_verify(token)


@pytest.mark.parametrize("changes", [{"sub": 7}, {"sub": ""}, {"jti": ["x"]}, {"context": "x"}])
def test_claims_of_the_wrong_form_are_refused(changes: dict[str, Any]) -> None:
    with refused_as("claims"):
        shared(hand_made('{"alg":"HS256"}', json.dumps(claims(**changes))))


def test_a_refusal_tells_the_outside_nothing() -> None:
    with pytest.raises(NotAuthenticated) as refusal:
        shared(from_jira(exp=SECONDS - 1000))

    assert "exp" not in str(refusal.value)
    assert SECRET not in str(refusal.value)
