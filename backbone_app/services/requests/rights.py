"""A client for the caller's site, once Jira has said what the caller may do in the space."""

from datetime import datetime

from backbone_app import gateway
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access
from backbone_app.models import Site
from backbone_app.models.callers import Caller


def as_admin(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make a client for the caller's site, after Jira said just now that they administer the space."""
    client = _client(caller, now=now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def as_reader(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make one for looking only: Jira's answer may be a minute old."""
    client = _client(caller, now=now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def _client(caller: Caller, *, now: datetime) -> JiraClient:
    return gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
