"""What was written and why: a synchronization's feed, and one work item's."""

import uuid

from backbone_app.services import activity
from backbone_app.services.activity import Activity, Only, Stretch
from backbone_app.web.api.answers import ActivityAnswer
from backbone_app.web.api.bodies import Before, Feed
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=ActivityAnswer(), takes=Feed)
def list_activity(call: Call, space: str, sync_id: uuid.UUID) -> Activity:
    """List what happened in a synchronization, newest first, 25 lines at a time."""
    stretch, only = Stretch(before=call.entered.get("before")), Only(call.entered["only"])
    return activity.of_synchronization(call.caller, space, sync_id, stretch=stretch, only=only, now=call.now)


@endpoint("GET", Who.READER, answers=ActivityAnswer(), takes=Before)
def list_item_activity(call: Call, item: str) -> Activity:
    """List what happened to a work item and its twins, newest first, 10 lines at a time."""
    return activity.of_item(
        call.caller, item, stretch=Stretch(before=call.entered.get("before")), now=call.now
    )
