"""The remote licence, read, uploaded and removed by machines of Jira admins."""

from dataclasses import replace
from typing import Any

import pytest

from backbone_app.models import RemoteLicence, Synchronization
from tests.support import licences
from tests.support.app import Jira
from tests.support.licences import TERMS, signed
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock

ADDRESS = "/api/1/settings/licence"


@pytest.fixture
def dana(jira: Jira) -> Machine:
    """The Jira admin."""
    return Machine(jira, "dana", "ALPHA")


def test_it_is_uploaded_read_and_removed(dana: Machine, jira: Jira, clock: VirtualClock) -> None:
    assert dana.get(ADDRESS).said == {
        "is_offered": True,
        "licence": None,
        "free": 0,
        "taken": [],
        "notice": "",
        "is_urgent": False,
    }

    assert dana.post(f"{ADDRESS}/upload", document=signed()).status == 204
    row = licences.running(jira.row, "initech", now=clock())
    shown = dana.get(ADDRESS).said

    assert shown["licence"] == {
        "holder": "Acme Ltd",
        "creator": "backbone.example",
        "created_on": "2026-11-01",
        "expires_on": "2027-12-31",
        "endpoints": 1,
        "is_evaluation": False,
        "is_accepted": True,
        "is_over": False,
        "uploaded_at": shown["licence"]["uploaded_at"],
    }
    (taken,) = shown["taken"]
    assert (taken["address"], taken["is_covered"], shown["free"]) == (
        "https://initech.atlassian.net",
        True,
        0,
    )
    assert taken["uses"] == [{"id": str(row.pk), "name": "n", "space_key": "S10000", "is_running": True}]
    assert dana.post(f"{ADDRESS}/remove").status == 204
    assert dana.get(ADDRESS).said["licence"] is None
    assert dana.post(f"{ADDRESS}/remove").status == 204


def test_what_would_pause_has_to_be_confirmed(dana: Machine, jira: Jira, clock: VirtualClock) -> None:
    licences.give(jira.row, now=clock(), terms=replace(TERMS, endpoints=2))
    licences.running(jira.row, "initech", now=clock())
    licences.running(jira.row, "globex", now=clock(), space="10001")

    refused = dana.post(f"{ADDRESS}/upload", document=signed())
    assert (refused.status, refused.said["field"]) == (422, "confirmed")
    assert dana.post(f"{ADDRESS}/upload", document=signed(), confirmed=True).status == 204

    assert sorted(Synchronization.objects.values_list("state", flat=True)) == ["paused", "running"]


@pytest.mark.parametrize(
    ("document", "status", "field"),
    [
        ("<license/>", 422, "document"),
        (" ", 422, "document"),
        ("<!DOCTYPE l [<!ENTITY a 'a'>]><l>&a;</l>", 422, "document"),
        (signed(private=bytes(32)), 422, "document"),
        ("", 400, None),
        (7, 400, None),
        (None, 400, None),
        ("a" * 40_000, 400, None),
        ("a" * 70_000, 413, None),
    ],
)
def test_what_is_no_licence_changes_nothing(
    dana: Machine, document: Any, status: int, field: str | None
) -> None:
    refused = dana.post(f"{ADDRESS}/upload", document=document, confirmed=True)

    assert refused.status == status
    assert field is None or refused.said["field"] == field
    assert not RemoteLicence.objects.exists()


def test_what_is_not_understood_is_refused_by_name(dana: Machine) -> None:
    assert dana.post(f"{ADDRESS}/upload").status == 400
    assert dana.post(f"{ADDRESS}/upload", document=signed(), key="mine").status == 400

    assert not RemoteLicence.objects.exists()


def test_an_admin_of_a_space_may_do_none_of_it(alice: Machine) -> None:
    assert alice.get(ADDRESS).status == 403
    assert alice.post(f"{ADDRESS}/upload", document=signed()).status == 403
    assert alice.post(f"{ADDRESS}/remove").status == 403

    assert not RemoteLicence.objects.exists()


def test_a_start_beyond_the_licence_has_a_code_of_its_own(
    alice: Machine, jira: Jira, clock: VirtualClock
) -> None:
    row = licences.running(jira.row, "initech", now=clock(), space=jira.space_id("ALPHA"))
    Synchronization.objects.filter(pk=row.pk).update(state="stopped")

    refused = alice.post(f"synchronizations/{row.pk}/start")

    assert (refused.status, refused.said["code"]) == (409, "not_licensed")
    assert "this site has none" in refused.said["message"]


def test_the_list_of_synchronizations_tells_of_the_end(
    alice: Machine, jira: Jira, clock: VirtualClock
) -> None:
    day = clock().date()
    licences.give(jira.row, now=clock(), terms=replace(TERMS, expires_on=day))
    licences.running(jira.row, "initech", now=clock(), space=jira.space_id("ALPHA"))

    (row,) = alice.get("synchronizations").said

    assert row["warning"].startswith("The remote licence of this site ends today: its last day is")
