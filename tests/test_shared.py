"""What tests are skipped for may be missing on somebody's own machine only."""

import os

import pytest

from tests.support.shared import COMPARED, SHARED


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="on one's own machine documents may be missing")
@pytest.mark.parametrize("name", COMPARED)
def test_where_everything_counts_no_document_is_missing_that_tests_compare_with(name: str) -> None:
    assert (SHARED / name).exists(), f"it is not in {SHARED.name}; SHARED_DIR says where that folder is"
