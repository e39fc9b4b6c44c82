"""Only an id that is written as we write it is one of ours, and of those that bear it the oldest is."""

from uuid import UUID

import pytest

from backbone_app.core.marks import named, twin
from backbone_app.core.values import Item, Stamp, TwinMark

OURS = "0b5e7a36-6c1c-4a34-9d3c-2f6f4a0c1d11"


def test_an_id_is_read_as_we_write_it() -> None:
    assert named(OURS) == UUID(OURS)


@pytest.mark.parametrize(
    "written", ["", "n-1", OURS.upper(), OURS.replace("-", ""), f"{{{OURS}}}", f" {OURS}"]
)
def test_whatever_else_stands_there_is_none_of_ours(written: str) -> None:
    assert named(written) is None


def bearer(number: int, nonce: str) -> Item:
    """A work item with this id that bears a nonce, or nothing."""
    mark = TwinMark(nonce, "site", "1", "") if nonce else None
    return Item(str(number), f"GOLD-{number}", "1", "2", "Task", "gina", None, Stamp(None, None), mark=mark)


def test_of_those_that_bear_a_nonce_the_first_one_is_the_twin() -> None:
    clone, stranger, made, bare = bearer(10_002, OURS), bearer(3, "n-1"), bearer(9_999, OURS), bearer(1, "")

    assert twin([clone, stranger, made, bare], OURS) is made
    assert twin([stranger, bare], OURS) is None
