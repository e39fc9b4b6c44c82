"""Three sites with something behind every address, so that whoever may call it gets in.

acme's ALPHA, which alice administers, has a running synchronization with BETA, one with
initech's ALPHA that was never started, a request of DELTA's and one to initech's BETA.
The same numbers are ids on all sites: only the site tells them apart.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from backbone_app import jobs
from backbone_app.core.handshake import State
from backbone_app.core.values import Side
from backbone_app.models import (
    ApplicationLink,
    Failure,
    Link,
    Pair,
    PairSide,
    PublishedConfiguration,
    Site,
    Synchronization,
    SynchronizationSide,
)
from backbone_app.models.link import LinkStatus
from backbone_app.models.pair import PairState
from backbone_app.models.site import Product, SiteStatus
from jira_sandbox import seed
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import grants, licences, link_acts
from tests.support.addressees import add_address
from tests.support.app import INITECH, Jira
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock, standard_world

SITES = {
    "acme": "https://acme.atlassian.net",
    "initech": INITECH,
    "globex": "https://globex.atlassian.net",
}

BEYOND = "hooli"
"""A Data Center that acme has a link to."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The three sites, and by name the ids that addresses are filled with (``ids``)."""

    world: World
    clock: VirtualClock
    sites: dict[str, Jira]
    ids: dict[str, dict[str, str]]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever a call changes in the app; no call is to wait for those before it."""
        self.clock.advance(seconds=10)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def furnished_world(clock: VirtualClock) -> World:
    """Make the sites with their people: erin and frank administer acme's Jira but none of its spaces."""
    world = standard_world(clock, sites=SITES)
    seed.furnish(world, world.add_site(BEYOND, "https://jira.hooli.example", edition=DATA_CENTER["dc-10.3"]))
    world.add_site("nobody", "https://nobody.atlassian.net")  # without our app
    seed.let_leads_look_around(world)
    acme = world.sites["acme"]
    seed.team_managed(acme, key="DELTA", lead="dana", members=["alice"])
    acme.grant(acme.user("alice"), "BROWSE_PROJECTS", space=acme.space("DELTA"))
    acme.grant(acme.user("frank"), "ADMINISTER")
    return world


def furnished(world: World, clock: VirtualClock) -> Scene:
    """Install the app everywhere and bring about what the addresses are about."""
    sites = {name: Jira(world, world.sites[name]) for name in SITES}
    for each in sites.values():
        each.install()
        licences.give(each.row, now=clock())
    acme = sites["acme"]
    licences.give(acme.row, now=clock(), terms=replace(licences.TERMS, holder="Hidden holder"))
    alpha = acme.space_id("ALPHA")
    alice, bob, dana = (Machine(acme, *each) for each in PEOPLE)
    running = _sent(alice, partner_space=acme.space_id("BETA"))
    bob.post(f"requests/{running}/accept")
    alice.post(f"synchronizations/{running}/start")
    stopped = _sent_across(alice, "ALPHA")
    Machine(sites["initech"], "alice", "ALPHA").post(f"requests/{stopped}/accept")
    incoming = _sent(dana, partner_space=alpha)
    outgoing = _sent_across(alice, "BETA")
    items = [
        (
            acme.person("alice").create("ALPHA", f"Hidden own {n}"),
            acme.person("bob").create("BETA", f"Hidden other {n}"),
        )
        for n in range(3)
    ]
    scene = Scene(world, clock, sites, {})
    pairs = [_pair(scene, running, *each) for each in items[:2]]
    Pair.objects.filter(pk=pairs[1].pk).update(state=PairState.SET_ASIDE, reason="deleted")
    known = {"space": alpha, "sync_id": running, "item": items[0][0], "ticket": "never-issued"}
    failures = {
        "failure": _failure(scene, pairs[0], code="field_refused", row="labels"),
        "lost": _failure(scene, pairs[1], code="deleted", row=""),
    }
    asked = clock() - timedelta(hours=2)
    ids: dict[str, dict[str, Any]] = {
        "running": known
        | {
            "pair_id": pairs[0].pk,
            "failure": failures["failure"],
            "address": add_address(acme, "hidden@customer.example", space="ALPHA", now=asked).pk,
        },
        "site-wide": {"address": add_address(acme, "hidden@customer.example", now=asked).pk},
        "lost": known | {"failure": failures["lost"]},
        "stopped": {"space": alpha, "sync_id": stopped},
        "incoming": {"space": alpha, "request_id": incoming},
        "outgoing": {"space": alpha, "request_id": outgoing},
        "unpaired": known | {"own_key": _key(acme, items[2][0]), "partner_key": _key(acme, items[2][1])},
        "alone": known | {"partner": acme.space_id("GAMMA")} | (linked := _linked(scene, alice)),
        "linked": {"space": alpha, "sync_id": _over(scene, alice, linked["link"])},
    }
    ids["spare"] = ids["alone"] | {"application": _spare(scene, alice)}
    ids["cloud"] = {
        "space": alpha,
        "link": link_acts.cloud_link(acme, clock),
        "attempt": _asked_for_cloud(alice),
    }
    ids["broken"] = ids["alone"] | _over_broken(scene, alice, known)
    scene.ids.update({name: {key: str(each) for key, each in found.items()} for name, found in ids.items()})
    return scene


