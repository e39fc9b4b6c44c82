"""What the worker runs: one function a job, each one call to a service.

``queue.Job`` names these functions; the clock is read here and passed down.
"""

from django.utils import timezone

from backbone_app.services import housekeeping, pairing, reconciling, syncing, upkeep, vigil


def pair_up() -> int:
    """Decide about work items without a pair."""
    return pairing.drain(timezone.now)


def sync() -> int:
    """Bring due pairs in step."""
    return syncing.drain(timezone.now)


def sync_bulk() -> int:
    """Bring in step what a check found."""
    return syncing.drain_bulk(timezone.now)


def reconcile() -> int:
    """Find the changes that no delivery told of."""
    return reconciling.drain(timezone.now)


def sweep() -> None:
    """Find what no wake-up announced."""
    upkeep.sweep(timezone.now)


def tidy() -> None:
    """Drop what is kept too long."""
    housekeeping.tidy(timezone.now)


def beat_live() -> None:
    """Pass through the lane of what people wait for."""
    vigil.beat("live")


def beat_bulk() -> None:
    """Pass through the lane of what takes long."""
    vigil.beat("bulk")
