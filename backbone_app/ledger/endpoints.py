"""Which partner sites a site's remote licence covers: taken with a start, released with the last stop.

An endpoint is a partner *site* that our app is not on. Of those that are taken the licence covers the ones
that were taken first, as many as it grants; what runs to another one pauses, and goes on by itself once it
is covered. Whoever takes, releases or weighs endpoints holds the lock of the licensed site's row: of two
starts that want the last one, one gets it. It is taken before any row of a synchronization is locked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from backbone_app.core import remote_licence
from backbone_app.core.handshake import State
from backbone_app.core.remote_licence import NOTICES, Terms
from backbone_app.errors import NotLicensed
from backbone_app.models import Endpoint, RemoteLicence, Site, Synchronization, SynchronizationSide
from backbone_app.models.prepared import Rows
from backbone_app.models.site import Product, SiteStatus

UNLICENSED: Final = "not_licensed"
"""The reason (a code of ``core.failures``) of a pause because the licence does not cover the partner site."""
TOLD_FOR: Final = timedelta(days=7)
"""An end that is longer ago is news to nobody."""
_HOLDING: Final = (State.RUNNING, State.PAUSED)
"""What takes an endpoint: a pause is ours, and does not give it away."""
_UPLOAD: Final = "A Jira admin can upload one under Apps > Backbone Work Sync > Remote licence."
_ANY: Final = Rows(lambda: Endpoint.objects.values_list("pk")[:1])


def needs_one(remote: Site) -> bool:
    """Whether synchronizing with this site takes an endpoint, by what it is and the operator's setting."""
    is_cloud = remote.product == Product.CLOUD
    return remote.status == SiteStatus.LINKED and (is_cloud or settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE)


def terms(site_id: UUID) -> Terms | None:
    """Give what a site's licence says, expired or not; None without one that a key of ours has signed."""
    row = RemoteLicence.objects.filter(site=site_id, key__in=_keys()).first()
    return terms_of(row) if row else None


def terms_of(row: RemoteLicence) -> Terms:
    """Give what a stored licence says."""
    return Terms(
        holder=row.holder,
        creator=row.creator,
        created_on=row.created_on,
        expires_on=row.expires_on,
        endpoints=row.endpoints,
        is_evaluation=row.is_evaluation,
    )


def free(site_id: UUID, *, now: datetime) -> int:
    """Say how many further partner sites the licence covers at present."""
    found = terms(site_id)
    return max(found.granted(now) - _taken(site_id).count(), 0) if found else 0


def require(site_id: UUID, *, remote: UUID | None = None, now: datetime) -> None:
    """Raise NotLicensed unless an endpoint is free, or ``remote`` has taken one that is covered.

    Asked before anybody links a site that will need one.
    """
    _require(site_id, remote, now=now)


def take(site_id: UUID, remote: Site, *, now: datetime) -> None:
    """Take an endpoint for a partner site that needs one and has none; raises NotLicensed.

    In the transaction of the start and before its step: it is given back where that fails.
    """
    if not needs_one(remote):
        return
    lock(site_id)
    if not _require(site_id, remote.pk, now=now):
        Endpoint.objects.create(site_id=site_id, remote=remote, taken_at=now)


def release(site_id: UUID, remote_id: UUID, *, stopping: UUID | None = None) -> bool:
    """Give the endpoint of a partner site back unless a synchronization but ``stopping`` holds it.

    In the transaction of the stop or deletion and before its step. Returns whether one was given back.
    """
    mine = Endpoint.objects.filter(site=site_id, remote=remote_id)
    if not mine.exists():  # no lock where there is none: what runs by one was started with it
        return False
    lock(site_id)
    held = holders(site_id, remote_id)
    if (held.exclude(pk=stopping) if stopping else held).exists():
        return False
    return mine.delete()[0] > 0


def lock(site_id: UUID) -> None:
    """Let nobody else weigh this site's endpoints until the transaction ends."""
    # Without the key: others may note acts of the site meanwhile.
    Site.objects.select_for_update(no_key=True).filter(pk=site_id).values_list("pk").first()


def holders(site_id: UUID, remote_id: UUID) -> "QuerySet[Synchronization]":
    """Give the synchronizations that hold the endpoint of a partner site, oldest first."""
    here = Synchronization.objects.filter(state__in=_HOLDING, sides__site=site_id)
    return here.filter(sides__site=remote_id).order_by("created_at", "pk")


def in_order(site_id: UUID) -> Sequence[Endpoint]:
    """Give the endpoints that are taken, in the order in which a licence covers them."""
    return tuple(_taken(site_id).select_related("remote"))


def to_pause(site_id: UUID, *, now: datetime) -> "QuerySet[Synchronization]":
    """Give what runs from this site to partner sites that are not covered."""
    return _of_site(site_id, _running_uncovered(now))


def to_resume(site_id: UUID, *, now: datetime) -> "QuerySet[Synchronization]":
    """Give what was paused for want of a licence, and is covered."""
    return _of_site(site_id, _paused_covered(now))


def sites_at_odds(now: datetime) -> tuple[UUID, ...]:
    """List the sites at which something is to be paused or resumed, or an endpoint taken for nothing."""
    if not _ANY.exist():
        return ()
    halves = _running_uncovered(now) | _paused_covered(now)
    others = SynchronizationSide.objects.exclude(site__status=SiteStatus.LINKED)
    told = others.filter(synchronization__in=halves.values("synchronization_id"))
    found = {*told.values_list("site_id", flat=True), *_idle().values_list("site_id", flat=True)}
    return tuple(sorted(found))


