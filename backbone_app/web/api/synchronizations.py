"""Synchronizations of a space: list, look at one, start, stop, delete, list its pairs."""

import uuid

from backbone_app.errors import NotFound
from backbone_app.services import pairs, reconciling, synchronizations
from backbone_app.services.pairs import Pairs
from backbone_app.services.synchronizations import Row
from backbone_app.web.api.answers import PairsAnswer, SynchronizationAnswer
from backbone_app.web.api.bodies import Page
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=SynchronizationAnswer(many=True))
def list_synchronizations(call: Call, space: str) -> tuple[Row, ...]:
    """List all synchronizations of a space, oldest first."""
    return synchronizations.overview(call.caller, space, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=SynchronizationAnswer())
def show_synchronization(call: Call, space: str, sync_id: uuid.UUID) -> Row:
    """Show one synchronization of a space."""
    rows = synchronizations.overview(call.caller, space, now=call.now)
    row = next((each for each in rows if each.id == sync_id), None)
    if row is None:
        raise NotFound("synchronization")
    return row


@endpoint("GET", Who.SPACE_ADMIN, answers=PairsAnswer(), takes=Page)
def list_pairs(call: Call, space: str, sync_id: uuid.UUID) -> Pairs:
    """List the pairs of a synchronization, oldest first, a hundred on a page."""
    return pairs.listed(call.caller, space, sync_id, page=call.entered["page"], now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def start_synchronization(call: Call, space: str, sync_id: uuid.UUID) -> None:
    """Start a synchronization, for both sides."""
    synchronizations.start(call.caller, space, sync_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def stop_synchronization(call: Call, space: str, sync_id: uuid.UUID) -> None:
    """Stop a synchronization, for both sides."""
    synchronizations.stop(call.caller, space, sync_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def check_synchronization(call: Call, space: str, sync_id: uuid.UUID) -> None:
    """Check both sides of a running synchronization at once for changes that Jira did not tell of."""
    reconciling.check_now(call.caller, space, sync_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def delete_synchronization(call: Call, space: str, sync_id: uuid.UUID) -> None:
    """Delete a synchronization, for both sides; the work items stay as they are."""
    synchronizations.delete(call.caller, space, sync_id, now=call.now)
