"""The base as rows means exactly what ``Base.after`` means."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbone_app.core import expectation
from backbone_app.core.operations import FieldWrite, Operation, OperationKind
from backbone_app.core.state import EMPTY_BASE, BaseChange, ElementBase
from backbone_app.core.values import Item, Side, Stamp, Text
from backbone_app.ledger import observations
from backbone_app.models import FieldBase, Intent, Pair, PairSide, Site, Synchronization
from tests.support.rows import NOW, halves, make_pair

DIGESTS = st.sampled_from(["1:a", "1:b", "1:c"])
ELEMENTS = st.lists(st.builds(ElementBase, DIGESTS, DIGESTS), max_size=3, unique=True).map(tuple)
CHANGES = st.lists(
    st.builds(BaseChange, st.just("summary"), st.none() | DIGESTS, st.none() | DIGESTS)
    | st.builds(BaseChange, st.just("labels"), add=ELEMENTS, remove=ELEMENTS),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_rows_hold_what_the_pure_base_holds(pair: Pair, changes: list[BaseChange]) -> None:
    FieldBase.objects.all().delete()
    pair.elements.all().delete()

    observations.apply(pair.pk, halves(pair), changes)

    wanted = EMPTY_BASE.after(changes)
    loaded = observations.load(pair.pk, halves(pair))
    assert loaded.fields == wanted.fields
    assert {row: members for row, members in loaded.elements.items() if members} == {
        row: members for row, members in wanted.elements.items() if members
    }


def test_another_pairs_base_is_not_seen(pair: Pair, synchronization: Synchronization, site: Site) -> None:
    other = make_pair(synchronization, site, "3", "4")
    observations.apply(other.pk, halves(other), [BaseChange("labels", add=(ElementBase("1:a", "1:b"),))])

    assert observations.load(pair.pk, halves(pair)) == EMPTY_BASE


# --- a creation --------------------------------------------------------------------------------


@pytest.fixture
def creation(synchronization: Synchronization, site: Site) -> Intent:
    """The open creation of work item 3's twin, with a summary."""
    pair = make_pair(synchronization, site, "3", "")
    write = FieldWrite("summary", "summary", Text("s"), BaseChange("summary", "1:l", "1:r"))
    operation = Operation(OperationKind.CREATE, Side.RIGHT, (write,), "10")
    return Intent.objects.create(
        pair=pair,
        side="right",
        site=site,
        kind="create",
        epoch=1,
        expectation=expectation.to_json(expectation.expect(operation, key=bytes(32))),
        started_at=NOW,
        deadline=NOW,
    )


def twin(creation: Intent) -> PairSide:
    return PairSide.objects.get(pair=creation.pair, side="right")


def test_a_twin_that_is_found_belongs_to_its_pair_and_makes_its_base(creation: Intent) -> None:
    assert observations.twin_found(creation, item="9", key="B-9", now=NOW)

    assert (twin(creation).item, twin(creation).item_key) == ("9", "B-9")
    assert {row.digest for row in FieldBase.objects.filter(half__pair=creation.pair)} == {"1:l", "1:r"}
    creation.refresh_from_db()
    assert (creation.state, creation.item) == ("done", "9")


def test_a_twin_that_is_found_a_second_time_changes_nothing(creation: Intent) -> None:
    observations.twin_found(creation, item="9", key="B-9", now=NOW)
    newer = BaseChange("summary", "1:newer", "1:newer")
    observations.apply(creation.pair_id, halves(creation.pair), [newer])

    assert not observations.twin_found(creation, item="10", key="B-10", now=NOW)

    assert twin(creation).item == "9"
    assert {row.digest for row in FieldBase.objects.filter(half__pair=creation.pair)} == {"1:newer"}
    creation.refresh_from_db()
    assert creation.item == "9"


def test_a_half_that_has_its_item_already_keeps_it(creation: Intent) -> None:
    PairSide.objects.filter(pk=twin(creation).pk).update(item="7", item_key="B-7")

    observations.twin_found(creation, item="9", key="B-9", now=NOW)

    assert (twin(creation).item, twin(creation).item_key) == ("7", "B-7")


def test_an_observation_without_a_changelog_takes_no_known_entry_back(pair: Pair) -> None:
    half = halves(pair)[Side.LEFT]
    item = Item("1", "A-1", "10", "1", "Task", "alice", NOW, Stamp(7, NOW))

    observations.remember(half, item, rich=Stamp(6, NOW))
    observations.remember(
        half, replace(item, stamp=Stamp(None, NOW + timedelta(hours=1))), rich=Stamp(None, NOW)
    )

    row = PairSide.objects.get(pk=half)
    assert (row.stamp_entry, row.stamp_updated, row.rich_entry) == (7, NOW + timedelta(hours=1), 6)
