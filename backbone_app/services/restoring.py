"""After the tables were restored from a backup: what they cannot know is dropped, then everything is checked.

Run before the workers start. Kept is what only looks old: open writes (their outcome is looked up, as
that of any call without an answer), deliveries that waited (their pairs are read anew), what was spent
of Jira's points in this hour. What the backup knows and Jira does not any more is for people:
a pair made by hand, a synchronization or a rule of access from after the backup has to be made again.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django_q.models import OrmQ

from backbone_app.ledger import points, restores
from backbone_app.ledger.restores import Hold
from backbone_app.models import Delivery, DownloadTicket, Heartbeat, Intent, Pace, Pause, WakeUp

OVERLAP: Final = timedelta(minutes=10)
"""So much before the backup the checks begin: it took a while to be made, and clocks differ."""
PASSING: Final = (Pause, Pace, WakeUp, Heartbeat, DownloadTicket, OrmQ)
"""Tables of what holds for minutes: pauses and turns, wake-ups and beats, tickets of downloads."""


def newest_sign_of_life() -> datetime | None:
    """Tell when the tables were last written to, as far as they say; None in empty ones."""
    signs = (
        Heartbeat.objects.aggregate(at=Max("at"))["at"],
        Delivery.objects.aggregate(at=Max("received_at"))["at"],
        Intent.objects.aggregate(at=Max("started_at"))["at"],
    )
    return max((at for at in signs if at), default=None)


def look(now: datetime) -> Hold | None:
    """Tell how the hold stands; None where there is none."""
    return restores.lasting(now)


@transaction.atomic
def begin(taken_at: datetime, *, now: datetime) -> Hold:
    """Hold the whole service and have everything checked; done again it begins anew."""
    for table in PASSING:
        table.objects.all().delete()
    points.complete(now)
    return restores.begin(taken_at, now=now, overlap=OVERLAP)


def release() -> bool:
    """End the hold at once; a synchronization that has not been checked still waits until it is."""
    return restores.end()
