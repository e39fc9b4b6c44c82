"""What the settings say. What they cannot say at all has stopped the start already."""

import os
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings

from backbone_app.env import Mode
from backbone_app.services.doctor.findings import Finding, bad, fine, odd


def mode(_now: datetime) -> Iterator[Finding]:
    """See that this is meant to serve strangers."""
    if settings.MODE is not Mode.PRODUCTION:
        yield odd(
            "mode",
            "BACKBONE_MODE is development: loopback and plain http may be allowed.",
            "Set BACKBONE_MODE=production where real sites install this app.",
        )
    else:
        yield fine("mode", "production: the base URL is https, and no key is a development value")


def keys(_now: datetime) -> Iterator[Finding]:
    """Say which key seals, and see that none is one that anybody can guess."""
    ring = settings.BACKBONE_ENCRYPTION_KEYS
    first = next(iter(ring))
    simple = [name for name, key in ring.items() if len(set(key)) < 8 or key == bytes(range(32))]
    if simple:
        yield bad(
            "keys",
            f"The encryption key {', '.join(simple)} is not random.",
            "Change it for one made by openssl rand -base64 32: docs/hosting.md, New encryption keys.",
        )
        return
    others = f"; {len(ring) - 1} older only open" if len(ring) > 1 else ""
    yield fine("keys", f"everything new is sealed under {first}{others}")


def forge_app(_now: datetime) -> Iterator[Finding]:
    """See that Forge, through which alone new sites install this, is believed."""
    if settings.BACKBONE_FORGE_APP_ID:
        yield fine("Forge app", "calls for the app of BACKBONE_FORGE_APP_ID are believed")
    elif settings.MODE is Mode.PRODUCTION:
        yield odd(
            "Forge app",
            "BACKBONE_FORGE_APP_ID is not set: every call of Forge's is refused. Installations and "
            "upgrades by it stay unknown, and its hourly call wakes nothing.",
            "Set it to the id that forge register gave the app, then run manage.py forge_manifest.",
        )


def networks(_now: datetime) -> Iterator[Finding]:
    """See that a database with a public address is not called by what a customer types."""
    host = str(settings.DATABASES["default"].get("HOST") or "")
    try:
        address = ip_address(host)
    except ValueError:
        yield fine("egress", "private addresses are never called, nor are BACKBONE_DENIED_NETWORKS")
        return
    if address.is_global and not any(address in network for network in settings.BACKBONE_DENIED_NETWORKS):
        yield odd(
            "egress",
            "The database has a public address that may be called.",
            "Add its network to BACKBONE_DENIED_NETWORKS.",
        )
    else:
        yield fine("egress", "private addresses are never called, nor is the database's")


def erasure_log(_now: datetime) -> Iterator[Finding]:
    """See that what was erased stays erased when a backup is restored."""
    path: Path | None = settings.BACKBONE_ERASURE_LOG
    if path is None:
        yield odd(
            "erasure log",
            "BACKBONE_ERASURE_LOG is not set: a restored backup brings back whom people had erased.",
            "Name a file outside the database, and keep it longer than your oldest backup.",
        )
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        yield bad(
            "erasure log",
            "BACKBONE_ERASURE_LOG cannot be written: no person and no site can be erased.",
            "Give the user that runs this service the right to write it.",
        )
    else:
        yield fine("erasure log", "can be written")
