"""The overview's rows, and start, stop, delete."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from backbone_app.errors import NotFound, Outdated
from backbone_app.models import Pair, PairSide, Synchronization, SynchronizationSide
from backbone_app.models.pair import PairState
from backbone_app.services import synchronizations
from backbone_app.services.synchronizations import Row
from backbone_app.services.tenants import Caller
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock


def caller(jira: Jira, name: str = "alice") -> Caller:
    """A person of the site, as the edge proves them."""
    row = jira.row
    return Caller(site_id=row.id, account=jira.account(name), base_url=row.base_url)


def link(
    jira: Jira, clock: VirtualClock, *, state: str = "stopped", partner: str = "BETA"
) -> Synchronization:
    """A synchronization of ALPHA and ``partner``, left is ALPHA."""
    row = Synchronization.objects.create(
        state=state, spaces=str(uuid.uuid4()), created_at=clock(), expires_at=clock.advance(seconds=1)
    )
    for side, key in (("left", "ALPHA"), ("right", partner)):
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site=jira.row,
            space=jira.space_id(key),
            space_key=key,
            space_name=key.title(),
            name=f"With {partner}",
        )
    return row


def pair(jira: Jira, clock: VirtualClock, row: Synchronization, number: int, *, reason: str = "") -> None:
    """A pair of ALPHA-number and BETA-number, set aside where it was deleted."""
    state = PairState.SET_ASIDE if reason == "deleted" else PairState.ACTIVE
    made = Pair.objects.create(
        synchronization=row,
        state=state,
        reason=reason,
        origin_side="left",
        origin_site=jira.row.id,
        origin_item=str(number),
        created_at=clock(),
    )
    for side, key in (("left", "ALPHA"), ("right", "BETA")):
        PairSide.objects.create(
            pair=made,
            side=side,
            synchronization=row,
            site=jira.row,
            item=f"{side}-{number}",
            item_key=f"{key}-{number}",
        )


def overview(jira: Jira, clock: VirtualClock) -> tuple[Row, ...]:
    """What alice sees of ALPHA."""
    return synchronizations.overview(caller(jira), jira.space_id("ALPHA"), now=clock())


def test_a_row_says_who_the_partner_is_and_what_can_be_done(jira: Jira, clock: VirtualClock) -> None:
    made = link(jira, clock, state="running")

    (row,) = overview(jira, clock)

    assert (row.id, row.name, row.status) == (made.id, "With BETA", "RUNNING")
    assert (row.partner.key, row.partner.name) == ("BETA", "Beta")
    assert row.actions == ("stop", "delete")


def test_pairs_are_counted_and_those_out_of_step_are_named_by_the_own_item(
    jira: Jira, clock: VirtualClock
) -> None:
    made, other = link(jira, clock, state="running"), link(jira, clock, partner="GAMMA")
    pair(jira, clock, made, 1)
    pair(jira, clock, made, 2, reason="deleted")
    pair(jira, clock, made, 3, reason="something nobody has a sentence for")
    pair(jira, clock, other, 4)

    first, second = overview(jira, clock)

    assert (first.pairs, first.out_of_step) == (3, 2)
    assert [(each.item, each.reason) for each in first.examples] == [
        ("ALPHA-2", "One of the two work items was deleted; the other one stays as it is."),
        ("ALPHA-3", "It cannot be kept in step at the moment."),
    ]
    assert (second.pairs, second.out_of_step, second.examples) == (1, 0, ())


def test_of_very_many_pairs_out_of_step_the_first_are_shown_and_all_are_counted(
    jira: Jira, clock: VirtualClock
) -> None:
    made = link(jira, clock, state="running")
    for number in range(60):
        pair(jira, clock, made, number, reason="remote_unreachable")

    (row,) = overview(jira, clock)

    assert (row.out_of_step, len(row.examples)) == (60, 50)


def test_the_partner_sees_its_own_items(jira: Jira, clock: VirtualClock) -> None:
    pair(jira, clock, link(jira, clock), 1, reason="deleted")

    (row,) = synchronizations.overview(caller(jira, "bob"), jira.space_id("BETA"), now=clock())

    assert [each.item for each in row.examples] == ["BETA-1"]


def test_the_number_of_queries_does_not_grow_with_the_rows(jira: Jira, clock: VirtualClock) -> None:
    pair(jira, clock, link(jira, clock), 1, reason="x")
    overview(jira, clock)
    with CaptureQueriesContext(connection) as with_one:
        overview(jira, clock)

    for number in (2, 3):
        pair(jira, clock, link(jira, clock), number, reason="x")
    with CaptureQueriesContext(connection) as with_three:
        rows = overview(jira, clock)

    assert len(rows) == 3
    assert len(with_three) == len(with_one)


def test_the_synchronizations_of_other_spaces_and_sites_stay_out(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    link(other_jira, clock)
    mine = link(jira, clock)
    SynchronizationSide.objects.filter(synchronization=link(jira, clock), side="left").update(space="10002")

    rows = overview(jira, clock)

    assert [row.id for row in rows] == [mine.id]


def test_starting_wakes_the_worker_and_notes_the_time(jira: Jira, clock: VirtualClock) -> None:
    made = link(jira, clock)

    synchronizations.start(caller(jira), jira.space_id("ALPHA"), made.id, now=clock())

    made.refresh_from_db()
    assert (made.state, made.started_at) == ("running", clock())
    assert [task.func() for task in OrmQ.objects.all()] == [
        "backbone_app.jobs.sync",
        "backbone_app.jobs.reconcile",
    ]


def test_a_refused_start_wakes_nobody(jira: Jira, clock: VirtualClock) -> None:
    made = link(jira, clock, state="running")

    with pytest.raises(Outdated):
        synchronizations.start(caller(jira), jira.space_id("ALPHA"), made.id, now=clock())

    assert not OrmQ.objects.exists()


def test_a_stop_between_two_looks_makes_a_second_stop_outdated(jira: Jira, clock: VirtualClock) -> None:
    made = link(jira, clock, state="running")
    synchronizations.stop(caller(jira), jira.space_id("ALPHA"), made.id, now=clock())

    with pytest.raises(Outdated, match="STOPPED"):
        synchronizations.stop(caller(jira, "bob"), jira.space_id("BETA"), made.id, now=clock())


def test_deleting_takes_the_pairs_along_and_leaves_the_neighbours(jira: Jira, clock: VirtualClock) -> None:
    gone, stays = link(jira, clock, state="running"), link(jira, clock, partner="GAMMA")
    pair(jira, clock, gone, 1)
    pair(jira, clock, stays, 2)

    synchronizations.delete(caller(jira), jira.space_id("ALPHA"), gone.id, now=clock())

    assert [row.id for row in Synchronization.objects.all()] == [stays.id]
    assert [each.origin_item for each in Pair.objects.all()] == ["2"]


def test_a_synchronization_of_another_site_is_not_found(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    made = link(jira, clock)

    for act in (synchronizations.start, synchronizations.stop, synchronizations.delete):
        with pytest.raises(NotFound):
            act(caller(other_jira), jira.space_id("ALPHA"), made.id, now=clock())

    made.refresh_from_db()
    assert made.state == "stopped"
