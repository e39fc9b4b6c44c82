"""The proof of an erasure: in how many rows of every table a site is named, found by walking the models.

What counts: a foreign key to the site, its id in a column of ids, its id anywhere in a text or in JSON. What
does not: the tombstone, which is the proof itself; and a partner's own records (its audit log may say with
which address it was synchronized: that is what its people did, not a row of the erased site).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, Q, TextField, UUIDField
from django.db.models.functions import Cast

from backbone_app.errors import BackboneError
from backbone_app.ledger import departures
from backbone_app.models import Site, Tombstone

STONES: Final = (Tombstone,)


class NotErasable(BackboneError):
    """A site that is not known by this name, or must not be erased yet."""

    code = "not_erasable"


@dataclass(frozen=True, slots=True)
class Proof:
    """``rows`` by table, all tables named; ``erased_at`` and ``lost`` (rows by table) where it was erased."""

    site_id: UUID
    rows: Mapping[str, int]
    erased_at: datetime | None
    lost: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many rows name the site; 0 proves that it is erased."""
        return sum(self.rows.values())


def find(name: str) -> UUID:
    """Tell which site is meant, by our id of it or its address; raises NotErasable unless it is one."""
    try:
        return UUID(name)
    except ValueError:
        ids = list(Site.objects.filter(base_url=name.rstrip("/")).values_list("pk", flat=True))
    if len(ids) != 1:
        known = f"{len(ids)} sites have" if ids else "No site has"
        listed = f": {', '.join(map(str, ids))}" if ids else ""
        raise NotErasable(f"{known} this address; name it by our id of it{listed}.")
    return ids[0]


def require_over(site_id: UUID, *, now: datetime, at_once: bool) -> None:
    """Raise NotErasable unless the site has removed the app, and its grace is over or is not waited for."""
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        return
    if not departures.is_gone(site):
        raise NotErasable("The app is installed on this site. Only a site that removed it is erased.")
    if not at_once and not departures.over(now).filter(pk=site_id).exists():
        raise NotErasable(
            f"Its grace lasts until {departures.erased_on(site)}. With --now it is not waited for."
        )


def prove(site_id: UUID) -> Proof:
    """Count in all tables the rows that name the site. It reads whole tables: nothing for a request."""
    stone = Tombstone.objects.filter(pk=site_id).first()
    every = apps.get_models(include_auto_created=True)
    models = [model for model in every if model not in STONES and not model._meta.proxy]
    return Proof(
        site_id=site_id,
        rows=MappingProxyType({model._meta.db_table: _count(model, site_id) for model in models}),
        erased_at=stone.erased_at if stone else None,
        lost=MappingProxyType(dict(stone.rows) if stone else {}),
    )


def _count(model: type[Model], site_id: UUID) -> int:
    rows, naming = model._base_manager.all(), Q(pk__in=[])
    for number, field in enumerate(model._meta.concrete_fields):
        if _is_site(field):
            naming |= Q(**{field.name: site_id})
        elif isinstance(field, CharField | TextField | JSONField):
            text = f"text_{number}"
            rows = rows.alias(**{text: Cast(field.name, TextField())})
            naming |= Q(**{f"{text}__contains": str(site_id)})
    return rows.filter(naming).count()


def _is_site(field: "Field[object, object]") -> bool:
    if isinstance(field, ForeignKey):
        return field.related_model is Site
    return isinstance(field, UUIDField)
