"""Who a request to another site goes to: the one enabled site with the base URL that was typed.

That a site has the app is no secret, whether it has a certain space is one: here
nobody is asked for the space, its key is only brought into Jira's form.
"""

from dataclasses import dataclass
from datetime import datetime

from backbone_app.ledger import access, distant
from backbone_app.models import Site
from backbone_app.models.callers import Caller


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
    address = distant.cloud_address(Site.objects.get(pk=caller.site_id), base_url)
    return Addressee(address, distant.space_key(space_key), has_app=distant.enabled_at(address) is not None)
