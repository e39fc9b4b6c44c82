"""Deliveries to a link's webhook from somebody else, or that were changed (cases 40, 41, 46 and 47)."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.conf import LazySettings

from backbone_app.ledger import deliveries, hooks
from backbone_app.models import Delivery, LinkHook, Pair, PairSide
from backbone_app.models.site import SiteStatus
from tests.support.app import call_app
from tests.support.bad_json import NO_JSON, NUL, with_member
from tests.support.hostile import Attack
from tests.support.link_hooks import JSON, Line, edition, line, world

__all__ = ["edition", "line", "world"]

on_9 = pytest.mark.parametrize("edition", ["dc-9.12"], indirect=True)
on_10 = pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
on_both = pytest.mark.parametrize("edition", ["dc-9.12", "dc-10.3"], indirect=True)


@pytest.fixture
def pair(line: Line) -> tuple[str, str]:
    """A work item of ALPHA and its twin in GOLD, at rest, with a comment on either."""
    left = line.story.create("ALPHA", "Lamp")
    line.settle()
    (right,) = line.office.twins_of(left)
    line.office.comment("gina", right, "It is broken")
    line.settle()
    return left, right


def news(line: Line, right: str) -> bytes:
    """What the Data Center really sends of an edit, which does not arrive."""
    line.office.edit("gina", right, summary="Lamp over there")
    return line.captured().body


def changed(body: bytes, **changes: Any) -> bytes:
    """The body with other members."""
    return json.dumps({**json.loads(body), **changes}).encode()


def signatures(secret: str, body: bytes) -> dict[str, str]:
    """What ``X-Hub-Signature`` might say, the right thing last."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    weak = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {
        "empty": "",
        "sha1": f"sha1={weak}",
        "sha1 of the name sha256": f"sha256={weak}",
        "sha512": f"sha512={hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()}",
        "upper case": f"sha256={digest.upper()}",
        "upper-case name": f"SHA256={digest}",
        "truncated": f"sha256={digest[:-2]}",
        "longer": f"sha256={digest}00",
        "no name": digest,
        "no digest": "sha256=",
        "a blank before it": f"sha256= {digest}",
        "two": f"sha256={digest}, sha256={'0' * 64}",
        "twice the same": f"sha256={digest},sha256={digest}",
        "without a key": f"sha256={hmac.new(b'', body, hashlib.sha256).hexdigest()}",
        "unicode digits": "sha256=" + "\N{ARABIC-INDIC DIGIT ONE}" * 64,
        "right": f"sha256={digest}",
    }


