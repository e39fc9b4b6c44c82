"""What people type of another site, brought into Jira's own form: its base URL, the key of a space."""

import re
from typing import Final

from backbone_app import gateway
from backbone_app.errors import EgressRefused, InvalidInput
from backbone_app.jira.egress import EgressPolicy, check_base_url
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus

LIKE_A_CLOUD_SITE: Final = (
    "This is not the base URL of a Jira Cloud site, which looks like https://example.atlassian.net."
)
_NO_HTTP: Final = "With http anybody on the way could read and change what is sent. Use the https address."
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
"""Jira's keys. A number would be taken for a space's id, and ids are for the own site only."""


def base_url(rules: EgressPolicy, typed: str, *, otherwise: str) -> str:
    """Read the address of a site; raises InvalidInput that says ``otherwise`` where there can be none."""
    typed = typed.strip()
    try:
        return check_base_url(rules, typed if "://" in typed else f"https://{typed}")
    except EgressRefused as refused:
        problem = _NO_HTTP if typed.lower().startswith("http://") else otherwise
        raise InvalidInput("base_url", problem) from refused


def cloud_address(own: Site, typed: str) -> str:
    """Read the address of another Cloud site than the own one; raises InvalidInput."""
    address = base_url(gateway.policy(), typed, otherwise=LIKE_A_CLOUD_SITE)
    if address == own.base_url:
        raise InvalidInput(
            "base_url",
            "This is the instance you are on. Go back and choose "
            "\N{LEFT DOUBLE QUOTATION MARK}Synchronize with another space on this instance"
            "\N{RIGHT DOUBLE QUOTATION MARK}.",
        )
    return address


def space_key(typed: str) -> str:
    """Read the key of a space; raises InvalidInput for what can be none."""
    key = typed.strip().upper()
    if not typed.isascii() or not _KEY.fullmatch(key):
        raise InvalidInput(
            "space_key", "This is no space key: it begins with a letter, then come letters and digits."
        )
    return key


def enabled_at(address: str) -> Site | None:
    """Find the one site with this base URL on which the app is enabled."""
    return Site.objects.filter(base_url=address, status=SiteStatus.ENABLED).first()
