"""Logged work by the many: delete and move several entries at once, and what changed on the whole site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from jira_sandbox.acts import adjusting, worklogs
from jira_sandbox.acts.history import record
from jira_sandbox.acts.worklogs import Occasion
from jira_sandbox.connect import webhooks
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST = 5000
UNTOLD = timedelta(minutes=1)
"""What was changed or deleted so recently is not told yet."""
Which = Literal["updated", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That logged work was changed or deleted; ``when`` is in milliseconds, ``worklog`` None when deleted."""

    id: str
    when: int
    worklog: Worklog | None = None


def delete(
    world: World, site: Site, actor: User, issue: Issue, numbers: Sequence[str], how: Occasion
) -> bool:
    """Remove several entries and tell whether it was all of them; those not seen by ``actor`` are left.

    As with a single one, ``auto`` gives the time back to the estimate.
    """
    with world.lock:
        named = _named(site, issue, numbers)
        _must_may_delete(site, actor, issue)
        worklogs.must_be_writable(site, actor, issue, how)
        gone = webhooks.seen_by(site, actor, issue, named)
        steps: list[ChangelogItem] = []
        for each in gone:
            rest = adjusting.after_deleting(site, issue, each.seconds, how.adjustment)
            before = adjusting.spent(issue)
            worklogs.drop(site, issue, each)
            webhooks.announce_worklog(world, site, "worklog_deleted", issue, each, by=actor)
            steps += adjusting.steps(site, issue, each, before=before, rest=rest, is_gone=True)
        if steps:
            entry = record(site, actor, issue, steps)
            webhooks.announce(
                world, site, "jira:issue_updated", issue, actor, entry, kind="issue_worklog_deleted"
            )
        return len(gone) == len(named)


def move(
    world: World, site: Site, actor: User, ends: tuple[Issue, Issue], numbers: Sequence[str], how: Occasion
) -> bool:
    """Move several entries from one work item to another and tell whether it was all of them.

    Those that are restricted to a role are left, and those ``actor`` does not see. Nobody is told and there
    is no history. ``auto`` does to the estimates what the description says, which is not what logging does:
    it takes the time from that of the source and adds it to that of the destination.
    """
    source, target = ends
    with world.lock:
        named = _named(site, source, numbers)
        _must_may_delete(site, actor, source)
        if not site.may_around(actor, "WORK_ON_ISSUES", target):
            raise Refusal(400, "You do not have the permission to associate a worklog to this issue.")
        for issue in ends:
            worklogs.must_be_writable(site, actor, issue, how)
        seen = webhooks.seen_by(site, actor, source, named)
        moved = [each for each in seen if each.visibility is None or each.visibility.kind == "group"]
        if len(target.worklogs) + len(moved) > site.most_worklogs:
            raise Refusal(400, f"The issue has reached its limit of {site.most_worklogs} worklogs.")
        total = sum(each.seconds for each in moved)
        adjusting.store(source, adjusting.after_adding(site, source, total, how.adjustment))
        adjusting.store(target, adjusting.after_deleting(site, target, total, how.adjustment))
        source.worklogs = [each for each in source.worklogs if each not in moved]
        target.worklogs = sorted([*target.worklogs, *moved], key=lambda each: each.created)
        return len(moved) == len(named)


def by_ids(site: Site, viewer: User, numbers: set[str]) -> Iterator[tuple[Issue, Worklog]]:
    """Give those of the named entries that ``viewer`` may see; the others are left out without a word."""
    for issue in site.issues.values():
        named = [each for each in issue.worklogs if each.id in numbers]
        if named and site.sees(viewer, issue):
            for each in webhooks.seen_by(site, viewer, issue, named):
                yield issue, each


def changes(site: Site, viewer: User, which: Which, *, since: int) -> list[Change]:
    """List what was changed, or deleted, from ``since`` on (milliseconds) until a minute ago, oldest first.

    Of what was changed that is left out which is restricted to others; work items that ``viewer`` does not
    see are not left out, as the description has it: it is numbers only.
    """
    until = _milliseconds(site.now() - UNTOLD)
    found = _updated(site, viewer) if which == "updated" else _deleted(site)
    fitting = (each for each in found if since <= each.when <= until)
    return sorted(fitting, key=lambda each: (each.when, int(each.id)))


def _updated(site: Site, viewer: User) -> Iterator[Change]:
    for issue in site.issues.values():
        for each in webhooks.seen_by(site, viewer, issue, issue.worklogs):
            yield Change(id=each.id, when=_milliseconds(each.updated), worklog=each)


def _deleted(site: Site) -> Iterator[Change]:
    for number, when in site.deleted_worklogs:
        yield Change(id=number, when=_milliseconds(when))


def _named(site: Site, issue: Issue, numbers: Sequence[str]) -> list[Worklog]:
    worklogs.must_be_tracked(site)
    if not numbers or len(numbers) > MOST:
        raise Refusal(400, errors={"ids": f"Between 1 and {MOST} worklogs must be given."})
    known = {each.id: each for each in issue.worklogs}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise Refusal(404, f"Worklogs that are not of the issue {issue.key}: {', '.join(missing)}.")
    return [known[number] for number in dict.fromkeys(numbers)]


def _must_may_delete(site: Site, actor: User, issue: Issue) -> None:
    if not site.may_around(actor, "DELETE_ALL_WORKLOGS", issue):
        raise Refusal(400, "You do not have permission to delete all worklogs of this issue.")


def _milliseconds(when: datetime) -> int:
    return (when.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
