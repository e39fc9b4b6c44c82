"""What Forge itself tells of our app: it was installed, it has another version, an hour has passed.

Modules of Connect are wrapped by a Forge app. Connect's callbacks bring a site and its secret, Forge's calls
only what Forge knows: version, environment, licence. Nothing here lets anybody in.

Forge gives up after five seconds and sends a call again up to four times, in any order: what it signed
earlier than the newest we know changes nothing.
"""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from backbone_app import gateway, queue
from backbone_app.jira import forge_jwt
from backbone_app.jira.forge_jwt import Invocation
from backbone_app.ledger import audit, installations
from backbone_app.ledger.audit import Act
from backbone_app.models import ForgeInstallation
from backbone_app.queue import Job

__all__ = ["Invocation", "authenticate", "installed", "scheduled", "seen"]

_log = structlog.get_logger()


def authenticate(token: str, *, now: datetime) -> Invocation:
    """Tell which call of Forge's this token proves.

    Raises NotAuthenticated, always where no app id is configured, and RemoteUnreachable where
    Forge's keys cannot be had: then Forge has to come again. They are asked for only where a token
    claims to be for our app: where there is none, no stranger makes us call out.
    """
    app_id = settings.BACKBONE_FORGE_APP_ID
    key = gateway.forge_keys().key(forge_jwt.key_id(token, app_id=app_id))
    return forge_jwt.verify(token, key=key, app_id=app_id, now=now)


def installed(call: Invocation, *, now: datetime) -> None:
    """Take note of an installation; the site it belongs to may be here already, or come later."""
    with transaction.atomic():
        row = _kept(call, now=now)
        # The earliest of several: each time Forge sends the event again it signs anew.
        row.installed_at = min(row.installed_at or call.signed_at, call.signed_at)
        row.save(update_fields=["installed_at"])
    _join(call, now=now)


def seen(call: Invocation, *, now: datetime) -> None:
    """Keep what a call tells of its installation, if it is the newest, and join it with its site."""
    with transaction.atomic():
        _kept(call, now=now)
    _join(call, now=now)


def scheduled(call: Invocation, *, now: datetime) -> None:
    """Keep what is new, and wake the sweep: if ours has stopped, nothing else would wake it.

    An installation that nobody's secret came for is told to the log each time.
    """
    seen(call, now=now)
    queue.wake(Job.SWEEP, now=now)
    if installations.without_site(now).filter(pk=call.installation).exists():
        _log.warning("forge_installation_without_site", installation=call.number)


def _kept(call: Invocation, *, now: datetime) -> ForgeInstallation:
    told = {
        "cloud_id": call.cloud_id,
        "environment": call.environment,
        "version": call.version,
        "licence": call.licence,
        "seen_at": call.signed_at,
    }
    rows = ForgeInstallation.objects.select_for_update()
    row, is_new = rows.get_or_create(installation=call.installation, defaults=told)
    if not is_new and row.seen_at < call.signed_at:
        _note_upgrade(row, call, now=now)
        ForgeInstallation.objects.filter(pk=row.pk).update(**told)
    return row


def _note_upgrade(row: ForgeInstallation, call: Invocation, *, now: datetime) -> None:
    if row.site_id and row.version != call.version:
        audit.note_lifecycle(row.site_id, Act.FORGE_UPGRADED, detail={"version": call.version}, now=now)


def _join(call: Invocation, *, now: datetime) -> None:
    with transaction.atomic():
        for site_id in installations.join_by_forge(call.installation):
            audit.note_lifecycle(site_id, Act.FORGE_JOINED, now=now)
