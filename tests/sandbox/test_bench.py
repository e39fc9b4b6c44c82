"""The benchmark runs, and its figures are those of calls that were answered."""

from benchmarks import requests_per_second


def test_every_call_is_measured_in_every_way_and_laid_out() -> None:
    rates = requests_per_second.measured(seconds=0.03)

    told = requests_per_second.table(rates)
    assert list(rates) == ["read", "edit", "search", "transitions", "mix"]
    assert all(figure > 0 for row in rates.values() for figure in row.values())
    assert [line.split()[0] for line in told.splitlines()[1:-1]] == list(rates)
    assert sum(requests_per_second.SHARES.values()) == 1.0


def test_the_closing_line_says_what_the_aim_is_for_and_what_is_slower() -> None:
    fast = {"client": 100, "sandbox_in_process": 200, "sandbox_served": 110, "ratio": 2.0}
    slow = {"client": 100, "sandbox_in_process": 22, "sandbox_served": 20, "ratio": 0.22}

    lines = [
        requests_per_second.table({"read": fast, "search": slow, "mix": mix}).splitlines()[-1]
        for mix in (fast, fast | {"sandbox_served": 31}, fast | {"ratio": 1.6})
    ]

    aim = "Aim: 1.5 for the mix, in process, in processor seconds: it is"
    slower = "Slower than the client: search 0.22"
    assert lines == [
        f"{aim} 2.00. {slower}.",
        f"{aim} 2.00. {slower}; the mix on sockets, in seconds of the clock, 0.31.",
        f"{aim} 1.60. {slower}.",
    ]
