"""Recorded webhooks of real sites, Cloud and Data Center, at our own door: what becomes of each kind."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, DeliveryUse, Synchronization
from tests.support.app import Jira
from tests.support.hooks import Hook
from tests.support.hostile import everything
from tests.support.rows import make_pair, make_synchronization
from tests.support.webhook_corpus import RECORDED, Recorded, recorded

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded webhooks are not in SHARED_DIR: our own vectors remain"
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What is due to a kind: the answer; kept for a paired work item; kept where one may be new."""

    status: int
    paired: bool
    new: bool


FATES: Mapping[str, Fate] = {
    "jira:issue_created": Fate(204, paired=True, new=True),
    "jira:issue_updated": Fate(204, paired=True, new=True),
    "jira:issue_deleted": Fate(204, paired=True, new=False),
    "jira:issue_unknown": Fate(204, paired=True, new=False),
    "comment_created": Fate(204, paired=True, new=True),
    "comment_updated": Fate(204, paired=True, new=True),
    "comment_deleted": Fate(204, paired=True, new=False),
    "worklog_created": Fate(204, paired=True, new=False),
    "worklog_updated": Fate(204, paired=True, new=False),
    "worklog_deleted": Fate(204, paired=True, new=False),
    "jira:worklog_updated": Fate(204, paired=True, new=False),
    "attachment_created": Fate(204, paired=True, new=False),
    "sprint_updated": Fate(204, paired=False, new=False),
    "other:no-event": Fate(400, paired=False, new=False),  # older than webhooks that name their event
}
BODIES: tuple[Recorded, ...] = tuple(recorded()) if RECORDED.exists() else ()


def sent(jira: Jira) -> dict[str, int]:
    """Deliver every body, properly signed; the answers by name."""
    hook = Hook(jira)
    return {one.name: hook.send(one.body, identifier=f"d-{number}") for number, one in enumerate(BODIES)}


def kept() -> dict[str, tuple[str, str, str]]:
    """Event, work item and space of each delivery that was kept, by the name of its body."""
    rows = Delivery.objects.exclude(event=deliveries.GONE).values_list("key", "event", "item", "space")
    named = {key: (event, item, space) for key, event, item, space in rows}
    return {BODIES[int(key.removeprefix("d-"))].name: what for key, what in named.items()}


def as_said(one: Recorded) -> tuple[str, str, str]:
    return one.kind, one.item, one.space


def test_the_corpus_is_whole_and_every_kind_in_it_has_a_fate() -> None:
    kinds = Counter(one.kind for one in BODIES)

    assert kinds.keys() == FATES.keys()
    assert kinds.total() > 100
    assert [one.name for one in BODIES if FATES[one.kind].paired and not one.item] == []


def test_where_nothing_is_synchronized_each_is_answered_and_none_leaves_a_trace(jira: Jira) -> None:
    before = everything()

    answers = sent(jira)

    assert answers == {one.name: FATES[one.kind].status for one in BODIES}
    assert everything() == before


def test_news_of_a_paired_work_item_are_kept_for_its_pair(jira: Jira) -> None:
    synchronization = make_synchronization(jira.row, spaces=("1", "2"))
    items = sorted({one.item for one in BODIES if one.item})
    pairs = {item: make_pair(synchronization, jira.row, item, f"9999{item}").pk for item in items}

    answers = sent(jira)

    due = {one.name: one for one in BODIES if FATES[one.kind].paired}
    assert answers == {one.name: FATES[one.kind].status for one in BODIES}
    assert kept() == {name: as_said(one) for name, one in due.items()}
    uses = Counter(DeliveryUse.objects.values_list("pair_id", flat=True))
    assert uses == Counter(pairs[one.item] for one in due.values())
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_news_of_a_synchronized_space_are_kept_where_a_work_item_may_be_new(jira: Jira) -> None:
    for space in sorted({one.space for one in BODIES if one.space}):
        make_synchronization(jira.row, spaces=(space, f"9999{space}"))

    answers = sent(jira)

    due = {one.name: one for one in BODIES if FATES[one.kind].new and one.space}
    gone = {one.item for one in BODIES if one.kind == "jira:issue_deleted"}
    assert answers == {one.name: FATES[one.kind].status for one in BODIES}
    assert kept() == {name: as_said(one) for name, one in due.items()}
    undecided = set(Delivery.objects.filter(unpaired=True).values_list("item", flat=True))
    assert {one.item for one in due.values()} - gone <= undecided
    assert set(Delivery.objects.filter(event=deliveries.GONE).values_list("item", flat=True)) == gone
    assert not DeliveryUse.objects.exists()


def test_of_a_space_whose_synchronization_is_stopped_nothing_is_kept(jira: Jira) -> None:
    for space in sorted({one.space for one in BODIES if one.space}):
        make_synchronization(jira.row, spaces=(space, f"9999{space}"))
    Synchronization.objects.update(state="stopped")
    before = everything()

    sent(jira)

    assert everything() == before
