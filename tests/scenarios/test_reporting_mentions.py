"""Whoever is only mentioned, in a text that is kept sealed, is reported and forgotten like everybody else."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from backbone_app import jobs, queue
from backbone_app.ledger import personal
from backbone_app.models import AccountReport, Delivery, JournalEntry, WakeUp
from backbone_app.queue import Job
from jira_sandbox.acts import accounts
from tests.scenarios.test_reporting import calls
from tests.support.scenario import Story, paragraphs


def known() -> set[str]:
    return set(AccountReport.objects.values_list("account", flat=True))


@pytest.fixture
def mentioned(story: Story) -> str:
    """Carol, whom alice's texts mention; her news were worked on long ago. Returns her account id."""
    carol = story.jira.account("carol")
    document = paragraphs("Let us ask")
    document["content"][0]["content"].append({"type": "mention", "attrs": {"id": carol, "text": "@Carol"}})
    jobs.sweep()
    item = story.create("ALPHA", "For her", description=document)
    story.settle()
    story.edit("alice", item, description=paragraphs("No longer"))
    story.settle()
    Delivery.objects.all().delete()
    story.clock.advance(days=8)
    return carol


def test_somebody_only_mentioned_is_reported_once_a_cycle_and_closed_erased(
    story: Story, mentioned: str
) -> None:
    jobs.report_accounts()
    assert mentioned in known()
    story.clock.advance(days=6)
    jobs.report_accounts()
    assert calls(story) == 1

    accounts.close(story.jira.world, story.jira.site, story.jira.site.user("carol"))
    story.clock.advance(days=1)
    jobs.report_accounts()

    assert calls(story) == 2
    assert mentioned not in known()
    assert personal.count(mentioned, None).total() == 0


def test_somebody_only_mentioned_in_a_delivery_that_is_kept_is_reported(story: Story) -> None:
    story.jira.person("alice").create("ALPHA", "Of carol's", assignee={"id": story.jira.account("carol")})
    story.jira.deliver_all()
    JournalEntry.objects.all().delete()

    jobs.sweep()
    story.clock.advance(days=1)

    jobs.report_accounts()

    assert story.jira.account("carol") in known()


def test_a_search_of_texts_that_has_to_stop_tells_nothing(story: Story, mentioned: str) -> None:
    assert personal.accounts_mentioned(story.jira.row.pk, lambda: True) is None
    assert personal.accounts_mentioned(story.jira.row.pk, lambda: False) == frozenset({mentioned})


def test_a_round_that_is_left_to_others_at_its_beginning_reports_nobody(
    story: Story, settings: LazySettings
) -> None:
    jobs.sweep()
    story.clock.advance(days=1)
    settings.BACKBONE_LANES = (queue.Lane.LIVE,)
    WakeUp.objects.update_or_create(
        job=Job.SYNC, defaults={"pending": True, "at": story.clock() + timedelta(seconds=1)}
    )
    jobs.report_accounts()
    assert (calls(story), known()) == (0, set())

    WakeUp.objects.all().delete()
    jobs.report_accounts()

    assert calls(story) == 1
