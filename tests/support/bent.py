"""Good JSON bent at random, and JSON of no meaning at all, for hypothesis."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

Json = Any
Place = tuple[str | int, ...]

_ODD_TEXTS = st.sampled_from(
    [
        "",
        "\x00",
        "a\x00b",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-11-22T01:02:03.456+0000",
        "1795309323456",
        "9" * 19,
        "-1",
        "x" * 300,
        "../../../rest/api/3/myself",
        "\u202eright to left\u2066",
        "\U0001f600",
        "jira:issue_deleted",
        "comment_deleted",
        "summary",
        "description",
        "accountId",
    ]
)
_ODD_NUMBERS = st.sampled_from([0, -1, 1, 1.5, -0.0, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 1e308, 1e-308])
LEAVES = st.none() | st.booleans() | st.integers() | _ODD_NUMBERS | _ODD_TEXTS | st.text(max_size=20)
ANY_JSON: st.SearchStrategy[Json] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value; a text may have a NUL in it, half a character it has not."""


@st.composite
def bent(draw: st.DrawFn, originals: Sequence[Json], *, times: int = 4) -> Json:
    """One of the originals, changed in a few places: a part is lost, retyped, wrapped, or put elsewhere."""
    whole = copy.deepcopy(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, times))):
        places = list(_places(whole))
        if not places:
            break
        here, there = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        part = copy.deepcopy(_at(whole, there))
        way = draw(st.sampled_from(["drop", "retype", "wrap", "list", "swap"]))
        if way == "drop":
            del _at(whole, here[:-1])[here[-1]]
            continue
        old = _at(whole, here)
        made = {"wrap": {"id": old, "name": old}, "list": [old, old], "swap": part}
        _at(whole, here[:-1])[here[-1]] = made[way] if way in made else draw(ANY_JSON)
    return whole


def _places(value: Json, above: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict | list):
        for name, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield (*above, name)
            yield from _places(inner, (*above, name))


def _at(whole: Json, place: Place) -> Json:
    for name in place:
        whole = whole[name]
    return whole
