"""A site that names another address, and what our row and the audit log say of it."""

from backbone_app.models import AuditEntry, Site
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock

NEW = "https://acme-renamed.atlassian.net"


def move(jira: Jira, clock: VirtualClock) -> None:
    """Give acme another address, and let it install us anew, which Jira does then."""
    clock.advance(seconds=1)
    jira.world.rename(jira.site, NEW)
    jira.install()


def row(jira: Jira) -> Site:
    """Our row of acme, wherever it is."""
    return Site.objects.get(client_key=jira.app.client_key)


def acts(jira: Jira) -> list[tuple[str, object]]:
    """What the audit log says of addresses."""
    entries = AuditEntry.objects.filter(site=row(jira), act__startswith="address").order_by("pk")
    return [(entry.act, entry.detail.get("address")) for entry in entries]
