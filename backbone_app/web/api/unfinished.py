"""What a caller has begun to create and not sent: see it, save it, drop it; it is theirs alone."""

from backbone_app.services import unfinished
from backbone_app.services.unfinished import Begun, Way
from backbone_app.web.api.answers_of_requests import BegunAnswer
from backbone_app.web.api.bodies import Unfinished
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=BegunAnswer(many=True))
def show_unfinished(call: Call, space: str) -> list[Begun]:
    """Show what the caller has begun to create from a space: a list of one, or of none."""
    begun = unfinished.find(call.caller, space, now=call.now)
    return [begun] if begun else []


@endpoint("POST", Who.SPACE_ADMIN, takes=Unfinished)
def save_unfinished(call: Call, space: str) -> None:
    """Save what was entered so far; it takes the place of what was saved before."""
    entered = {**call.entered, "way": Way(call.entered["way"])}
    unfinished.keep(call.caller, space, **entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def drop_unfinished(call: Call, space: str) -> None:
    """Drop what was saved."""
    unfinished.drop(call.caller, space, now=call.now)
