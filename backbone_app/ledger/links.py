"""Links that are broken, and what they carry: it pauses, and goes on once somebody has signed in again.

Nobody tells us of it but the link's own row, whoever came upon it: the sweep asks here whether anything is
at odds with it. So what nobody works on just now pauses as well, and a pause that came a moment after the
sign-in that mends the link is taken back.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from backbone_app.core.handshake import State
from backbone_app.errors import LinkBroken, LinkToMend
from backbone_app.models import Link, SynchronizationSide
from backbone_app.models.link import LinkStatus
from backbone_app.models.prepared import Rows

BROKEN: Final = LinkBroken.code
"""The reason (a code of ``core.failures``) of a pause because the link of one of the two sites is broken."""


def is_wanted() -> bool:
    """Whether anything runs over a broken link, or is paused although its link works."""
    return _TO_PAUSE.exist() or _TO_RESUME.exist()


def to_pause() -> QuerySet[SynchronizationSide]:
    """Give the linked halves of what runs over a broken link."""
    running = _linked(LinkStatus.BROKEN).filter(synchronization__state=State.RUNNING)
    return running.select_related("site").order_by("pk")


def to_resume() -> QuerySet[SynchronizationSide]:
    """Give the linked halves of what was paused for a broken link that works again."""
    paused = {"synchronization__state": State.PAUSED, "synchronization__pause_reason": BROKEN}
    return _linked(LinkStatus.WORKING).filter(**paused).select_related("site").order_by("pk")


def broken_among(site_ids: Collection[UUID]) -> frozenset[UUID]:
    """Leave of these sites those to which a broken link leads."""
    broken = Link.objects.filter(pk__in=site_ids, status=LinkStatus.BROKEN)
    return frozenset(broken.values_list("pk", flat=True))


def require_working(site_id: UUID) -> None:
    """Raise LinkToMend where a broken link leads to this site."""
    if broken_among([site_id]):
        raise LinkToMend


def _linked(status: LinkStatus) -> QuerySet[SynchronizationSide]:
    return SynchronizationSide.objects.filter(site__link__status=status)


_TO_PAUSE: Final = Rows(lambda: to_pause().select_related(None).values_list("pk")[:1])
_TO_RESUME: Final = Rows(lambda: to_resume().select_related(None).values_list("pk")[:1])
