"""The door for webhooks: what comes in, and what is turned away before it is read."""

import json

from backbone_app.models import Delivery
from jira_sandbox.wire import OutgoingCall
from tests.support.app import Headers, Jira, call_app
from tests.support.hostile import everything

HOOK = "/webhooks/jira"


def headers(jira: Jira, content_type: str = "application/json; charset=UTF-8") -> Headers:
    token = jira.request_token("POST", HOOK)
    return {"Authorization": f"JWT {token}", "Content-Type": content_type}


def test_a_real_delivery_is_accepted(jira: Jira) -> None:
    jira.person("carol").create("ALPHA", "A thing to do")
    (delivery,) = jira.deliveries()

    assert jira.deliver(delivery)

    assert delivery.answers == [204]
    assert jira.deliveries() == []


def test_an_item_that_nobody_synchronizes_leaves_no_trace(jira: Jira) -> None:
    before = everything()
    jira.person("carol").create("ALPHA", "A thing to do")

    assert jira.deliver_all() == 1

    assert everything() == before
    assert not Delivery.objects.exists()


def test_case_45_a_body_that_jira_would_not_send_is_refused_unread(jira: Jira) -> None:
    too_much = 25 * 1024 * 1024 + 1

    answer = call_app("POST", HOOK, headers=headers(jira), body=b" " * too_much)

    assert answer.status_code == 413


def test_a_delivery_that_met_an_app_out_of_order_is_sent_again(jira: Jira) -> None:
    jira.person("carol").create("ALPHA", "A thing to do")
    (delivery,) = jira.deliveries()
    attempts: list[OutgoingCall] = []

    def broken(call: OutgoingCall) -> int:
        attempts.append(call)
        return 503

    assert not jira.world.send_one(delivery, broken)
    assert jira.deliver(delivery)

    assert delivery.answers == [503, 204]
    assert json.loads(attempts[0].body)["issue"]["id"] == delivery.issue_id
