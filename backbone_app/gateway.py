"""A Jira client for a site, with credentials that are fresh.

The one place where a site's secret leaves its sealed column on the way out; it
goes into the signature of each call and nowhere else.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings

from backbone_app.jira import connect_jwt
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.install_keys import InstallKeys
from backbone_app.models import Site
from backbone_app.models.sealing import context, unseal

Clock = Callable[[], datetime]


@cache
def door() -> Door:
    """The one way out, with the operator's rules; one for the process, it pools connections."""
    policy = EgressPolicy(
        cloud_hosts=tuple(settings.BACKBONE_CLOUD_HOSTS),
        service_hosts=tuple(host.split("://", 1)[1] for host in settings.BACKBONE_INSTALL_KEY_HOSTS),
        allow_loopback_http=settings.BACKBONE_ALLOW_LOOPBACK,
    )
    return Door(policy)


@cache
def install_keys() -> InstallKeys:
    """Atlassian's public install keys, cached for the process."""
    return InstallKeys(tuple(settings.BACKBONE_INSTALL_KEY_HOSTS), door(), time.monotonic)


def shared_secret(site: Site) -> str:
    """The site's shared secret in the clear; for signing and verifying only."""
    return unseal(site.secret_sealed, at=context(site.id, "site", "secret")).decode()


def digest_key(site: Site) -> bytes:
    """The key that this site's digests are made with; destroyed at erasure."""
    return unseal(site.digest_key_sealed, at=context(site.id, "site", "digest_key"))


def client(site: Site, *, clock: Clock) -> JiraClient:
    """A client that signs each call as our app on ``site`` at the time of the call."""
    secret = shared_secret(site)

    def authorize(method: str, path: str, query: str) -> str:
        token = connect_jwt.sign(
            app_key=settings.BACKBONE_APP_KEY,
            secret=secret,
            client_key=site.client_key,
            method=method,
            path=path,
            query=query,
            now=clock(),
        )
        return f"JWT {token}"

    return JiraClient(base_url=site.base_url, authorize=authorize, door=door(), account=site.app_account)
