"""Whether the workers are at work, and what waits for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min
from django_q.models import OrmQ

from backbone_app import queue
from backbone_app.ledger import heartbeats, restores
from backbone_app.models import Delivery, DeliveryUse, ServiceHold
from backbone_app.services.doctor.findings import Finding, bad, fine, odd

SILENCE: Final = timedelta(seconds=60)
MANY_WAKE_UPS: Final = 200
OLD: Final = timedelta(minutes=10)


def alive(now: datetime) -> Iterator[Finding]:
    """See that every lane has given a sign of life lately."""
    for lane in queue.lanes():
        silent = heartbeats.overdue(str(lane), now=now)
        if silent is None:
            why = "has never been at work here"
        elif silent > SILENCE:
            why = f"has given no sign of life for {silent.total_seconds():.0f} s"
        else:
            yield fine(f"lane {lane}", f"alive {silent.total_seconds():.0f} s ago")
            continue
        remedy = "Start manage.py run_workers, and see in its log why it ended."
        yield bad(f"lane {lane}", f"The lane {lane} {why}: nothing in it is done.", remedy)


def swept(now: datetime) -> Iterator[Finding]:
    """See that what no wake-up announced is looked for."""
    last = heartbeats.last(heartbeats.SWEEP)
    if last is None or now - last.at > SILENCE:
        yield bad(
            "sweep",
            "What was put off has not been looked for in the last minute.",
            "See that manage.py run_workers runs, and in its log for job_failed.",
        )
    else:
        yield fine("sweep", f"done {max(0.0, (now - last.at).total_seconds()):.0f} s ago")


def backlog(now: datetime) -> Iterator[Finding]:
    """See that neither wake-ups nor webhooks pile up."""
    waiting = OrmQ.objects.count()
    if waiting > MANY_WAKE_UPS:
        yield odd(
            "queue",
            f"{waiting} wake-ups wait; a dozen is usual.",
            "See that the lanes are alive; more BACKBONE_WORKER_THREADS may help.",
        )
    unpaired = Delivery.objects.filter(unpaired=True).aggregate(since=Min("received_at"))["since"]
    unused = DeliveryUse.objects.aggregate(since=Min("delivery__received_at"))["since"]
    since = min((one for one in (unpaired, unused) if one), default=now)
    if now - since > OLD:
        yield odd(
            "webhooks",
            f"The oldest that is still to be used came {(now - since).total_seconds() / 60:.0f} minutes ago.",
            "A site that is held off, an error that blocks its work item, or too few workers: "
            "see jira_held_off, sync_failures and sync_pairs_stalled in the metrics.",
        )
    elif waiting <= MANY_WAKE_UPS:
        yield fine("queue", f"{waiting} wake-ups wait, no webhook for long")


def held(_now: datetime) -> Iterator[Finding]:
    """Say that nothing is written to any Jira at the moment, or what still waits for its check."""
    for hold in ServiceHold.objects.order_by("name"):
        yield odd(
            "hold",
            f"Nothing is written to any Jira since {hold.since:%Y-%m-%d %H:%M} UTC ({hold.name}).",
            "It ends by itself once every synchronization was checked; the workers have to run.",
        )
    if waiting := restores.unchecked_and_running().count():
        yield odd(
            "checks",
            f"{waiting} sides of synchronizations are unchecked since a restore: nothing is written there.",
            "They are tried again and again; why one fails is in the log: check_refused, check_put_off, "
            "check_failed.",
        )
