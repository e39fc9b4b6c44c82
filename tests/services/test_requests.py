"""A request's life: sent, accepted, declined, withdrawn, expired; races and rights."""

import uuid
from datetime import timedelta

import pytest

from backbone_app.core.configuration import from_document
from backbone_app.errors import Closed, InvalidInput, NotAllowed, NotFound, Outdated, RemoteUnreachable
from backbone_app.models import PublishedConfiguration, Synchronization, SynchronizationSide
from backbone_app.services import requests, synchronizations
from backbone_app.services.requests import SpaceChoice
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import Jira
from tests.support.desk import restrict
from tests.support.sandbox import VirtualClock


def caller(jira: Jira, name: str | None) -> Caller:
    """A person of the site, as the edge proves them."""
    row = jira.row
    return Caller(site_id=row.id, account=jira.account(name) if name else None, base_url=row.base_url)


def send(jira: Jira, clock: VirtualClock, *, partner: str = "BETA", name: str = "Ours") -> uuid.UUID:
    """Alice asks from ALPHA."""
    return requests.send(
        caller(jira, "alice"),
        jira.space_id("ALPHA"),
        partner_space=jira.space_id(partner),
        name=name,
        description="What it is for",
        now=clock(),
    )


def test_sending_makes_one_row_with_a_half_for_each_space(jira: Jira, clock: VirtualClock) -> None:
    sent = send(jira, clock, name=" Ours ")

    row = Synchronization.objects.get()
    left, right = row.sides.order_by("side")
    assert (row.id, row.state, row.expires_at) == (sent, "requested", clock() + timedelta(days=30))
    assert (left.side, left.space_key, left.acted_by) == ("left", "ALPHA", jira.account("alice"))
    assert (right.side, right.space_key, right.acted_by) == ("right", "BETA", "")
    assert {left.name, right.name} == {"Ours"}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 121}),
        ("description", {"description": "x" * 1001}),
        ("message", {"message": "x" * 1001}),
        ("partner_space", {"partner_space": "99999"}),
        ("partner_space", {"partner_space": "10000"}),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_stored(
    jira: Jira, clock: VirtualClock, field: str, changed: dict[str, str]
) -> None:
    assert jira.space_id("ALPHA") == "10000"
    entries = {"partner_space": jira.space_id("BETA"), "name": "x", "description": "", **changed}

    with pytest.raises(InvalidInput) as refused:
        requests.send(caller(jira, "alice"), "10000", **entries, now=clock())

    assert refused.value.field == field
    assert not Synchronization.objects.exists()


def test_a_second_open_request_between_the_same_spaces_is_refused_from_either_side(
    jira: Jira, clock: VirtualClock
) -> None:
    send(jira, clock)

    with pytest.raises(Outdated, match="already have a synchronization or an open request"):
        send(jira, clock)
    with pytest.raises(Outdated, match="already have"):
        requests.send(
            caller(jira, "bob"),
            jira.space_id("BETA"),
            partner_space=jira.space_id("ALPHA"),
            name="x",
            description="",
            now=clock(),
        )

    assert Synchronization.objects.count() == 1


def test_an_expired_request_makes_room_for_a_new_one(jira: Jira, clock: VirtualClock) -> None:
    old = send(jira, clock)
    clock.advance(days=30)

    new = send(jira, clock)

    assert [row.id for row in Synchronization.objects.all()] == [new]
    assert new != old


def test_a_declined_request_stays_listed_beside_a_new_one(jira: Jira, clock: VirtualClock) -> None:
    old = send(jira, clock)
    requests.decline(caller(jira, "bob"), jira.space_id("BETA"), old, message="", now=clock())

    new = send(jira, clock)

    assert {row.id for row in Synchronization.objects.all()} == {old, new}


@pytest.mark.parametrize("name", ["bob", "carol", None])
def test_only_an_admin_of_the_sending_space_can_send(
    jira: Jira, clock: VirtualClock, name: str | None
) -> None:
    with pytest.raises(NotAllowed):
        requests.send(
            caller(jira, name),
            jira.space_id("ALPHA"),
            partner_space=jira.space_id("BETA"),
            name="x",
            description="",
            now=clock(),
        )

    assert not Synchronization.objects.exists()


