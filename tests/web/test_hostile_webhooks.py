"""Webhooks from somebody else, or about somebody else's (cases 39 to 44 and 46)."""

import hashlib
import hmac
import json

import pytest
import structlog

from backbone_app.models import Delivery, Pair
from tests.support.app import Jira, call_app
from tests.support.hooks import HOOK, PAIRED, UNPAIRED, Hook, pair_of
from tests.support.hostile import Attack
from tests.support.webhook_bodies import about, body, fields

CREATED = "jira:issue_created"


@pytest.fixture
def alpha(jira: Jira) -> str:
    """The id of ALPHA, which is kept in step with BETA."""
    pair_of(jira)
    return jira.space_id("ALPHA")


@pytest.fixture
def hook(jira: Jira) -> Hook:
    """Acme, which signs properly."""
    return Hook(jira)


def ignored(attack: Attack, hook: Hook, content: bytes, *, identifier: str = "d-1") -> None:
    """Hold that a delivery is taken in and comes to nothing."""
    with attack.coming_to_nothing():
        assert hook.send(content, identifier=identifier) == 204


def test_what_the_attacks_vary_is_taken_in_as_it_is(hook: Hook, alpha: str) -> None:
    assert hook.send(about(PAIRED, alpha), identifier="d-1") == 204

    assert Pair.objects.get().due == 1
    assert Delivery.objects.get().key == "d-1"


def test_case_39_an_unsigned_webhook(attack: Attack, alpha: str) -> None:
    content = about(PAIRED, alpha)

    attack.refused("POST", HOOK, body=content)
    for authorization in ("", "JWT", "JWT ", "Bearer x", "JWT a.b.c"):
        attack.refused("POST", HOOK, headers={"Authorization": authorization}, body=content)


def test_case_39_one_signed_with_another_sites_secret(
    attack: Attack, jira: Jira, other_jira: Jira, alpha: str
) -> None:
    token = other_jira.request_token("POST", HOOK, iss=jira.app.client_key)

    attack.refused("POST", HOOK, headers={"Authorization": f"JWT {token}"}, body=about(PAIRED, alpha))


def hub_signatures(secret: str, content: bytes) -> dict[str, str]:
    """What ``X-Hub-Signature`` might say, the right thing first."""
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    weak = hmac.new(secret.encode(), content, hashlib.sha1).hexdigest()
    return {
        "right": f"sha256={digest}",
        "sha1": f"sha1={weak}",
        "sha1 of the name sha256": f"sha256={weak}",
        "upper case": f"sha256={digest.upper()}",
        "upper-case name": f"SHA256={digest}",
        "truncated": f"sha256={digest[:-2]}",
        "no name": digest,
        "empty": "sha256=",
        "two": f"sha256={digest}, sha256={'0' * 64}",
    }


def test_case_40_no_form_of_an_admin_webhooks_signature_opens_the_door_of_the_apps_own(
    attack: Attack, jira: Jira, alpha: str
) -> None:
    content = about(PAIRED, alpha)

    for signature in hub_signatures(jira.app.shared_secret, content).values():
        attack.refused("POST", HOOK, headers={"X-Hub-Signature": signature}, body=content)


def test_case_40_the_right_signature_of_a_body_does_not_help_a_wrong_token(
    attack: Attack, jira: Jira, alpha: str
) -> None:
    content = about(PAIRED, alpha)
    signature = hub_signatures(jira.app.shared_secret, content)["right"]
    token = jira.request_token("POST", HOOK, qsh="0" * 64)

    attack.refused(
        "POST", HOOK, headers={"Authorization": f"JWT {token}", "X-Hub-Signature": signature}, body=content
    )


# Connect signs the method, the path and the query of a webhook, never its body: whoever holds
# a token for three minutes can send any body with it. What holds is that the body identifies
# nobody: the rows it can touch are those of the site that signed, and it is only a hint there.
def test_case_41_a_body_exchanged_after_signing_touches_nobody_but_the_signer(
    jira: Jira, other_jira: Jira, hook: Hook, alpha: str
) -> None:
    other = pair_of(other_jira)
    address = other_jira.site.base_url
    issue = {"id": PAIRED, "self": f"{address}/rest/api/2/issue/{PAIRED}", "fields": fields()}
    naming = {"baseUrl": address, "clientKey": other_jira.app.client_key, "cloudId": "initech"}
    exchanged = json.dumps(body(issue=issue, key="another-app", **naming)).encode()

    assert hook.send(exchanged, identifier="d-1") == 204

    other.refresh_from_db()
    assert other.due == 0
    assert [delivery.site_id for delivery in Delivery.objects.all()] == [jira.row.pk]


