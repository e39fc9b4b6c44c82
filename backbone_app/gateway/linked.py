"""The way to sites that our app is not installed on: with a token that somebody of theirs gave us.

A Data Center is called where its owner has put it, a Cloud site by the API's own host, where the site's id
stands in the path (https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/).
"""

from dataclasses import replace
from functools import cache

from django.conf import settings

from backbone_app.gateway.doors import door, made, policy
from backbone_app.jira.egress import Door, EgressPolicy, check_base_url
from backbone_app.jira.oauth import cloud
from backbone_app.models import Site
from backbone_app.models.site import Product


@cache
def any_host() -> EgressPolicy:
    """Give the rules for Data Centers, which live at any public address."""
    return replace(policy(), any_host=True)


@cache
def door_to_any_host() -> Door:
    """Give the way out to Data Centers; one for the process."""
    return made(any_host())


def door_to(site: Site) -> Door:
    """Give the way out that leads to a linked site."""
    return door_to_any_host() if site.product == Product.DATA_CENTER else door()


def base_url(site: Site) -> str:
    """Give the address below which the REST API of a linked site is.

    Raises EgressRefused for one that may not be called.
    """
    if site.product == Product.DATA_CENTER:
        return check_base_url(any_host(), site.base_url)
    return cloud.base_url(settings.BACKBONE_API_URL, site.cloud_id)
