"""Deliveries to the webhook of a linked Cloud site from somebody else (cases 2, 14, 35 to 37 and 40)."""

import base64
import json
from typing import Any

import pytest
from django.conf import LazySettings

from backbone_app.ledger import hooks
from backbone_app.models import Delivery
from jira_sandbox.connect import tokens
from tests.support.app import call_app
from tests.support.hostile import Attack
from tests.support.remote_cloud import Line, alice, line, oauth_app, world

__all__ = ["alice", "line", "oauth_app", "world"]

JSON = {"Content-Type": "application/json; charset=UTF-8"}


def body_of(line: Line) -> bytes:
    """A delivery as Jira sends it, of a work item that nobody has paired."""
    gold = line.initech.jira.space_id("GOLD")
    issue = {"id": "424242", "key": "GOLD-9", "fields": {"project": {"id": gold}, "summary": "One"}}
    return json.dumps({"webhookEvent": "jira:issue_updated", "timestamp": 1, "issue": issue}).encode()


def bearing(line: Line, **claims: Any) -> dict[str, str]:
    """The headers of a delivery whose token says this and no more."""
    return signed_with(line.app.client_secret, **claims)


def signed_with(secret: str, **claims: Any) -> dict[str, str]:
    """The same, signed with another secret."""
    return JSON | {"Authorization": f"Bearer {tokens.sign_hs256(claims, secret)}"}


def at(line: Line, seconds: int) -> int:
    """A moment, so many seconds from now."""
    return int(line.acme.clock.now.timestamp()) + seconds


def in_parts(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"x") -> str:
    """A token put together by hand."""
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)


@pytest.mark.parametrize("said", [{}, {"iss": "whoever"}, {"iat": 0}, {"exp": 60}, {"iat": -5, "exp": 170}])
def test_what_atlassian_signed_is_taken_whatever_else_it_says(line: Line, said: dict[str, Any]) -> None:
    claims = {name: at(line, each) if name != "iss" else each for name, each in said.items()}

    answer = call_app("POST", line.target, headers=bearing(line, **claims), body=body_of(line))

    assert answer.status_code == 204
    assert Delivery.objects.filter(site=line.link).count() == 1


def test_case_40_only_the_secret_of_our_oauth_app_opens_the_door(attack: Attack, line: Line) -> None:
    good = {"iat": at(line, 0), "exp": at(line, 180)}
    right = bearing(line, **good)["Authorization"].removeprefix("Bearer ")
    refused = [
        JSON,
        signed_with("another", **good),
        signed_with(line.alice.jira.app.shared_secret, **good),
        signed_with(hooks.secret(line.row), **good),
        bearing(line, exp=at(line, -31)),
        bearing(line, exp=at(line, 25 * 3600)),
        bearing(line, exp="soon"),
        bearing(line, exp=True),
        bearing(line, iat=at(line, 60)),
        *(
            JSON | {"Authorization": each}
            for each in (
                right,
                f"JWT {right}",
                f"bearer {right}",
                f"Bearer  {right}",
                f"Bearer {right}, Bearer {right}",
                f"Bearer {right[:-2]}",
                f"Bearer {right}=",
                f"Bearer {right}.{right}",
                f"Bearer {in_parts({'alg': 'none'}, good, b'')}",
                f"Bearer {in_parts({'alg': 'None', 'typ': 'JWT'}, good)}",
                f"Bearer {in_parts({'alg': 'RS256', 'jku': 'https://evil.example'}, good)}",
                f"Bearer {in_parts({'alg': 'HS256', 'crit': ['b64'], 'b64': False}, good)}",
                "Bearer ",
                "Bearer x",
            )
        ),
    ]
    body = body_of(line)

    for headers in refused:
        attack.refused("POST", line.target, headers=headers, body=body)

    assert call_app("POST", line.target, headers=bearing(line, **good), body=body).status_code == 204


def test_case_40_a_token_in_the_address_that_is_none_is_refused_whatever_is_signed(
    attack: Attack, line: Line
) -> None:
    token = line.target.rpartition("/")[2]

    for each in (token[:-1], token[::-1], "A" * 43, line.row.digest):
        headers = bearing(line, exp=at(line, 60))
        attack.refused("POST", f"/webhooks/link/{each}", headers=headers, body=body_of(line))


def test_case_40_without_an_oauth_app_nobody_is_atlassian(
    attack: Attack, line: Line, settings: LazySettings
) -> None:
    settings.BACKBONE_OAUTH_CLIENT_SECRET = ""

    for secret in ("", line.app.client_secret):
        headers = signed_with(secret or "x", exp=at(line, 60))
        attack.refused("POST", line.target, headers=headers, body=body_of(line))
