"""The sites that have the app: whether each can be called, and believed."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from backbone_app import gateway
from backbone_app.errors import SecretUnreadable
from backbone_app.gateway import tokens
from backbone_app.ledger import installations
from backbone_app.models import Leftover, Link, Pause, Site
from backbone_app.models.link import LinkStatus
from backbone_app.models.site import SiteStatus
from backbone_app.services.doctor.findings import Finding, bad, fine, odd

NAMED: Final = 5
"""So many sites are named, by our id of them; the others are counted."""
LONG: Final = timedelta(hours=1)
OVERDUE: Final = timedelta(days=1)


def known(_now: datetime) -> Iterator[Finding]:
    """Count the sites by what they told us last."""
    counted = dict(Site.objects.values_list("status").annotate(count=Count("pk")))
    told = ", ".join(f"{counted.get(status, 0)} {status}" for status in SiteStatus)
    if not counted:
        yield odd("sites", "No site has the app.", "Install it: the README says how, under its own heading.")
    else:
        yield fine("sites", told)


def secrets(_now: datetime) -> Iterator[Finding]:
    """See that the secret of every site is there and can be opened, unless it removed the app.

    A site that installed us without one counts as disabled, and will never tell that it is enabled.
    """
    here = list(Site.objects.exclude(status__in=(SiteStatus.UNINSTALLED, SiteStatus.LINKED)))
    without = [site.pk for site in here if not site.secret_sealed]
    unreadable = [site.pk for site in here if site.secret_sealed and not _opens(site)]
    if without:
        yield bad(
            "secrets",
            f"Jira gave no shared secret for {_listed(without)}: none of its calls can be believed.",
            "Have it re-installed there; if that brings none either, the app's manifest is at fault.",
        )
    if unreadable:
        yield bad(
            "secrets",
            f"The secret cannot be opened of {_listed(unreadable)}.",
            "Put the key back that is missing in BACKBONE_ENCRYPTION_KEYS, or have it re-installed there.",
        )
    if not without and not unreadable:
        yield fine("secrets", "that of every site that has the app can be opened")


def links(_now: datetime) -> Iterator[Finding]:
    """See that the token of every link that works can be opened: nobody installs anything where it leads."""
    there = list(Link.objects.filter(status=LinkStatus.WORKING))
    unreadable = [link.pk for link in there if not _opens_link(link)]
    if unreadable:
        yield bad(
            "links",
            f"The token cannot be opened that leads to {_listed(unreadable)}.",
            "Put the key back that is missing in BACKBONE_ENCRYPTION_KEYS, or have the link made anew.",
        )
    elif there:
        yield fine("links", f"the tokens of {len(there)} linked sites can be opened")


def broken_links(_now: datetime) -> Iterator[Finding]:
    """Say which links are broken: what they carry is paused, and their own people were told."""
    found = list(Link.objects.filter(status=LinkStatus.BROKEN).order_by("pk").values_list("pk", flat=True))
    if found:
        yield odd(
            "broken links",
            f"Nobody is let in any more at {_listed(found)}.",
            "Its space admins are told and can choose Mend the link. Where many break at once, see that this "
            "service's clock is right and that its address is the one that the sites know.",
        )


def waiting_addresses(_now: datetime) -> Iterator[Finding]:
    """Say which sites named another address that is not proven yet."""
    found = list(Site.objects.exclude(pending_base_url="").values_list("pk", flat=True))
    if found:
        yield odd(
            "addresses",
            f"Another address waits for its proof at {_listed(found)}.",
            "It is asked for a day. If it stays, ask the site's admin whether it was renamed.",
        )


def accounts(_now: datetime) -> Iterator[Finding]:
    """Say at which sites no call of ours has succeeded yet."""
    found = list(Site.objects.filter(status=SiteStatus.ENABLED, app_account="").values_list("pk", flat=True))
    if found:
        yield odd(
            "accounts",
            f"Which account we act with is not known at {_listed(found)}.",
            "It is asked with the first call there; if it stays, Jira does not let the app in.",
        )


def forge(_now: datetime) -> Iterator[Finding]:
    """Say how many sites have a Forge app around us, which is how Jira takes new ones."""
    enabled = Site.objects.filter(status=SiteStatus.ENABLED)
    joined = enabled.filter(forge_installations__isnull=False).distinct().count()
    others = enabled.count() - joined
    if others:
        yield odd(
            "Forge",
            f"{others} enabled sites have no Forge installation, {joined} have.",
            "They go on working; to have them upgraded, give the Forge app's manifest our app key.",
        )
    elif joined:
        yield fine("Forge", f"{joined} sites were joined with their Forge installation")


def unmatched(now: datetime) -> Iterator[Finding]:
    """Say how many Forge installations no site came for: Jira did not hand out a secret there."""
    missed = installations.without_site(now).count()
    if missed:
        yield odd(
            "Forge installations",
            f"{missed} were told of by Forge, and Jira's own callback never came.",
            "See that the manifest names our lifecycle and base URL, then have them installed again.",
        )


def held_off(now: datetime) -> Iterator[Finding]:
    """Say which sites have been left alone for long."""
    pauses = Pause.objects.filter(scope__startswith="site:", until__gt=now, since__lt=now - LONG)
    found = [pause.site_id for pause in pauses if pause.site_id is not None]
    if found:
        yield odd(
            "held off",
            f"For more than an hour no calls were made to {_listed(found)}.",
            "It does not answer or asks us to wait; see jira_held_off in the metrics for the reason.",
        )


def leftovers(now: datetime) -> Iterator[Finding]:
    """Say what could not be taken away from sites."""
    overdue = Leftover.objects.filter(not_before__lt=now - OVERDUE).count()
    if overdue:
        yield odd(
            "leftovers",
            f"{overdue} properties of ours should have been removed from work items a day ago.",
            "See that the bulk lane is alive and that their sites can be called.",
        )


def _opens(site: Site) -> bool:
    try:
        gateway.shared_secret(site)
    except SecretUnreadable:
        return False
    return True


def _opens_link(link: Link) -> bool:
    try:
        return bool(tokens.newest(link))
    except SecretUnreadable:
        return False


def _listed(found: Sequence[uuid.UUID]) -> str:
    told = ", ".join(str(pk) for pk in sorted(found)[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"site {told}{more}"
