"""Logged work: add, change, delete; how the estimates follow is ``acts/adjusting.py``'s.

Each leaves in the history what it did to the time spent and the remaining estimate, and is told twice: as
``worklog_…`` and as the ``jira:issue_updated`` that goes with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from jira_sandbox import fields
from jira_sandbox.acts import adjusting
from jira_sandbox.acts.adjusting import Adjustment
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.circles import KEEP, chosen
from jira_sandbox.acts.history import record
from jira_sandbox.acts.wishes import checked_properties
from jira_sandbox.connect import webhooks
from jira_sandbox.pictures import must_be_attached
from jira_sandbox.state import durations
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_MOMENTS = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """The body of a create or a change, as API v3 sends it; what is None was not sent.

    ``visibility`` None makes it public.
    """

    time_spent: Json = None
    seconds: Json = None
    started: Json = None
    body: Json = None
    visibility: Json = KEEP
    properties: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """How a write is made: what becomes of the estimate, and whether a read-only work item is written too.

    ``overrides`` counts for apps that administer Jira alone.
    """

    adjustment: Adjustment = field(default_factory=Adjustment)
    overrides: bool = False


USUALLY = Occasion()


def effort(raw: Json) -> Effort:
    """Read logged work as JSON has it, in a body of its own or in the ``update`` of a work item."""
    if not isinstance(raw, dict):
        raise Refusal(400, errors={"worklog": "data was not an object"})
    return Effort(
        time_spent=raw.get("timeSpent"),
        seconds=raw.get("timeSpentSeconds"),
        started=raw.get("started"),
        body=raw.get("comment"),
        visibility=raw.get("visibility", KEEP),
    )


def seen(site: Site, viewer: User, issue: Issue) -> list[Worklog]:
    """List the logged work ``viewer`` may see, the oldest first."""
    return webhooks.seen_by(site, viewer, issue, issue.worklogs)


def find(site: Site, viewer: User, issue: Issue, number: str) -> Worklog:
    """Find logged work that ``viewer`` may see; otherwise Jira's 404, whatever the reason."""
    must_be_tracked(site)
    for each in seen(site, viewer, issue):
        if each.id == number:
            return each
    raise Refusal(404, f"Cannot find worklog with id: '{number}'.")


def must_be_tracked(site: Site) -> None:
    """Refusal 404 while the administrators of the site have time tracking switched off."""
    if not site.time_tracking.is_on:
        raise Refusal(404, "Time Tracking is not enabled.")


def add(
    world: World, site: Site, actor: User, issue: Issue, wanted: Effort, how: Occasion = USUALLY
) -> Worklog:
    """Log work; Refusal 400 without the right as well as for a bad time, 413 at the limit."""
    with world.lock:
        return adding(world, site, actor, issue, wanted, how)()


def adding(
    world: World, site: Site, actor: User, issue: Issue, wanted: Effort, how: Occasion = USUALLY
) -> Callable[[], Worklog]:
    """Refuse as ``add`` does, or give what then logs it; for what is done together or not at all.

    Call both under the world's lock.
    """
    must_be_tracked(site)
    if not site.may_around(actor, "WORK_ON_ISSUES", issue):
        raise Refusal(400, "You do not have the permission to associate a worklog to this issue.")
    must_be_writable(site, actor, issue, how)
    if len(issue.worklogs) >= site.most_worklogs:
        raise Refusal(413, f"The issue has reached its limit of {site.most_worklogs} worklogs.")
    seconds = _seconds(site, wanted)
    if seconds is None:
        raise fields.wrong("timeLogged", "You must indicate the time spent working.")
    adjusting.after_adding(site, issue, seconds, how.adjustment)
    worklog = _written(site, actor, issue, wanted, seconds)

    def log() -> Worklog:
        before = adjusting.spent(issue)
        rest = adjusting.after_adding(site, issue, seconds, how.adjustment)
        issue.worklogs.append(worklog)
        webhooks.announce_worklog(world, site, "worklog_created", issue, worklog, by=actor)
        steps = adjusting.steps(site, issue, worklog, before=before, rest=rest)
        entry = record(site, actor, issue, steps)
        webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry, kind="issue_work_logged")
        return worklog

    return log


