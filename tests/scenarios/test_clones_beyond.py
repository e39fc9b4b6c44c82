"""Whoever let us in clones a twin on a Data Center: the clone bears our mark too, and is their own."""

import pytest

from backbone_app.models import Intent
from jira_sandbox.acts import cloning
from jira_sandbox.misfortunes import Misfortune
from tests.support.backups import Backup
from tests.support.beyond import Beyond, beyond, edition, pair, world

__all__ = ["beyond", "edition", "pair", "world"]

CREATION = ("POST", "/rest/api/2/issue$")


def clone(beyond: Beyond, item: str, *, who: str = "gina") -> str:
    """Let somebody clone a work item of the Data Center, as its pages offer it."""
    beyond.acme.clock.advance(seconds=1)
    site = beyond.office.site
    return cloning.clone(beyond.office.world, site, site.user(who), site.issues[item]).id


def wait(beyond: Beyond, *, minutes: int = 15) -> None:
    """Let time pass, with a check every five minutes."""
    for _ in range(minutes // 5):
        beyond.acme.clock.advance(minutes=5)
        beyond.acme.check()
        beyond.settle()


@pytest.mark.parametrize("who", ["gina", "alice"])
@pytest.mark.parametrize("heard", [True, False])
def test_the_clone_of_a_twin_gets_a_twin_of_its_own(
    beyond: Beyond, pair: tuple[str, str], who: str, heard: bool
) -> None:
    left, right = pair

    copy = clone(beyond, right, who=who)
    if not heard:
        assert beyond.office.lose() > 0
        wait(beyond)
    beyond.settle()

    (twin,) = beyond.acme.twins_of(copy)
    assert beyond.acme.holds(twin)["summary"] == "CLONE - Broken lamp"
    assert beyond.twin_of(left) == right
    assert "backbone-twin" not in beyond.office.site.issues[copy].properties


@pytest.mark.parametrize("news", ["of both", "of the clone", "of none"])
def test_a_clone_does_not_take_the_place_of_a_twin_whose_creation_was_not_answered(
    beyond: Beyond, news: str
) -> None:
    lost = Misfortune(match=CREATION, kind="time_out_after_effect", site="initech", caller="anyone")
    beyond.acme.jira.world.misfortunes.add(lost)
    left = beyond.acme.create("ALPHA", "Once")
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    (right,) = beyond.office.twins_of(left)
    if news == "of the clone":
        beyond.office.lose()
    copy = clone(beyond, right)
    if news == "of none":
        beyond.office.lose()

    beyond.settle()
    beyond.acme.clock.advance(minutes=2)
    beyond.settle()
    wait(beyond)

    assert beyond.twin_of(left) == right
    assert Intent.objects.get(item=right).state == "done"
    assert len(beyond.acme.twins_of(copy)) == 1


def test_a_creation_that_was_open_in_a_backup_finds_its_twin_and_not_the_clone(beyond: Beyond) -> None:
    lost = Misfortune(match=CREATION, kind="time_out_after_effect", site="initech", caller="anyone")
    beyond.acme.jira.world.misfortunes.add(lost)
    left = beyond.acme.create("ALPHA", "Once")
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    backup, taken_at = Backup.take(), beyond.acme.clock()
    (right,) = beyond.office.twins_of(left)
    copy = clone(beyond, right)
    beyond.settle()

    beyond.go_back(backup, taken_at)

    assert beyond.twin_of(left) == right
    assert len(beyond.acme.twins_of(copy)) == 1


def test_a_twin_and_its_clone_that_a_backup_knows_nothing_of_are_told_apart(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    backup, taken_at = Backup.take(), beyond.acme.clock()
    beyond.acme.clock.advance(seconds=10)
    left = beyond.acme.create("ALPHA", "After the backup")
    beyond.settle()
    right = beyond.twin_of(left)
    copy = clone(beyond, right)

    beyond.go_back(backup, taken_at)

    assert beyond.twin_of(left) == right
    assert len(beyond.acme.twins_of(copy)) == 1


def test_after_a_restore_a_clone_is_not_the_twin_that_was_deleted_since(
    beyond: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    backup, taken_at = Backup.take(), beyond.acme.clock()
    beyond.acme.clock.advance(seconds=10)
    copy = clone(beyond, right)
    beyond.office.employee("dana").delete(f"/issue/{right}")

    beyond.go_back(backup, taken_at)

    assert beyond.office.twins_of(left) == []
    assert len(beyond.acme.twins_of(copy)) == 1


def test_a_twin_that_was_heard_of_and_deleted_before_its_creation_was_given_up_is_not_made_again(
    beyond: Beyond,
) -> None:
    late = Misfortune(
        match=CREATION, kind="effect_after_time_out", site="initech", caller="anyone", seconds=2
    )
    beyond.acme.jira.world.misfortunes.add(late)
    left = beyond.acme.create("ALPHA", "Broken lamp")
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    beyond.acme.clock.advance(seconds=3)
    beyond.acme.jira.world.catch_up()
    beyond.deliver()
    beyond.acme.work()

    twin = beyond.twin_of(left)
    beyond.office.delete("gina", twin)
    wait(beyond, minutes=20)

    assert beyond.office.twins_of(left) == []
    assert Intent.objects.filter(kind="create").count() == 1
    assert Intent.objects.get(kind="create").state == "done"
