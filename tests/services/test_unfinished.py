"""What somebody has begun to create is kept for them alone, until they send it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from backbone_app.errors import NotAllowed, Outdated
from backbone_app.models import Unfinished
from backbone_app.services import requests, unfinished
from backbone_app.services.tenants import Caller
from backbone_app.services.unfinished import ENTRIES, LONGEST, Begun, Way
from tests.support.across import ALPHA, BETA, ask, caller
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.workers import together

ENTERED = {"base_url": "https://initech.atlassian.net", "space_key": "BETA", "mode": "review"}


def begin(who: Caller, clock: VirtualClock, space: str = ALPHA, **entered: str) -> None:
    """Let somebody begin a request to another site."""
    unfinished.keep(who, space, Way.INSTANCE, entered=entered or ENTERED, done=2, now=clock())


def test_its_author_finds_it_as_it_was_left(jira: Jira, clock: VirtualClock) -> None:
    begin(caller(jira), clock)

    found = unfinished.find(caller(jira), ALPHA, now=clock())

    assert found == Begun(Way.INSTANCE, ENTERED, 2, clock())


def test_there_is_one_for_each_author_and_space_and_the_latest_counts(
    jira: Jira, clock: VirtualClock
) -> None:
    begin(caller(jira), clock)
    begin(caller(jira), clock, name="Newer")
    begin(caller(jira, "dana"), clock, BETA)

    assert Unfinished.objects.count() == 2
    found = unfinished.find(caller(jira), ALPHA, now=clock())
    assert found is not None
    assert found.entered == {"name": "Newer"}


def test_nobody_else_is_shown_it_neither_in_another_space_nor_on_another_site(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    alice = caller(jira)
    jira.site.grant(jira.site.user("alice"), "ADMINISTER_PROJECTS", space=jira.site.space("BETA"))
    jira.site.grant(jira.site.user("dana"), "ADMINISTER_PROJECTS", space=jira.site.space("ALPHA"))
    begin(alice, clock)

    for who, space in ((caller(jira, "dana"), ALPHA), (alice, BETA), (caller(other_jira), ALPHA)):
        assert unfinished.find(who, space, now=clock()) is None
        unfinished.drop(who, space, now=clock())

    assert unfinished.find(alice, ALPHA, now=clock()) is not None


@pytest.mark.parametrize("account", ["bob", "carol", None])
def test_whoever_may_not_act_for_the_space_can_neither_keep_nor_find_nor_drop(
    jira: Jira, clock: VirtualClock, account: str | None
) -> None:
    who = replace(caller(jira), account=jira.account(account) if account else None)

    with pytest.raises(NotAllowed):
        begin(who, clock)
    with pytest.raises(NotAllowed):
        unfinished.find(who, ALPHA, now=clock())
    with pytest.raises(NotAllowed):
        unfinished.drop(who, ALPHA, now=clock())

    assert not Unfinished.objects.exists()


def test_only_what_its_way_keeps_is_kept_and_nothing_that_is_too_long(
    jira: Jira, clock: VirtualClock
) -> None:
    fits, too_long = "x" * LONGEST, "x" * (LONGEST + 1)

    begin(caller(jira), clock, name=fits, description=too_long, message="\0", secret="hush", partner="1")

    assert Unfinished.objects.get().entered == {"name": fits}


def test_no_way_keeps_what_is_called_a_secret() -> None:
    named = {name for names in ENTRIES.values() for name in names}

    assert ENTRIES.keys() == set(Way)
    assert not {name for name in named if {"secret", "token", "password", "key"} & set(name.split("_"))} - {
        "space_key"
    }


def test_it_can_be_continued_for_30_days_after_its_last_change(jira: Jira, clock: VirtualClock) -> None:
    begin(caller(jira), clock)
    clock.advance(days=29)
    begin(caller(jira), clock)
    clock.advance(days=30)
    still = unfinished.find(caller(jira), ALPHA, now=clock())
    clock.now += timedelta(seconds=1)

    assert still is not None
    assert unfinished.find(caller(jira), ALPHA, now=clock()) is None


def test_a_way_that_this_release_does_not_know_is_not_offered(jira: Jira, clock: VirtualClock) -> None:
    begin(caller(jira), clock)
    Unfinished.objects.update(way="of the next release")

    assert unfinished.find(caller(jira), ALPHA, now=clock()) is None


def test_what_is_sent_is_not_unfinished_any_more_and_that_of_others_stays(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    begin(caller(jira), clock)
    begin(caller(jira, "bob"), clock, BETA)

    ask(jira, clock)
    left = list(Unfinished.objects.values_list("space", flat=True))
    requests.send(caller(jira, "bob"), BETA, partner_space="10000", name="n", description="", now=clock())

    assert left == [BETA]
    assert not Unfinished.objects.exists()


def test_what_could_not_be_sent_can_be_continued(jira: Jira, other_jira: Jira, clock: VirtualClock) -> None:
    ask(jira, clock)
    begin(caller(jira), clock)

    with pytest.raises(Outdated):
        ask(jira, clock)

    assert Unfinished.objects.count() == 1


def test_two_windows_at_the_same_moment_leave_one(
    jira: Jira, clock: VirtualClock, transactional_db: None
) -> None:
    alice = caller(jira)

    raised = together(*(partial(begin, alice, clock, name=name) for name in "abcd"))

    assert raised == []
    assert Unfinished.objects.get().entered["name"] in set("abcd")
