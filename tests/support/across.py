"""Two sites, alike down to their ids, and a request from the one to the other."""

import uuid

from backbone_app.services import requests
from backbone_app.services.tenants import Caller
from tests.support.app import INITECH, Jira
from tests.support.sandbox import VirtualClock

ALPHA, BETA = "10000", "10001"
"""The ids of these spaces, on both sites."""


def caller(jira: Jira, name: str = "alice") -> Caller:
    """A person of the site, as the edge proves them."""
    row = jira.row
    return Caller(site_id=row.id, account=jira.account(name), base_url=row.base_url)


def ask(jira: Jira, clock: VirtualClock, **changes: str) -> uuid.UUID:
    """Let alice ask from ALPHA on this site for BETA on initech, or as changed."""
    entered = {
        "base_url": INITECH,
        "space_key": "BETA",
        "mode": "immediate",
        "name": "Ours",
        "description": "What for",
    }
    return requests.send_across(caller(jira), ALPHA, **{**entered, **changes}, now=clock())
