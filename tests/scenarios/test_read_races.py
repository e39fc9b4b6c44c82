"""What somebody deletes while somebody else reads of it: between the query for it and that for its halves."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from backbone_app.errors import NotFound
from backbone_app.models import Pair, Synchronization
from backbone_app.services import activity, panel, requests, synchronizations, troubles
from backbone_app.services.tenants import Caller
from tests.support.across import ALPHA, BETA, caller
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, story
from tests.support.trouble import add_failure

__all__ = ["story"]

HALVES_OF_A_SYNCHRONIZATION = '"backbone_synchronizationside"."synchronization_id" IN ('
HALVES_OF_A_PAIR = '"backbone_pairside"."pair_id" IN ('


@contextmanager
def deleted_before(statement: str, delete: Callable[[], object]) -> Iterator[None]:
    """Have it deleted the first time such a statement is about to run."""
    done: list[object] = []

    def execute(go_on: Callable[..., Any], sql: str, *how: Any) -> Any:
        if statement in sql and not done:
            done.append(sql)
            delete()
        return go_on(sql, *how)

    with connection.execute_wrapper(execute):
        yield
    assert done, f"nothing was asked {statement}"


@pytest.fixture
def asked(jira: Jira, clock: VirtualClock) -> uuid.UUID:
    """A request from ALPHA to BETA."""
    title = {"name": "Ours", "description": ""}
    return requests.send(caller(jira), ALPHA, partner_space=BETA, **title, now=clock())


def withdraw() -> None:
    """Let it be gone, as after its withdrawal."""
    Synchronization.objects.all().delete()


def test_an_overview_lists_nothing_of_a_request_that_is_withdrawn_meanwhile(
    jira: Jira, clock: VirtualClock, asked: uuid.UUID
) -> None:
    with deleted_before(HALVES_OF_A_SYNCHRONIZATION, withdraw):
        rows = synchronizations.overview(caller(jira), ALPHA, now=clock())

    assert rows == ()


def test_who_accepts_one_that_is_withdrawn_meanwhile_is_told_that_it_is_gone(
    jira: Jira, clock: VirtualClock, asked: uuid.UUID
) -> None:
    with deleted_before(HALVES_OF_A_SYNCHRONIZATION, withdraw), pytest.raises(NotFound):
        requests.accept(caller(jira, "bob"), BETA, asked, now=clock())


def test_the_panel_tells_nothing_of_a_pair_that_is_deleted_meanwhile(story: Story) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()

    with deleted_before(HALVES_OF_A_PAIR, Pair.objects.all().delete):
        (row,) = panel.show(caller(story.jira), item, now=story.clock()).rows

    assert row.twin is None


def test_the_activity_tells_nothing_of_a_pair_that_is_deleted_meanwhile(story: Story) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()
    who, now = caller(story.jira), story.clock()
    before = activity.of_synchronization(who, ALPHA, story.synchronization_id, now=now)
    of_item = activity.of_item(who, item, now=now)

    with deleted_before(HALVES_OF_A_PAIR, Pair.objects.all().delete):
        after = activity.of_synchronization(who, ALPHA, story.synchronization_id, now=now)

    assert len(before.lines) == len(of_item.lines) == 1
    assert after.lines == ()


def test_the_errors_of_a_pair_that_is_deleted_meanwhile_name_no_work_item(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.settle()
    add_failure(story.jira, 900, now=story.clock())
    who = Caller(story.jira.row.pk, story.jira.account("alice"), story.jira.site.base_url)

    with deleted_before(HALVES_OF_A_PAIR, Pair.objects.all().delete):
        listed = troubles.listed(who, ALPHA, story.synchronization_id, page=1, now=story.clock())

    assert [(each.own, each.partner_key) for each in listed.open] == [(None, "")]