def test_the_spaces_to_choose_are_all_but_the_own_one_by_name(jira: Jira, clock: VirtualClock) -> None:
    found = requests.spaces_to_choose(caller(jira, "alice"), jira.space_id("ALPHA"), now=clock())

    assert found.own == SpaceChoice(jira.space_id("ALPHA"), "ALPHA", "Alpha")
    assert [each.key for each in found.others] == ["BETA", "GAMMA"]


def test_a_space_that_the_person_may_not_see_is_not_offered_and_cannot_be_asked(
    jira: Jira, clock: VirtualClock
) -> None:
    jira.site.revoke(jira.site.user("alice"), "BROWSE_PROJECTS", space=jira.site.space("BETA"))

    found = requests.spaces_to_choose(caller(jira, "alice"), jira.space_id("ALPHA"), now=clock())
    with pytest.raises(InvalidInput, match="does not exist"):
        send(jira, clock)

    assert [each.key for each in found.others] == ["GAMMA"]
    assert not Synchronization.objects.exists()


def test_acceptance_stops_at_stopped_with_same_named_types_and_fields_both_ways(
    jira: Jira, clock: VirtualClock
) -> None:
    sent = send(jira, clock)

    requests.accept(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())

    published = PublishedConfiguration.objects.get()
    configuration = from_document(published.document)
    right = SynchronizationSide.objects.get(side="right")
    assert (Synchronization.objects.get().state, published.version) == ("stopped", 1)
    assert right.acted_by == jira.account("bob")
    assert sorted(row.left_name for row in configuration.types) == ["Bug", "Story", "Task"]
    assert {"labels", "priority", "summary"} <= {row.key for row in configuration.fields}


def test_a_sender_who_lost_the_right_cannot_be_accepted(jira: Jira, clock: VirtualClock) -> None:
    sent = send(jira, clock)
    jira.site.revoke(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))

    with pytest.raises(NotAllowed, match="Whoever sent this request no longer has"):
        requests.accept(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_a_sender_who_is_in_none_of_the_groups_any_more_cannot_be_accepted(
    jira: Jira, clock: VirtualClock
) -> None:
    sent = send(jira, clock)
    restrict(jira, "jira-administrators")

    with pytest.raises(NotAllowed, match="Whoever sent this request no longer has"):
        requests.accept(caller(jira, "dana"), jira.space_id("BETA"), sent, now=clock())

    assert Synchronization.objects.get().state == "requested"
    restrict(jira, "jira-administrators", "staff")
    requests.accept(caller(jira, "dana"), jira.space_id("BETA"), sent, now=clock())


def test_those_who_are_asked_read_the_message_and_who_wrote_it_and_the_asking_side_does_not(
    jira: Jira, clock: VirtualClock
) -> None:
    sent = requests.send(
        caller(jira, "alice"),
        jira.space_id("ALPHA"),
        partner_space=jira.space_id("BETA"),
        name="Ours",
        description="",
        message=" Shall we? ",
        now=clock(),
    )

    left, right = SynchronizationSide.objects.order_by("side")
    asked = requests.view(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())
    asking = requests.view(caller(jira, "alice"), jira.space_id("ALPHA"), sent, now=clock())
    assert (left.asking_message, right.asking_message) == ("", "Shall we?")
    assert (asked.asking_message, asked.asked_by) == ("Shall we?", jira.site.user("alice").display_name)
    assert (asking.asking_message, asking.asked_by) == ("", "")


def test_a_right_taken_away_counts_at_once_for_every_answer(jira: Jira, clock: VirtualClock) -> None:
    sent, dana, beta = send(jira, clock), caller(jira, "dana"), jira.space_id("BETA")
    requests.view(dana, beta, sent, now=clock())  # remembered for a minute, for reading only
    jira.site.revoke(jira.site.user("dana"), "ADMINISTER_PROJECTS", space=jira.site.space("BETA"))

    requests.view(dana, beta, sent, now=clock())
    with pytest.raises(NotAllowed):
        requests.accept(dana, beta, sent, now=clock())
    with pytest.raises(NotAllowed):
        requests.decline(dana, beta, sent, message="", now=clock())

    assert Synchronization.objects.get().state == "requested"


def test_an_acceptance_that_jira_does_not_answer_changes_nothing(jira: Jira, clock: VirtualClock) -> None:
    sent = send(jira, clock)
    jira.world.misfortunes.add(
        Misfortune(match=("GET", "createmeta"), times=1, kind="lose_answer_after_effect")
    )

    with pytest.raises(RemoteUnreachable):
        requests.accept(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())

    assert Synchronization.objects.get().state == "requested"
    assert not PublishedConfiguration.objects.exists()


def test_a_request_withdrawn_while_jira_is_asked_is_not_accepted(jira: Jira, clock: VirtualClock) -> None:
    sent, alpha = send(jira, clock), jira.space_id("ALPHA")
    alice = caller(jira, "alice")
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.withdraw(alice, alpha, sent, now=clock()))

    with pytest.raises(Outdated, match="Somebody else was faster"):
        requests.accept(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())

    assert not Synchronization.objects.exists()
    assert not PublishedConfiguration.objects.exists()


