"""Who administers a space is Jira's answer: asked afresh for changes, up to a minute old for reading."""

from datetime import timedelta

import pytest

from backbone_app import gateway
from backbone_app.errors import HeldOff, NotAllowed, NotFound, RemoteUnreachable
from backbone_app.ledger.access import known_space_admin
from backbone_app.models import Pause
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import Jira
from tests.support.desk import CHECK, Desk


def test_an_admin_of_the_space_may(desk: Desk) -> None:
    desk.ask("alice", "ALPHA")
    desk.ask("bob", "BETA")


@pytest.mark.parametrize(("name", "space"), [("alice", "BETA"), ("bob", "ALPHA"), ("carol", "ALPHA")])
def test_nobody_else_may_and_is_told_what_is_missing_and_whom_to_ask(
    desk: Desk, name: str, space: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        desk.ask(name, space)

    assert "Administer Space" in str(refused.value)
    assert "Jira admin" in str(refused.value)


def test_every_change_asks_jira(desk: Desk) -> None:
    desk.ask("alice")
    desk.ask("alice")

    assert desk.questions == 2


def test_reading_within_a_minute_asks_once(desk: Desk) -> None:
    desk.know("alice")
    desk.clock.advance(seconds=60)
    desk.know("alice")

    assert desk.questions == 1


def test_reading_after_a_minute_asks_again(desk: Desk) -> None:
    desk.know("alice")
    desk.clock.advance(seconds=61)
    desk.know("alice")

    assert desk.questions == 2


def test_an_answer_is_for_one_person_and_one_space(desk: Desk) -> None:
    desk.know("alice", "ALPHA")

    with pytest.raises(NotAllowed):
        desk.know("alice", "BETA")
    with pytest.raises(NotAllowed):
        desk.know("carol", "ALPHA")


def test_an_answer_is_for_one_site(desk: Desk, other_jira: Jira) -> None:
    desk.know("alice")
    client = gateway.client(desk.jira.row, clock=desk.clock)

    known_space_admin(
        client,
        site_id=other_jira.row.id,
        account=desk.jira.account("alice"),
        space=desk.jira.space_id("ALPHA"),
        now=desk.clock(),
    )

    assert desk.questions == 2


def test_a_right_just_given_works_at_once(desk: Desk) -> None:
    site = desk.jira.site
    with pytest.raises(NotAllowed):
        desk.know("carol")
    site.grant(site.user("carol"), "ADMINISTER_PROJECTS", space=site.space("ALPHA"))

    desk.know("carol")


def test_a_change_refused_is_remembered_by_reading_too(desk: Desk) -> None:
    site = desk.jira.site
    desk.know("alice")
    site.revoke(site.user("alice"), "ADMINISTER_PROJECTS", space=site.space("ALPHA"))
    with pytest.raises(NotAllowed):
        desk.ask("alice")

    with pytest.raises(NotAllowed):
        desk.know("alice")


def test_an_answer_from_the_future_is_not_believed(desk: Desk) -> None:
    desk.know("alice")
    desk.clock.advance(seconds=-5)
    desk.know("alice")

    assert desk.questions == 2


def test_without_a_person_nobody_is_asked(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.ask_plainly(None, desk.jira.space_id("ALPHA"))

    assert desk.questions == 0


@pytest.mark.parametrize("space", ["ALPHA", "", "-1", "1 or 1", "١٢", "../1"])
def test_what_is_no_space_id_is_not_sent_to_jira(desk: Desk, space: str) -> None:
    with pytest.raises(NotFound):
        desk.ask_plainly(desk.jira.account("alice"), space)

    assert desk.questions == 0


def test_a_site_that_does_not_answer_is_no_yes(desk: Desk) -> None:
    desk.jira.world.misfortunes.add(
        Misfortune(match=("POST", CHECK), times=1, kind="refuse_before_effect", status=500)
    )

    with pytest.raises(RemoteUnreachable):
        desk.know("alice")


def hold(desk: Desk) -> None:
    """Leave acme alone for two hours."""
    until = desk.clock() + timedelta(hours=2)
    Pause.objects.create(
        scope=f"site:{desk.jira.row.pk}", site=desk.jira.row, reason="r", since=desk.clock(), until=until
    )


def test_while_the_site_must_not_be_called_a_yes_of_the_last_hour_is_enough_for_reading(desk: Desk) -> None:
    desk.know("alice")
    hold(desk)

    desk.clock.advance(minutes=60)
    desk.know("alice")

    desk.clock.advance(seconds=1)
    with pytest.raises(HeldOff):
        desk.know("alice")


def test_while_the_site_must_not_be_called_nothing_is_changed_and_nobody_else_reads(desk: Desk) -> None:
    desk.know("alice")
    hold(desk)

    with pytest.raises(HeldOff):
        desk.ask("alice")
    for name, space in (("carol", "ALPHA"), ("alice", "BETA")):
        with pytest.raises(HeldOff):
            desk.know(name, space)


def test_a_right_that_was_taken_is_not_remembered_in_a_hold(desk: Desk) -> None:
    site = desk.jira.site
    desk.know("alice")
    site.revoke(site.user("alice"), "ADMINISTER_PROJECTS", space=site.space("ALPHA"))
    desk.clock.advance(seconds=61)
    with pytest.raises(NotAllowed):
        desk.know("alice")
    hold(desk)

    with pytest.raises(HeldOff):
        desk.know("alice")


def test_a_site_that_is_asked_and_does_not_answer_is_no_yes_of_the_last_hour(desk: Desk) -> None:
    desk.know("alice")
    desk.clock.advance(seconds=61)
    desk.jira.world.misfortunes.add(
        Misfortune(match=("POST", CHECK), times=1, kind="refuse_before_effect", status=500)
    )

    with pytest.raises(RemoteUnreachable):
        desk.know("alice")
