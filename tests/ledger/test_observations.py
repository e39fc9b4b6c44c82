"""The base as rows means exactly what ``Base.after`` means."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbone_app.core.state import EMPTY_BASE, BaseChange, ElementBase
from backbone_app.ledger import observations
from backbone_app.models import FieldBase, Pair, Site, Synchronization
from tests.support.rows import halves, make_pair

DIGESTS = st.sampled_from(["1:a", "1:b", "1:c"])
ELEMENTS = st.lists(st.builds(ElementBase, DIGESTS, DIGESTS), max_size=3, unique=True).map(tuple)
CHANGES = st.lists(
    st.builds(BaseChange, st.just("summary"), st.none() | DIGESTS, st.none() | DIGESTS)
    | st.builds(BaseChange, st.just("labels"), add=ELEMENTS, remove=ELEMENTS),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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
