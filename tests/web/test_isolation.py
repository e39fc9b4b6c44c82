"""Two sites that are alike down to their ids, and connected: neither learns what it may not know.

Every page and every address of the API is called by every kind of caller with every
id there is. What a site does not share carries a word of its own, which must not
appear in any answer to the other one; a call that is not its caller's to make is
refused and changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest

from backbone_app import jobs
from backbone_app.models import (
    ApplicationLink,
    Failure,
    Link,
    LinkAttempt,
    NoticeAddress,
    Pair,
    Synchronization,
)
from backbone_app.web.auth import Credential
from tests.support import link_acts
from tests.support.addressees import add_address
from tests.support.app import INITECH, Jira, call_app
from tests.support.hostile import affairs
from tests.support.machine import Machine
from tests.support.matrix.examples import EXAMPLES, Call, routes
from tests.support.matrix.roles import refused_by_right
from tests.support.sandbox import VirtualClock
from tests.support.slices import WHOLE, slice_of

WAYS = (("acme", "initech"), ("initech", "acme"))
ATTACKS = [(name, *way) for name, way in product(("dana", "bob", "carol"), WAYS)]
IN_SHORT = [("dana", *WAYS[0]), ("bob", *WAYS[1])]
"""An admin of all spaces on one side, of one space on the other; the matrix has whoever administers none."""
SECRETS = {"acme": "acmesecret", "initech": "initechsecret"}
ENTRIES = {"partner": "10001", "own_key": "ALPHA-1", "partner_key": "ALPHA-1"}
"""What the entries of a call are filled with, beside its ids."""


@dataclass(frozen=True, slots=True)
class Attacker:
    """Somebody of one site, with a proper token of their own."""

    jira: Jira
    name: str
    clock: VirtualClock

    def call(self, target: Call) -> tuple[int, str]:
        """Make the call; status and everything that was answered."""
        self.clock.advance(seconds=10)  # no call is to wait for those before it
        sent = target.headers | {"Authorization": f"JWT {self.jira.page_token(self.name)}"}
        answer = call_app(target.route.method, target.target, headers=sent, body=target.body)
        return answer.status_code, f"{answer.headers}{answer.content.decode()}".lower()

    def may(self, target: Call) -> bool:
        """Whether the call is theirs to make."""
        return refused_by_right(target.route, self.jira, self.name, target.ids) is None


def targets(ids: dict[str, list[str]], *, share: int) -> Iterator[Call]:
    """Every address that takes an own-page token, by every method it takes; ``share`` combinations of ids.

    The ids are those of the path, and those that the query or the form names.
    """
    for route in routes():
        if route.stated.credential is Credential.OWN_PAGE:
            entered = str(EXAMPLES[route.pattern].entered)
            names = (*route.names, *(name for name in ids if f"{{{name}}}" in entered))
            for values in slice_of(product(*(ids[name] for name in names)), share):
                given = dict(zip(names, values, strict=True))
                yield Call(route, EXAMPLES[route.pattern], ENTRIES | {"elsewhere": INITECH, **given})


def furnish(jira: Jira) -> None:
    """Mark what the site does not share: BETA and GAMMA, their work items, titles, messages."""
    secret = SECRETS[jira.site.name]
    for key in ("BETA", "GAMMA"):
        space = jira.site.space(key)
        space.name, space.key = f"{secret} {key}", f"{secret.upper()}{key}"
    alpha, beta, gamma = (jira.site.spaces[number] for number in sorted(jira.site.spaces)[:3])
    alice, bob = Machine(jira, "alice", alpha.key), Machine(jira, "bob", beta.key)
    dana = Machine(jira, "dana", gamma.key)
    title = {"name": f"{secret} title", "description": f"{secret} words"}
    for partner in (beta, gamma):
        jira.site.grant(jira.site.user("alice"), "BROWSE_PROJECTS", space=partner)
    made = alice.post("requests", partner_space=beta.id, **title).said["id"]
    bob.post(f"requests/{made}/accept")
    bob.post(f"synchronizations/{made}/start")
    declined = alice.post("requests", partner_space=gamma.id, **title).said["id"]
    dana.post(f"requests/{declined}/decline", message=f"{secret} reason")
    for key in (beta.key, ""):
        add_address(jira, f"{secret}@customer.example", space=key, now=jira.world.clock())
    application = link_acts.linked(jira, jira.world.clock).link.application_id  # type: ignore[arg-type]  # it is
    alice.post(f"application-links/{application}/sign-in")
    waiting = dana.post("requests", partner_space=beta.id, **title)
    assert waiting.status == 201, waiting.said


@pytest.fixture
def both(jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None) -> dict[str, Jira]:
    """Acme and initech, each with its own affairs, and ALPHA of the one in step with ALPHA of the other."""
    sites = {"acme": jira, "initech": other_jira}
    for each in sites.values():
        furnish(each)
    here, there = (Machine(each, "alice", "ALPHA") for each in sites.values())
    shared = here.post("requests/across", base_url=INITECH, space_key="ALPHA", name="Shared")
    there.post(f"requests/{shared.said['id']}/accept")
    here.post(f"synchronizations/{shared.said['id']}/start")
    clock.advance(seconds=1)
    for each in sites.values():
        secret = SECRETS[each.site.name]
        each.person("bob").create(f"{secret.upper()}BETA", f"{secret} summary")
        each.person("alice").create("ALPHA", f"From {each.site.name}")  # shared with the other site
    settle(sites, clock)
    assert Synchronization.objects.filter(state="running").count() == 3
    assert Pair.objects.exclude(sides__item="").count() == 6
    for pair in first_pairs():
        failure = {"code": "field_refused", "row": "labels", "first_at": clock(), "last_at": clock()}
        Failure.objects.create(pair=pair, synchronization=pair.synchronization, side="right", **failure)
    return sites


def first_pairs() -> list[Pair]:
    """One pair of each synchronization."""
    running = Synchronization.objects.filter(state="running")
    return [row.pairs.order_by("pk")[0] for row in running.order_by("created_at", "pk")]


def settle(sites: dict[str, Jira], clock: VirtualClock) -> None:
    """Deliver and work until nothing happens any more."""
    for _ in range(20):
        clock.advance(seconds=1)
        delivered = sum(each.deliver_all() for each in sites.values())
        jobs.pair_up()
        jobs.sync()
        if not delivered:
            return
    raise AssertionError("It does not come to rest.")


def ids_of(both: dict[str, Jira]) -> dict[str, list[str]]:
    """Every id there is, by the name it has in addresses; both sites use the same numbers."""
    synchronizations = [str(pk) for pk in Synchronization.objects.values_list("pk", flat=True)]
    return {
        "space": sorted(both["acme"].site.spaces)[:2],
        "sync_id": synchronizations,
        "request_id": synchronizations,
        "item": sorted({item for each in both.values() for item in each.site.issues}),
        "pair_id": [str(pair.pk) for pair in first_pairs()],
        "address": [str(pk) for pk in NoticeAddress.objects.values_list("pk", flat=True)],
        "failure": [str(pk) for pk in Failure.objects.values_list("pk", flat=True)],
        "application": [str(pk) for pk in ApplicationLink.objects.values_list("pk", flat=True)],
        "attempt": [str(pk) for pk in LinkAttempt.objects.values_list("pk", flat=True)],
        "link": [str(pk) for pk in Link.objects.values_list("pk", flat=True)],
        "beyond": [both["acme"].world.sites["hooli"].space("GOLD").id],
    }


@pytest.mark.parametrize(("name", "home", "away"), ATTACKS if WHOLE else IN_SHORT)
def test_case_49_nobody_learns_or_changes_what_is_not_theirs(
    both: dict[str, Jira], clock: VirtualClock, name: str, home: str, away: str
) -> None:
    attacker, before = Attacker(both[home], name, clock), affairs()
    wrong, leaks = 0, []
    for target in targets(ids_of(both), share=8):
        if not attacker.may(target):
            wrong += 1
            status, said = attacker.call(target)
            if status not in {403, 404} or any(secret in said for secret in SECRETS.values()):
                leaks.append((target, status))
        elif target.route.method == "GET":
            status, said = attacker.call(target)
            if status >= 500 or SECRETS[away] in said:
                leaks.append((target, status))

    assert leaks == []
    assert affairs() == before
    assert wrong > 50


def test_the_words_that_must_not_leak_are_shown_to_their_owners(
    both: dict[str, Jira], clock: VirtualClock
) -> None:
    for home, secret in SECRETS.items():
        dana = Attacker(both[home], "dana", clock)
        own = [
            each for each in targets(ids_of(both), share=100) if each.route.method == "GET" and dana.may(each)
        ]

        telling = {each.route.pattern.split("/")[-1] for each in own if secret in dana.call(each)[1]}

        assert {"overview", "synchronizations", "pairs", "partners", "activity"} <= telling
        assert any(secret in dana.call(each)[1] for each in own if each.route.pattern.startswith("panel/"))


def test_the_panel_names_each_twin_with_the_address_in_its_own_jira(both: dict[str, Jira]) -> None:
    alice = Machine(both["acme"], "alice", "ALPHA")
    (item,) = (
        each.id
        for each in both["acme"].site.issues.values()
        if each.fields["summary"] == "From acme" and each.key.startswith("ALPHA")
    )

    rows = alice.get(f"/api/1/items/{item}").said["rows"]

    internal, across = sorted(rows, key=lambda each: each["partner"]["base_url"] or "")
    assert internal["twin"]["url"].startswith("https://acme.atlassian.net/browse/ACMESECRETBETA-")
    assert across["twin"]["url"].startswith("https://initech.atlassian.net/browse/ALPHA-")
    assert (internal["state"], across["state"]) == ("in step", "in step")
    assert across["last_sent"] is not None
