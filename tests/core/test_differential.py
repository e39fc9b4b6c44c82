"""The engine's planner against the reference: the same triples, the same plans."""

from collections import Counter

import pytest

from backbone_app.core.values import Side
from tests.core.differential.comparing import difference, differs, judged
from tests.core.differential.drawing import triples
from tests.core.differential.meeting import AT_LEAST, kinds
from tests.core.differential.shrinking import in_words, shrunk
from tests.core.reference import Triple
from tests.support.slices import slice_of

NUMBER = 5_000
SEEDS = slice_of(range(200), 20)


@pytest.mark.no_cover  # what is covered here is covered elsewhere: half the time would go into counting it
@pytest.mark.parametrize("seed", SEEDS)
def test_engine_and_reference_plan_the_same(seed: int) -> None:
    met: Counter[str] = Counter()

    for triple in triples(seed, NUMBER):
        facts, codes = judged(triple)
        met.update(set(kinds(triple, facts, codes)))
        if difference(triple, facts, codes):
            smallest = shrunk(triple, differs)
            pytest.fail("\n".join([in_words(smallest), "", *differs(smallest)]))

    assert {kind: met[kind] for kind, least in AT_LEAST.items() if met[kind] < least} == {}


def test_a_difference_is_told_by_the_smallest_triple_that_shows_it() -> None:
    many = (one for one in triples(1, NUMBER) if len(one.configuration.fields) == 7)
    triple = next(one for one in many if one.right and "urgency" in one.right.edits and _edited(one))

    smallest = shrunk(triple, _edited)

    assert [row.key for row in smallest.configuration.fields] == []
    assert smallest.left is not None
    assert list(smallest.left.fields) == ["priority"]
    assert (smallest.base, smallest.origin, smallest.choice) == ({}, None, None)
    assert "priority: " in in_words(smallest)
    assert "urgency: " not in in_words(smallest)


def _edited(triple: Triple) -> bool:
    view = triple.view(Side.LEFT)
    return view is not None and "priority" in view.fields and "priority" in view.edits


def test_the_comparison_says_what_only_one_of_both_says() -> None:
    agreeing = next(one for one in triples(1, NUMBER) if not differs(one) and judged(one)[0])

    told = difference(agreeing, frozenset({("question", "summary")}), frozenset())

    assert told[-1] == "reference: ('question', 'summary')"
    assert all(line.startswith("engine: ") for line in told[:-1])
    assert difference(agreeing, *judged(agreeing)) == []
