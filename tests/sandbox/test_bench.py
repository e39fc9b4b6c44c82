"""The benchmark runs, and its figures are those of calls that were answered."""

from benchmarks import requests_per_second


def test_every_call_is_measured_in_every_way_and_laid_out() -> None:
    rates = requests_per_second.measured(seconds=0.03)

    told = requests_per_second.table(rates)
    assert list(rates) == ["read", "edit", "search", "transitions", "mix"]
    assert all(figure > 0 for row in rates.values() for figure in row.values())
    assert [line.split()[0] for line in told.splitlines()[1:-1]] == list(rates)
    assert sum(requests_per_second.SHARES.values()) == 1.0
