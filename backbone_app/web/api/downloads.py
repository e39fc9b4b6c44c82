"""Downloads for machines: a POST makes the address of one, which is fetched without a token."""

import uuid

from rest_framework import serializers

from backbone_app.services import pairs
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who
from backbone_app.web.downloads import address, new_ticket


class TicketAnswer(Shown):
    """Where to fetch the file, once and within a minute; whoever knows the address can."""

    url = serializers.CharField()


@endpoint("POST", Who.SPACE_ADMIN, answers=TicketAnswer())
def download_pairs(call: Call, space: str, sync_id: uuid.UUID) -> dict[str, str]:
    """Make an address where all pairs of a synchronization can be fetched as CSV."""
    ticket = new_ticket()
    pairs.offer(call.caller, space, sync_id, ticket=ticket, now=call.now)
    return {"url": address(ticket)}
