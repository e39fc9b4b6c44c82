"""Who a request to another site goes to: the one enabled site with the base URL that was typed.

That a site has the app is no secret, whether it has a certain space is one: here
nobody is asked for the space, its key is only brought into Jira's form.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backbone_app import gateway
from backbone_app.errors import EgressRefused, InvalidInput
from backbone_app.jira.egress import check_base_url
from backbone_app.ledger import access
from backbone_app.models import Site
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus

_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
"""Jira's keys. A number would be taken for a space's id, and ids are for the own site only."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A site's base URL and a space's key, both in one form; ``has_app``: the app is enabled there."""

    base_url: str
    space_key: str
    has_app: bool


def addressee(caller: Caller, space: str, *, base_url: str, space_key: str, now: datetime) -> Addressee:
    """Read what an admin of ``space`` typed; raises InvalidInput for what no request can be sent to."""
    access.reader_of_space(caller, space, now=now)
    return parsed(caller, base_url=base_url, space_key=space_key)


def parsed(caller: Caller, *, base_url: str, space_key: str) -> Addressee:
    """Do the same for a caller whose right was asked for already."""
    address = _address(base_url)
    if Site.objects.filter(pk=caller.site_id, base_url=address).exists():
        raise InvalidInput(
            "base_url",
            "This is the instance you are on. Go back and choose "
            "\N{LEFT DOUBLE QUOTATION MARK}Synchronize with another space on this instance"
            "\N{RIGHT DOUBLE QUOTATION MARK}.",
        )
    return Addressee(address, _key(space_key), has_app=enabled_site(address) is not None)


def enabled_site(base_url: str) -> Site | None:
    """Find the one site with this base URL on which the app is enabled."""
    return Site.objects.filter(base_url=base_url, status=SiteStatus.ENABLED).first()


def _address(typed: str) -> str:
    typed = typed.strip()
    try:
        return check_base_url(gateway.policy(), typed if "://" in typed else f"https://{typed}")
    except EgressRefused as refused:
        if typed.lower().startswith("http://"):
            problem = (
                "With http anybody on the way could read and change what is sent. Use the https address."
            )
        else:
            problem = "This is not the base URL of a Jira Cloud site, which looks like https://example.atlassian.net."
        raise InvalidInput("base_url", problem) from refused


def _key(typed: str) -> str:
    key = typed.strip().upper()
    if not typed.isascii() or not _KEY.fullmatch(key):
        raise InvalidInput(
            "space_key", "This is no space key: it begins with a letter, then come letters and digits."
        )
    return key