def test_case_60_of_two_acceptances_exactly_one_counts(jira: Jira, clock: VirtualClock) -> None:
    sent, beta = send(jira, clock), jira.space_id("BETA")
    dana = caller(jira, "dana")
    jira.world.hooks.before("GET", "createmeta", lambda _: requests.accept(dana, beta, sent, now=clock()))

    with pytest.raises(Outdated):
        requests.accept(caller(jira, "bob"), beta, sent, now=clock())

    assert SynchronizationSide.objects.get(side="right").acted_by == jira.account("dana")
    assert PublishedConfiguration.objects.count() == 1


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=5)])
def test_an_expired_request_cannot_be_accepted(jira: Jira, clock: VirtualClock, late: timedelta) -> None:
    sent = send(jira, clock)
    clock.now += timedelta(days=30) + late

    with pytest.raises(Outdated, match="expired"):
        requests.accept(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())

    shown = requests.view(caller(jira, "bob"), jira.space_id("BETA"), sent, now=clock())
    assert (shown.status, shown.is_expired, shown.actions) == ("EXPIRED", True, ("delete",))


@pytest.mark.parametrize(("name", "space"), [("alice", "ALPHA"), ("bob", "BETA")])
def test_an_expired_request_can_be_deleted_by_either_side_and_nothing_else(
    jira: Jira, clock: VirtualClock, name: str, space: str
) -> None:
    sent, who, own = send(jira, clock), caller(jira, name), jira.space_id(space)
    clock.now += timedelta(days=30)

    with pytest.raises(Closed, match="expired"):
        requests.withdraw(who, own, sent, now=clock())
    with pytest.raises(Closed, match="Either space can send a new one"):
        requests.decline(who, own, sent, message="", now=clock())
    synchronizations.delete(who, own, sent, now=clock())

    assert not Synchronization.objects.exists()


def test_an_answer_after_the_answer_is_outdated(jira: Jira, clock: VirtualClock) -> None:
    sent, bob, beta = send(jira, clock), caller(jira, "bob"), jira.space_id("BETA")
    requests.decline(bob, beta, sent, message="no", now=clock())

    with pytest.raises(Outdated):
        requests.accept(bob, beta, sent, now=clock())
    with pytest.raises(Outdated):
        requests.withdraw(caller(jira, "alice"), jira.space_id("ALPHA"), sent, now=clock())

    assert Synchronization.objects.get().state == "declined"


def test_a_request_of_another_pair_of_spaces_is_not_found(jira: Jira, clock: VirtualClock) -> None:
    sent, dana, gamma = send(jira, clock), caller(jira, "dana"), jira.space_id("GAMMA")

    for act in (requests.view, requests.accept, requests.withdraw, synchronizations.delete):
        with pytest.raises(NotFound):
            act(dana, gamma, sent, now=clock())

    assert Synchronization.objects.get().state == "requested"