PEOPLE = (("alice", "ALPHA"), ("bob", "BETA"), ("dana", "DELTA"))


def _linked(scene: Scene, sender: Machine) -> dict[str, str]:
    """A link to the Data Center, and one more attempt to be let in there that nobody has opened."""
    owner = sender.jira.row
    # What a call changes is taken back here and not there: tokens that were got anew would be forgotten.
    scene.world.sites[BEYOND].provider.token_life = timedelta(days=365)
    granted = grants.to_a_data_center(scene.world, owner, clock=scene.clock, name=BEYOND)
    application = str(granted.link.application_id)
    asked = sender.post(f"application-links/{application}/sign-in").said["sign_in"]
    return {
        "application": application,
        "attempt": str(asked["id"]),
        "link": str(granted.link.pk),
        "beyond": scene.world.sites[BEYOND].space("GOLD").id,
        "token": "never-made",
    }


def _over(scene: Scene, sender: Machine, link: str) -> str:
    """A synchronization over that link; its webhook is to be made by hand."""
    beyond = scene.world.sites[BEYOND]
    iron = beyond.space("IRON")
    for permission in ("BROWSE_PROJECTS", "CREATE_ISSUES"):
        beyond.grant(beyond.user("gina"), permission, space=iron)
    answer = sender.post(f"links/{link}/create", partner_space=iron.id, name="Hidden title")
    assert answer.status == 201, answer.said
    jobs.follow_hooks()
    return str(answer.said["id"])


def _asked_for_cloud(sender: Machine) -> str:
    """An attempt to be let in on a Cloud site that nobody has opened."""
    return str(sender.post("clouds/sign-in", base_url="https://far.atlassian.net").said["sign_in"]["id"])


def _spare(scene: Scene, sender: Machine) -> uuid.UUID:
    """An application link that led nowhere yet."""
    entered = {"site": sender.jira.row, "base_url": "https://spare.example", "client_id": "spare"}
    return ApplicationLink.objects.create(**entered, created_at=scene.clock()).pk


def _over_broken(scene: Scene, sender: Machine, known: dict[str, Any]) -> dict[str, str]:
    """A synchronization of ALPHA whose link is broken, so it is paused, and an attempt to mend that."""
    owner, now, address = sender.jira.row, scene.clock(), "https://broken.example"
    entered = {"site": owner, "base_url": address, "client_id": "broken", "created_at": now}
    site = Site.objects.create(
        client_key="link:broken",
        base_url=address,
        status=SiteStatus.LINKED,
        product=Product.DATA_CENTER,
        installed_at=now,
    )
    Link.objects.create(
        site=site,
        owner=owner,
        application=(application := ApplicationLink.objects.create(**entered)),
        address=address,
        status=LinkStatus.BROKEN,
        expires_at=now,
        authorized_at=now,
    )
    state = {"state": State.PAUSED, "paused_at": now, "pause_reason": "link_broken", "pause_side": "right"}
    row = Synchronization.objects.create(**state, spaces="broken", created_at=now, expires_at=now)
    places = ((owner, known["space"], "ALPHA"), (site, "10000", "FAR"))
    for side, (place, space, key) in zip(Side, places, strict=True):
        SynchronizationSide.objects.create(
            synchronization=row, side=side, site=place, space=space, space_key=key, space_name=key, name="b"
        )
    first = PublishedConfiguration.objects.filter(synchronization=known["sync_id"])[0]
    PublishedConfiguration.objects.create(
        synchronization=row, version=1, document=first.document, published_at=now
    )
    asked = sender.post(f"application-links/{application.pk}/sign-in").said["sign_in"]
    return {"sync_id": str(row.pk), "attempt": str(asked["id"])}


def _sent(sender: Machine, **body: str) -> str:
    answer = sender.post("requests", name="Hidden title", **body)
    assert answer.status == 201, answer.said
    return str(answer.said["id"])


def _sent_across(sender: Machine, space_key: str) -> str:
    answer = sender.post("requests/across", base_url=INITECH, space_key=space_key, name="Hidden title")
    assert answer.status == 201, answer.said
    return str(answer.said["id"])


def _key(jira: Jira, item: str) -> str:
    return jira.site.issues[item].key


def _pair(scene: Scene, sync_id: str, own: str, other: str) -> Pair:
    acme, now = scene.sites["acme"], scene.clock()
    synchronization = Synchronization.objects.get(pk=sync_id)
    pair = Pair.objects.create(
        synchronization=synchronization,
        origin_side=Side.LEFT,
        origin_site=acme.row.pk,
        origin_item=own,
        created_at=now,
    )
    for side, item in ((Side.LEFT, own), (Side.RIGHT, other)):
        half = {"site": acme.row, "item": item, "item_key": _key(acme, item)}
        PairSide.objects.create(pair=pair, side=side, synchronization=synchronization, **half)
    return pair


def _failure(scene: Scene, pair: Pair, *, code: str, row: str) -> int:
    now = scene.clock()
    failure = Failure.objects.create(
        pair=pair,
        synchronization=pair.synchronization,
        side="right",
        row=row,
        code=code,
        first_at=now,
        last_at=now,
    )
    return failure.pk
