"""Which installation of the Forge app and which site are one."""

from datetime import datetime, timedelta

import pytest

from backbone_app.ledger import installations
from backbone_app.models import ForgeInstallation, Site
from backbone_app.models.site import SiteStatus
from tests.support.sandbox import VirtualClock

ONE, TWO = "11111111-1111-4111-a111-111111111111", "22222222-2222-4222-a222-222222222222"
pytestmark = pytest.mark.django_db


def ari(number: int) -> str:
    return f"ari:cloud:ecosystem::installation/{number:08d}-1111-4111-a111-111111111111"


@pytest.fixture
def now() -> datetime:
    return VirtualClock()()


def site(name: str, *, now: datetime, **more: object) -> Site:
    values = {"status": SiteStatus.ENABLED, "installed_at": now, **more}
    return Site.objects.create(client_key=name, base_url=f"https://{name}.atlassian.net", **values)


def told(number: int, *, now: datetime, cloud_id: str = ONE, **more: object) -> ForgeInstallation:
    values = {"cloud_id": cloud_id, "seen_at": now, "installed_at": now, **more}
    return ForgeInstallation.objects.create(installation=ari(number), **values)


def joined(row: ForgeInstallation) -> Site | None:
    return ForgeInstallation.objects.get(pk=row.pk).site


def test_the_named_installation_is_joined_whoever_comes_first(now: datetime) -> None:
    early, late = site("early", now=now, installation=ari(1), cloud_id=ONE), told(1, now=now)
    assert installations.join_by_forge(late.pk) == [early.id]

    row = told(2, now=now, cloud_id=TWO)
    assert installations.join_by_forge(row.pk) == []
    after = site("after", now=now, installation=ari(2), cloud_id=TWO)
    assert installations.join(after.id)

    assert (joined(late), joined(row)) == (early, after)


def test_to_join_again_is_nothing_new(now: datetime) -> None:
    acme, row = site("acme", now=now, installation=ari(1)), told(1, now=now)
    assert installations.join(acme.id)

    assert not installations.join(acme.id)
    assert installations.join_by_forge(row.pk) == []
    assert installations.of_site(acme.id) == row


def test_without_a_name_the_cloud_id_decides(now: datetime) -> None:
    acme, row = site("acme", now=now, cloud_id=ONE), told(1, now=now)

    assert installations.join_by_forge(row.pk) == [acme.id]
    assert joined(row) == acme


def test_of_two_enabled_sites_of_one_cloud_id_none_is_guessed(now: datetime) -> None:
    site("acme", now=now, cloud_id=ONE)
    site("acme-too", now=now, cloud_id=ONE)
    row = told(1, now=now)

    assert installations.join_by_forge(row.pk) == []
    assert joined(row) is None


def test_the_enabled_one_of_two_sites_is_meant(now: datetime) -> None:
    site("gone", now=now, cloud_id=ONE, status=SiteStatus.UNINSTALLED)
    acme, row = site("acme", now=now, cloud_id=ONE), told(1, now=now)

    assert installations.join_by_forge(row.pk) == [acme.id]


def test_a_site_of_another_cloud_id_is_never_joined(now: datetime) -> None:
    acme, row = site("acme", now=now, cloud_id=TWO, installation=ari(1)), told(1, now=now, cloud_id=ONE)

    assert not installations.join(acme.id)
    assert installations.join_by_forge(row.pk) == []
    assert joined(row) is None


def test_a_site_whose_cloud_id_turns_out_to_be_another_is_parted_for_what_fits(now: datetime) -> None:
    acme, row = site("acme", now=now, cloud_id=ONE, installation=ari(1)), told(1, now=now)
    installations.join(acme.id)
    moved = told(2, now=now, cloud_id=TWO)
    Site.objects.filter(pk=acme.id).update(cloud_id=TWO, installation=ari(2))

    assert installations.join(acme.id)
    assert (joined(row), joined(moved)) == (None, acme)


def test_a_join_ends_as_soon_as_the_cloud_ids_differ(now: datetime) -> None:
    acme, row = site("acme", now=now, installation=ari(1)), told(1, now=now)
    assert installations.join(acme.id)
    Site.objects.filter(pk=acme.id).update(cloud_id=TWO)

    assert not installations.join(acme.id)
    assert joined(row) is None


def test_the_installation_another_site_names_is_not_taken_for_its_cloud_id(now: datetime) -> None:
    site("acme", now=now, cloud_id="", installation=ari(1))
    twin, row = site("twin", now=now, cloud_id=ONE), told(1, now=now)

    assert not installations.join(twin.id)
    assert joined(row) is None


def test_a_new_installation_takes_the_place_of_the_old_one(now: datetime) -> None:
    acme, old = site("acme", now=now, cloud_id=ONE, installation=ari(1)), told(1, now=now)
    installations.join(acme.id)
    new = told(2, now=now + timedelta(days=1))
    assert installations.join_by_forge(new.pk) == []  # the site still names the old one

    Site.objects.filter(pk=acme.id).update(installation=ari(2))

    assert installations.join(acme.id)
    assert (joined(old), joined(new)) == (None, acme)


def test_of_several_installations_of_a_cloud_id_the_newest_is_meant(now: datetime) -> None:
    acme = site("acme", now=now, cloud_id=ONE)
    new, old = told(1, now=now), told(2, now=now - timedelta(days=1))
    ForgeInstallation.objects.filter(pk=old.pk).update(seen_at=now + timedelta(hours=1))  # it still calls

    installations.join_by_forge(old.pk)

    assert (joined(old), joined(new)) == (None, acme)


def test_a_join_stands_while_nothing_better_comes(now: datetime) -> None:
    acme, row = site("acme", now=now, cloud_id=ONE), told(1, now=now)
    installations.join(acme.id)
    Site.objects.filter(pk=acme.id).update(status=SiteStatus.DISABLED)

    assert not installations.join(acme.id)
    assert joined(row) == acme


def test_a_licence_counts_for_the_site_unless_something_newer_is_known(now: datetime) -> None:
    acme = site("acme", now=now, cloud_id=ONE)
    told(1, now=now, licence="evaluation")
    installations.join(acme.id)
    acme.refresh_from_db()
    assert (acme.licence, acme.licence_at) == ("evaluation", now)

    Site.objects.filter(pk=acme.id).update(licence="active", licence_at=now + timedelta(seconds=1))
    installations.join(acme.id)

    acme.refresh_from_db()
    assert acme.licence == "active"


def test_a_licence_nobody_told_of_changes_nothing(now: datetime) -> None:
    acme = site("acme", now=now, cloud_id=ONE, licence="active", licence_at=now - timedelta(days=1))
    told(1, now=now)

    installations.join(acme.id)

    acme.refresh_from_db()
    assert (acme.licence, acme.licence_at) == ("active", now - timedelta(days=1))


def test_an_installation_that_no_site_came_for_is_found_after_a_while(now: datetime) -> None:
    row = told(1, now=now)
    acme = site("acme", now=now, cloud_id=TWO)
    other = told(2, now=now, cloud_id=TWO)
    installations.join(acme.id)

    later = now + installations.MISSED_AFTER
    assert list(installations.without_site(later)) == []
    assert list(installations.without_site(later + timedelta(seconds=1))) == [row]
    assert installations.of_site(acme.id) == other


def test_a_site_that_is_gone_joins_nothing(now: datetime) -> None:
    acme = site("acme", now=now, cloud_id=ONE)
    acme_id = acme.id
    acme.delete()

    assert not installations.join(acme_id)
