"""Who somebody is, and what is theirs, is told by the token alone: cases 51 to 54."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from backbone_app.models import AuditEntry, Site, Synchronization, SynchronizationSide
from backbone_app.web.auth import Credential, Who
from tests.support.app import call_app
from tests.support.hostile import affairs
from tests.support.matrix.examples import EXAMPLES, Call, routes
from tests.support.matrix.roles import Cell, Role
from tests.support.matrix.scene import Scene


def forged(scene: Scene, name: str) -> dict[str, str]:
    """Every way to claim to be somebody else beside the token."""
    account = scene.sites["acme"].account(name)
    return dict.fromkeys(("account", "accountId", "account_id", "sub", "user", "acted_by", "caller"), account)


def test_case_51_nobody_becomes_somebody_else_by_saying_so_in_a_form(scene: Scene) -> None:
    carol, ids = scene.sites["acme"].visitor("carol"), scene.ids["stopped"]
    start = reverse("start", args=[ids["space"], ids["sync_id"]])
    before = affairs()

    answer = carol.post(start, **forged(scene, "alice"))
    queried = carol.post(f"{start}?sub={scene.sites['acme'].account('alice')}")

    assert (answer.status_code, queried.status_code) == (403, 403)
    assert affairs() == before


def test_case_51_an_act_is_noted_for_whoever_the_token_names(scene: Scene) -> None:
    acme, ids = scene.sites["acme"], scene.ids["incoming"]
    decline = reverse("decline", args=[ids["space"], ids["request_id"]])

    answer = acme.visitor("alice").post(decline, message="no", **forged(scene, "dana"))

    assert answer.status_code == 200
    half = SynchronizationSide.objects.get(synchronization_id=UUID(ids["request_id"]), side="right")
    assert half.acted_by == acme.account("alice")
    assert AuditEntry.objects.latest("pk").account == acme.account("alice")


def test_case_51_a_machine_that_says_who_it_is_is_told_that_nobody_asks(scene: Scene) -> None:
    cell = api_cell(scene, "requests")
    for name, account in forged(scene, "dana").items():
        before = affairs()

        status, said = with_entry(cell, name, account).call()

        assert status == 400
        assert name in said
        assert affairs() == before


ASSIGNED: dict[str, Any] = {
    "id": str(uuid4()),
    "pk": "1",
    "site": "1",
    "site_id": str(uuid4()),
    "clientKey": "somebody-else",
    "tenant_id": "1",
    "state": "running",
    "status": "running",
    "secret": "0" * 32,
    "secret_sealed": "0",
    "role": "admin",
    "is_restricted": "true",
    "spaces": "x",
    "expires_at": "2099-01-01T00:00:00Z",
    "started_at": "2020-01-01T00:00:00Z",
    "side": "right",
    "page": "Jira",
}
"""What rows have and nobody may set from outside."""


def test_case_52_what_a_form_does_not_ask_for_is_not_set(scene: Scene) -> None:
    acme, ids = scene.sites["acme"], scene.ids["alone"]
    known, sites = set(Synchronization.objects.values_list("pk", flat=True)), list(Site.objects.values())
    wanted = {"partner": ids["partner"], "name": "New", "description": ""}

    answer = acme.visitor("alice").post(reverse("new-send", args=[ids["space"]]), **wanted, **ASSIGNED)

    assert answer.status_code == 200
    (row,) = Synchronization.objects.exclude(pk__in=known)
    left = row.sides.get(side="left")
    assert (row.state, row.started_at, row.expires_at.year) == ("requested", None, 2026)
    assert str(row.pk) != ASSIGNED["id"]
    assert (left.site_id, left.space, left.acted_by) == (acme.row.pk, ids["space"], acme.account("alice"))
    assert AuditEntry.objects.latest("pk").page == "New Synchronization"
    assert list(Site.objects.values()) == sites


@pytest.mark.parametrize("name", ASSIGNED)
def test_case_52_a_machine_is_told_what_it_cannot_set(scene: Scene, name: str) -> None:
    cell, before = api_cell(scene, "requests"), affairs()

    status, said = with_entry(cell, name, ASSIGNED[name]).call()

    assert (status, name in said) == (400, True)
    assert affairs() == before


def test_case_53_ids_are_not_to_be_guessed(scene: Scene) -> None:
    before = affairs()
    for cell in own_pages(scene):
        for wrong in wrong_ids(cell):
            call = Call(cell.route, cell.example, wrong)
            token = scene.sites["acme"].page_token("alice")
            sent = call.headers | {"Authorization": f"JWT {token}"}
            scene.clock.advance(seconds=10)

            answer = call_app(cell.route.method, call.target, headers=sent, body=call.body)

            assert answer.status_code == 404, (str(cell), wrong)
    assert affairs() == before
    assert all(UUID(str(each)).version == 4 for each in Synchronization.objects.values_list("pk", flat=True))


def wrong_ids(cell: Cell) -> Iterator[dict[str, str]]:
    """Give the ids of the address with one of them guessed: unknown, next in line, or of something else."""
    running, lost = cell.scene.ids["running"], cell.scene.ids["lost"]
    elsewhere = {"sync_id": cell.scene.ids["stopped"]["sync_id"], "request_id": running["sync_id"]}
    named = cell.route.names
    for name in {"sync_id", "request_id"} & set(named):
        yield cell.ids | {name: str(uuid4())}
        yield cell.ids | {name: "1"}
        if {"failure", "pair_id"} & set(named):
            yield cell.ids | {name: elsewhere[name]}
    for name in {"failure", "pair_id"} & set(named):
        yield cell.ids | {name: str(int(lost["failure"]) + 100)}
        yield cell.ids | {name: "0"}


def own_pages(scene: Scene) -> list[Cell]:
    cells = [Cell(scene, route, EXAMPLES[route.pattern], Role.SPACE_ADMIN) for route in routes()]
    stated = (Credential.OWN_PAGE, Who.SPACE_ADMIN)
    return [cell for cell in cells if (cell.route.stated.credential, cell.route.stated.who) == stated]


def api_cell(scene: Scene, last: str) -> Cell:
    """The call of the API whose address ends so, as alice makes it."""
    return next(each for each in own_pages(scene) if each.route.pattern == f"api/1/spaces/<str:space>/{last}")


def with_entry(cell: Cell, name: str, value: object) -> Cell:
    """The same call with one entry more."""
    return replace(cell, example=replace(cell.example, entered={**cell.example.entered, name: value}))


def test_case_54_the_partner_reaches_its_own_half_only(scene: Scene) -> None:
    """Its admin sees and stops what both share; the other site's half, log and rule are out of reach."""
    acme, initech = scene.sites["acme"], scene.sites["initech"]
    sync_id = scene.ids["stopped"]["sync_id"]
    partner = initech.visitor("alice")
    ours = SynchronizationSide.objects.filter(site=acme.row).values()
    before, logged = list(ours), AuditEntry.objects.filter(site=acme.row).count()

    in_our_other_space = partner.post(reverse("start", args=[acme.space_id("DELTA"), sync_id]))
    our_rule = partner.post(reverse("settings-access"), who="groups", groups="[]", confirmed="on")
    started = partner.post(reverse("start", args=[initech.space_id("ALPHA"), sync_id]))

    assert (in_our_other_space.status_code, our_rule.status_code, started.status_code) == (403, 403, 200)
    assert list(ours) == before
    note = AuditEntry.objects.filter(site=acme.row).latest("pk")
    assert AuditEntry.objects.filter(site=acme.row).count() == logged + 1
    assert (note.actor, note.account, note.page) == ("partner", "", "")