def change(
    world: World,
    site: Site,
    actor: User,
    issue: Issue,
    worklog: Worklog,
    wanted: Effort,
    how: Occasion = USUALLY,
) -> None:
    """Change what is said of logged work; Refusal 400 without the right as well as for a bad time."""
    with world.lock:
        if not may(site, actor, issue, worklog, "EDIT"):
            raise Refusal(400, f"You do not have permission to update worklog with id: {worklog.id}")
        must_be_writable(site, actor, issue, how)
        seconds = _seconds(site, wanted)
        seconds = worklog.seconds if seconds is None else seconds
        rest = adjusting.after_changing(site, issue, seconds - worklog.seconds, how.adjustment)
        started = _started(wanted.started, before=worklog.started)
        body = worklog.body if wanted.body is None else _text(site, wanted.body, before=worklog.body)
        space = site.space_of(issue)
        visibility = chosen(site, space, actor, wanted.visibility, before=worklog.visibility)
        properties = checked_properties(wanted.properties)
        before = adjusting.spent(issue)
        worklog.seconds, worklog.started, worklog.body = seconds, started, body
        worklog.visibility, worklog.update_author = visibility, actor.account_id
        worklog.properties |= properties
        worklog.updated = site.now()
        webhooks.announce_worklog(world, site, "worklog_updated", issue, worklog, by=actor)
        steps = adjusting.steps(site, issue, worklog, before=before, rest=rest)
        entry = record(site, actor, issue, steps)
        webhooks.announce(
            world, site, "jira:issue_updated", issue, actor, entry, kind="issue_worklog_updated"
        )


def delete(
    world: World, site: Site, actor: User, issue: Issue, worklog: Worklog, how: Occasion = USUALLY
) -> None:
    """Remove logged work for good; Refusal 400 without the right."""
    with world.lock:
        if not may(site, actor, issue, worklog, "DELETE"):
            raise Refusal(400, f"You do not have permission to delete worklog with id: {worklog.id}")
        must_be_writable(site, actor, issue, how)
        rest = adjusting.after_deleting(site, issue, worklog.seconds, how.adjustment)
        before = adjusting.spent(issue)
        drop(site, issue, worklog)
        webhooks.announce_worklog(world, site, "worklog_deleted", issue, worklog, by=actor)
        steps = adjusting.steps(site, issue, worklog, before=before, rest=rest, is_gone=True)
        entry = record(site, actor, issue, steps)
        webhooks.announce(
            world, site, "jira:issue_updated", issue, actor, entry, kind="issue_worklog_deleted"
        )


def drop(site: Site, issue: Issue, worklog: Worklog) -> None:
    """Take logged work away and remember that it was there, for whoever asks what was deleted."""
    issue.worklogs.remove(worklog)
    site.deleted_worklogs.append((worklog.id, site.now()))


def may(site: Site, actor: User, issue: Issue, worklog: Worklog, what: str) -> bool:
    """Whether ``actor`` may EDIT or DELETE this work, be it an own entry or anybody's."""
    own = worklog.author == actor.account_id and site.may_around(actor, f"{what}_OWN_WORKLOGS", issue)
    return own or site.may_around(actor, f"{what}_ALL_WORKLOGS", issue)


def must_be_writable(site: Site, actor: User, issue: Issue, how: Occasion) -> None:
    """Refusal 400 for a work item that is read-only, unless an app that administers Jira overrides that."""
    is_admin = actor.account_type == "app" and site.may(actor, "ADMINISTER")
    if not (how.overrides and is_admin):
        must_be_open(site, issue)


def _written(site: Site, actor: User, issue: Issue, wanted: Effort, seconds: int) -> Worklog:
    now = site.now()
    started, body = _started(wanted.started, before=now), _text(site, wanted.body)
    visibility = chosen(site, site.space_of(issue), actor, wanted.visibility)
    properties = checked_properties(wanted.properties)
    return Worklog(
        id=str(site.next_id("worklog")),
        author=actor.account_id,
        update_author=actor.account_id,
        created=now,
        updated=now,
        started=started,
        seconds=seconds,
        body=body,
        visibility=visibility,
        properties=properties,
    )


def _seconds(site: Site, wanted: Effort) -> int | None:
    """Read the time spent, None when none is told; of both forms the text counts. There is no half minute."""
    if wanted.time_spent is None and wanted.seconds is None:
        return None
    try:
        if wanted.time_spent is not None:
            found = durations.parsed(str(wanted.time_spent), site.time_tracking)
        else:
            found = durations.whole_minutes(int(wanted.seconds))
    except (ValueError, TypeError):
        found = 0
    if found <= 0:
        raise fields.wrong("timeLogged", "Invalid time duration entered.")
    return found


def _started(raw: Json, *, before: datetime) -> datetime:
    if raw is None:
        return before
    for form in _MOMENTS:
        try:
            return datetime.strptime(str(raw), form).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise fields.wrong("started", f"'{raw}' is not a time like 2021-01-17T12:34:00.000+0000.")


def _text(site: Site, raw: Json, *, before: Json = None) -> Json:
    body = fields.checked("comment", raw)
    must_be_attached(site, "comment", body, before=before)
    return body
