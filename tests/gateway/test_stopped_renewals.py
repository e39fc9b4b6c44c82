"""Whoever is stopped while it asks for tokens, for longer than it holds the link, spoils nothing later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from backbone_app.errors import HeldOff, RemoteUnreachable
from backbone_app.gateway import tokens
from backbone_app.models import Link, Pause
from backbone_app.models.link import LinkStatus
from jira_sandbox.wire import Request
from jira_sandbox.world import World
from tests.support.grants import Granted
from tests.support.renewing import asked, call, go_wrong, granted, kind, outlive, world

__all__ = ["granted", "kind", "world"]

TOO_LONG = tokens.HELD + timedelta(seconds=1)


def test_who_was_stopped_before_asking_leaves_the_tokens_alone_that_another_got(
    world: World, granted: Granted
) -> None:
    outlive(granted)

    with connection.execute_wrapper(stopped_once_it_holds(granted)), pytest.raises(HeldOff):
        call(granted)

    assert (asked(world, granted), granted.link.generation) == (1, 2)
    outlive(granted)
    assert call(granted)
    assert (asked(world, granted), granted.link.generation) == (2, 3)


def test_a_lost_answer_of_who_was_stopped_does_not_free_the_link_that_another_holds(
    world: World, granted: Granted
) -> None:
    outlive(granted)
    held_by_another = stopped_while_another_takes_the_link(world, granted)
    go_wrong(world, granted, "time_out_after_effect")

    with pytest.raises(RemoteUnreachable):
        call(granted)

    assert granted.link.refreshing_until == held_by_another()
    Pause.objects.all().delete()
    with pytest.raises(HeldOff):
        call(granted)


def test_a_refusal_of_who_was_stopped_does_not_break_the_link_for_which_another_is_asking(
    world: World, granted: Granted
) -> None:
    outlive(granted)
    held_by_another = stopped_while_another_takes_the_link(world, granted)
    go_wrong(world, granted, "refuse_after_effect", status=400)

    with pytest.raises(HeldOff):
        call(granted)

    assert (granted.link.status, granted.link.refreshing_until) == (LinkStatus.WORKING, held_by_another())


def stopped_once_it_holds(granted: Granted) -> Callable[..., Any]:
    """Let whoever has just taken the link be stopped, and another call be made meanwhile."""
    waiting = [TOO_LONG]

    def stopped(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        done = execute(sql, *more)
        if waiting and sql.startswith('UPDATE "backbone_link" SET "refreshing_until"'):
            granted.clock.advance(seconds=waiting.pop().total_seconds())
            assert call(granted)
        return done

    return stopped


def stopped_while_another_takes_the_link(world: World, granted: Granted) -> Callable[[], Any]:
    """Let another take the link while a question for tokens is on its way; gives until when it has that."""

    def taken(_request: Request) -> None:
        granted.clock.advance(seconds=TOO_LONG.total_seconds())
        Link.objects.update(refreshing_until=granted.clock() + tokens.HELD)

    world.hooks.before(*granted.token_call, taken, caller="anyone")
    return lambda: granted.clock() + tokens.HELD
