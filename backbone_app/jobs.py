"""What the worker runs: one function a job, each one call to a service.

``queue.Job`` names these functions; the clock is read here and passed down.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import structlog
from django.utils import timezone

from backbone_app import logs, metrics
from backbone_app.errors import BackboneError
from backbone_app.services import (
    cleaning,
    housekeeping,
    leaving,
    link_hooks,
    linking,
    notifying,
    pairing,
    reconciling,
    remote_licences,
    reporting,
    syncing,
    tenants,
    upkeep,
    vigil,
)

Done = TypeVar("Done")

_log = structlog.get_logger()


class JobFailed(BackboneError):
    """A job came upon a bug, or a database that is away; what it was stands in our log."""

    code = "job_failed"

    def __init__(self, job: str) -> None:
        super().__init__(f"The job {job} failed; the log says where.")


def _job(run: Callable[[], Done]) -> Callable[[], Done]:
    """Log what goes wrong ourselves: django-q keeps the sentence of an exception in a row, and prints it.

    A database's sentence may quote the row it refused.
    """

    @wraps(run)
    def outermost() -> Done:
        result = "failed"
        try:
            with metrics.JOB_SECONDS.timed(job=run.__name__), logs.about(job=run.__name__):
                done = run()
            result = "done"
        except Exception:  # the frame the queue calls; it is told that the job failed, and no more
            _log.exception("job_failed", job=run.__name__)
            raise JobFailed(run.__name__) from None
        finally:
            metrics.JOBS.up(job=run.__name__, result=result)
        return done

    return outermost


@_job
def pair_up() -> int:
    """Decide about work items without a pair."""
    return pairing.drain(timezone.now)


@_job
def sync() -> int:
    """Bring due pairs in step."""
    return syncing.drain(timezone.now)


@_job
def sync_bulk() -> int:
    """Bring in step what a check found."""
    return syncing.drain_bulk(timezone.now)


@_job
def reconcile() -> int:
    """Find the changes that no delivery told of."""
    return reconciling.drain(timezone.now)


@_job
def sweep() -> None:
    """Find what no wake-up announced."""
    upkeep.sweep(timezone.now)


@_job
def tidy() -> None:
    """Drop what is kept too long."""
    housekeeping.tidy(timezone.now)


@_job
def maintain_sites() -> None:
    """Confirm the addresses of sites, ask for licences, drop secrets that are over."""
    tenants.maintain(timezone.now)


@_job
def remove_properties() -> None:
    """Take our properties off what is synchronized no more."""
    cleaning.drain(timezone.now)


@_job
def follow_departures() -> None:
    """See to what sites leave behind that removed the app."""
    leaving.drain(timezone.now)


@_job
def follow_licences() -> None:
    """Pause what a remote licence covers no more, resume what one covers again."""
    remote_licences.drain(timezone.now)


@_job
def follow_hooks() -> None:
    """Make, look at and take away the webhooks of linked sites."""
    link_hooks.drain(timezone.now, draw=lambda: secrets.token_urlsafe(32))


@_job
def follow_links() -> None:
    """Pause what a broken link carries, resume what one carries that works again."""
    linking.drain(timezone.now)


@_job
def report_accounts() -> int:
    """Tell Atlassian whose data we hold, and do what it says of them."""
    return reporting.drain(timezone.now)


@_job
def send_notices() -> int:
    """Send the mails that are due."""
    return notifying.drain(timezone.now)


@_job
def beat_live() -> None:
    """Pass through the lane of what people wait for."""
    vigil.beat("live")


@_job
def beat_bulk() -> None:
    """Pass through the lane of what takes long."""
    vigil.beat("bulk")
