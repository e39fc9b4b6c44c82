"""The webhook of a linked Cloud site: one for all its synchronizations, renewed each week.

It tells of the spaces that are synchronized and of no others. It cannot be changed: where a space has come
or gone a new one is made, and the old one taken away after it, so that nothing is missed in between.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db.models import F

from backbone_app.core.failures import SPACE_MISSING
from backbone_app.core.hooks import HookForm, is_to_be_renewed
from backbone_app.jira import dynamic_hooks
from backbone_app.jira.client import JiraClient
from backbone_app.jira.dynamic_hooks import DynamicHook
from backbone_app.ledger import hooks
from backbone_app.models import LinkHook, SynchronizationSide


def keep(row: LinkHook, client: JiraClient, clock: Callable[[], datetime]) -> None:
    """See that there is one as it has to be, and no other; raises the client's errors."""
    hooks.takes(row, HookForm.DYNAMIC)
    url, jql = hooks.address(row), dynamic_hooks.filter_of(_spaces(row))
    others = [each for each in dynamic_hooks.registered(client) if each.url == url]
    kept = next((each for each in others if each.jql == jql and each.is_whole), None)
    if kept is None:
        number = dynamic_hooks.register(client, url=url, jql=jql)
    else:
        number = kept.number
        if is_to_be_renewed(kept.lasts_until, clock()):
            dynamic_hooks.refresh(client, number)
    _delete_but(number, others, client)
    _note(row, number, now=clock())


def _spaces(row: LinkHook) -> Collection[str]:
    """Give the spaces to be told of; Jira refuses a filter that names one which is gone.

    Once such a synchronization goes on, its space is told of again from the next look on.
    """
    halves = SynchronizationSide.objects.filter(site=row.link_id)
    gone = {"pause_reason": SPACE_MISSING, "pause_side": F("side")}
    there = halves.exclude(**{f"synchronization__{name}": value for name, value in gone.items()})
    return set((there if there.exists() else halves).values_list("space", flat=True))


def _delete_but(number: str, others: Sequence[DynamicHook], client: JiraClient) -> None:
    for each in others:
        if each.number != number:
            dynamic_hooks.delete(client, each.number)


def _note(row: LinkHook, number: str, *, now: datetime) -> None:
    """Note which one there is; one in place of another leads to where deliveries have arrived already."""
    if row.number == number:
        hooks.seen(row, now=now)
    elif row.number:
        hooks.replaced(row, number, now=now)
    else:
        hooks.made(row, number, is_ours=True, now=now)
