"""A delivery is kept and marks what it touches; nothing else happens to it here."""

import json
from datetime import datetime
from uuid import UUID

import pytest
import structlog
from django_q.models import OrmQ

from backbone_app.errors import MalformedDelivery
from backbone_app.models import Delivery, Failure, Pair, Site, Synchronization, WakeUp
from backbone_app.models.pair import PairState
from backbone_app.services.intake import take_in
from tests.support.rows import NOW, make_pair, make_site, make_synchronization


@pytest.fixture
def site(db: None) -> Site:
    """The site acme with two spaces in step and one pair."""
    row = make_site("acme")
    make_pair(make_synchronization(row), row, "1", "2")
    return row


def body(item: str, *, space: str = "10", event: str = "jira:issue_updated") -> bytes:
    fields = {"project": {"id": space}, "summary": "s", "issuetype": {"id": "1", "name": "Task"}}
    return json.dumps(
        {"webhookEvent": event, "timestamp": 1, "issue": {"id": item, "key": "A-1", "fields": fields}}
    ).encode()


def taken(site_id: UUID, content: bytes, key: str = "d-1", now: datetime = NOW) -> int:
    return take_in(site_id=site_id, body=content, identifier=key, now=now)


def test_a_delivery_about_a_paired_item_makes_its_pair_due_and_wakes_once(site: Site) -> None:
    assert taken(site.pk, body("1"), "d-1") == 1
    assert taken(site.pk, body("1"), "d-2") == 1

    assert Pair.objects.get().due == 2
    assert OrmQ.objects.count() == 1


def test_a_second_delivery_with_the_same_identifier_changes_nothing(site: Site) -> None:
    taken(site.pk, body("1"))

    assert taken(site.pk, body("2")) == 0

    assert Pair.objects.get().due == 1
    assert Delivery.objects.get().item == "1"


def test_another_tenants_item_with_the_same_id_is_left_alone(site: Site) -> None:
    stranger = make_site("initech")

    assert taken(stranger.pk, body("1")) == 0

    assert Pair.objects.get().due == 0
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()


def test_the_same_identifier_of_another_tenant_is_another_delivery(site: Site) -> None:
    other = make_site("initech")
    make_pair(make_synchronization(other, spaces=("30", "40")), other, "1", "9")

    assert taken(site.pk, body("1")) == taken(other.pk, body("1")) == 1

    assert [pair.due for pair in Pair.objects.all()] == [1, 1]


def test_an_item_without_a_pair_is_left_to_pairing(site: Site) -> None:
    assert taken(site.pk, body("77", event="jira:issue_created")) == 0

    assert Delivery.objects.get().unpaired
    assert WakeUp.objects.get().job.endswith("pair_up")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (body("77", space="99"), "a space nobody synchronizes"),
        (body("77", space="99", event="jira:issue_deleted"), "deleted in a space nobody synchronizes"),
        (body("77", event="comment_deleted"), "a comment of an item that has no copies"),
        (json.dumps({"webhookEvent": "user_updated", "timestamp": 1}).encode(), "no work item at all"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_concerns_nobody_is_not_kept(site: Site, content: bytes, reason: str) -> None:
    assert taken(site.pk, content) == 0

    assert not Delivery.objects.exists(), reason


def test_of_a_deleted_item_without_a_pair_only_is_kept_that_it_is_gone(site: Site) -> None:
    counts = [taken(site.pk, body("77", event="jira:issue_deleted"), key) for key in ("d-1", "d-2")]

    (note,) = Delivery.objects.all()
    assert counts == [0, 0]
    assert (note.event, note.item, note.unpaired, bytes(note.body_sealed)) == ("gone", "77", False, b"")
    assert not WakeUp.objects.exists()


def test_a_stopped_synchronization_takes_no_new_items_but_remembers_its_pairs(site: Site) -> None:
    Synchronization.objects.update(state="stopped")

    taken(site.pk, body("77"), "d-1")
    taken(site.pk, body("1"), "d-2")

    assert [delivery.item for delivery in Delivery.objects.all()] == ["1"]
    assert Pair.objects.get().due == 1


@pytest.mark.parametrize(("item", "space", "wanted"), [("1", "10", True), ("2", "20", False)])
def test_of_a_pair_only_the_original_can_get_a_twin_in_a_third_space(
    site: Site, item: str, space: str, wanted: bool
) -> None:
    make_synchronization(site, spaces=(space, "30"))

    taken(site.pk, body(item, space=space, event="jira:issue_created"))

    assert Delivery.objects.get().unpaired is wanted


@pytest.mark.parametrize(("account", "told"), [("somebody", 1), ("app-account", 0)])
def test_that_a_change_went_nowhere_is_told_unless_it_was_our_own(
    site: Site, account: str, told: int
) -> None:
    Pair.objects.update(state=PairState.SET_ASIDE, reason="deleted")
    changed = json.loads(body("1")) | {"user": {"accountId": account}}

    taken(site.pk, json.dumps(changed).encode())

    assert Failure.objects.filter(code="deleted", side="right").count() == told


def test_a_body_that_cannot_be_read_leaves_nothing_behind(site: Site) -> None:
    with pytest.raises(MalformedDelivery):
        taken(site.pk, b'{"webhookEvent": NaN}')

    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("second", "differences"),
    [
        (body("1"), 0),
        (body("1") + b"\n", 1),
        (body("2"), 1),
        (body("1", space="20"), 1),
        (body("1", event="jira:issue_deleted"), 1),
    ],
    ids=["the same", "another spelling", "another item", "another space", "another event"],
)
def test_an_identifier_that_comes_again_with_another_body_is_counted(
    site: Site, second: bytes, differences: int
) -> None:
    taken(site.pk, body("1"))

    with structlog.testing.capture_logs() as logs:
        taken(site.pk, second)

    assert [line["event"] for line in logs] == ["delivery_differs"] * differences
    assert all(line.keys() == {"event", "tenant", "delivery_id", "log_level"} for line in logs)


def test_when_its_body_was_used_and_dropped_a_delivery_is_compared_by_what_it_was_about(site: Site) -> None:
    taken(site.pk, body("1"))
    Delivery.objects.update(body_sealed=b"")

    with structlog.testing.capture_logs() as logs:
        taken(site.pk, body("1") + b"\n")
        taken(site.pk, body("2"))

    assert [line["event"] for line in logs] == ["delivery_differs"]


def test_a_deletion_that_borrows_an_identifier_ends_no_decision_about_its_item(site: Site) -> None:
    taken(site.pk, body("77", event="jira:issue_created"), "d-1")
    taken(site.pk, body("1"), "d-2")

    taken(site.pk, body("77", event="jira:issue_deleted"), "d-2")

    assert Delivery.objects.get(key="d-1").unpaired
