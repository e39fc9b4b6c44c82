"""Answering a request of another site: rights, races, and what both sides do from then on."""

import uuid
from collections.abc import Callable
from functools import partial

import pytest

from backbone_app.core.configuration import from_document
from backbone_app.errors import NotAllowed, NotFound, Outdated
from backbone_app.models import PublishedConfiguration, Synchronization, SynchronizationSide
from backbone_app.services import requests, synchronizations
from tests.support.across import ALPHA, BETA, ask, caller
from tests.support.app import INITECH, Jira
from tests.support.desk import restrict
from tests.support.sandbox import VirtualClock

Send = Callable[..., uuid.UUID]


@pytest.fixture
def send(jira: Jira, other_jira: Jira, clock: VirtualClock) -> Send:
    """Alice asks from ALPHA on acme for a space on initech."""
    return partial(ask, jira, clock)


def test_acceptance_reads_each_site_with_its_own_client(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    only = other_jira.site.work_type("Bug").id
    other_jira.site.space("BETA").type_ids = [only]
    sent = send()

    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    offered = from_document(PublishedConfiguration.objects.get().document)
    row = Synchronization.objects.get()
    assert [each.left_name for each in offered.types] == ["Bug"]
    assert row.state == "stopped"
    assert row.spaces == "|".join(sorted([f"{jira.row.id}:{ALPHA}", f"{other_jira.row.id}:{BETA}"]))


def test_once_accepted_each_side_is_told_the_others_name(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    other_jira.site.space("BETA").name = "Bravo"
    sent = send()
    (before,) = synchronizations.overview(caller(jira), ALPHA, now=clock())

    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    (left,) = synchronizations.overview(caller(jira), ALPHA, now=clock())
    (right,) = synchronizations.overview(caller(other_jira, "bob"), BETA, now=clock())
    assert (before.partner.label, left.partner.label, right.partner.label) == (
        "BETA",
        "Bravo (BETA)",
        "Alpha (ALPHA)",
    )
    assert (left.partner.base_url, right.partner.base_url) == (INITECH, jira.site.base_url)


def test_the_senders_right_is_asked_again_on_the_sending_site(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    jira.site.revoke(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))
    assert jira.account("alice") == other_jira.account("alice"), "who administers ALPHA of initech as before"

    with pytest.raises(NotAllowed, match="Whoever sent this request no longer has"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_whoever_accepts_is_held_to_the_rule_of_their_own_site(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    restrict(jira, "staff")
    sent = send()
    restrict(other_jira, "jira-administrators")

    with pytest.raises(NotAllowed, match="only members of the group “jira-administrators”"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    restrict(other_jira, "staff")
    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())


def test_a_sender_who_left_the_groups_of_the_sending_site_is_refused_without_naming_them(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    restrict(jira, "jira-administrators")

    with pytest.raises(NotAllowed, match="Whoever sent this request no longer has") as refused:
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert "jira-administrators" not in str(refused.value)
    assert Synchronization.objects.get().state == "requested"


@pytest.mark.parametrize("leave", [Jira.disable, Jira.uninstall])
def test_a_request_of_a_site_that_the_app_has_left_cannot_be_accepted(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock, leave: Callable[[Jira], None]
) -> None:
    sent = send()
    leave(jira)

    with pytest.raises(Outdated, match="no longer enabled on the site that sent this request"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_case_59_only_the_space_that_was_asked_finds_the_request(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()

    with pytest.raises(Outdated):
        requests.accept(caller(jira), ALPHA, sent, now=clock())
    for who, space in (
        (caller(jira, "bob"), BETA),
        (caller(other_jira), ALPHA),
        (caller(other_jira, "dana"), "10002"),
    ):
        with pytest.raises(NotFound):
            requests.accept(who, space, sent, now=clock())
        with pytest.raises(NotFound):
            requests.view(who, space, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_nobody_can_answer_for_a_space_that_does_not_exist(
    send: Send, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send(space_key="NOWHERE")

    for space in (ALPHA, BETA, ""):
        with pytest.raises((NotFound, NotAllowed)):
            requests.accept(caller(other_jira, "dana"), space, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_case_60_of_two_acceptances_on_the_other_site_exactly_one_counts(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, dana = send(), caller(other_jira, "dana")
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.accept(dana, BETA, sent, now=clock()))

    with pytest.raises(Outdated, match="Somebody else was faster"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert SynchronizationSide.objects.get(side="right").acted_by == other_jira.account("dana")
    assert PublishedConfiguration.objects.count() == 1


def test_a_withdrawal_on_one_site_wins_over_an_acceptance_under_way_on_the_other(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, alice = send(), caller(jira)
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.withdraw(alice, ALPHA, sent, now=clock()))

    with pytest.raises(Outdated, match="Somebody else was faster"):
        requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    assert not Synchronization.objects.exists()


def ask_back(jira: Jira, other_jira: Jira, clock: VirtualClock) -> uuid.UUID:
    """Bob asks from BETA on initech for ALPHA on acme."""
    return requests.send_across(
        caller(other_jira, "bob"),
        BETA,
        base_url=jira.site.base_url,
        space_key="ALPHA",
        mode="immediate",
        name="Back",
        description="",
        now=clock(),
    )


def test_whoever_was_asked_answers_instead_of_asking_back(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    send()

    with pytest.raises(Outdated, match=r"Beta and ALPHA on acme\.atlassian\.net already have"):
        ask_back(jira, other_jira, clock)

    assert Synchronization.objects.count() == 1


def test_of_two_requests_that_crossed_one_can_be_accepted(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    SynchronizationSide.objects.filter(side="left").update(space_key="FORMER")  # it is called ALPHA since
    crossing = ask_back(jira, other_jira, clock)
    requests.accept(caller(other_jira, "bob"), BETA, sent, now=clock())

    with pytest.raises(Outdated, match="These two spaces already have a synchronization"):
        requests.accept(caller(jira), ALPHA, crossing, now=clock())

    assert PublishedConfiguration.objects.count() == 1
    assert Synchronization.objects.get(pk=crossing).state == "requested"


def test_a_second_request_to_a_partner_already_connected_is_refused(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    requests.accept(caller(other_jira, "bob"), BETA, send(), now=clock())

    with pytest.raises(Outdated, match="already have a synchronization"):
        send()

    assert Synchronization.objects.count() == 1


def test_a_declined_request_tells_the_sender_the_message_and_still_no_name(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent = send()
    requests.decline(caller(other_jira, "bob"), BETA, sent, message=" Not now ", now=clock())

    seen = requests.view(caller(jira), ALPHA, sent, now=clock())

    assert (seen.status, seen.message, seen.partner.label) == ("DECLINED", "Not now", "BETA")
    assert send() != sent


def test_either_side_starts_stops_and_deletes_for_both(
    send: Send, jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    sent, alice, bob = send(), caller(jira), caller(other_jira, "bob")
    requests.accept(bob, BETA, sent, now=clock())

    def statuses() -> set[str]:
        seen = (
            *synchronizations.overview(alice, ALPHA, now=clock()),
            *synchronizations.overview(bob, BETA, now=clock()),
        )
        return {each.status for each in seen}

    synchronizations.start(alice, ALPHA, sent, now=clock())
    assert statuses() == {"RUNNING"}
    synchronizations.stop(bob, BETA, sent, now=clock())
    assert statuses() == {"STOPPED"}
    synchronizations.delete(bob, BETA, sent, now=clock())
    assert statuses() == set()
