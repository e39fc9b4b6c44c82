"""A site, a running synchronization and a pair, as rows."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backbone_app.core.values import Side
from backbone_app.models import Pair, PairSide, Site, Synchronization, SynchronizationSide
from backbone_app.models.sealing import context, seal

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def make_site(name: str) -> Site:
    """An installed site that nobody can reach."""
    row = Site(client_key=name, base_url=f"https://{name}.atlassian.net", status="enabled", installed_at=NOW)
    row.secret_sealed = seal(b"secret", at=context(row.pk, "site", "secret"))
    row.digest_key_sealed = seal(bytes(32), at=context(row.pk, "site", "digest_key"))
    row.app_account = "app-account"
    row.save()
    return row


def make_pair(synchronization: Synchronization, site: Site, left: str, right: str) -> Pair:
    """A pair of two work items by their ids; an empty right one is a twin yet to be created."""
    pair = Pair.objects.create(
        synchronization=synchronization,
        origin_side=Side.LEFT,
        origin_site=site.pk,
        origin_item=left,
        created_at=NOW,
    )
    for side, item in ((Side.LEFT, left), (Side.RIGHT, right)):
        PairSide.objects.create(pair=pair, side=side, synchronization=synchronization, site=site, item=item)
    return pair


def halves(pair: Pair) -> dict[Side, int]:
    """The ids of both halves."""
    return {Side(side): pk for pk, side in pair.sides.values_list("pk", "side")}


def make_synchronization(site: Site, *, spaces: tuple[str, str] = ("10", "20")) -> Synchronization:
    """A running synchronization of two spaces of one site."""
    row = Synchronization.objects.create(
        state="running",
        spaces="|".join(f"{site.pk}:{space}" for space in spaces),
        created_at=NOW,
        expires_at=NOW + timedelta(days=30),
        started_at=NOW,
    )
    for side, space in zip(Side, spaces, strict=True):
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site=site,
            space=space,
            space_key=f"S{space}",
            space_name=space,
            name="n",
        )
    return row


def uuid(number: int) -> UUID:
    """A fixed id."""
    return UUID(int=number)


@pytest.fixture
def site(db: None) -> Site:
    """The site acme."""
    return make_site("acme")


@pytest.fixture
def synchronization(site: Site) -> Synchronization:
    """Two spaces of acme, running."""
    return make_synchronization(site)


@pytest.fixture
def pair(synchronization: Synchronization, site: Site) -> Pair:
    """Work items 1 and 2."""
    return make_pair(synchronization, site, "1", "2")
