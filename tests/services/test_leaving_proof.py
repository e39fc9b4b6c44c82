"""The proof of an erasure finds a site wherever a row can name it."""

from collections.abc import Callable

import pytest

from backbone_app.models import AuditEntry, Pair, Pause, Site, Synchronization, Tombstone
from backbone_app.services import leaving
from tests.support.rows import NOW, make_site

Named = AuditEntry | Pair | Pause
Naming = Callable[[Site, Site], Named]

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone() -> Site:
    return make_site("initech")


@pytest.fixture
def here() -> Site:
    return make_site("acme")


def in_a_text(gone: Site, _: Site) -> Named:
    return Pause.objects.create(scope=f"item:{gone.pk}:7", reason="r", since=NOW, until=NOW)


def in_json(gone: Site, here: Site) -> Named:
    return AuditEntry.objects.create(site=here, at=NOW, actor="app", act="a", detail={"x": [str(gone.pk)]})


def in_a_column_of_ids(gone: Site, _: Site) -> Pair:
    running = Synchronization.objects.create(state="running", spaces="1", created_at=NOW, expires_at=NOW)
    return Pair.objects.create(
        synchronization=running, origin_side="left", origin_site=gone.pk, origin_item="1", created_at=NOW
    )


def by_its_key(gone: Site, _: Site) -> Named:
    return Pause.objects.create(scope="endpoint:7", site=gone, reason="r", since=NOW, until=NOW)


@pytest.mark.parametrize("naming", [in_a_text, in_json, in_a_column_of_ids, by_its_key])
def test_a_row_that_names_the_site_is_counted_in_its_table_and_none_of_another_site(
    gone: Site, here: Site, naming: Naming
) -> None:
    before, row = leaving.prove(gone.pk), naming(gone, here)

    proof = leaving.prove(gone.pk)

    table = row._meta.db_table
    assert (before.rows["backbone_site"], before.total) == (1, 1)
    assert (proof.rows[table], proof.total) == (1, 2)


def test_a_tombstone_is_no_row_of_the_site(gone: Site) -> None:
    Tombstone.objects.create(site=gone.pk, erased_at=NOW, rows={"Site": 1})

    proof = leaving.prove(gone.pk)

    assert (proof.total, proof.erased_at, dict(proof.lost)) == (1, NOW, {"Site": 1})


def test_content_that_began_on_an_erased_site_keeps_its_pair_and_loses_its_lineage(
    gone: Site, here: Site
) -> None:
    pair = in_a_column_of_ids(gone, here)
    Site.objects.filter(pk=gone.pk).update(status="uninstalled", uninstalled_at=NOW)

    assert leaving.erase(gone.pk, lambda: NOW)

    pair.refresh_from_db()
    assert leaving.prove(gone.pk).total == 0
    assert (pair.origin_site.int, pair.origin_item) == (0, "")
