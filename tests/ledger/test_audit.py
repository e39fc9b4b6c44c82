"""What each site's log is told of an act."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from backbone_app.core.values import Side
from backbone_app.ledger import audit
from backbone_app.ledger.audit import Act
from backbone_app.models import AuditEntry, Site, Synchronization, SynchronizationSide
from tests.support.rows import NOW, make_site


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a site, on one of our pages."""

    site_id: UUID
    account: str | None = "some-account"
    page: str = "Overview"


def told(entry: AuditEntry) -> tuple[str, str, str, str]:
    return entry.actor, entry.account, entry.page, entry.space


def halves(row: Synchronization) -> tuple[SynchronizationSide, SynchronizationSide]:
    left, right = row.sides.select_related("site").order_by("pk")
    return left, right


@pytest.fixture
def across(synchronization: Synchronization) -> Synchronization:
    """The right space lies on another site, and was asked for by a key in the sender's own spelling."""
    row, other = synchronization, make_site("initech")
    row.sides.filter(side="right").update(site=other)
    row.sides.filter(side="left").update(asked_key="ASKED")
    return row


def test_an_act_on_ones_own_site_is_told_with_person_page_and_time(site: Site) -> None:
    audit.note(Somebody(site.pk), Act.ACCESS_CHANGED, detail={"groups": ["7"]}, now=NOW)

    (entry,) = AuditEntry.objects.all()
    assert told(entry) == ("person", "some-account", "Overview", "")
    assert (entry.site_id, entry.act, entry.at, entry.detail) == (
        site.pk,
        "access_changed",
        NOW,
        {"groups": ["7"]},
    )


def test_an_act_within_one_site_has_one_entry_that_names_both_spaces(
    site: Site, synchronization: Synchronization
) -> None:
    left, right = halves(synchronization)

    audit.note_shared(Somebody(site.pk), Act.STARTED, right, left, now=NOW)

    (entry,) = AuditEntry.objects.all()
    assert told(entry) == ("person", "some-account", "Overview", "20")
    assert entry.synchronization == synchronization.pk
    assert entry.detail == {"space_key": "S20", "partner_key": "S10", "partner_space": "10"}


def test_of_an_act_of_the_other_site_the_own_log_names_the_side_and_nobody(across: Synchronization) -> None:
    left, right = halves(across)

    audit.note_shared(Somebody(left.site_id), Act.PAIRED, left, right, items=("S10-1", "S20-9"), now=NOW)

    mine = AuditEntry.objects.get(site=left.site)
    theirs = AuditEntry.objects.get(site=right.site)
    assert told(mine) == ("person", "some-account", "Overview", "10")
    assert told(theirs) == ("partner", "", "", "20")
    assert mine.detail["items"] == ["S10-1", "S20-9"]
    assert theirs.detail["items"] == ["S20-9", "S10-1"]


def test_each_side_is_told_the_partners_key_as_it_may_know_it(across: Synchronization) -> None:
    left, right = halves(across)

    audit.note_paused(right, left, reason="many_missing", side=None, now=NOW)

    (mine,) = AuditEntry.objects.filter(site=left.site)
    (theirs,) = AuditEntry.objects.filter(site=right.site)
    assert (mine.actor, theirs.actor) == ("backbone", "backbone")
    assert mine.detail == {
        "space_key": "S10",
        "partner_key": "ASKED",
        "partner_site": "https://initech.atlassian.net",
        "reason": "many_missing",
    }
    assert theirs.detail["partner_key"] == "S10"


@pytest.mark.parametrize(
    ("side", "mine", "theirs"), [("left", "own", "partner"), ("right", "partner", "own")]
)
def test_each_side_is_told_whose_matter_a_pause_is(
    across: Synchronization, side: str, mine: str, theirs: str
) -> None:
    left, right = halves(across)

    audit.note_paused(left, right, reason="space_missing", side=Side(side), now=NOW)

    lies = {entry.site_id: entry.detail["reason_lies"] for entry in AuditEntry.objects.all()}
    assert lies == {left.site_id: mine, right.site_id: theirs}


def test_an_expired_request_is_dropped_by_nobody_but_us(across: Synchronization) -> None:
    audit.note_dropped(*halves(across), now=NOW)

    assert [entry.actor for entry in AuditEntry.objects.all()] == ["backbone", "backbone"]


def test_a_request_to_a_space_that_is_not_there_is_told_to_its_sender_only(across: Synchronization) -> None:
    SynchronizationSide.objects.filter(side="right").update(space="", space_key="", space_name="")
    left, right = halves(across)

    audit.note_shared(Somebody(left.site_id), Act.REQUEST_SENT, left, right, now=NOW)

    (entry,) = AuditEntry.objects.all()
    assert entry.site_id == left.site_id
    assert entry.detail["partner_key"] == "ASKED"


def test_only_what_people_of_the_site_did_of_that_kind_and_since_then_is_counted(
    site: Site, across: Synchronization
) -> None:
    left, right = halves(across)
    for who, act, at in (
        (left, Act.REQUEST_SENT, NOW),
        (left, Act.REQUEST_SENT, NOW - timedelta(hours=1)),
        (left, Act.STARTED, NOW),
        (right, Act.REQUEST_SENT, NOW),
    ):
        audit.note_shared(Somebody(who.site_id), act, who, left if who is right else right, now=at)

    assert audit.count_of_people(site.pk, Act.REQUEST_SENT, since=NOW - timedelta(hours=1)) == 1


def test_of_the_installation_jira_names_no_person(site: Site) -> None:
    audit.note_lifecycle(site.pk, Act.DISABLED, now=NOW)

    (entry,) = AuditEntry.objects.all()
    assert told(entry) == ("jira", "", "", "")
