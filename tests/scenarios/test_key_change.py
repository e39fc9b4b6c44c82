"""The operator changes the encryption key while people work, and later needs a backup from before."""

import io
from collections.abc import Mapping

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from backbone_app.core.values import Side
from backbone_app.models import ServiceHold, Site
from tests.support.app import forget
from tests.support.backups import Backup
from tests.support.restored import Drill, drill, item
from tests.support.two_sites import across, world

__all__ = ["across", "drill", "item", "operator", "world"]

LEFT, RIGHT = Side.LEFT, Side.RIGHT
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


class Operator:
    """Who holds the keys; each change of them is a restart of all processes."""

    def __init__(self, settings: LazySettings) -> None:
        self._settings = settings

    def restarts_with(self, keys: Mapping[str, bytes]) -> None:
        self._settings.BACKBONE_ENCRYPTION_KEYS = dict(keys)
        forget()

    def runs(self, command: str, **options: object) -> str:
        said = io.StringIO()
        call_command(command, stdout=said, **options)
        return said.getvalue()


@pytest.fixture
def operator(settings: LazySettings) -> Operator:
    return Operator(settings)


def test_a_key_is_changed_while_everything_goes_on(
    drill: Drill, item: tuple[Side, str], operator: Operator
) -> None:
    drill.edit(item, LEFT, summary="Sealed under the old key, on its way")
    drill.across.acme.jira.deliver_all()

    operator.restarts_with({"k1": OLD, "k2": NEW})
    drill.edit(item, RIGHT, duedate="2027-01-02")
    operator.restarts_with({"k2": NEW, "k1": OLD})
    drill.edit(item, RIGHT, summary="Sealed under the new key, on its way")
    drill.across.initech.jira.deliver_all()
    operator.restarts_with({"k1": OLD, "k2": NEW})  # a process that has not restarted yet opens it
    drill.across.settle()
    operator.restarts_with({"k2": NEW, "k1": OLD})
    said = operator.runs("rotate_secrets")
    drill.across.settle()
    drill.create(RIGHT)
    again = operator.runs("rotate_secrets")
    operator.restarts_with({"k2": NEW})
    drill.edit(item, LEFT, summary="Sealed under the new key")
    drill.across.settle()

    assert "unreadable=0" in said
    assert "rotated=0" in again
    assert "k1=" not in operator.runs("rotate_secrets", status=True)
    assert drill.faults() == []


def test_a_backup_from_before_needs_the_old_key_and_says_which(
    drill: Drill, item: tuple[Side, str], operator: Operator
) -> None:
    backup, taken_at = Backup.take(), drill.now()
    operator.restarts_with({"k2": NEW, "k1": OLD})
    operator.runs("rotate_secrets")
    operator.restarts_with({"k2": NEW})
    drill.edit(item, LEFT, summary="Under the new key")
    drill.across.settle()
    backup.restore()

    with pytest.raises(CommandError, match=r"not in BACKBONE_ENCRYPTION_KEYS: k1\. Put them back"):
        operator.runs("after_restore", taken_at=taken_at)

    assert not ServiceHold.objects.exists()
    operator.restarts_with({"k2": NEW, "k1": OLD})
    drill.recover(taken_at)
    operator.runs("rotate_secrets")
    operator.restarts_with({"k2": NEW})
    drill.edit(item, RIGHT, summary="And on it goes")
    drill.across.settle()
    assert drill.faults() == []
    assert Site.objects.filter(status="enabled").count() == 2
