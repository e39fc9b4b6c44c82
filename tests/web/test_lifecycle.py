"""What a site tells us about our installation, through the real callbacks."""

import json

from backbone_app import gateway
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from jira_sandbox.connect import tokens
from jira_sandbox.wire import OutgoingCall
from tests.support.app import Jira, call_app, send
from tests.support.environment import APP
from tests.support.hostile import Outgoing, everything, request_hash
from tests.support.sandbox import VirtualClock


def installed(jira: Jira, **changes: object) -> int:
    """Call ``installed`` as Atlassian would, with a body that says something else."""
    client_key = str(changes.get("clientKey", jira.app.client_key))
    claims = jira.claims(iss=client_key, aud=[APP], qsh=request_hash("POST", "/installed"))
    body = {
        "key": "backbone-work-sync",
        "clientKey": client_key,
        "sharedSecret": "a-secret-that-nobody-may-read, nor guess",
        "baseUrl": jira.site.base_url,
        **changes,
    }
    headers = {"Authorization": f"JWT {tokens.sign_rs256(claims, kid=jira.world.kid)}"}
    return call_app("POST", "/installed", headers=headers, body=json.dumps(body).encode()).status_code


def notice(jira: Jira, event: str) -> OutgoingCall:
    """A notice signed now, to be sent whenever it suits the test."""
    claims = jira.claims(qsh=request_hash("POST", f"/{event}"))
    token = tokens.sign_hs256(claims, jira.app.shared_secret)
    body = json.dumps({"key": "backbone-work-sync", "clientKey": jira.app.client_key}).encode()
    headers = {"Authorization": f"JWT {token}", "Content-Type": "application/json"}
    return OutgoingCall(site="acme", method="POST", url=f"{APP}/{event}", headers=headers, body=body)


def test_installing_leaves_an_enabled_site_that_knows_its_account(jira: Jira) -> None:
    assert jira.row.status == SiteStatus.ENABLED
    assert jira.row.client_key == jira.app.client_key
    assert jira.row.app_account == jira.app.user.account_id
    assert gateway.shared_secret(jira.row) == jira.app.shared_secret


def test_the_secret_is_nowhere_in_the_row(jira: Jira) -> None:
    assert jira.app.shared_secret not in repr(everything())
    assert jira.app.shared_secret.encode() not in bytes(jira.row.secret_sealed)


def test_installing_again_takes_the_new_secret_and_keeps_the_site_and_its_key(jira: Jira) -> None:
    before, old_secret = jira.row, jira.app.shared_secret

    jira.install()

    assert jira.app.shared_secret != old_secret
    assert gateway.shared_secret(jira.row) == jira.app.shared_secret
    assert jira.row.id == before.id
    assert gateway.digest_key(jira.row) == gateway.digest_key(before)


def test_an_address_that_is_no_jiras_is_refused(jira: Jira) -> None:
    before = everything()

    for address in ("https://evil.example", "http://acme.atlassian.net", "https://acme.atlassian.net/x", "x"):
        assert installed(jira, clientKey="new-one", baseUrl=address) == 400

    assert everything() == before


def test_a_second_site_cannot_take_the_address_of_an_enabled_one(jira: Jira) -> None:
    before = everything()

    assert installed(jira, clientKey="a-newcomer") == 409

    assert everything() == before


def test_a_reset_site_may_install_us_under_a_new_key_once_the_old_one_is_gone(jira: Jira) -> None:
    jira.uninstall()
    jira.site.client_keys.clear()

    jira.install()

    assert Site.objects.filter(base_url=jira.site.base_url).count() == 2
    assert Site.objects.get(client_key=jira.app.client_key).status == SiteStatus.ENABLED


def test_an_old_installation_cannot_be_enabled_beside_a_new_one_at_its_address(jira: Jira) -> None:
    late = notice(jira, "enabled")
    jira.disable()
    jira.site.client_keys.clear()
    jira.install()

    assert send(late) == 409


def test_uninstalling_destroys_the_secret_and_keeps_the_site(jira: Jira) -> None:
    before = jira.row

    jira.uninstall()

    assert jira.row.status == SiteStatus.UNINSTALLED
    assert bytes(jira.row.secret_sealed) == b""
    assert gateway.digest_key(jira.row) == gateway.digest_key(before)


def test_installing_after_an_uninstall_revives_the_same_site(jira: Jira, clock: VirtualClock) -> None:
    before = jira.row
    jira.uninstall()
    clock.advance(seconds=1)

    jira.install()

    assert jira.row.id == before.id
    assert jira.row.status == SiteStatus.ENABLED


def test_an_uninstall_wins_over_notices_that_come_after_it(jira: Jira) -> None:
    late = [notice(jira, "enabled"), notice(jira, "disabled")]
    jira.uninstall()

    assert [send(call) for call in late] == [401, 401]

    assert jira.row.status == SiteStatus.UNINSTALLED


def test_uninstalling_one_site_leaves_the_others(jira: Jira, other_jira: Jira) -> None:
    jira.uninstall()

    assert other_jira.row.status == SiteStatus.ENABLED
    assert gateway.shared_secret(other_jira.row) == other_jira.app.shared_secret


def test_a_disabled_site_can_be_enabled_again(jira: Jira) -> None:
    jira.disable()
    assert jira.row.status == SiteStatus.DISABLED

    jira.enable()

    assert jira.row.status == SiteStatus.ENABLED


def test_an_account_that_could_not_be_learnt_is_asked_for_at_its_first_use(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    Site.objects.update(app_account="")
    outgoing.down.add("acme.atlassian.net")
    assert send(notice(jira, "enabled")) == 204
    assert jira.row.app_account == ""
    outgoing.down.clear()
    clock.advance(seconds=10)  # a site that did not answer is left alone for a moment

    account = gateway.known_account(jira.row, clock=clock)

    assert account == jira.row.app_account == jira.app.user.account_id


def test_a_known_account_is_not_asked_for_again(jira: Jira, clock: VirtualClock, outgoing: Outgoing) -> None:
    account = gateway.known_account(jira.row, clock=clock)

    assert account == jira.app.user.account_id
    assert outgoing.urls == []


def test_a_lifecycle_body_that_is_no_object_is_refused(jira: Jira) -> None:
    before = everything()
    for body in (b" ", b"{", b"[]", b'"text"', b"NaN"):
        call = notice(jira, "disabled")

        answer = call_app("POST", "/disabled", headers=call.headers, body=body)

        assert answer.status_code == 400
    assert everything() == before
