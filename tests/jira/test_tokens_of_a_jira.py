"""The sandbox signs and verifies by code of its own: both ways must agree."""

from urllib.parse import urlsplit

import pytest

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.egress import Door
from backbone_app.jira.install_keys import InstallKeys
from jira_sandbox.transport import KEY_HOSTS
from jira_sandbox.wire import OutgoingCall
from tests.jira.conftest import Play
from tests.support.sandbox import APP

HOSTS = tuple(f"https://{host}" for host in sorted(KEY_HOSTS))


def token_of(call: OutgoingCall) -> str:
    return call.headers["Authorization"].removeprefix("JWT ")


def hash_of(call: OutgoingCall) -> str:
    target = urlsplit(call.url)
    return connect_jwt.query_hash("POST", target.path, target.query)


def test_an_install_is_verified_with_the_key_its_id_names(play: Play, service_door: Door) -> None:
    call = next(call for call in play.app.calls if call.url.endswith("/installed"))
    kid = connect_jwt.peek(token_of(call)).key_id
    assert kid is not None
    pem = InstallKeys(HOSTS, service_door, lambda: 0.0).pem(kid)

    found = connect_jwt.verify_install(
        token_of(call), public_key_pem=pem, now=play.clock.now, audience=APP, qsh=hash_of(call)
    )

    assert found.issuer == play.site.app.client_key


def test_case_09_a_key_id_that_jira_does_not_publish_is_unknown(play: Play, service_door: Door) -> None:
    with pytest.raises(NotAuthenticated):
        InstallKeys(HOSTS, service_door, lambda: 0.0).pem("somebody-elses-key")


def test_a_webhook_is_verified_with_the_shared_secret(play: Play) -> None:
    play.alice.create("ALPHA", "a")
    play.world.deliver(play.app)
    call = play.app.calls[-1]

    found, _ = connect_jwt.verify_shared(
        token_of(call), secrets=[play.site.app.shared_secret], now=play.clock.now, qsh=hash_of(call)
    )

    assert call.url.endswith("/hook")
    assert found.issuer == play.site.app.client_key


def test_another_secret_does_not_verify_it(play: Play) -> None:
    call = play.app.calls[-1]

    with pytest.raises(NotAuthenticated, check=lambda refusal: refusal.case == "signature"):
        connect_jwt.verify_shared(
            token_of(call),
            secrets=["another secret, just as long as it"],
            now=play.clock.now,
            qsh=hash_of(call),
        )
