"""What stands in the way in a synchronization: list it, retry, ignore, create a new twin."""

import uuid

from backbone_app.services import troubles
from backbone_app.services.troubles import Troubles
from backbone_app.web.api.answers import RetriedAnswer, TroublesAnswer
from backbone_app.web.api.bodies import Page
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=TroublesAnswer(), takes=Page)
def list_errors(call: Call, space: str, sync_id: uuid.UUID) -> Troubles:
    """Tell how a synchronization stands and list its errors, newest first, fifty on a page."""
    return troubles.listed(call.caller, space, sync_id, page=call.entered["page"], now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=RetriedAnswer())
def retry_all_errors(call: Call, space: str, sync_id: uuid.UUID) -> dict[str, int]:
    """Try again whatever failed or waits and is not ignored."""
    return {"retried": troubles.retry_all(call.caller, space, sync_id, now=call.now)}


@endpoint("POST", Who.SPACE_ADMIN)
def retry_error(call: Call, space: str, sync_id: uuid.UUID, failure: int) -> None:
    """Try a failed work item again, or take up one that a workflow has stopped."""
    troubles.retry(call.caller, space, sync_id, failure, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def ignore_error(call: Call, space: str, sync_id: uuid.UUID, failure: int) -> None:
    """Take an error off the list until it becomes another one."""
    troubles.ignore(call.caller, space, sync_id, failure, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def create_new_twin(call: Call, space: str, sync_id: uuid.UUID, failure: int) -> None:
    """Let the work item that is left get a new twin."""
    troubles.create_twin(call.caller, space, sync_id, failure, now=call.now)
