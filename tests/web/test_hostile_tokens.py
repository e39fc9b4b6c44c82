"""Somebody sends tokens of odd shapes, headers and algorithms to every kind of door (cases 35 to 38)."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.jira.connect_jwt.unverified import MAX_TOKEN
from jira_sandbox.world import World
from tests.support.app import Jira, call_app
from tests.support.atlassian import PAGE, Customer
from tests.support.hostile import (
    Attack,
    encoded,
    foreign_key,
    good_claims,
    hs256,
    install_body,
    request_hash,
    signed,
)
from tests.support.sandbox import VirtualClock

DOORS = {"lifecycle": "/installed", "webhook": "/webhooks/jira", "own page": "/spaces/10000/overview"}


@dataclass(frozen=True, slots=True)
class Door:
    """One way in, and a holder of the right secret in front of it."""

    attack: Attack
    jira: Jira
    target: str

    @property
    def claims(self) -> dict[str, Any]:
        """Claims that are right here but for the signature."""
        if self.target == DOORS["own page"]:
            return self.jira.claims(qsh="context-qsh", sub=self.jira.account("alice"))
        return good_claims(self.jira, self.target, qsh=request_hash("POST", self.target))

    @property
    def secret(self) -> bytes:
        """The site's shared secret."""
        return self.jira.app.shared_secret.encode()

    def refuses(self, token: str) -> None:
        """Try the token as Jira would bring it."""
        method = "GET" if self.target == DOORS["own page"] else "POST"
        body = json.dumps(install_body(self.jira)).encode() if method == "POST" else b""
        self.attack.refused(method, self.target, headers={"Authorization": f"JWT {token}"}, body=body)


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest, attack: Attack, jira: Jira) -> Door:
    return Door(attack, jira, DOORS[request.param])


def texts(claims: dict[str, Any]) -> Iterator[str]:
    """Claims as no encoder writes them, correctly signed all the same."""
    text = json.dumps(claims)
    yield text[:-1] + ',"iss":"somebody-else"}'
    yield '{"iss":"somebody-else",' + text[1:]
    yield text[:-1] + ',"context":' + "[" * 1500 + "]" * 1500 + "}"
    yield text[:-1] + ',"context":' + '{"a":' * 65 + "1" + "}" * 65 + "}"
    yield text[:-1] + ',"context":NaN}'
    yield text.replace(str(claims["exp"]), "1" * 5000)
    yield f"[{text}]"
    yield text + text
    yield "\ufeff" + text
    yield "null"
    yield ""


def test_case_35_claims_that_two_parsers_could_read_differently(door: Door) -> None:
    for text in texts(door.claims):
        door.refuses(hs256(text, door.secret))


def shapes(token: str) -> Iterator[str]:
    """Good tokens, put down in a way that is not theirs."""
    header, claims, signature = token.split(".")
    jwe = encoded(b'{"alg":"RSA-OAEP-256","enc":"A256GCM"}')
    yield ".".join((jwe, *(encoded(b"x" * 16),) * 4))
    yield f"{header}.{claims}"
    yield f"{header}.{claims}."
    yield f"..{signature}"
    yield f"{token}."
    yield f".{token}"
    yield f"{header}..{claims}.{signature}"
    yield f"{header}=.{claims}.{signature}"
    yield f"{header}.{claims}.{signature}=="
    yield f"{header}.{claims}.{signature}AAAA"
    yield f"{header}.{claims}!.{signature}"
    yield f"{header}.{claims}.{signature.swapcase()}"
    yield f"{header}.{encoded(bytes([0xFF, 0xFE]))}.{signature}"
    yield f"{token} {token}"
    yield token[:-1] + chr(ord(token[-1]) ^ 1)
    yield json.dumps({"protected": header, "payload": claims, "signature": signature})


def test_case_35_a_token_that_is_not_written_as_one(door: Door) -> None:
    for shape in shapes(hs256(door.claims, door.secret)):
        door.refuses(shape)


