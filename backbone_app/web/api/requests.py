"""Requests between spaces: whom one can ask, send, look at, accept, decline, withdraw."""

import uuid

from backbone_app.services import requests
from backbone_app.services.requests import Addressee, RequestView, SpaceChoices
from backbone_app.web.api.answers_of_requests import (
    AddresseeAnswer,
    ChoicesAnswer,
    CreatedAnswer,
    RequestAnswer,
)
from backbone_app.web.api.bodies import Address, Decline, DistantRequest, LocalRequest
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=ChoicesAnswer())
def list_partners(call: Call, space: str) -> SpaceChoices:
    """List the spaces of the same site that a space can be synchronized with."""
    return requests.spaces_to_choose(call.caller, space, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=CreatedAnswer(), takes=LocalRequest, status=201)
def send_request(call: Call, space: str) -> dict[str, uuid.UUID]:
    """Send a request to another space of the same site."""
    return {"id": requests.send(call.caller, space, **call.entered, now=call.now)}


@endpoint("GET", Who.SPACE_ADMIN, answers=AddresseeAnswer(), takes=Address)
def show_addressee(call: Call, space: str) -> Addressee:
    """Tell how a request to a space of another site would be addressed, and whether the app is there."""
    return requests.addressee(call.caller, space, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=CreatedAnswer(), takes=DistantRequest, status=201)
def send_request_across(call: Call, space: str) -> dict[str, uuid.UUID]:
    """Send a request to a space of another site; an unknown space gives the same answer as a known one."""
    return {"id": requests.send_across(call.caller, space, **call.entered, now=call.now)}


@endpoint("GET", Who.SPACE_ADMIN, answers=RequestAnswer())
def show_request(call: Call, space: str, request_id: uuid.UUID) -> RequestView:
    """Show a request to one of its two spaces."""
    return requests.view(call.caller, space, request_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def accept_request(call: Call, space: str, request_id: uuid.UUID) -> None:
    """Accept a request; the synchronization is stopped then, until either side starts it."""
    requests.accept(call.caller, space, request_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, takes=Decline)
def decline_request(call: Call, space: str, request_id: uuid.UUID) -> None:
    """Decline a request, with a message or without."""
    requests.decline(call.caller, space, request_id, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def withdraw_request(call: Call, space: str, request_id: uuid.UUID) -> None:
    """Take a request back; nothing of it remains."""
    requests.withdraw(call.caller, space, request_id, now=call.now)
