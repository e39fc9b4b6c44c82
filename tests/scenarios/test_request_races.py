"""Whoever answers a request while something else happens to it: one outcome, the same for both sides.

Acceptance asks both Jiras first and settles in one transaction then. What else happens comes in between
(``meanwhile``), or at the very same moment, as often as it takes to meet it (``at_once``).
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from backbone_app.errors import BackboneError
from backbone_app.models import AuditEntry, PublishedConfiguration, Site, Synchronization
from backbone_app.models.site import Licence
from backbone_app.services import leaving, requests, synchronizations
from backbone_app.services.tenants import Caller
from jira_sandbox.wire import Request
from tests.support.across import ALPHA, BETA, ask, caller
from tests.support.app import INITECH, Jira
from tests.support.sandbox import VirtualClock
from tests.support.workers import elsewhere, together

ROUNDS = 5
PATIENCE_SECONDS = 1.0
Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """Alice of ALPHA on acme has asked; bob and dana of BETA can answer, there or on initech."""

    clock: VirtualClock
    asking: Jira
    asked: Jira
    request: uuid.UUID

    @property
    def alice(self) -> tuple[Caller, str, uuid.UUID]:
        """Who has asked, and where."""
        return caller(self.asking), ALPHA, self.request

    def admin(self, name: str) -> tuple[Caller, str, uuid.UUID]:
        """Who can answer, and where."""
        return caller(self.asked, name), BETA, self.request

    def accept(self, name: str = "bob") -> None:
        """Accept as somebody of the asked space."""
        requests.accept(*self.admin(name), now=self.clock())

    def decline(self) -> None:
        """Decline as dana."""
        requests.decline(*self.admin("dana"), message="No", now=self.clock())

    def withdraw(self) -> None:
        """Let alice take it back."""
        requests.withdraw(*self.alice, now=self.clock())

    def expire(self) -> None:
        """Let its time be over and alice ask anew; whoever has looked before believes that it is open."""
        Synchronization.objects.filter(pk=self.request).update(expires_at=self.clock())
        _send(self.asking, self.asked, self.clock)

    def meanwhile(self, act: Step) -> None:
        """Do this to its end when both Jiras have said all that an acceptance asks, before it counts."""

        def overtake(_: Request) -> None:
            elsewhere(act)

        self.asking.world.hooks.after("GET", f"project/{BETA}/statuses", overtake)

    def told(self) -> list[tuple[str, ...]]:
        """The states that the overviews of both sides list now; they are to be the same."""
        sides = ((self.asking, "alice", ALPHA), (self.asked, "dana", BETA))
        return [
            tuple(row.status for row in synchronizations.overview(caller(jira, who), space, now=self.clock()))
            for jira, who, space in sides
        ]

    def acts(self) -> set[str]:
        """What the audit logs say that was done to it since it was sent, on all sites."""
        entries = AuditEntry.objects.filter(synchronization=self.request).exclude(act="request_sent")
        return set(entries.values_list("act", flat=True))


def _send(asking: Jira, asked: Jira, clock: VirtualClock) -> uuid.UUID:
    if asked != asking:
        return ask(asking, clock)
    title = {"name": "Ours", "description": ""}
    return requests.send(caller(asking), ALPHA, partner_space=BETA, **title, now=clock())


@pytest.fixture(params=["one site", "two sites"])
def scene(
    request: pytest.FixtureRequest,
    jira: Jira,
    other_jira: Jira,
    clock: VirtualClock,
    transactional_db: None,
) -> Scene:
    """A request on one site, and one between two."""
    asked = jira if request.param == "one site" else other_jira
    return Scene(clock, jira, asked, _send(jira, asked, clock))


@pytest.fixture
def across(jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None) -> Scene:
    """The same on two sites only."""
    return Scene(clock, jira, other_jira, _send(jira, other_jira, clock))


def refused(raised: list[BaseException]) -> list[str]:
    """The codes of refusals; whatever else was raised is a bug."""
    assert [each for each in raised if not isinstance(each, BackboneError)] == []
    return [each.code for each in raised if isinstance(each, BackboneError)]


# --- between the last question and the answer ----------------------------------------------------


@pytest.mark.parametrize(
    ("act", "code", "left", "noted"),
    [
        (lambda scene: scene.accept("dana"), "outdated", [("STOPPED",)] * 2, {"request_accepted"}),
        (Scene.withdraw, "outdated", [()] * 2, {"request_withdrawn"}),
        (Scene.decline, "outdated", [("DECLINED",)] * 2, {"request_declined"}),
        (
            Scene.expire,
            "outdated",
            [("REQUEST SENT",), ("INCOMING REQUEST",)],
            {"request_dropped"},
        ),
    ],
    ids=["accepted", "withdrawn", "declined", "expired"],
)
def test_an_acceptance_that_was_overtaken_changes_nothing(
    scene: Scene,
    act: Callable[[Scene], object],
    code: str,
    left: list[tuple[str, ...]],
    noted: set[str],
) -> None:
    scene.meanwhile(lambda: act(scene))

    codes = refused(together(scene.accept))

    assert codes == [code]
    assert scene.told() == left
    assert scene.acts() == noted
    assert PublishedConfiguration.objects.count() == (noted == {"request_accepted"})


@pytest.mark.parametrize("side", ["asking", "asked"])
def test_a_site_that_leaves_while_the_other_one_accepts_is_connected_with_nobody(
    across: Scene, side: str
) -> None:
    parting: Jira = getattr(across, side)
    across.meanwhile(parting.uninstall)

    codes = refused(together(across.accept))

    assert codes == ["outdated"]
    assert Synchronization.objects.get().state == "requested"
    assert not PublishedConfiguration.objects.exists()
    assert across.acts() == set()


@pytest.mark.parametrize("side", ["asking", "asked"])
def test_a_site_that_is_erased_during_an_acceptance_leaves_nothing(across: Scene, side: str) -> None:
    parting: Jira = getattr(across, side)
    site = parting.row.pk

    def leave_for_good() -> None:
        parting.uninstall()
        assert leaving.erase(site, across.clock)

    across.meanwhile(leave_for_good)
    codes = refused(together(across.accept))

    assert codes == ["outdated"]
    assert not Synchronization.objects.exists()
    assert leaving.prove(site).total == 0


@pytest.mark.parametrize("side", ["asking", "asked"])
def test_the_end_of_a_licence_stops_no_acceptance(scene: Scene, side: str) -> None:
    losing: Jira = getattr(scene, side)
    scene.meanwhile(lambda: Site.objects.filter(pk=losing.row.pk).update(licence=Licence.NONE))

    codes = refused(together(scene.accept))

    assert codes == []
    assert scene.told() == [("STOPPED",)] * 2


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_a_person_who_is_erased_meanwhile_is_named_nowhere_and_the_acceptance_counts(
    scene: Scene, name: str
) -> None:
    account = scene.asking.account(name)
    scene.meanwhile(lambda: call_command("erase_person", account, stdout=StringIO()))

    codes = refused(together(scene.accept))

    assert codes == []
    assert scene.told() == [("STOPPED",)] * 2
    if name == "alice":
        assert not AuditEntry.objects.filter(account=account).exists()


# --- at the same moment --------------------------------------------------------------------------


def at_once(scene: Scene, one: Step, other: Step) -> list[str]:
    """Do both together."""
    return refused(together(one, other))


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize(
    ("act", "outcomes"),
    [
        (lambda scene: scene.accept("dana"), {("STOPPED",)}),
        (Scene.withdraw, {("STOPPED",), ()}),
        (Scene.decline, {("STOPPED",), ("DECLINED",)}),
    ],
    ids=["accept", "withdraw", "decline"],
)
def test_case_60_of_two_answers_at_the_same_moment_exactly_one_counts(
    scene: Scene, act: Callable[[Scene], object], outcomes: set[tuple[str, ...]], number: int
) -> None:
    codes = at_once(scene, scene.accept, lambda: act(scene))

    here, there = scene.told()
    assert len(codes) == 1, f"round {number}: one is refused"
    assert here == there
    assert here in outcomes
    assert len(scene.acts()) == 1
    assert PublishedConfiguration.objects.count() == (here == ("STOPPED",))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_acceptance_and_a_new_request_after_its_end_at_the_same_moment(scene: Scene, number: int) -> None:
    codes = at_once(scene, scene.accept, scene.expire)

    is_accepted = Synchronization.objects.filter(pk=scene.request, state="stopped").exists()
    assert codes in (["outdated"], ["closed"], ["not_found"]), f"round {number}: one is refused"
    assert Synchronization.objects.count() == 1
    assert scene.acts() == ({"request_accepted"} if is_accepted else {"request_dropped"})


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody stops before a statement of theirs until others are through, or wait for them in turn."""

    statement: str
    is_there: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)

    def within(self, act: Step) -> None:
        """Act, and stop at the statement the first time."""
        with connection.execute_wrapper(self._stop):
            act()

    def meet(self) -> None:
        """Wait until somebody has stopped."""
        assert self.is_there.wait(20), f"there was no {self.statement}"

    def through(self, act: Step) -> None:
        """Act, and let whoever has stopped go on."""
        try:
            act()
        finally:
            self.is_over.set()

    def _stop(self, execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        if sql.startswith(self.statement) and not self.is_there.is_set():
            self.is_there.set()
            self.is_over.wait(PATIENCE_SECONDS)
        return execute(sql, *how)


def test_an_acceptance_while_the_expired_one_makes_room_for_a_new_one_is_refused(scene: Scene) -> None:
    pause, is_asked = Pause('DELETE FROM "backbone_synchronization" '), threading.Event()

    def expire() -> None:
        assert is_asked.wait(20)
        pause.within(scene.expire)

    def let_it_expire(_: Request) -> None:
        is_asked.set()
        pause.meet()

    scene.asking.world.hooks.after("GET", f"project/{BETA}/statuses", let_it_expire)
    codes = refused(together(expire, lambda: pause.through(scene.accept)))

    assert codes == ["outdated"]
    assert scene.told() == [("REQUEST SENT",), ("INCOMING REQUEST",)]
    assert scene.acts() == {"request_dropped"}


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("side", ["asking", "asked"])
def test_an_acceptance_and_a_removal_of_the_app_at_the_same_moment(
    across: Scene, side: str, number: int
) -> None:
    parting: Jira = getattr(across, side)

    codes = at_once(across, across.accept, parting.uninstall)

    state = Synchronization.objects.get().state
    assert state == ("requested" if codes else "stopped"), f"round {number}"
    assert PublishedConfiguration.objects.exists() is (not codes)
    assert Site.objects.get(base_url=parting.site.base_url).status == "uninstalled"


def ask_back(jira: Jira, other_jira: Jira, clock: VirtualClock) -> None:
    """Let bob ask from BETA on initech for ALPHA on acme."""
    entered = {"base_url": jira.site.base_url, "space_key": "ALPHA", "mode": "immediate"}
    title = {"name": "Back", "description": ""}
    requests.send_across(caller(other_jira, "bob"), BETA, **entered, **title, now=clock())


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_requests_that_cross_at_the_same_moment_one_is_sent(
    jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None, number: int
) -> None:
    codes = refused(together(lambda: ask(jira, clock), lambda: ask_back(jira, other_jira, clock)))

    scene = Scene(clock, jira, other_jira, Synchronization.objects.get().pk)
    assert codes == ["outdated"], f"round {number}"
    assert sorted(scene.told()) == [("INCOMING REQUEST",), ("REQUEST SENT",)]


def test_of_two_requests_that_crossed_at_the_last_moment_one_is_sent(
    jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None
) -> None:
    def overtake(_: Request) -> None:
        elsewhere(lambda: ask_back(jira, other_jira, clock))

    jira.world.hooks.after("GET", "project/BETA", overtake)
    codes = refused(together(lambda: ask(jira, clock)))

    assert codes == ["outdated"]
    assert Synchronization.objects.get().sides.get(side="left").site.base_url == INITECH


def test_of_two_requests_that_cross_while_one_is_being_stored_that_one_is_sent(
    jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None
) -> None:
    pause = Pause('INSERT INTO "backbone_synchronization" ')

    def cross() -> None:
        pause.meet()
        pause.through(lambda: ask_back(jira, other_jira, clock))

    codes = refused(together(lambda: pause.within(lambda: ask(jira, clock)), cross))

    assert codes == ["outdated"]
    assert Synchronization.objects.get().sides.get(side="left").site.base_url == jira.site.base_url
