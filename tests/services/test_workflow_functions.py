"""Post functions: what a Jira admin can choose, and what a call does to pairs in every state."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backbone_app import jobs
from backbone_app.errors import LeaseLost, NotAllowed, NotFound
from backbone_app.ledger import leases
from backbone_app.models import AuditEntry, Delivery, DeliveryUse, Failure, JournalEntry, Pair
from backbone_app.models.pair import PairState
from backbone_app.services import requests, troubles, workflow_functions
from backbone_app.services.tenants import Caller
from backbone_app.services.workflow_functions import Choices, Function
from jira_sandbox.wire import Request
from tests.support.app import Jira
from tests.support.post_functions import told
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story
from tests.support.workers import elsewhere

NOBODYS = UUID("3f6c1d1e-3d0a-4f43-9c8c-5f1a2d4e6b70")


def call(story: Story, function: Function, item: str, *, nonce: int = 0) -> None:
    """Let Jira call; another ``nonce`` is another transition."""
    body = told(item, story.jira.space_id("ALPHA"), story.synchronization_id) | {"timestamp": nonce}
    workflow_functions.called(story.alice.site_id, function, json.dumps(body).encode(), now=story.clock())


def admin(story: Story, name: str = "dana") -> Caller:
    return replace(story.alice, account=story.jira.account(name))


def choices(story: Story, configuration: str = "", *, by: str = "dana") -> Choices:
    return workflow_functions.choices(admin(story, by), configuration, now=story.clock())


def stored(synchronization: UUID) -> str:
    return json.dumps({"synchronization": str(synchronization)})


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    return left, story.twin_of(left)


def test_a_synchronization_within_the_site_is_offered_once_with_both_its_spaces(story: Story) -> None:
    (choice,) = choices(story).all

    assert choice.id == story.synchronization_id
    assert choice.name == "ALPHA and BETA"
    assert "(ALPHA)" in choice.own
    assert "(BETA)" in choice.partner


def test_what_was_never_accepted_is_not_offered(story: Story) -> None:
    alpha, gamma = story.jira.space_id("ALPHA"), story.jira.space_id("GAMMA")
    requests.send(story.alice, alpha, partner_space=gamma, name="Open", description="", now=story.clock())

    assert [each.name for each in choices(story).all] == ["ALPHA and BETA"]


def test_a_call_for_what_was_never_accepted_is_not_kept(story: Story) -> None:
    alpha, gamma = story.jira.space_id("ALPHA"), story.jira.space_id("GAMMA")
    item = story.jira.person("alice").create("ALPHA", "Broken lamp")
    made = requests.send(
        story.alice, alpha, partner_space=gamma, name="Open", description="", now=story.clock()
    )
    body = json.dumps(told(item, alpha, made)).encode()

    workflow_functions.called(story.alice.site_id, Function.SYNCHRONIZE, body, now=story.clock())

    assert not Delivery.objects.filter(event__startswith="synchronize:").exists()


def test_another_site_is_offered_nothing_of_it(story: Story, other_jira: Jira) -> None:
    theirs = Caller(other_jira.row.pk, other_jira.account("dana"), other_jira.site.base_url)

    found = workflow_functions.choices(theirs, stored(story.synchronization_id), now=story.clock())

    assert found == Choices((), None, is_lost=True)


def test_who_is_no_jira_admin_is_refused(story: Story) -> None:
    with pytest.raises(NotAllowed):
        choices(story, by="alice")


def test_what_a_workflow_has_is_looked_up(story: Story) -> None:
    found = choices(story, stored(story.synchronization_id))

    assert (found.chosen, found.is_lost) == (found.all[0], False)


@pytest.mark.parametrize("configuration", [stored(NOBODYS), "nonsense", "{}"])
def test_what_is_not_there_any_more_is_said_to_be_lost(story: Story, configuration: str) -> None:
    found = choices(story, configuration)

    assert (found.chosen, found.is_lost) == (None, True)


def test_a_worker_that_is_at_it_loses_the_pair_and_what_waited_is_of_no_use(
    story: Story, pair: tuple[str, str]
) -> None:
    story.edit("alice", pair[0], summary="Too late")
    story.jira.deliver_all()
    (claim,) = leases.claim_due(now=story.clock(), limit=1)

    call(story, Function.STOP, pair[0])

    with pytest.raises(LeaseLost):
        leases.settle(claim, reason="", incomplete=False)
    stopped = Pair.objects.get()
    assert (stopped.state, stopped.due, stopped.lease_until) == (PairState.SET_ASIDE, 0, None)
    assert not DeliveryUse.objects.exists()
    assert story.holds(pair[1])["summary"] == "Broken lamp"


def test_the_only_failure_left_names_the_side_whose_workflow_it_was(
    story: Story, pair: tuple[str, str]
) -> None:
    before = {"pair": Pair.objects.get(), "synchronization_id": story.synchronization_id}
    Failure.objects.create(
        **before, code="field_refused", row="labels", first_at=story.clock(), last_at=story.clock()
    )

    call(story, Function.STOP, pair[1])

    failure = Failure.objects.get()
    assert (failure.code, failure.side, failure.row) == ("stopped_by_workflow", "right", "")


def test_a_twin_that_is_asked_for_and_taken_back_before_it_is_decided_is_never_made(story: Story) -> None:
    story.stop()
    item = story.create("ALPHA", "Old one")
    story.start()
    story.settle()
    call(story, Function.SYNCHRONIZE, item)

    call(story, Function.STOP, item, nonce=1)
    story.settle()

    assert not Pair.objects.exists()
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_one_that_is_paired_already_stays_as_it_is(story: Story, pair: tuple[str, str]) -> None:
    before = Pair.objects.values().get()

    for item in pair:
        call(story, Function.SYNCHRONIZE, item)

    assert Pair.objects.values().get() == before
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_what_is_set_aside_for_another_reason_is_not_taken_up(story: Story, pair: tuple[str, str]) -> None:
    Pair.objects.update(state=PairState.SET_ASIDE, reason="deleted")

    call(story, Function.SYNCHRONIZE, pair[0])
    call(story, Function.STOP, pair[0], nonce=1)

    assert (Pair.objects.get().state, Pair.objects.get().reason) == (PairState.SET_ASIDE, "deleted")
    assert not Failure.objects.exists()


@pytest.mark.parametrize("is_ignored", [False, True])
def test_an_admin_of_the_partner_space_takes_up_what_a_workflow_stopped(
    story: Story, pair: tuple[str, str], is_ignored: bool
) -> None:
    call(story, Function.STOP, pair[0])
    story.edit("alice", pair[0], summary="Edited meanwhile")
    story.settle()
    failure = Failure.objects.get().pk
    bob = replace(story.alice, account=story.jira.account("bob"))
    where = bob, story.jira.space_id("BETA"), story.synchronization_id
    if is_ignored:
        troubles.ignore(*where, failure, now=story.clock())
    assert troubles.retry_all(*where, now=story.clock()) == 0

    troubles.retry(*where, failure, now=story.clock())
    story.settle()

    assert story.holds(pair[1])["summary"] == "Edited meanwhile"
    assert AuditEntry.objects.latest("pk").act == "retried"
    assert JournalEntry.objects.filter(kind="workflow start").count() == 0
    with pytest.raises(NotFound):
        troubles.retry(*where, failure, now=story.clock())


def test_the_same_call_again_changes_nothing_whatever_happened_since(
    story: Story, pair: tuple[str, str]
) -> None:
    call(story, Function.STOP, pair[0])
    call(story, Function.SYNCHRONIZE, pair[0], nonce=1)
    story.settle()

    call(story, Function.STOP, pair[0])

    assert Pair.objects.get().state == PairState.ACTIVE
    assert Delivery.objects.filter(event__startswith="stop:").count() == 1


def test_a_work_item_that_is_gone_by_the_time_it_is_decided_gets_no_twin(
    story: Story, clock: VirtualClock
) -> None:
    story.stop()
    item = story.create("ALPHA", "Old one")
    story.start()
    story.settle()
    call(story, Function.SYNCHRONIZE, item)
    story.jira.person("dana").delete(f"/rest/api/3/issue/{item}")

    clock.advance(seconds=1)
    jobs.pair_up()

    assert not Pair.objects.exists()
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_a_workflow_that_lets_go_while_the_work_item_is_being_read_is_heard(story: Story) -> None:
    story.stop()
    item = story.create("ALPHA", "Old one")
    story.start()
    story.settle()
    call(story, Function.SYNCHRONIZE, item)

    def let_go(_: Request) -> None:
        elsewhere(lambda: call(story, Function.STOP, item, nonce=1))

    story.jira.world.hooks.after("GET", f"/issue/{item}$", let_go)
    story.work()

    assert Delivery.objects.filter(event__startswith="stop:").count() == 1
    assert not Pair.objects.exists()


def test_a_workflow_that_lets_go_before_the_news_of_the_creation_were_decided_is_heard(story: Story) -> None:
    item = story.create("ALPHA", "Fresh one")
    story.jira.deliver_all()

    call(story, Function.STOP, item)
    story.settle()

    assert Pair.objects.get().reason == "stopped_by_workflow"
    assert story.twins_of(item) == []
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_one_that_lets_go_waits_for_older_news_that_were_put_off(story: Story, clock: VirtualClock) -> None:
    item = story.create("ALPHA", "Fresh one")
    story.jira.deliver_all()
    call(story, Function.STOP, item)
    Delivery.objects.filter(event="jira:issue_created").update(not_before=clock() + timedelta(seconds=30))

    jobs.pair_up()
    before = Pair.objects.count(), Delivery.objects.filter(unpaired=True).count()
    clock.advance(seconds=31)
    story.settle()

    assert before == (0, 2)
    assert Pair.objects.get().reason == "stopped_by_workflow"
