"""The witness at the wire knows what the app may still have to find."""

from tests.simulation.clock import START
from tests.simulation.witness import Call, Made, Witness


def test_a_twin_is_sought_until_it_is_called_by_its_id() -> None:
    twin, copy = Made(at=START, item="20000"), Made(at=START, item="10000", comment="5")
    witness = Witness(made=[twin, copy], calls=[_read("10001")])

    before = witness.is_sought("20000")
    witness.end(_read("20000"))

    assert before
    assert not witness.is_sought("20000")
    assert not witness.is_sought("10000")


def _read(item: str) -> Call:
    return Call(
        number=0,
        asked=START,
        answered=START,
        worker="live-0.1",
        method="GET",
        origin="https://acme.example",
        path=f"/rest/api/3/issue/{item}",
    )
