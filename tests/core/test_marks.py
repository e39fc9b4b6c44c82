"""Only an id that is written as we write it is one of ours."""

from uuid import UUID

import pytest

from backbone_app.core.marks import named

OURS = "0b5e7a36-6c1c-4a34-9d3c-2f6f4a0c1d11"


def test_an_id_is_read_as_we_write_it() -> None:
    assert named(OURS) == UUID(OURS)


@pytest.mark.parametrize(
    "written", ["", "n-1", OURS.upper(), OURS.replace("-", ""), f"{{{OURS}}}", f" {OURS}"]
)
def test_whatever_else_stands_there_is_none_of_ours(written: str) -> None:
    assert named(written) is None
