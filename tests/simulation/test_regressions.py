"""Lives that once went wrong go well."""

import pytest

from tests.simulation.hosts import LIVED, Host
from tests.simulation.orders import Order, Result
from tests.simulation.regressions import SEEDS, Found
from tests.support.slices import slice_of


@pytest.mark.parametrize("found", slice_of(SEEDS, 3), ids=lambda found: f"{found[0]} {found[3]}")
def test_what_a_seed_once_found_is_mended(host: Host, found: Found) -> None:
    seed, faults, kind, _ = found

    result: Result = host.ask(LIVED, Order(seed, faults, kind=kind))

    assert result.violations == ()