@on_10
def test_case_40_only_one_form_of_a_signature_opens_the_door(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    given = signatures(hooks.secret(line.row), body)
    right = given.pop("right")

    attack.refused("POST", line.target, headers=JSON, body=body)
    for each in given.values():
        headers = JSON | {"X-Hub-Signature": each.encode().decode("latin-1")}
        attack.refused("POST", line.target, headers=headers, body=body)

    assert line.post(body, **{"X-Hub-Signature": right}) == 204
    assert Pair.objects.get().due == 1


@on_both
def test_case_40_a_token_that_is_none_is_refused_whatever_is_signed(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    token = line.target.rpartition("/")[2]
    others = [token[:-1], token + "A", token.swapcase(), token[::-1], "A" * 43, "%20" * 14, line.row.digest]

    for each in others:
        attack.refused("POST", f"/webhooks/link/{each}", headers=line.signed(body), body=body)


@on_both
def test_case_40_who_has_removed_the_app_hears_nothing_any_more(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    row = line.alice.jira.row
    row.status = SiteStatus.UNINSTALLED
    row.save()

    attack.refused("POST", line.target, headers=line.signed(body), body=body)


@on_10
def test_case_41_a_body_that_was_changed_after_signing_is_refused(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    headers = line.signed(body)

    for other in (changed(body, webhookEvent="jira:issue_deleted"), body + b" ", body[:-1], b"", b"{}"):
        attack.refused("POST", line.target, headers=headers, body=other)
    attack.refused("POST", line.target, headers=line.signed(body, secret="another"), body=body)
    attack.refused("POST", "/webhooks/jira", headers=headers, body=body)


@on_10
def test_case_41_what_was_signed_before_an_upgrade_was_known_is_not_believed_unsigned(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    LinkHook.objects.update(form="")

    attack.refused("POST", line.target, headers=JSON, body=body)


def forgeries(right: str, comment: str, gold: str) -> dict[str, dict[str, Any]]:
    """What somebody might send who has come to know the address."""
    issue: dict[str, Any] = {
        "id": right,
        "key": "GOLD-1",
        "fields": {"summary": "Forged", "labels": ["forged"], "project": {"id": gold}, "description": ""},
    }
    log = {"id": "99999", "items": [{"field": "summary", "fromString": "Lamp", "toString": "Forged"}]}
    stranger = {**issue, "id": "424242"}
    told = {
        "id": comment,
        "body": "Forged",
        "author": {"key": "gina"},
        "updated": "2030-01-01T00:00:00.000+0000",
    }
    at = {"timestamp": 1_900_000_000_000, "user": {"key": "gina", "name": "gina"}}
    return {
        "an edit": {"webhookEvent": "jira:issue_updated", "issue": issue, "changelog": log, **at},
        "a creation": {"webhookEvent": "jira:issue_created", "issue": issue, **at},
        "one of nothing": {"webhookEvent": "jira:issue_created", "issue": stranger, **at},
        "a deletion": {"webhookEvent": "jira:issue_deleted", "issue": issue, **at},
        "a comment": {
            "webhookEvent": "comment_created",
            "issue": issue,
            "comment": {**told, "id": "7"},
            **at,
        },
        "its edit": {"webhookEvent": "comment_updated", "issue": issue, "comment": told, **at},
        "its end": {"webhookEvent": "comment_deleted", "issue": issue, "comment": told, **at},
        "anything": {"webhookEvent": "forged", "issue": issue},
    }


@on_9
def test_case_41_of_an_unsigned_delivery_no_word_is_believed(line: Line, pair: tuple[str, str]) -> None:
    left, right = pair
    comment = str(line.office.listed(right)[0]["id"])
    before = line.story.holds(left), line.office.holds(right), line.story.comments(left)
    written = [each.key for each in line.office.site.issues.values()]
    forged = forgeries(right, comment, line.office.site.space("GOLD").id)

    answers = {name: line.post(json.dumps(each).encode()) for name, each in forged.items()}
    kept = [deliveries.body(each) or b"" for each in Delivery.objects.exclude(body_sealed=b"")]
    line.settle()

    assert answers == dict.fromkeys(forged, 204)
    assert kept
    assert not [each for each in kept if b"orged" in each or b"gina" in each or b"deleted" in each]
    assert (line.story.holds(left), line.office.holds(right), line.story.comments(left)) == before
    assert [each.key for each in line.office.site.issues.values()] == written
    assert PairSide.objects.count() == 2


@on_9
def test_case_41_a_forged_hint_holds_back_no_true_one(line: Line, pair: tuple[str, str]) -> None:
    left, right = pair
    gold = line.office.site.space("GOLD").id
    line.office.edit("gina", right, summary="True")
    true = line.waiting()[0].identifier
    for name in (true, f"gone:{right}", "check", "digest:0"):
        for each in forgeries(right, "1", gold).values():
            assert line.post(json.dumps(each).encode(), **{"X-Atlassian-Webhook-Identifier": name}) == 204

    line.settle()

    assert line.story.holds(left)["summary"] == "True"
    assert not Delivery.objects.filter(key__startswith="gone:").exists()


@on_9
def test_case_41_a_comment_that_is_said_to_be_gone_arrives_all_the_same(
    line: Line, pair: tuple[str, str]
) -> None:
    left, right = pair
    new = line.office.comment("gina", right, "Mended")
    gone = forgeries(right, new, line.office.site.space("GOLD").id)["its end"]

    assert line.post(json.dumps(gone).encode()) == 204
    line.settle()

    assert [each.rpartition("\n")[2] for each in line.story.comments(left)] == ["It is broken", "Mended"]


@on_both
def test_case_46_and_47_what_is_no_json_comes_to_nothing(
    attack: Attack, line: Line, pair: tuple[str, str]
) -> None:
    body = news(line, pair[1])
    said = json.loads(body)
    bad = [with_member(said, member) for each in (NO_JSON, NUL) for member in each.values()]

    with attack.coming_to_nothing():
        types = {
            each: call_app("POST", line.target, headers=line.signed(body) | {"Content-Type": each}, body=body)
            for each in ("text/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded")
        }
        answers = {
            call_app("POST", line.target, headers=line.signed(each), body=each).status_code for each in bad
        }

    assert {each.status_code for each in types.values()} == {415}
    assert answers == {400}


@on_both
def test_a_site_that_tells_too_much_is_told_to_wait(
    line: Line, pair: tuple[str, str], settings: LazySettings
) -> None:
    settings.BACKBONE_SITE_WEBHOOKS_PER_MINUTE = 1
    body = news(line, pair[1])

    answers = [call_app("POST", line.target, headers=line.signed(body), body=body) for _ in range(2)]

    assert [each.status_code for each in answers] == [204, 429]
