"""What Forge signed is read strictly, and only what it signed for this moment and this app counts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import hostile
from tests.support.app import Jira
from tests.support.environment import APP
from tests.support.forge import Deny, app_claims, event_body, fit, fit_claims, post_forge


@pytest.mark.parametrize("claim", ["aud", "iss", "iat", "exp", "app"])
def test_a_claim_is_missing(deny: Deny, jira: Jira, claim: str) -> None:
    deny(fit(jira, fit_claims(jira, **{claim: None})), fetches=int(claim not in {"iss", "aud"}))


@pytest.mark.parametrize("issuer", ["", "forge", "forge/invocation-token/", "Forge/Invocation-Token", APP, 7])
def test_another_issuer(deny: Deny, jira: Jira, issuer: object) -> None:
    deny(fit(jira, fit_claims(jira, iss=issuer)))


@pytest.mark.parametrize(
    ("issued", "expires"),
    [(-60, -11), (11, 30), (3600, 3625), (0, 301), (0, 10 * 365 * 86_400), (-400, 5), (5, -5)],
)
def test_a_token_of_another_time(deny: Deny, jira: Jira, issued: int, expires: int) -> None:
    now = int(jira.world.clock().timestamp())

    deny(fit(jira, fit_claims(jira, iat=now + issued, exp=now + expires)), fetches=1)
    deny(fit(jira, fit_claims(jira, nbf=now + 60)))


@pytest.mark.parametrize(("issued", "expires"), [(-34, -9), (9, 34), (0, 300)])
def test_a_clock_may_be_a_little_off(jira: Jira, route: str, issued: int, expires: int) -> None:
    now = int(jira.world.clock().timestamp())
    token = fit(jira, fit_claims(jira, iat=now + issued, exp=now + expires))

    assert post_forge(route, token, event_body(jira)).status_code == 204


@pytest.mark.parametrize("value", ['"9999999999"', "1795312000.5", "true", "-1", "[1]", "{}"])
def test_a_time_that_is_no_whole_number(deny: Deny, jira: Jira, value: str) -> None:
    deny(fit(jira, fit_claims(jira, exp=json.loads(value))), fetches=1)
    deny(fit(jira, fit_claims(jira, iat=json.loads(value))))
    deny(fit(jira, fit_claims(jira, nbf=json.loads(value))))


@pytest.mark.parametrize(
    "address",
    [
        "https://api.atlassian.com/ex/jira/",
        "https://api.atlassian.com/ex/confluence/{}",
        "https://api.atlassian.com/ex/jira/{}/",
        "https://api.atlassian.com.evil.example/ex/jira/{}",
        "https://evil.example/ex/jira/{}",
        "http://api.atlassian.com/ex/jira/{}",
        "https://api.atlassian.com/ex/jira/../{}",
        "https://api.atlassian.com/ex/jira/{}?x",
        "https://api.atlassian.com/ex/jira/00000000-0000-4000-a000-000000000000",
        7,
        None,
    ],
)
def test_cloud_ids_that_disagree_or_are_none(deny: Deny, jira: Jira, address: object) -> None:
    if isinstance(address, str):
        address = address.format(jira.site.cloud_id)

    deny(fit(jira, app_claims(jira, apiBaseUrl=address)), fetches=1)


@pytest.mark.parametrize("context", [{"cloudId": "another"}, {"cloudId": ["x"]}, {"cloudId": ""}, [], "x", 7])
def test_a_context_of_another_site(deny: Deny, jira: Jira, context: object) -> None:
    deny(fit(jira, fit_claims(jira, context=context)), fetches=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": {"type": "SOMEWHERE"}},
        {"environment": {"type": "production"}},
        {"environment": {}},
        {"environment": "PRODUCTION"},
        {"environment": None},
        {"installationId": "3ad7b15e"},
        {"installationId": "ari:cloud:ecosystem::installation/../x"},
        {"installationId": None},
        {"appVersion": ""},
        {"appVersion": "1" * 65},
        {"appVersion": "<b>1</b>"},
        {"appVersion": 2},
        {"license": "ACTIVE"},
        {"license": {"isActive": "yes"}},
        {"license": {}},
    ],
)
def test_what_a_signed_token_says_is_read_strictly(deny: Deny, jira: Jira, changes: dict[str, Any]) -> None:
    deny(fit(jira, app_claims(jira, **changes)), fetches=1)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda good: good.replace('"aud"', '"iss":"forge/invocation-token","aud"'),
        lambda good: good[:-1] + ',"x":' + "[" * 10_000 + "]" * 10_000 + "}",
        lambda good: good[:-1] + ',"x":"' + "y" * 1_000_000 + '"}',
        lambda good: good[:-1] + ',"x":NaN}',
        lambda good: good[:-1] + ',"x":-Infinity}',
        lambda good: f"[{good}]",
        lambda good: good[:-1],
    ],
    ids=["a name twice", "deep", "large", "no number", "no end", "no object", "cut"],
)
def test_claims_that_two_parsers_could_read_differently(
    deny: Deny, jira: Jira, spoilt: Callable[[str], str]
) -> None:
    payload = spoilt(json.dumps(fit_claims(jira)))

    deny(hostile.token({"alg": "RS256", "kid": jira.world.forge_kid}, payload))
