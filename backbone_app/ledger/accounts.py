"""Which account our own calls carry on a site.

Jira tells it nowhere but in answers to calls, and a site does not answer calls
while it is installing us. So it is asked for once the app is enabled, and again
by whoever needs it first should that have failed.
"""

from backbone_app import gateway
from backbone_app.gateway import Clock
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.models import Site


def learn_account(site: Site, *, clock: Clock) -> None:
    """Ask the site which account we are and keep the answer; raises RemoteError."""
    site.app_account = read.account(gateway.client(site, clock=clock))
    Site.objects.filter(pk=site.pk).update(app_account=site.app_account)


def acting_client(site: Site, *, clock: Clock) -> JiraClient:
    """Make a client whose ``account`` is known, asking the site the first time; raises RemoteError.

    Not for use inside a transaction: it may call the site.
    """
    if not site.app_account:
        learn_account(site, clock=clock)
    return gateway.client(site, clock=clock)
