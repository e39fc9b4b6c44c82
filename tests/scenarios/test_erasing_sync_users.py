"""Who let us in on a Data Center is a person: it is shown what is held of them, and erased."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from backbone_app.models import Site
from backbone_app.services import erasure
from tests.support.backups import Backup
from tests.support.lasting import Lasting, edition, lasting, world

__all__ = ["edition", "lasting", "world"]

JOHN = "john.doe"


@pytest.fixture
def johns(lasting: Lasting, settings: LazySettings, tmp_path: Path) -> Lasting:
    """The two spaces in step over what a user has given whose key looks like no account id of the Cloud."""
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures.jsonl"
    lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    Site.objects.filter(pk=lasting.link.pk).update(app_account=JOHN)
    return lasting


def test_the_account_of_a_link_is_part_of_what_is_held_of_a_person(johns: Lasting) -> None:
    shown = erasure.export(JOHN, None, now=johns.acme.clock())

    (site,) = shown["sites"]
    assert site["site"] == johns.office.site.base_url
    (held,) = site["held"]
    assert (held["column"], held["row"]) == ("backbone_site.app_account", johns.link.pk)
    assert erasure.look(JOHN, johns.office.site.base_url).total() == 1
    assert erasure.look(JOHN, johns.acme.jira.row.base_url).total() == 0


def test_the_apps_own_account_on_an_installed_site_is_nobodys(johns: Lasting) -> None:
    own = Site.objects.get(pk=johns.acme.jira.row.pk).app_account

    assert own
    assert "backbone_site.app_account" not in erasure.look(own, None)


def test_erasing_that_person_breaks_the_link_and_another_one_can_sign_in(johns: Lasting) -> None:
    erased = erasure.erase(JOHN, None, now=johns.acme.clock())
    johns.sweep()

    row = johns.row
    assert erased == {"backbone_site.app_account": 1}
    assert (row.status, row.broken_reason, row.site.app_account) == ("broken", "erased", "")
    assert (bytes(row.access_sealed), bytes(row.refresh_sealed)) == (b"", b"")
    assert not johns.office.site.provider.grants
    assert johns.state() == ("paused", "link_broken", "right")
    assert erasure.look(JOHN, None).total() == 0

    johns.outsider("dana").sign_in(johns.asked()["address"])

    assert johns.state()[0] == "running"
    assert johns.row.site.app_account == johns.office.site.user("dana").account_id
    johns.acme.create("ALPHA", "Second")
    johns.settle()
    assert "Second" in [issue.fields["summary"] for issue in johns.office.site.issues.values()]


def test_what_a_restored_backup_brings_back_of_them_is_erased_again(johns: Lasting) -> None:
    backup = Backup.take()
    erasure.erase(JOHN, None, now=johns.acme.clock())
    backup.restore()

    erasure.repeat(lambda _: None, now=johns.acme.clock())

    assert (johns.row.status, johns.row.site.app_account) == ("broken", "")
