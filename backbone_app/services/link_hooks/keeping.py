"""Each link in use has one webhook, in the form that its site takes today: made, looked at, taken away.

A Data Center is upgraded and its webhooks stay behind in the old form, somebody deletes one or switches it
off: a look a day finds that, and it is made anew. While there is none nothing is lost, as checks go on. What
differs with Cloud sites stands in ``dynamic``.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from backbone_app import gateway, logs, queue
from backbone_app.core.hooks import MOST_TRIES, HookForm, form_of
from backbone_app.errors import BackboneError, RemoteBusy, RemoteRefused
from backbone_app.jira import dynamic_hooks, probing
from backbone_app.jira import hooks as jira_hooks
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import hooks
from backbone_app.ledger.hooks import Draw
from backbone_app.models import LinkHook
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job
from backbone_app.services.link_hooks import dynamic
from backbone_app.services.link_hooks.showing import AWAY, NOT_ALLOWED, NOT_TAKEN, REFUSED

Clock = Callable[[], datetime]
BUDGET: Final = timedelta(seconds=20)
"""How long one run goes on: with one more webhook it ends before its task's time-out."""

_log = structlog.get_logger()


def drain(clock: Clock, *, draw: Draw) -> None:
    """See to every webhook that is due, for at most ``BUDGET``; ``draw`` makes tokens and secrets."""
    queue.taken(Job.FOLLOW_HOOKS)
    now = clock()
    for row in list(hooks.unused(now)):
        if not _claimed(row, clock, since=now):
            continue
        with logs.about(tenant=str(row.link_id)):
            _take_away(row, clock)
    for link in list(hooks.wanted(now)):
        row = hooks.opened(link, draw, now=clock())
        if not _claimed(row, clock, since=now):
            continue
        with logs.about(tenant=str(row.link_id)):
            _look(row, clock)


def _claimed(row: LinkHook, clock: Clock, *, since: datetime) -> bool:
    """Whether there is time left for this one, and nobody else is at it; what is left goes in another run."""
    if clock() >= since + BUDGET or queue.is_ending():
        queue.wake(Job.FOLLOW_HOOKS, now=clock())
        return False
    return hooks.claim(row, now=clock())


def _look(row: LinkHook, clock: Clock) -> None:
    """Look at one, and make it where it is not as it has to be; whatever goes wrong is noted for its page."""
    try:
        client = _client(row, clock)
        if client.dialect.is_cloud:
            dynamic.keep(row, client, clock)
        else:
            _keep(row, client, form_of(probing.version(client)), clock)
    except RemoteBusy as busy:
        hooks.put_off(row, until=clock() + timedelta(seconds=busy.retry_after))
    except RemoteRefused as refused:
        hooks.refused(row, _why(row, refused), now=clock())
        _log.info("hook_refused", code=refused.code)
    except BackboneError as trouble:
        hooks.unanswered(row, AWAY, now=clock())
        _log.info("hook_put_off", code=trouble.code)


def _why(row: LinkHook, refused: RemoteRefused) -> str:
    if row.form == HookForm.DYNAMIC:
        return NOT_TAKEN
    return NOT_ALLOWED if refused.status == 403 else REFUSED


def _keep(row: LinkHook, client: JiraClient, form: HookForm, clock: Clock) -> None:
    hooks.takes(row, form)
    url = hooks.address(row)
    if row.number:
        there = jira_hooks.one(client, form, row.number)
        if there and there.url == url and there.is_whole:
            hooks.seen(row, now=clock())
            return
    others = jira_hooks.at(client, form, url)
    proven = [each for each in others if each.is_whole] if row.verified_at else []
    made = proven[-1] if proven else None  # by hand, while we were not allowed to
    kept = made or jira_hooks.create(client, form, url=url, secret=hooks.secret(row))
    for each in others:
        if each.number != kept.number:
            jira_hooks.delete(client, form, each.number)
    hooks.made(row, kept.number, is_ours=made is None, now=clock())


def _take_away(row: LinkHook, clock: Clock) -> None:
    """Delete the webhook of a link that nobody uses; where that does not work for long, it stays behind."""
    try:
        if row.number:
            _delete(_client(row, clock), HookForm(row.form), row.number)
    except RemoteBusy as busy:
        hooks.put_off(row, until=clock() + timedelta(seconds=busy.retry_after))
        return
    except BackboneError as trouble:
        if row.attempts + 1 < MOST_TRIES:
            hooks.unanswered(row, AWAY, now=clock())
            return
        _log.warning("hook_left_behind", code=trouble.code)
    row.delete()


def _delete(client: JiraClient, form: HookForm, number: str) -> None:
    if form is HookForm.DYNAMIC:
        dynamic_hooks.delete(client, number)
    else:
        jira_hooks.delete(client, form, number)


def _client(row: LinkHook, clock: Clock) -> JiraClient:
    return gateway.client(row.link.site, clock=clock, lane=PairLane.BULK)
