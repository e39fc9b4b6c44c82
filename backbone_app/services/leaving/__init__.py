"""What a site leaves behind that removes the app: its partners are told, and after a grace it is erased.

Its secrets are gone with the call that told us (``services.tenants``), and the gate lets no further call out.
A site that is back within the grace is at work again by itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from backbone_app import queue
from backbone_app.ledger import departures
from backbone_app.queue import Job
from backbone_app.services.leaving.erasing import erase, erase_again
from backbone_app.services.leaving.proof import NotErasable, Proof, find, prove, require_over
from backbone_app.services.leaving.telling import resume, tell

__all__ = ["NotErasable", "Proof", "drain", "erase", "erase_again", "find", "prove", "require_over"]

BUDGET: Final = timedelta(seconds=5)
"""How long one run goes on: the lane's other jobs want their turn."""


def drain(clock: Callable[[], datetime]) -> None:
    """Tell partners, resume what may go on, and erase sites whose grace is over, for at most ``BUDGET``."""
    queue.taken(Job.FOLLOW_DEPARTURES)
    began = clock()
    departures.unnoticed().update(uninstalled_at=began)
    tell(began)
    resume(began)

    def may_go_on() -> bool:
        return clock() < began + BUDGET and not queue.must_yield(Job.FOLLOW_DEPARTURES, since=began)

    for site_id in list(departures.due(began).values_list("pk", flat=True)):
        if not erase(site_id, clock, may_go_on):
            queue.wake(Job.FOLLOW_DEPARTURES, now=clock())
            return
