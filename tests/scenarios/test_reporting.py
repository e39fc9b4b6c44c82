"""Whose data we hold is told to Atlassian once a cycle; who closed their account is forgotten."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from backbone_app import jobs
from backbone_app.ledger import erasures, people, reports
from backbone_app.models import (
    AccountReport,
    AuditEntry,
    JournalEntry,
    Pause,
    Site,
    Spending,
)
from backbone_app.queue import Job
from backbone_app.services import reporting
from jira_sandbox.acts import accounts
from tests.services.test_rotation import before_update, die
from tests.support.scenario import Story
from tests.support.workers import Killed, is_awake

ROUTE = "POST /rest/atlassian-connect/latest/report-accounts"


@pytest.fixture
def lived(story: Story) -> Story:
    """Alice and bob have worked, and the first round of reports is due."""
    item = story.create("ALPHA", "First")
    story.settle()
    story.edit("bob", story.twin_of(item), summary="Second")
    story.settle()
    jobs.sweep()
    story.clock.advance(days=1)
    story.jira.world.meters.reset()
    return story


def calls(story: Story) -> int:
    return story.app_calls().count(ROUTE)


def known(story: Story) -> set[str]:
    return set(AccountReport.objects.filter(site=story.jira.row).values_list("account", flat=True))


def many(story: Story, count: int) -> None:
    """As many people have done something on the site."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            site=story.jira.row, at=story.clock(), actor="person", account=f"person-{n}", act="started"
        )
        for n in range(count)
    )


def test_a_site_that_just_came_is_not_reported_before_a_day_has_passed(story: Story) -> None:
    jobs.sweep()
    jobs.report_accounts()

    assert not is_awake(Job.REPORT_ACCOUNTS)
    assert calls(story) == 0


def test_everybody_named_by_a_sites_rows_is_reported(lived: Story) -> None:
    jobs.sweep()
    assert is_awake(Job.REPORT_ACCOUNTS)

    jobs.report_accounts()

    assert known(lived) == {lived.jira.account("alice"), lived.jira.account("bob")}
    assert calls(lived) == 1
    assert not AccountReport.objects.filter(reported_at=None).exists()


def test_within_a_cycle_nobody_is_reported_again_and_after_it_everybody(lived: Story) -> None:
    jobs.report_accounts()
    for _ in range(6):
        lived.clock.advance(days=1)
        jobs.sweep()
        jobs.report_accounts()
    assert calls(lived) == 1

    lived.clock.advance(days=1)
    jobs.report_accounts()

    assert calls(lived) == 2


@pytest.mark.parametrize(("people_more", "wanted"), [(88, 1), (89, 2), (178, 2), (179, 3)])
def test_so_many_accounts_take_as_many_calls_as_ninety_fit_into(
    lived: Story, people_more: int, wanted: int
) -> None:
    many(lived, people_more)

    jobs.report_accounts()

    assert AccountReport.objects.exclude(reported_at=None).count() == people_more + 2
    assert calls(lived) == wanted


def test_whoever_closed_the_account_is_erased_from_the_sites_rows_and_nobody_else(lived: Story) -> None:
    alice, bob = lived.jira.account("alice"), lived.jira.account("bob")
    accounts.close(lived.jira.world, lived.jira.site, lived.jira.site.user("alice"))

    jobs.report_accounts()

    named = [str(line.causes) for line in JournalEntry.objects.all()]
    assert known(lived) == {bob}
    assert not AuditEntry.objects.filter(account=alice).exists()
    assert [line for line in named if alice in line] == []
    assert [line for line in named if bob in line] != []


def test_whoever_comes_up_in_a_round_under_way_waits_for_the_next(lived: Story) -> None:
    many(lived, 98)
    jobs.report_accounts()
    Site.objects.update(reports_due_at=lived.clock() - timedelta(hours=1))
    last = AccountReport.objects.order_by("-pk")[:10].values_list("pk", flat=True)
    AccountReport.objects.filter(pk__in=list(last)).update(reported_at=None)
    many(lived, 101)

    jobs.report_accounts()
    assert len(known(lived)) == 100
    lived.clock.advance(days=7)
    jobs.report_accounts()

    assert len(known(lived)) == 103


def test_after_somebody_was_erased_the_synchronization_goes_on_and_its_pages_say_a_former_user(
    lived: Story,
) -> None:
    accounts.close(lived.jira.world, lived.jira.site, lived.jira.site.user("alice"))
    jobs.report_accounts()
    item = lived.person_creates("bob", "BETA", "Third")
    lived.settle()

    page = lived.jira.visitor("bob").get(
        f"/spaces/{lived.jira.space_id('BETA')}/synchronizations/{lived.synchronization_id}/activity"
    )

    assert lived.twin_of(item)
    assert page.status_code == 200
    assert "Former user" in page.content.decode()


