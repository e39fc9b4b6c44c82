"""Whatever comes as a token to the webhook, the lifecycle, an entry or an own page is refused, never a 500.

200 requests each in the suite, always the same ones; 1,000 others in ``make heavy``.
"""

import json
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backbone_app import gateway
from backbone_app.models.site import SiteStatus
from tests.support.app import Jira, call_app
from tests.support.hostile import good_claims, hs256, install_body, request_hash, signed
from tests.support.slices import WHOLE

HOOK = "/webhooks/jira"
INSTALLED = "/installed"
OVERVIEW = "/spaces/10000/overview"
ENTRY = "/space-settings?spaceId=10000&spaceKey=ALPHA"

# What matters of the site is the same after each example, so that one site serves them all.
fuzz = settings(
    max_examples=1000 if WHOLE else 200,
    derandomize=not WHOLE,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: how a token is brought to it, what a good one says, and who signs it."""

    bring: Callable[[str], HttpResponse]
    claims: dict[str, Any]
    sign: Callable[..., str]

    def refuses(self, token: str) -> None:
        """Try what may be a token."""
        assert self.bring(token).status_code == 401


@pytest.fixture
def doors(jira: Jira) -> dict[str, Door]:
    """All four; at the lifecycle Atlassian's own key signs, but for tokens with headers of their own."""
    body = json.dumps(install_body(jira, sharedSecret=jira.app.shared_secret)).encode()

    def shared(claims: dict[str, Any] | str, **header: object) -> str:
        return hs256(claims, jira.app.shared_secret.encode(), **header)

    def asymmetric(claims: dict[str, Any], **header: object) -> str:
        return shared(claims, **header) if header else signed(jira, claims)

    def called(method: str, target: str) -> Callable[[str], HttpResponse]:
        return lambda token: call_app(
            method, target, headers={"Authorization": f"JWT {token}"}, body=b"" if method == "GET" else body
        )

    def opened(token: str) -> HttpResponse:
        return call_app("GET", f"{ENTRY}&jwt={quote(token, safe='')}")

    hook, entry = (jira.claims(qsh=request_hash(*each)) for each in (("POST", HOOK), ("GET", ENTRY)))
    return {
        "webhook": Door(called("POST", HOOK), hook, shared),
        "installed": Door(called("POST", INSTALLED), good_claims(jira, INSTALLED), asymmetric),
        "page": Door(
            called("GET", OVERVIEW), jira.claims(qsh="context-qsh", sub=jira.account("alice")), shared
        ),
        "entry": Door(opened, entry, shared),
    }


BASE64URL = string.ascii_letters + string.digits + "-_"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SHAPES = st.one_of(
    st.text(max_size=60),
    st.text(BASE64URL + ".=~ ", max_size=300),
    st.from_regex(rf"[{BASE64URL}]{{0,90}}(\.[{BASE64URL}]{{0,90}}){{1,5}}", fullmatch=True),
    st.integers(min_value=8000, max_value=9000).map(lambda size: "a." * size),
)
HEADERS = st.dictionaries(
    st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "jku", "x5u", "jwk", "x5c", "cty", "enc"])
    | st.text(max_size=6),
    JSON,
    max_size=4,
)


NAMES = st.sampled_from(["webhook", "installed", "page", "entry"])
NOT_NEEDED = {"sub", "context"}
NOT_LOOKED_AT = {("webhook", "aud"), ("page", "aud"), ("entry", "aud")}
"""The site's own tokens need no audience: Jira sends none."""


def is_no_time(value: object) -> bool:
    """Whether no verifier may take this for a moment near now."""
    return type(value) is not int or not 0 <= value < 2**33


def unharmed(jira: Jira) -> bool:
    """Whether the site is enabled, where it was, with the secret that Jira has."""
    row = jira.row
    return row.status == SiteStatus.ENABLED and gateway.shared_secret(row) == jira.app.shared_secret


@fuzz
@given(name=NAMES, token=SHAPES)
def test_what_is_no_token_is_refused(doors: dict[str, Door], name: str, token: str) -> None:
    doors[name].refuses(token)


@fuzz
@given(
    name=NAMES, place=st.integers(0), others=st.text(BASE64URL + ".=", max_size=3), taken=st.integers(0, 40)
)
def test_a_good_token_that_was_changed_is_refused(
    doors: dict[str, Door], name: str, place: int, others: str, taken: int
) -> None:
    good = doors[name].sign(doors[name].claims)
    at = place % len(good)
    changed = good[:at] + others + good[at + taken :]
    assume(changed != good)

    doors[name].refuses(changed)


@fuzz
@given(
    name=NAMES,
    claim=st.sampled_from(["iss", "exp", "iat", "qsh", "aud", "sub", "context"]),
    value=JSON.filter(is_no_time),
)
def test_a_claim_of_any_type_is_refused_where_the_right_one_is_needed(
    jira: Jira, doors: dict[str, Door], name: str, claim: str, value: object
) -> None:
    assume(claim != "sub" or not isinstance(value, str))  # Jira is asked about a person of any name
    token = doors[name].sign({**doors[name].claims, claim: value})

    status = doors[name].bring(token).status_code

    assert status == 401 or (status < 500 and (claim in NOT_NEEDED or (name, claim) in NOT_LOOKED_AT))
    assert unharmed(jira)


@fuzz
@given(
    name=NAMES.filter(lambda name: name != "installed"), claims=JSON.map(json.dumps) | st.text(max_size=80)
)
def test_claims_of_any_form_under_a_good_signature_are_refused(
    doors: dict[str, Door], name: str, claims: str
) -> None:
    doors[name].refuses(doors[name].sign(claims))


@fuzz
@given(name=NAMES, header=HEADERS)
def test_a_header_of_any_form_is_refused_or_says_nothing(
    jira: Jira, doors: dict[str, Door], name: str, header: dict[str, object]
) -> None:
    status = doors[name].bring(doors[name].sign(doors[name].claims, **header)).status_code

    assert status == 401 or (status < 500 and header.get("alg", "HS256") == "HS256")
    assert unharmed(jira)
