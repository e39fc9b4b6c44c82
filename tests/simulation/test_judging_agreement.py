"""The judge of agreement bites: two work items that the app keeps in step hold the same."""

from jira_sandbox.demo.history import History, Item, Terms
from tests.simulation.clock import START
from tests.simulation.judging.agreement import Pairing, of_pairs

STATUSES = (("To Do", "new"), ("Done", "done"))
TERMS = Terms(
    ties=(("HUB", "NEAR"), ("HUB", "FAR")), statuses=dict.fromkeys(("HUB", "NEAR", "FAR"), STATUSES)
)
NEAR, FAR = (Pairing(frozenset({"1", each})) for each in ("2", "3"))


def test_who_is_left_of_a_family_agrees_though_one_of_it_is_gone() -> None:
    hub, far = _item("1", "HUB"), _item("3", "FAR", origin="1", summary="older")

    assert _judged(hub, far, pairs=[FAR]) == ["I1: summary: HUB holds 'first', FAR holds 'older'"]
    assert _judged(hub, far, pairs=[]) == []


def test_a_status_that_no_way_leads_to_excuses_the_pair_it_is_told_of_alone() -> None:
    hub, near, far = (
        _item("1", "HUB", status="Done"),
        _item("2", "NEAR", origin="1"),
        _item("3", "FAR", origin="1"),
    )
    stuck = Pairing(NEAR.items, is_stuck=True)

    assert _judged(hub, near, far, pairs=[stuck]) == []
    assert _judged(hub, near, far, pairs=[stuck, FAR]) == ["I1: status: HUB holds 'Done', FAR holds 'To Do'"]


def _judged(*items: Item, pairs: list[Pairing]) -> list[str]:
    return list(of_pairs(History(terms=TERMS, changes=(), items=items), pairs))


def _item(
    number: str, space: str, *, origin: str | None = None, summary: str = "first", status: str = "To Do"
) -> Item:
    cells = {"summary": summary, "status": status}
    return Item(
        id=number,
        key=space,
        space=space,
        by_app=origin is not None,
        created=START,
        born=cells,
        now=cells,
        origin=origin,
    )
