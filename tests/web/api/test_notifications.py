"""Who is told by mail, read and set by machines."""

from typing import Any

import pytest
from django.conf import LazySettings

from backbone_app.models import NoticeAddress
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.mail import NOWHERE
from tests.support.sandbox import VirtualClock

ADDRESS = "ops@customer.example"
SITE = "/api/1/settings/notifications"


@pytest.fixture(autouse=True)
def with_mail(settings: LazySettings) -> None:
    settings.BACKBONE_MAIL = NOWHERE


@pytest.fixture
def dana(jira: Jira) -> Machine:
    """The Jira admin."""
    return Machine(jira, "dana", "ALPHA")


def test_an_address_is_added_listed_asked_again_and_removed(alice: Machine, clock: VirtualClock) -> None:
    added = alice.post("notifications/add", address=ADDRESS, kinds=["pause", "request"])
    listed = alice.get("notifications").said
    (one,) = listed["addresses"]
    soon = alice.post(f"notifications/{one['id']}/ask")
    clock.advance(hours=1)
    later = alice.post(f"notifications/{one['id']}/ask")
    removed = alice.post(f"notifications/{one['id']}/remove")

    assert (added.status, listed["is_configured"]) == (204, True)
    assert (one["address"], one["kinds"], one["state"]) == (ADDRESS, ["request", "pause"], "waiting")
    assert (soon.status, later.status, removed.status) == (429, 204, 204)
    assert int(soon.retry_after or 0) > 3500
    assert alice.get("notifications").said["addresses"] == []


@pytest.mark.parametrize(
    ("entered", "status"),
    [
        ({}, 400),
        ({"address": ADDRESS}, 400),
        ({"address": 1, "kinds": ["pause"]}, 400),
        ({"address": "a" * 10_000, "kinds": ["pause"]}, 400),
        ({"address": ADDRESS, "kinds": ["pause"], "confirmed": True}, 400),
        ({"address": ADDRESS, "kinds": "pause"}, 400),
        ({"address": ADDRESS, "kinds": []}, 422),
        ({"address": ADDRESS, "kinds": ["licence"]}, 422),
        ({"address": ADDRESS, "kinds": ["pause", "everything"]}, 422),
        ({"address": "a@b.example\r\nBcc: eve@evil.example", "kinds": ["pause"]}, 422),
        ({"address": "a@b.example,eve@evil.example", "kinds": ["pause"]}, 422),
    ],
)
def test_what_cannot_be_used_adds_nothing(alice: Machine, entered: dict[str, Any], status: int) -> None:
    assert alice.post("notifications/add", **entered).status == status

    assert not NoticeAddress.objects.exists()


def test_those_of_the_site_are_for_jira_admins(alice: Machine, dana: Machine) -> None:
    refused = alice.post(f"{SITE}/add", address=ADDRESS, kinds=["licence"])
    added = dana.post(f"{SITE}/add", address=ADDRESS, kinds=["licence"])
    (one,) = dana.get(SITE).said["addresses"]

    assert (refused.status, added.status) == (403, 204)
    assert one["kinds"] == ["licence"]
    assert alice.get("notifications").said["addresses"] == []
    assert alice.post(f"notifications/{one['id']}/remove").status == 404
    assert alice.post(f"notifications/{one['id']}/ask").status == 404
    assert dana.post(f"{SITE}/{one['id']}/remove").status == 204


def test_an_address_of_another_space_is_not_there(alice: Machine, bob: Machine) -> None:
    bob.post("notifications/add", address=ADDRESS, kinds=["pause"])
    row = NoticeAddress.objects.get()

    assert alice.get("notifications").said["addresses"] == []
    assert alice.post(f"notifications/{row.pk}/remove").status == 404
    assert alice.post(f"notifications/{2**70}/remove").status == 404
