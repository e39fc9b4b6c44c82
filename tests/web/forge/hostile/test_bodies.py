"""The bodies of Forge's calls, which nobody signs, and calls that come again."""

import json

import pytest

from backbone_app.models import ForgeInstallation
from tests.support.app import Jira, call_app
from tests.support.forge import app_claims, event_body, fit, post_forge
from tests.support.hostile import Attack
from tests.support.sandbox import VirtualClock


@pytest.mark.parametrize("event", ["/forge/installed", "/forge/upgraded"])
def test_an_event_about_another_installation_than_its_token(
    attack: Attack, jira: Jira, other_jira: Jira, event: str
) -> None:
    ours, theirs = event_body(jira), event_body(other_jira)
    headers = {"Authorization": f"Bearer {fit(jira)}"}
    assert post_forge("/forge/scheduled", fit(jira), {}).status_code == 204

    for body in (
        theirs,
        {**ours, "id": None},
        {**ours, "id": [ours["id"]]},
        {**ours, "context": theirs["context"]},
        {},
    ):
        attack.refused("POST", event, headers=headers, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"\xff", 400),
        (b"{" + b" " * 70_000 + b"}", 413),
    ],
)
def test_a_body_that_is_no_event_changes_nothing(
    attack: Attack, jira: Jira, route: str, body: bytes, status: int
) -> None:
    with attack.changing_nothing():
        assert post_forge(route, fit(jira), body).status_code == status


def test_a_body_that_is_no_json_by_its_own_word_is_refused(attack: Attack, jira: Jira, route: str) -> None:
    sent = json.dumps(event_body(jira)).encode()
    headers = {"Authorization": f"Bearer {fit(jira)}", "Content-Type": "text/plain"}

    with attack.changing_nothing():
        assert call_app("POST", route, headers=headers, body=sent).status_code == 415


def test_a_call_seen_again_changes_nothing(
    attack: Attack, jira: Jira, route: str, clock: VirtualClock
) -> None:
    kept, body = fit(jira, app_claims(jira, appVersion="1.0.0")), event_body(jira)
    clock.advance(seconds=5)
    assert post_forge(route, fit(jira), body).status_code == 204
    row = ForgeInstallation.objects.get()

    assert post_forge("/forge/upgraded", kept, body).status_code == 204

    again = ForgeInstallation.objects.get()
    assert (again.version, again.seen_at) == (row.version, row.seen_at)


def test_while_the_keys_cannot_be_had_forge_has_to_come_again(
    attack: Attack, jira: Jira, route: str, clock: VirtualClock
) -> None:
    attack.outgoing.down.add("forge.cdn.prod.atlassian-dev.net")

    with attack.changing_nothing():
        answer = post_forge(route, fit(jira), event_body(jira))

    assert answer.status_code == 503
    assert "atlassian-dev" not in answer.content.decode()
    assert attack.outgoing.limits[-1] < 5, "Forge does not wait for longer"
