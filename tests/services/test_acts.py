"""No act without its entry in the audit log, and no entry without its act."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, transaction

from backbone_app import jobs
from backbone_app.errors import BackboneError
from backbone_app.jobs import JobFailed
from backbone_app.ledger.audit import Act
from backbone_app.models import AuditEntry, Synchronization
from backbone_app.services import requests
from tests.support.across import BETA, ask, caller
from tests.support.acts import ACTS, Stage
from tests.support.app import Jira
from tests.support.hostile import everything
from tests.support.mail import NOWHERE
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story

OF_JIRA = {
    Act.INSTALLED,
    Act.INSTALLED_WITHOUT_SECRET,
    Act.REINSTALLED,
    Act.ADDRESS_WAITING,
    Act.ADDRESS_CHANGED,
    Act.FORGE_JOINED,
    Act.FORGE_UPGRADED,
    Act.UNINSTALLED,
    Act.ENABLED,
    Act.DISABLED,
}
OF_OURS = {
    *(Act.PAUSED, Act.RESUMED, Act.PARTNER_ERASED, Act.REQUEST_DROPPED),
    *(Act.ADDRESS_DROPPED, Act.MARKED_UNINSTALLED),
}
OF_OWNER = {Act.MAIL_CONFIRMED, Act.MAIL_LEFT}
OF_SIGNER = {Act.LINK_TAKEN_BACK}
OF_DANA = {
    *(Act.ACCESS_CHANGED, Act.AUDIT_DOWNLOADED),
    *(Act.REMOTE_LICENCE_UPLOADED, Act.REMOTE_LICENCE_REMOVED),
}
OF_BOB = {Act.REQUEST_ACCEPTED, Act.REQUEST_DECLINED}
DOWNLOADS = {Act.PAIRS_DOWNLOADED, Act.AUDIT_DOWNLOADED}
REPEATABLE = DOWNLOADS | {Act.SIGN_IN_BEGUN, Act.LINK_COPIED, Act.APPLICATION_LINK_CHANGED}
"""What is done again whenever somebody does it again: a file goes out, a link is made, a secret kept."""
BOOKS = {"Pace", "Spending", "Reconciliation", "Heartbeat", "WakeUp"}
"""Tables about calls to Jira and our own work, no matter of an act."""


@pytest.fixture
def stage(jira: Jira, clock: VirtualClock, settings: LazySettings) -> Stage:
    """Acme, where nothing has been done yet but the installation."""
    settings.BACKBONE_MAIL = NOWHERE
    return Stage(jira, clock)


def entries_of(do: Callable[[], object]) -> list[AuditEntry]:
    """Do something and give the entries that it left."""
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    do()
    return list(AuditEntry.objects.exclude(pk__in=before).order_by("pk"))


def actor_of(stage: Stage, act: Act) -> tuple[str, str]:
    """Who has to stand in the entry."""
    if act in OF_SIGNER:
        return "signer", ""
    if act in OF_OWNER:
        return "owner", ""
    if act in OF_JIRA | OF_OURS:
        return ("jira" if act in OF_JIRA else "backbone"), ""
    name = "dana" if act in OF_DANA else "bob" if act in OF_BOB else "alice"
    return "person", stage.jira.account(name)


def test_there_is_a_way_to_every_act() -> None:
    assert ACTS.keys() == set(Act)


@pytest.mark.parametrize("act", Act)
def test_every_act_leaves_exactly_one_entry(stage: Stage, act: Act) -> None:
    do = ACTS[act](stage)

    made = {entry.act: entry for entry in entries_of(do)}

    expected = {act, Act.REQUEST_SENT} if act is Act.REQUEST_DROPPED else {act}
    assert made.keys() == expected
    assert (made[act].actor, made[act].account) == actor_of(stage, act)
    assert made[act].at == stage.clock()
    assert bool(made[act].page) == (made[act].actor == "person")


def test_an_act_on_what_two_sites_share_stands_in_both_logs_and_names_nobody_over_there(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    made = ask(jira, clock)

    requests.accept(caller(other_jira, "bob"), BETA, made, now=clock())

    ours, theirs = (
        list(AuditEntry.objects.filter(site=each.row, synchronization=made).order_by("pk"))
        for each in (jira, other_jira)
    )
    assert [(each.act, each.actor) for each in ours] == [
        ("request_sent", "person"),
        ("request_accepted", "partner"),
    ]
    assert [(each.act, each.actor) for each in theirs] == [
        ("request_sent", "partner"),
        ("request_accepted", "person"),
    ]
    assert jira.account("alice") not in repr([vars(each) for each in theirs])
    assert other_jira.account("bob") not in repr([vars(each) for each in ours])


def test_a_request_to_a_space_that_is_not_there_stands_in_no_log_over_there(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    made = ask(jira, clock, space_key="NOWHERE")

    (entry,) = AuditEntry.objects.filter(synchronization=made)
    assert (entry.site, entry.detail["partner_key"]) == (jira.row, "NOWHERE")


def test_a_pause_of_a_check_says_whose_site_refused_us(stage: Stage) -> None:
    stage.run()
    stage.jira.site.forget_secret()

    (entry,) = entries_of(jobs.reconcile)

    row = Synchronization.objects.get()
    assert row.pause_side
    assert entry.detail["reason_lies"] == ("own" if row.pause_side == "left" else "partner")


def test_a_pause_for_a_pair_that_cannot_be_written_is_noted_too(story: Story) -> None:
    story.create("ALPHA", "New")
    story.jira.deliver_all()
    story.pair_up()
    story.jira.site.forget_secret()

    (entry,) = entries_of(story.work)

    assert (entry.act, entry.actor, entry.detail["reason"]) == ("paused", "backbone", "app_not_authorized")
    assert entry.detail["reason_lies"] == "partner"  # the twin was refused


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the database refuse every new entry of the log."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "backbone_auditentry"'):
            raise OperationalError("the disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def affairs() -> dict[str, list[tuple[object, ...]]]:
    """Every row that an act is about."""
    return {name: rows for name, rows in everything().items() if name not in BOOKS}


@pytest.mark.parametrize("act", sorted(set(Act) - DOWNLOADS))
def test_what_cannot_be_noted_is_not_done(stage: Stage, act: Act) -> None:
    do = ACTS[act](stage)
    before = affairs()

    with full_disk(), suppress(OperationalError, JobFailed):
        do()

    assert affairs() == before
    stage.clock.advance(minutes=10)
    assert entries_of(do)


@pytest.mark.parametrize("act", sorted(DOWNLOADS))
def test_a_download_that_cannot_be_noted_brings_nothing(stage: Stage, act: Act) -> None:
    do = ACTS[act](stage)

    with full_disk(), pytest.raises(OperationalError), transaction.atomic():
        do()


@pytest.mark.parametrize("act", sorted(set(Act) - REPEATABLE - {Act.REQUEST_DROPPED}))
def test_a_second_press_that_changes_nothing_is_no_act(stage: Stage, act: Act) -> None:
    do = ACTS[act](stage)
    do()

    def again() -> None:
        with suppress(BackboneError):
            do()

    assert entries_of(again) == []


@pytest.mark.parametrize(
    "act", sorted(set(Act) - OF_JIRA - OF_OURS - OF_OWNER - OF_SIGNER - OF_DANA - DOWNLOADS)
)
def test_what_is_refused_is_no_act(stage: Stage, act: Act) -> None:
    do = ACTS[act](stage)
    for name, space in (("alice", "ALPHA"), ("bob", "BETA")):
        site = stage.jira.site
        site.revoke(site.user(name), "ADMINISTER_PROJECTS", space=site.space(space))

    def refused() -> None:
        with pytest.raises(BackboneError):
            do()

    assert entries_of(refused) == []