@pytest.mark.parametrize("size", [MAX_TOKEN, 100_000, 1_000_000])
def test_case_35_a_token_that_is_too_long_to_be_taken_apart(door: Door, size: int) -> None:
    door.refuses(hs256({**door.claims, "context": {"x": "x" * size}}, door.secret))


@pytest.mark.parametrize(
    "header",
    [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"b64": True}, {"zip": "DEF"}, {"zip": None}],
    ids=json.dumps,
)
def test_case_36_a_header_with_rules_of_its_own(door: Door, header: dict[str, object]) -> None:
    door.refuses(hs256(door.claims, door.secret, **header))


def test_case_36_the_payload_is_never_taken_as_it_stands(door: Door) -> None:
    header = encoded(json.dumps({"alg": "HS256", "b64": False, "crit": ["b64"]}).encode())
    signature = encoded(hmac.digest(door.secret, f"{header}.{json.dumps(door.claims)}".encode(), "sha256"))

    door.refuses(f"{header}.{json.dumps(door.claims)}.{signature}")


def test_case_37_other_algorithms_with_good_keys_of_their_own(door: Door) -> None:
    headers = {"kid": door.jira.world.kid}

    door.refuses(jwt.encode(door.claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers))
    door.refuses(jwt.encode(door.claims, ed25519.Ed25519PrivateKey.generate(), "EdDSA", headers))
    for algorithm in ("PS256", "RS384", "RS512"):
        door.refuses(jwt.encode(door.claims, foreign_key(), algorithm, headers))
    for algorithm in ("HS384", "HS512"):
        door.refuses(jwt.encode(door.claims, door.secret * 3, algorithm, headers))
    for algorithm in ("HS256 ", "hs256", "HS-256", "SHA256", "HMAC"):
        door.refuses(hs256(door.claims, door.secret, alg=algorithm))


def test_case_37_what_atlassian_signed_opens_no_door_of_a_site(attack: Attack, jira: Jira) -> None:
    for target in (DOORS["webhook"], DOORS["own page"]):
        door = Door(attack, jira, target)
        door.refuses(signed(jira, door.claims))


@dataclass(slots=True)
class Work:
    """What a call made the app compute and ask its database."""

    macs: int = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work, compute = Work(), hmac.new

    def counted(*given: Any, **options: Any) -> hmac.HMAC:
        work.macs += 1
        return compute(*given, **options)

    monkeypatch.setattr(hmac, "new", counted)
    return work


@pytest.mark.parametrize("name", ["webhook", "own page"])
def test_case_38_a_site_we_never_met_costs_the_work_of_a_bad_signature(
    attack: Attack, jira: Jira, work: Work, name: str
) -> None:
    door = Door(attack, jira, DOORS[name])
    guessed = b"a secret that somebody has guessed wrongly"
    known, unknown = (
        hs256(door.claims, guessed),
        hs256({**door.claims, "iss": "a-site-we-never-met"}, guessed),
    )
    spent: list[tuple[int, int]] = []

    for token in (known, unknown):
        work.macs = 0
        with CaptureQueriesContext(connection) as queries:
            door.refuses(token)
        asked = [each for each in queries.captured_queries if 'client_key" =' in each["sql"]]
        spent.append((work.macs, len(asked)))

    assert spent == [(3, 1), (3, 1)]  # a place for each secret a site may have, whether it has it or not


@pytest.mark.django_db
def test_case_38_which_of_its_secrets_a_site_used_does_not_show_in_the_work(
    world: World, clock: VirtualClock, work: Work
) -> None:
    customer = Customer(world)
    for address in (customer.address, customer.address, "https://globex-renamed.atlassian.net"):
        customer.installed(baseUrl=address).send()
        clock.advance(seconds=1)
    sent = [customer.request_token("GET", PAGE, secret=secret) for secret in customer.secrets]
    spent: list[tuple[int, int]] = []

    for token in sent:
        work.macs = 0
        answer = call_app("GET", PAGE, headers={"Authorization": f"JWT {token}"})
        spent.append((answer.status_code, work.macs))

    assert spent == [(200, 3), (200, 3), (503, 3)]  # the former one, that in force, the one that waits
