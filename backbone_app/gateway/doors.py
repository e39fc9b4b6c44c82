"""The ways out of the process, and the operator's rules on where they may lead."""

from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from backbone_app.jira.egress import Door, EgressPolicy


@cache
def policy() -> EgressPolicy:
    """Give the operator's rules on where requests may go and where a site may live."""
    services = (
        *settings.BACKBONE_INSTALL_KEY_HOSTS,
        settings.BACKBONE_FORGE_KEYS_URL,
        settings.BACKBONE_API_URL,
        settings.BACKBONE_AUTH_URL,
    )
    return EgressPolicy(
        cloud_hosts=tuple(settings.BACKBONE_CLOUD_HOSTS),
        service_hosts=tuple(urlsplit(address).hostname or "" for address in services),
        denied=tuple(settings.BACKBONE_DENIED_NETWORKS),
        allow_loopback_http=settings.BACKBONE_ALLOW_LOOPBACK,
    )


@cache
def door() -> Door:
    """Give the way out to Atlassian's Cloud; one for the process, it pools connections."""
    return made(policy())


def made(rules: EgressPolicy) -> Door:
    """Make a way out by these rules, and by the authorities that the operator trusts."""
    authorities = settings.BACKBONE_AUTHORITIES
    return Door(rules, clock=_now, authorities=str(authorities) if authorities else None)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - an edge: when a request left is known here only