def test_whose_name_changed_is_looked_up_anew_and_counts_as_known_since_now(lived: Story) -> None:
    dana = lived.jira.site.user("alice")
    row = lived.jira.row
    cache.set(people._name_key(row.pk, dana.account_id), "Alice of old", 3600)
    jobs.report_accounts()
    lived.clock.advance(days=1)
    accounts.update(lived.jira.world, lived.jira.site, dana, display_name="Alice of today")
    lived.clock.advance(days=6)

    jobs.report_accounts()

    assert cache.get(people._name_key(row.pk, dana.account_id)) is None
    assert AccountReport.objects.get(account=dana.account_id).known_at == lived.clock()


def test_a_report_that_jira_does_not_take_now_is_put_off_for_as_long_as_it_says(lived: Story) -> None:
    lived.jira.world.reports_refused = 1
    jobs.report_accounts()
    lived.clock.advance(seconds=30)
    jobs.report_accounts()
    assert calls(lived) == 1
    assert AccountReport.objects.filter(reported_at=None).count() == 2

    lived.clock.advance(seconds=60)
    jobs.report_accounts()

    assert calls(lived) == 2
    assert not AccountReport.objects.filter(reported_at=None).exists()


def test_a_round_that_was_cut_goes_on_with_those_who_are_left(lived: Story) -> None:
    many(lived, 98)
    jobs.report_accounts()
    due = Site.objects.get().reports_due_at
    assert due is not None
    first = AccountReport.objects.order_by("pk")[:90].values_list("pk", flat=True)
    Site.objects.update(reports_due_at=lived.clock() - timedelta(hours=1))
    AccountReport.objects.exclude(pk__in=list(first)).update(reported_at=None)
    before = calls(lived)

    jobs.report_accounts()

    assert calls(lived) == before + 1
    assert Site.objects.get().reports_due_at == lived.clock() + timedelta(days=7)


def test_a_site_that_refuses_a_report_is_left_alone_for_an_hour(lived: Story) -> None:
    lived.jira.site.forget_secret()
    jobs.report_accounts()
    lived.clock.advance(minutes=59)
    jobs.report_accounts()
    assert calls(lived) <= 1

    waits = Pause.objects.get(scope__startswith="report:")

    assert waits.until == lived.clock() + timedelta(minutes=1)
    assert AccountReport.objects.filter(reported_at=None).count() == 2


def test_where_the_erasure_cannot_be_noted_the_person_stays_and_is_asked_about_again(
    lived: Story, settings: LazySettings, tmp_path: Path
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path
    accounts.close(lived.jira.world, lived.jira.site, lived.jira.site.user("alice"))
    jobs.report_accounts()
    assert AuditEntry.objects.filter(account=lived.jira.account("alice")).exists()

    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures.jsonl"
    lived.clock.advance(hours=2)
    jobs.report_accounts()

    assert not AuditEntry.objects.filter(account=lived.jira.account("alice")).exists()
    assert erasures.read().has(lived.jira.account("alice"), lived.jira.row.pk)


def test_a_round_belongs_to_one_worker_until_it_is_given_back_or_too_old(
    lived: Story,
) -> None:
    site_id, now = lived.jira.row.pk, lived.clock()

    assert reports.claim(site_id, now=now)
    assert reports.claim(site_id, now=now + timedelta(minutes=5)) is None
    assert reports.due(now=now) == ()
    assert reports.claim(site_id, now=now + timedelta(minutes=7))
    reports.release(site_id)
    assert reports.claim(site_id, now=now)


def test_a_worker_that_dies_in_a_round_leaves_it_to_be_gone_on_with(lived: Story) -> None:
    accounts.close(lived.jira.world, lived.jira.site, lived.jira.site.user("alice"))
    with before_update(8, die), pytest.raises(Killed):
        reporting.drain(lived.clock)
    lived.clock.advance(minutes=10)

    reporting.drain(lived.clock)

    assert known(lived) == {lived.jira.account("bob")}
    assert not AccountReport.objects.filter(reported_at=None).exists()


def test_reports_are_paid_from_what_nobody_waits_for(lived: Story) -> None:
    Spending.objects.all().delete()

    jobs.report_accounts()

    assert list(Spending.objects.values_list("lane", flat=True)) == ["bulk"]


def test_a_site_that_is_disabled_is_not_called(lived: Story) -> None:
    lived.jira.disable()

    jobs.sweep()
    jobs.report_accounts()

    assert calls(lived) == 0


def test_whom_no_row_names_any_more_is_reported_no_more(lived: Story) -> None:
    jobs.report_accounts()
    JournalEntry.objects.all().delete()
    AuditEntry.objects.all().delete()
    lived.clock.advance(days=8)

    jobs.report_accounts()

    halves = {lived.jira.account("alice"), lived.jira.account("bob")}  # who asked and who accepted
    assert known(lived) == halves
