"""The remote licences that sites have uploaded: whether the settings still believe them."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from backbone_app.core import remote_licence
from backbone_app.models import RemoteLicence
from backbone_app.services.doctor.findings import Finding, fine, odd


def believed(now: datetime) -> Iterator[Finding]:
    """See that no licence covers nothing because the key that signed it is not in the settings."""
    keys = [remote_licence.key_id(key) for key in settings.BACKBONE_LICENCE_PUBLIC_KEY]
    rows = RemoteLicence.objects.all()
    strange = rows.exclude(key__in=keys).count()
    if strange:
        yield odd(
            "remote licences",
            f"The licences of {strange} sites were signed with a key that BACKBONE_LICENCE_PUBLIC_KEY does "
            "not name: they cover nothing.",
            "Put the key back, behind the new one, until these sites have uploaded new licences.",
        )
    elif keys:
        over = rows.filter(expires_on__lt=now.date()).count()
        yield fine("remote licences", f"{rows.count()} sites have one, {over} of them expired")
