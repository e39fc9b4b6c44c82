"""Restored from an older backup, while Jira went on: nothing doubles, nothing is lost."""

from random import Random

import pytest

from backbone_app.core.values import Side
from backbone_app.models import Pair
from tests.support.backups import Backup
from tests.support.restored import Drill, drill
from tests.support.slices import slice_of
from tests.support.two_sites import across, world

__all__ = ["across", "drill", "world"]

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_a_twin_from_after_the_backup_becomes_a_pair_again_without_a_write(drill: Drill) -> None:
    backup, taken_at = Backup.take(), drill.now()
    item = drill.create()
    drill.across.settle()
    backup.restore()
    drill.across.acme.jira.world.meters.reset()

    drill.recover(taken_at)

    assert drill.writes() == 0
    assert drill.faults() == []
    assert Pair.objects.count() == 1
    drill.edit(item, RIGHT, summary="Edited over there")
    drill.across.settle()
    assert drill.faults() == []


@pytest.mark.parametrize("seed", slice_of(range(60), 2))
def test_whatever_was_done_since_the_backup_nothing_is_lost_or_doubled(drill: Drill, seed: int) -> None:
    drill.chance = Random(seed)
    for _ in range(8):
        drill.act()
    backup, taken_at = Backup.take(), drill.now()
    for _ in range(14):
        drill.act()
    drill.lose_the_news()
    backup.restore()

    drill.recover(taken_at)

    assert drill.faults() == []
    drill.across.acme.jira.world.meters.reset()
    drill.across.acme.check_everything()
    drill.settle()
    assert (drill.writes(), drill.faults()) == (0, [])
