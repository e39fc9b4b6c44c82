"""A person of one site is named by the rows of its partner, too."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.errors import NotAllowed
from backbone_app.models import AuditEntry, JournalEntry, Site
from backbone_app.services import requests
from jira_sandbox.acts import accounts
from tests.support.two_sites import Across, across, world

__all__ = ["across", "world"]


def erase(account: str, *arguments: str) -> None:
    call_command("erase_person", account, *arguments, stdout=StringIO())


def lines_naming(account: str, site: Site) -> int:
    return sum(account in str(line.causes) for line in JournalEntry.objects.filter(site=site))


@pytest.fixture
def lived(across: Across) -> Across:
    """Alice's work item has its twin on the other site."""
    across.acme.create("ALPHA", "First")
    across.settle()
    return across


@pytest.mark.parametrize("address", ["https://acme.atlassian.net/", "https://work.acme.example"])
def test_on_one_site_only_that_sites_rows_lose_the_person(lived: Across, address: str) -> None:
    Site.objects.filter(base_url="https://acme.atlassian.net").update(display_url="https://work.acme.example")
    alice, here, there = lived.acme.jira.account("alice"), lived.acme.jira.row, lived.initech.jira.row
    assert AuditEntry.objects.filter(site=here, account=alice).exists()
    assert lines_naming(alice, there) > 0

    erase(alice, "--site", address)

    assert not AuditEntry.objects.filter(site=here, account=alice).exists()
    assert lines_naming(alice, there) > 0


def test_without_a_site_the_partners_rows_lose_the_person_too(lived: Across) -> None:
    alice, gina = lived.acme.jira.account("alice"), lived.initech.jira.account("gina")

    erase(alice)

    assert lines_naming(alice, lived.initech.jira.row) == 0
    assert AuditEntry.objects.filter(account=gina).exists()


def test_a_request_whose_sender_was_erased_cannot_be_accepted_and_says_why(lived: Across) -> None:
    acme, initech = lived.acme, lived.initech
    made = requests.send_across(
        acme.alice,
        acme.jira.space_id("ALPHA"),
        base_url=initech.jira.site.base_url,
        space_key="IRON",
        mode="immediate",
        name="Alpha and Iron",
        description="",
        now=acme.clock(),
    )
    hank = replace(initech.alice, account=initech.jira.account("hank"))
    erase(acme.jira.account("alice"))

    with pytest.raises(NotAllowed, match="send a new request"):
        requests.accept(hank, initech.jira.space_id("IRON"), made, now=acme.clock())


def test_a_closed_account_is_erased_from_the_rows_of_the_site_that_said_so(lived: Across) -> None:
    acme, initech = lived.acme.jira, lived.initech.jira
    alice = acme.account("alice")
    jobs.sweep()
    accounts.close(acme.world, acme.site, acme.site.user("alice"))
    initech.disable()
    lived.acme.clock.advance(days=1)

    jobs.report_accounts()

    assert not AuditEntry.objects.filter(site=acme.row, account=alice).exists()
    assert (lines_naming(alice, acme.row), lines_naming(alice, initech.row) > 0) == (0, True)
