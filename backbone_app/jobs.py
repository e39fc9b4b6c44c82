"""What the worker runs: one function a job, each one call to a service.

``queue.Job`` names these functions; the clock is read here and passed down.
"""

from django.utils import timezone

from backbone_app.services import pairing, syncing, upkeep


def pair_up() -> int:
    """Decide about work items without a pair."""
    return pairing.drain(timezone.now)


def sync() -> int:
    """Bring due pairs in step."""
    return syncing.drain(timezone.now)


def sync_bulk() -> int:
    """Bring in step what a check found."""
    return syncing.drain_bulk(timezone.now)


def sweep() -> None:
    """Find what no wake-up announced."""
    upkeep.sweep(timezone.now)
