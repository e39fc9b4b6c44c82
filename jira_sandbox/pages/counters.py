"""The page of counters: what the app and people asked of this site, and what became of its deliveries."""

from collections import Counter

from jira_sandbox.pages.visit import Visit, page
from jira_sandbox.wire import Response


def show(visit: Visit) -> Response:
    """Show the counts of this site, for everybody."""
    rows = [row for row in visit.world.meters.snapshot() if row["site"] == visit.site.name]
    calls: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for row in rows:
        calls[str(row["caller"])] += int(row["calls"])
        points[str(row["caller"])] += int(row["points"])
    pending = [each for each in visit.world.outbox if each.site == visit.site.name]
    failed = [each for each in visit.world.failed if each.site == visit.site.name]
    return page(
        visit,
        "counters.html",
        rows=rows,
        calls=calls,
        points=points,
        accepted=visit.world.accepted[visit.site.name],
        pending=len(pending),
        failed=len(failed),
    )