@pytest.mark.parametrize("header", ["X-Atlassian-Client-Key", "Origin", "Referer"])
def test_case_41_headers_beside_the_signature_name_nobody_either(
    jira: Jira, other_jira: Jira, hook: Hook, alpha: str, header: str
) -> None:
    other = pair_of(other_jira)
    headers = hook.headers("d-1") | {header: other_jira.app.client_key}

    answer = call_app("POST", HOOK, headers=headers, body=about(PAIRED, alpha))

    other.refresh_from_db()
    assert (answer.status_code, other.due) == (204, 0)
    assert [delivery.site_id for delivery in Delivery.objects.all()] == [jira.row.pk]


@pytest.mark.parametrize("event", ["jira:issue_updated", "jira:issue_deleted", CREATED, "comment_deleted"])
def test_case_42_of_two_bodies_with_one_identifier_the_first_wins_and_the_second_is_flagged(
    attack: Attack, hook: Hook, alpha: str, event: str
) -> None:
    hook.send(about(UNPAIRED, alpha, webhookEvent=CREATED), identifier="d-1")

    with structlog.testing.capture_logs() as logs:
        ignored(attack, hook, about(PAIRED, alpha, webhookEvent=event))

    assert [line["event"] for line in logs] == ["delivery_differs"]
    assert Delivery.objects.get().item == UNPAIRED


def test_case_42_the_same_delivery_once_more_is_no_difference(attack: Attack, hook: Hook, alpha: str) -> None:
    hook.send(about(PAIRED, alpha), identifier="d-1")

    with structlog.testing.capture_logs() as logs:
        ignored(attack, hook, about(PAIRED, alpha))

    assert logs == []


def test_case_43_the_same_identifier_of_another_site_is_another_delivery(
    jira: Jira, other_jira: Jira, hook: Hook, alpha: str
) -> None:
    pair_of(other_jira)

    with structlog.testing.capture_logs() as logs:
        assert hook.send(about(PAIRED, alpha), identifier="d-1") == 204
        assert Hook(other_jira).send(about(UNPAIRED, alpha), identifier="d-1") == 204

    kept = {delivery.site_id: delivery.item for delivery in Delivery.objects.filter(key="d-1")}
    assert kept == {jira.row.pk: PAIRED, other_jira.row.pk: UNPAIRED}
    assert logs == []


@pytest.mark.parametrize("event", ["jira:issue_updated", "jira:issue_deleted", CREATED, "comment_created"])
def test_case_44_a_work_item_of_a_space_that_is_not_linked(
    attack: Attack, jira: Jira, hook: Hook, alpha: str, event: str
) -> None:
    gamma = jira.space_id("GAMMA")

    ignored(attack, hook, about(UNPAIRED, gamma, webhookEvent=event))


@pytest.mark.parametrize("event", ["jira:issue_updated", "jira:issue_deleted", CREATED, "comment_created"])
def test_case_44_a_work_item_of_another_site(
    attack: Attack, other_jira: Jira, alpha: str, event: str
) -> None:
    ignored(attack, Hook(other_jira), about(PAIRED, alpha, webhookEvent=event))


def test_case_44_a_work_item_that_names_a_space_it_is_not_in_is_asked_about_and_gets_no_twin(
    hook: Hook, alpha: str
) -> None:
    assert hook.send(about(PAIRED, "99999"), identifier="d-1") == 204

    assert Pair.objects.get().due == 1
    assert not Delivery.objects.get().unpaired


NOT_JSON = (
    "",
    "text/xml",
    "application/xml",
    "text/plain",
    "text/json",
    "application/jsonx",
    "application/vnd.api+json",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json, text/xml",
)


def test_case_46_a_body_that_is_not_json_by_its_own_account(attack: Attack, hook: Hook, alpha: str) -> None:
    with attack.coming_to_nothing():
        answers = {each: hook.send(about(PAIRED, alpha), content_type=each) for each in NOT_JSON}

    assert answers == dict.fromkeys(NOT_JSON, 415)


def test_case_46_a_charset_beside_it_is_no_other_type(hook: Hook, alpha: str) -> None:
    types = ("application/json", "application/json;charset=utf-8", "Application/JSON; Charset=UTF-8")

    for each in types:
        assert hook.send(about(PAIRED, alpha), identifier=f"d-{len(each)}", content_type=each) == 204

    assert Pair.objects.get().due == len(types)
