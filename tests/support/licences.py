"""Remote licences as an operator issues them, and what a site has without anybody uploading one."""

from datetime import date, datetime
from typing import Any

from backbone_app.core.remote_licence import Terms, key_id, public_key, write
from backbone_app.models import Endpoint, RemoteLicence, Site, Synchronization, SynchronizationSide
from backbone_app.models.site import Product, SiteStatus
from tests.support.rows import make_site, make_synchronization

PRIVATE = bytes(range(100, 132))
"""What ``environment.LICENCE_KEY`` belongs to."""
PRODUCT_KEY = "backbone-work-sync"
TERMS = Terms(
    holder="Acme Ltd",
    creator="backbone.example",
    created_on=date(2026, 11, 1),
    expires_on=date(2027, 12, 31),
    endpoints=1,
)


def signed(terms: Terms = TERMS, *, private: bytes = PRIVATE) -> str:
    """The file of a licence."""
    return write(terms, private=private, product_key=PRODUCT_KEY)


def give(site: Site, *, now: datetime, terms: Terms = TERMS) -> None:
    """Let a site have a licence in place of the one it has; nothing follows from it."""
    values: dict[str, Any] = {name: getattr(terms, name) for name in Terms.__slots__}
    values |= {"key": key_id(public_key(PRIVATE)), "uploaded_at": now}
    RemoteLicence.objects.update_or_create(site=site, defaults=values)


def running(site: Site, name: str, *, now: datetime, space: str = "10000") -> Synchronization:
    """Let a space be in step with a Cloud site that a link leads to: it takes an endpoint."""
    there = Site.objects.filter(client_key=name).first() or make_site(name)
    there.status, there.product = SiteStatus.LINKED, Product.CLOUD
    there.save()
    row = make_synchronization(site, spaces=(space, f"with {name}"))
    SynchronizationSide.objects.filter(synchronization=row, side="right").update(site=there)
    Endpoint.objects.get_or_create(site=site, remote=there, defaults={"taken_at": now})
    return row
