"""Which half of a synchronization is whose."""

import uuid
from datetime import UTC, datetime

import pytest

from backbone_app.core.handshake import Action
from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import standing
from backbone_app.ledger.standing import Partner
from backbone_app.models import Site, Synchronization, SynchronizationSide

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def sites(db: None) -> tuple[Site, Site]:
    """Two sites, linked by one synchronization of two spaces that have the same id on both."""
    here, there = (
        Site.objects.create(client_key=name, base_url=f"https://{name}.example", installed_at=NOW)
        for name in ("here", "there")
    )
    row = Synchronization.objects.create(state="stopped", spaces="x", created_at=NOW, expires_at=NOW)
    for side, site in (("left", here), ("right", there)):
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site=site,
            space="10000",
            space_key="SAME",
            space_name=f"Space {side}",
            asked_key="SAME" if side == "left" else "",
            name=site.client_key,
        )
    return here, there


def test_the_own_half_is_told_by_site_and_space_together(sites: tuple[Site, Site]) -> None:
    here, there = sites

    (left,) = standing.of_space(here.id, "10000")
    (right,) = standing.of_space(there.id, "10000")

    assert (left.own.name, left.other.name, left.side) == ("here", "there", "left")
    assert (right.own.name, right.other.name, right.side) == ("there", "here", "right")


@pytest.mark.parametrize("state", ["requested", "declined"])
def test_until_they_are_connected_the_asking_side_knows_the_key_it_typed_and_no_name(
    sites: tuple[Site, Site], state: str
) -> None:
    Synchronization.objects.update(state=state)
    SynchronizationSide.objects.filter(side="right").update(space_key="RENAMED")

    (left,) = standing.of_space(sites[0].id, "10000")
    (right,) = standing.of_space(sites[1].id, "10000")

    assert left.partner == Partner("SAME", "", "https://there.example")
    assert left.partner.label == "SAME"
    assert right.partner == Partner("SAME", "Space left", "https://here.example")
    assert right.partner.label == "Space left (SAME)"


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_once_connected_each_side_knows_the_others_name(sites: tuple[Site, Site], state: str) -> None:
    Synchronization.objects.update(state=state)
    SynchronizationSide.objects.filter(side="right").update(space_key="RENAMED")

    (left,) = standing.of_space(sites[0].id, "10000")

    assert left.partner == Partner("RENAMED", "Space right", "https://there.example")


def test_a_space_without_a_half_finds_nothing(sites: tuple[Site, Site]) -> None:
    row = Synchronization.objects.get()

    for site_id, space in ((sites[0].id, "10001"), (uuid.uuid4(), "10000")):
        with pytest.raises(NotFound):
            standing.find(site_id, space, row.id)


def test_of_two_people_who_saw_the_same_state_only_one_moves_it(sites: tuple[Site, Site]) -> None:
    seen = [standing.of_space(site.id, "10000")[0] for site in sites]
    standing.move(seen[0], Action.START, now=NOW)

    for action in (Action.START, Action.DELETE):
        with pytest.raises(Outdated, match="Somebody else was faster"):
            standing.move(seen[1], action, now=NOW)

    assert Synchronization.objects.get().state == "running"
