"""Sending a request to a space of another site; the two sites are alike down to their ids."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from backbone_app.errors import InvalidInput, NotAllowed, Outdated, RemoteUnreachable, TooMany
from backbone_app.models import Synchronization
from backbone_app.services import requests, synchronizations
from backbone_app.services.requests import Addressee
from jira_sandbox.misfortunes import Misfortune
from tests.support.across import ALPHA, BETA, ask, caller
from tests.support.app import INITECH, Jira
from tests.support.sandbox import VirtualClock

Send = Callable[..., uuid.UUID]


@pytest.fixture
def send(jira: Jira, other_jira: Jira, clock: VirtualClock) -> Send:
    """Alice asks from ALPHA on acme for a space on initech."""
    return partial(ask, jira, clock)


def test_each_half_belongs_to_its_site_and_the_left_one_keeps_only_what_was_typed(
    send: Send, jira: Jira, other_jira: Jira
) -> None:
    sent = send(space_key=" beta ")

    row = Synchronization.objects.get(pk=sent)
    left, right = row.sides.order_by("side")
    assert (left.site, left.space, left.space_name, left.asked_key) == (jira.row, ALPHA, "Alpha", "BETA")
    assert (right.site, right.space, right.space_name, right.asked_key) == (other_jira.row, BETA, "Beta", "")
    assert (left.acted_by, right.acted_by) == (jira.account("alice"), "")
    assert (row.state, row.mode) == ("requested", "immediate")


@pytest.mark.parametrize("mode", ["immediate", "review"])
def test_the_mode_is_told_to_both_sides_before_acceptance_and_stays(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, mode: str
) -> None:
    sent, bob = send(mode=mode), caller(other_jira, "bob")

    asking = requests.view(caller(jira), ALPHA, sent, now=clock())
    asked = requests.view(bob, BETA, sent, now=clock())
    requests.accept(bob, BETA, sent, now=clock())
    synchronizations.start(bob, BETA, sent, now=clock())

    assert {asking.mode, asked.mode, Synchronization.objects.get().mode} == {mode}
    assert {asking.mode_means, asked.mode_means} == {requests.MODES[mode]}


def test_those_who_are_asked_are_told_by_the_other_site_who_asks(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, bob = send(message="Hello"), caller(other_jira, "bob")
    alice = jira.site.user("alice")
    jira.site.users[alice.account_id] = replace(alice, display_name="Alice of Acme")

    seen = requests.view(bob, BETA, sent, now=clock())

    assert (seen.asked_by, seen.asking_message) == ("Alice of Acme", "Hello")
    assert requests.asker(bob, BETA, sent, now=clock()) == "Alice of Acme"
    assert requests.asker(caller(jira), ALPHA, sent, now=clock()) == ""


@pytest.mark.parametrize("leave", [Jira.disable, Jira.uninstall, lambda jira: jira.world.down.add("acme")])
def test_a_request_can_be_looked_at_while_the_other_site_does_not_say_who_asks(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, leave: Callable[[Jira], None]
) -> None:
    sent = send()
    leave(jira)

    seen = requests.view(caller(other_jira, "bob"), BETA, sent, now=clock())
    jira.world.down.clear()

    assert (seen.asked_by, seen.partner.name, seen.status) == ("", "Alpha", "INCOMING REQUEST")


def test_a_site_that_leaves_while_it_is_asked_for_the_space_gets_no_request(
    send: Send, jira: Jira, other_jira: Jira
) -> None:
    jira.world.hooks.after("GET", "project/BETA", lambda _: other_jira.uninstall())

    with pytest.raises(InvalidInput, match="is not enabled on https://initech") as refused:
        send()

    assert refused.value.field == "base_url"
    assert not Synchronization.objects.exists()


def test_nobody_tries_all_keys_of_a_site(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    for number in range(60):
        send(space_key=f"KEY{number}")
    calls = other_jira.world.meters.calls(site="initech")

    with pytest.raises(TooMany, match="60 requests were sent within the last hour") as refused:
        send(space_key="BETA")
    clock.advance(hours=1)

    assert refused.value.retry_after == 3600
    assert other_jira.world.meters.calls(site="initech") == calls
    assert Synchronization.objects.filter(pk=send(space_key="BETA")).exists()


@pytest.mark.parametrize(
    ("field", "said", "changed"),
    [
        ("base_url", "With http anybody on the way", {"base_url": "http://initech.atlassian.net"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": "https://initech.example"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": f"{INITECH}/jira/software"}),
        (
            "base_url",
            "not the base URL of a Jira Cloud site",
            {"base_url": "https://initech.atlassian.net.evil"},
        ),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": "file:///etc/passwd"}),
        ("base_url", "not the base URL of a Jira Cloud site", {"base_url": ""}),
        ("base_url", "the instance you are on", {"base_url": "https://ACME.atlassian.net/"}),
        ("base_url", "is not enabled on https://nobody", {"base_url": "https://nobody.atlassian.net"}),
        ("space_key", "no space key", {"space_key": "10001"}),
        ("space_key", "no space key", {"space_key": "../BETA"}),
        ("space_key", "no space key", {"space_key": ""}),
        ("space_key", "no space key", {"space_key": "\N{LATIN SMALL LETTER SHARP S}"}),
        ("mode", "Choose immediate or review", {"mode": "sometimes"}),
        ("message", "The message is too long", {"message": "x" * 1001}),
        ("name", "Enter a name", {"name": " "}),
    ],
)
def test_what_cannot_be_used_is_named_and_no_site_is_asked(
    send: Send, jira: Jira, field: str, said: str, changed: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        send(**changed)

    assert refused.value.field == field
    assert not Synchronization.objects.exists()
    assert jira.world.meters.calls(route="GET /rest/api/3/project/{}") == 0


@pytest.mark.parametrize(
    "typed", ["https://initech.atlassian.net/", " HTTPS://Initech.Atlassian.NET ", "initech.atlassian.net"]
)
def test_the_base_url_may_be_typed_in_several_ways(
    jira: Jira, other_jira: Jira, clock: VirtualClock, typed: str
) -> None:
    found = requests.addressee(caller(jira), ALPHA, base_url=typed, space_key="beta", now=clock())

    assert found == Addressee(INITECH, "BETA", has_app=True)


@pytest.mark.parametrize("leave", [Jira.disable, Jira.uninstall])
def test_a_site_where_the_app_is_not_enabled_is_no_addressee(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, leave: Callable[[Jira], None]
) -> None:
    leave(other_jira)

    found = requests.addressee(caller(jira), ALPHA, base_url=INITECH, space_key="BETA", now=clock())
    with pytest.raises(InvalidInput):
        send()

    assert not found.has_app
    assert not Synchronization.objects.exists()


def test_only_an_admin_of_the_asking_space_may_ask(jira: Jira, other_jira: Jira, clock: VirtualClock) -> None:
    bob = caller(jira, "bob")
    typed = {"base_url": INITECH, "space_key": "BETA"}

    with pytest.raises(NotAllowed):
        requests.addressee(bob, ALPHA, **typed, now=clock())
    with pytest.raises(NotAllowed):
        requests.send_across(bob, ALPHA, **typed, mode="immediate", name="x", description="", now=clock())

    assert not Synchronization.objects.exists()


def test_the_sender_is_shown_the_same_whether_the_space_exists_is_hidden_or_does_not(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    hidden = other_jira.site.space("GAMMA")
    other_jira.site.revoke(other_jira.app.user, "BROWSE_PROJECTS", space=hidden)
    seen = []
    for key in ("BETA", "GAMMA", "NOWHERE"):
        sent = send(space_key=key)
        (row,) = synchronizations.overview(caller(jira), ALPHA, now=clock())
        view = requests.view(caller(jira), ALPHA, sent, now=clock())
        with pytest.raises(Outdated) as refused:
            send(space_key=key.lower())
        said, partner = str(refused.value).replace(key, "KEY"), replace(view.partner, key="KEY")
        none = uuid.UUID(int=0)
        seen.append((said, replace(view, id=none, partner=partner), replace(row, id=none, partner=partner)))
        assert (view.partner.key, view.partner.name, view.partner.base_url) == (key, "", INITECH)
        requests.withdraw(caller(jira), ALPHA, sent, now=clock())

    assert seen[0] == seen[1] == seen[2]


def test_a_space_made_later_does_not_change_the_answer_to_a_second_request(
    send: Send, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send(space_key="LATER")
    site, dana = other_jira.site, other_jira.site.user("dana")
    made = site.add_space(key="LATER", name="Later", lead=dana, type_names=["Task"], screen=set())
    for user in (dana, other_jira.app.user):
        site.grant(user, "BROWSE_PROJECTS", "ADMINISTER_PROJECTS", space=made)

    with pytest.raises(Outdated, match=r"Alpha and LATER on initech\.atlassian\.net already have"):
        send(space_key="LATER")

    assert synchronizations.overview(caller(other_jira, "dana"), made.id, now=clock()) == ()
    clock.advance(days=30)
    assert send(space_key="LATER") != sent
    assert len(synchronizations.overview(caller(other_jira, "dana"), made.id, now=clock())) == 1


def test_a_partner_site_that_does_not_answer_is_said_and_nothing_is_stored(send: Send, jira: Jira) -> None:
    jira.world.misfortunes.add(
        Misfortune(match=("GET", "project/BETA"), times=1, kind="refuse_before_effect", status=503)
    )

    with pytest.raises(RemoteUnreachable, match="initech"):
        send()

    assert not Synchronization.objects.exists()
