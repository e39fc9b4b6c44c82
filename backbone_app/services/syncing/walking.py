"""A status reached step by step: each transition is a write with its own intent."""

from collections.abc import Iterable

from django.db import transaction

from backbone_app.core import workflow
from backbone_app.core.failures import Doing
from backbone_app.core.operations import Conflict, FieldWrite, Operation
from backbone_app.core.values import EMPTY, Item, Option, Side, Text
from backbone_app.errors import BackboneError, RemoteRefused
from backbone_app.jira import read, write
from backbone_app.ledger import journal, leases, workflows
from backbone_app.models.intent import IntentKind, JournalKind
from backbone_app.services.syncing.look import Look
from backbone_app.services.syncing.work import Declined, Half, JustChanged, Work
from backbone_app.services.syncing.writing import (
    NOT_SENT,
    Looks,
    cause,
    finish,
    open_intent,
    seconds_left,
    withdraw,
)


class NoWay(BackboneError):
    """No way is known to the status that is wished."""

    code = "no_path"


def step(work: Work, operation: Operation, looks: Looks, conflicts: tuple[Conflict, ...]) -> dict[Side, Look]:
    """Take the next transition towards the wished status and return the looks as they are afterwards.

    Raises ``NoWay`` where none is known; the feed then names the status,
    the target and the transitions that exist. After a step short of the target
    only the written side's base moves, so a broken walk is walked on.
    """
    half = work.halves[operation.side]
    (wish,) = operation.writes
    at, to = looks[half.side].item.fields[wish.field], wish.value if isinstance(wish, FieldWrite) else None
    if not isinstance(at, Option) or not isinstance(to, Option):
        raise NoWay
    type_id = looks[half.side].item.type_id
    offered = _offered(work, half, looks[half.side].item, wish.field, at.name)
    edges = workflows.known(half.site_id, half.space, type_id)
    explored = workflows.explored(half.site_id, half.space, type_id)
    edge = workflow.next_step(edges, offered, at=at.name, to=to.name, explored=explored)
    if edge is None:
        _must_stand(work, half, looks[half.side].item, wish.field)
        _tell(work, half, workflow.explain(offered, at=at.name, to=to.name))
        raise NoWay
    return _take(work, workflow.step(operation, edge.target, key=half.key), edge, looks, conflicts)


def _offered(work: Work, half: Half, item: Item, field: str, at: str) -> tuple[workflow.Edge, ...]:
    """Ask what the work item is offered now, and learn it.

    Jira does not say which status that belongs to. What is offered otherwise than when ``at`` was last seen
    may be offered in another one, where somebody has moved the item since: from there nobody wanted it moved.
    Raises ``JustChanged`` if so; nothing is learned then.
    """
    offered = tuple(
        workflow.Edge(at, one.id, one.name, one.target, _missing(one.required, item), one.category)
        for one in read.transitions(half.client, half.item)
    )
    known = workflows.known(half.site_id, half.space, item.type_id)
    if _ways(offered) != _ways(edge for edge in known if edge.source == at):
        _must_stand(work, half, item, field)
    workflows.learn(half.site_id, half.space, item.type_id, at=at, offered=offered, now=work.clock())
    return offered


def _ways(edges: Iterable[workflow.Edge]) -> frozenset[tuple[str, str]]:
    return frozenset((edge.transition, edge.target) for edge in edges)


def _missing(required: tuple[str, ...], item: Item) -> tuple[str, ...]:
    """Leave out what the work item holds already: its screen asks for it, but not us."""
    return tuple(name for name in required if item.fields.get(name, EMPTY) == EMPTY)


def _take(
    work: Work, operation: Operation, edge: workflow.Edge, looks: Looks, conflicts: tuple[Conflict, ...]
) -> dict[Side, Look]:
    half = work.halves[operation.side]
    intent = open_intent(work, operation, looks, conflicts, kind=IntentKind.TRANSITION)
    why = cause(intent, operation.writes, work.halves[operation.side.other])
    try:
        answer = write.transition(
            half.client, half.item, edge.transition, cause=why, timeout=seconds_left(work, intent)
        )
    except RemoteRefused as refused:
        withdraw(work, intent)
        _must_stand(work, half, looks[half.side].item, operation.writes[0].field)
        raise Declined(operation, Doing.TRANSITION, refused) from refused
    except NOT_SENT:
        withdraw(work, intent)
        raise
    return finish(work, intent, answer, looks)


def _must_stand(work: Work, half: Half, seen: Item, field: str) -> None:
    """Raise ``JustChanged`` if somebody moved the work item since we saw it: what it is offered is another.

    It may be a person, or the worker of another pair that the work item is in.
    """
    if read.item(half.client, half.item).fields.get(field) != seen.fields[field]:
        leases.stay_incomplete(work.claim)  # no delivery may have told of the move yet
        raise JustChanged


def _tell(work: Work, half: Half, sentence: str) -> None:
    """Say, in the feed of the side that cannot move, what stands in the way; once while it is the same."""
    place, said = work.place(half.side), Text(sentence)
    if work.incomplete and journal.is_said(place, JournalKind.STUCK, "status", said):
        return
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        journal.note(place, JournalKind.STUCK, {"status": said}, now=work.clock())