def release_idle(site_id: UUID) -> None:
    """Give back what nothing holds any more: of what was deleted with a whole site, or came with a backup."""
    for each in _idle().filter(site=site_id):
        release(site_id, each.remote_id)


def ending(now: datetime) -> "QuerySet[RemoteLicence]":
    """Give the licences, of sites that have the app, whose end is near or was not long ago."""
    here = RemoteLicence.objects.filter(site__status=SiteStatus.ENABLED, key__in=_keys())
    days = (now - TOLD_FOR).date(), (now + timedelta(days=max(NOTICES))).date()
    return here.filter(expires_on__range=days).order_by("pk")


def notice(site_id: UUID, *, now: datetime) -> str:
    """Say that the licence ends soon; empty where it does not."""
    found = terms(site_id)
    ending = found.notice(now) if found else None
    return ending.sentence if ending else ""


def _keys() -> list[str]:
    return [remote_licence.key_id(key) for key in settings.BACKBONE_LICENCE_PUBLIC_KEY]


def _require(site_id: UUID, remote: UUID | None, *, now: datetime) -> bool:
    """Return whether a partner site has taken one that is covered; raises NotLicensed where none is free."""
    found, taken = terms(site_id), list(_taken(site_id).values_list("remote_id", flat=True))
    is_covered = remote in taken[: found.granted(now) if found else 0]
    if not is_covered:
        _require_free(found, len(taken), now=now)
    return is_covered


def _require_free(found: Terms | None, taken: int, *, now: datetime) -> None:
    if not settings.BACKBONE_LICENCE_PUBLIC_KEY:
        raise NotLicensed(
            "A synchronization with this partner site needs a remote licence, and this service has none. "
            "Install Backbone Work Sync there as well if it is a Cloud site, or ask the operator of this "
            "service."
        )
    if found is None:
        raise NotLicensed(
            "A synchronization with this partner site needs a remote licence, and this site has none. "
            f"{_UPLOAD}"
        )
    if found.is_over(now):
        raise NotLicensed(
            f"The remote licence of this site expired: its last day was {found.last_day}. {_UPLOAD}"
        )
    if taken >= found.endpoints:
        number = found.endpoints
        covered = f"{number} partner sites, which are all" if number > 1 else "one partner site, which is"
        raise NotLicensed(
            f"The remote licence of this site covers {covered} taken. Stop the synchronizations with one "
            "of those that are taken, or have a Jira admin upload a licence for more."
        )


def _needing(prefix: str = "") -> Q:
    """Give the condition that ``needs_one`` is, for rows that lead to the site by ``prefix``."""
    linked = Q(**{f"{prefix}status": SiteStatus.LINKED})
    is_any = settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE
    return linked if is_any else linked & Q(**{f"{prefix}product": Product.CLOUD})


def _taken(site_id: UUID) -> "QuerySet[Endpoint]":
    return Endpoint.objects.filter(_needing("remote__"), site=site_id).order_by("taken_at", "pk")


def _uncovered(now: datetime) -> "QuerySet[Endpoint]":
    """Give the endpoints, of all sites, that are taken beyond what the site's licence grants now."""
    valid = RemoteLicence.objects.filter(key__in=_keys(), expires_on__gte=now.date(), site=OuterRef("site"))
    place = Window(RowNumber(), partition_by=F("site"), order_by=(F("taken_at").asc(), F("pk").asc()))
    granted = Coalesce(Subquery(valid.values("endpoints")[:1]), Value(0), output_field=IntegerField())
    placed = Endpoint.objects.filter(_needing("remote__")).annotate(place=place, granted=granted)
    return placed.filter(place__gt=F("granted"))


def _halves_beyond(now: datetime, state: State) -> "tuple[QuerySet[SynchronizationSide], Exists]":
    """Give the halves at partner sites in this state, and the question whether their site is not covered."""
    both = SynchronizationSide.objects.filter(synchronization=OuterRef(OuterRef("synchronization")))
    beyond = Endpoint.objects.filter(
        pk__in=_uncovered(now).values("pk"), remote=OuterRef("site"), site__in=both.values("site")
    )
    halves = SynchronizationSide.objects.filter(site__status=SiteStatus.LINKED, synchronization__state=state)
    return halves, Exists(beyond)


def _running_uncovered(now: datetime) -> "QuerySet[SynchronizationSide]":
    halves, is_beyond = _halves_beyond(now, State.RUNNING)
    return halves.filter(is_beyond)


def _paused_covered(now: datetime) -> "QuerySet[SynchronizationSide]":
    halves, is_beyond = _halves_beyond(now, State.PAUSED)
    return halves.filter(~is_beyond, synchronization__pause_reason=UNLICENSED)


def _of_site(site_id: UUID, halves: "QuerySet[SynchronizationSide]") -> "QuerySet[Synchronization]":
    mine = Synchronization.objects.filter(sides__site=site_id)
    return mine.filter(pk__in=halves.values("synchronization_id")).order_by("created_at", "pk")


def _idle() -> "QuerySet[Endpoint]":
    """Give the endpoints that no synchronization holds."""
    both = SynchronizationSide.objects.filter(
        synchronization=OuterRef("synchronization"), site=OuterRef(OuterRef("site"))
    )
    holding = SynchronizationSide.objects.filter(
        Exists(both), site=OuterRef("remote"), synchronization__state__in=_HOLDING
    )
    return Endpoint.objects.filter(~Exists(holding))
