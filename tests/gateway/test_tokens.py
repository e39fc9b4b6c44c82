"""Tokens of links: got anew before they end, once for all workers, and never lost between two calls."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from backbone_app.errors import HeldOff, LinkBroken, RemoteBusy, RemoteUnreachable
from backbone_app.gateway import tokens
from backbone_app.jira import oauth
from backbone_app.models import Link, Pause
from backbone_app.models.link import LinkStatus
from jira_sandbox import threelo
from jira_sandbox.misfortunes import Kind
from jira_sandbox.wire import Request
from jira_sandbox.world import World
from tests.support.grants import Granted
from tests.support.renewing import asked, call, go_wrong, granted, kind, outlive, world

__all__ = ["granted", "kind", "world"]


def end_early(world: World) -> None:
    """Let access tokens be worth nothing any more; they can be renewed."""
    world.accounts.access.clear()
    office = world.sites["initech"]
    for name, grant in list(office.provider.grants.items()):
        office.provider.grants[name] = replace(grant, access_token="another")


def test_a_call_just_before_the_end_gets_new_tokens_and_stores_both(world: World, granted: Granted) -> None:
    before = granted.link
    who = call(granted)
    calls = asked(world, granted)
    outlive(granted)

    assert (call(granted), call(granted), calls) == (who, who, 0)

    after = granted.link
    assert asked(world, granted) == 1
    assert (after.generation, after.refreshing_until) == (before.generation + 1, None)
    assert after.access_sealed != before.access_sealed
    assert after.refresh_sealed != before.refresh_sealed
    assert after.expires_at > granted.clock() + tokens.MARGIN


@pytest.mark.parametrize("workers", [20])
def test_case_69_twenty_workers_at_once_ask_for_new_tokens_once(
    world: World, granted: Granted, workers: int
) -> None:
    outlive(granted)
    together = threading.Barrier(workers)

    def work(_number: int) -> list[str]:
        together.wait()
        try:
            return _until_it_works(granted)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        told = list(pool.map(work, range(workers)))

    assert asked(world, granted) == 1
    assert {one[-1] for one in told} == {world.sites["initech"].user("gina").account_id}
    assert {word for one in told for word in one[:-1]} <= {"token"}


def _until_it_works(granted: Granted) -> list[str]:
    """Call until somebody is told; what was said meanwhile, and then who."""
    said: list[str] = []
    for _ in range(1000):
        try:
            return [*said, call(granted)]
        except RemoteBusy as busy:
            said.append(busy.reason)
            threading.Event().wait(0.02)
    raise AssertionError("it never worked")


def test_who_finds_tokens_being_asked_for_comes_again_and_makes_no_call(
    world: World, granted: Granted
) -> None:
    outlive(granted)
    Link.objects.update(refreshing_until=granted.clock() + tokens.HELD)

    with pytest.raises(HeldOff) as held:
        call(granted)

    assert (held.value.reason, held.value.retry_after) == ("token", tokens.SOON)
    assert asked(world, granted) == 0
    granted.clock.advance(seconds=tokens.HELD.total_seconds())
    assert call(granted)


def test_case_70_an_answer_that_is_lost_is_asked_for_again(world: World, granted: Granted, kind: str) -> None:
    outlive(granted)
    go_wrong(world, granted, "lose_answer_after_effect")

    with pytest.raises(RemoteUnreachable):
        call(granted)
    Pause.objects.all().delete()  # the site is left alone for a moment

    if kind == "cloud":
        assert call(granted)
        assert granted.link.status == LinkStatus.WORKING
        return
    with pytest.raises(LinkBroken):
        call(granted)
    assert (granted.link.status, granted.link.broken_reason) == (LinkStatus.BROKEN, "invalid_grant")
    asked_so_far = asked(world, granted)
    with pytest.raises(LinkBroken):
        call(granted)
    assert asked(world, granted) == asked_so_far


@pytest.mark.parametrize("kind", ["cloud"], indirect=True)
def test_case_70_a_lost_answer_that_is_asked_for_too_late_breaks_the_link_without_a_loop(
    world: World, granted: Granted
) -> None:
    outlive(granted)
    go_wrong(world, granted, "lose_answer_after_effect")
    with pytest.raises(RemoteUnreachable):
        call(granted)

    granted.clock.advance(minutes=11)
    for _ in range(3):
        with pytest.raises(LinkBroken):
            call(granted)

    assert asked(world, granted) == 2


@pytest.mark.parametrize(
    "misfortune", ["lose_before_effect", "time_out_before_effect", "refuse_before_effect"]
)
def test_tokens_that_cannot_be_had_now_are_asked_for_later(
    world: World, granted: Granted, misfortune: Kind
) -> None:
    outlive(granted)
    go_wrong(world, granted, misfortune)

    with pytest.raises(RemoteUnreachable):
        call(granted)

    assert granted.link.refreshing_until is None
    assert Pause.objects.filter(site=granted.site, reason="unreachable").exists()
    Pause.objects.all().delete()
    assert call(granted)


def test_who_is_told_to_wait_waits_as_long(world: World, granted: Granted) -> None:
    outlive(granted)
    go_wrong(world, granted, "busy", headers={"Retry-After": "30"})

    with pytest.raises(RemoteBusy) as busy:
        call(granted)
    with pytest.raises(HeldOff):
        call(granted)

    assert busy.value.retry_after == 30
    granted.clock.advance(seconds=30)
    assert call(granted)
    assert asked(world, granted) == 2


def test_a_token_that_is_refused_before_its_time_is_replaced_at_once(
    world: World, granted: Granted, kind: str
) -> None:
    end_early(world)

    with pytest.raises(HeldOff):
        call(granted)

    assert call(granted) == world.sites["initech"].user("gina").account_id
    assert asked(world, granted) == 1


def test_calls_that_are_refused_at_once_do_not_count_as_new_tokens_that_are_refused_too(
    world: World, granted: Granted
) -> None:
    end_early(world)
    looks = iter(["to call", "as it is refused"])

    def refused_meanwhile(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if 'FROM "backbone_link"' in sql and next(looks, "") == "as it is refused":
            with pytest.raises(HeldOff):
                call(granted)
        return execute(sql, *more)

    with connection.execute_wrapper(refused_meanwhile), pytest.raises(HeldOff):
        call(granted)

    assert granted.link.status == LinkStatus.WORKING
    assert call(granted)
    end_early(world)
    with pytest.raises(LinkBroken):  # these are new ones
        call(granted)


def test_leave_that_was_taken_back_breaks_the_link_and_is_asked_for_no_more(
    world: World, granted: Granted, kind: str
) -> None:
    office = world.sites["initech"]
    if kind == "cloud":
        world.accounts.access.clear()
        (app,) = world.accounts.apps.values()
        threelo.revoke(world, app, office.user("gina"))
    else:
        office.provider.grants.clear()

    with pytest.raises(HeldOff):
        call(granted)
    for _ in range(3):
        with pytest.raises(LinkBroken):
            call(granted)

    assert (granted.link.status, asked(world, granted)) == (LinkStatus.BROKEN, 1)


def test_tokens_that_somebody_signed_in_for_meanwhile_stay(world: World, granted: Granted) -> None:
    outlive(granted)
    theirs = oauth.Tokens("theirs", "theirs", granted.clock() + timedelta(hours=1), "")

    def sign_in(_request: Request) -> None:
        Link.objects.update(**tokens.sealed(theirs, granted.site), generation=9, refreshing_until=None)

    world.hooks.before(*granted.token_call, sign_in, caller="anyone")

    with pytest.raises(HeldOff):  # what they signed in for is none here
        call(granted)

    assert (granted.link.generation, granted.link.status) == (9, LinkStatus.WORKING)
    with pytest.raises(LinkBroken):
        call(granted)


def test_a_process_that_dies_in_between_frees_the_row_by_its_time(world: World, granted: Granted) -> None:
    outlive(granted)
    Link.objects.update(refreshing_until=granted.clock() + tokens.HELD)
    with pytest.raises(HeldOff):
        call(granted)

    granted.clock.advance(seconds=tokens.HELD.total_seconds())

    assert call(granted)
    assert (granted.link.refreshing_until, asked(world, granted)) == (None, 1)
