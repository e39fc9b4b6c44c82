"""Two existing work items: compare them, pair them, and answer for a pair that asks."""

import uuid

from backbone_app.services import twinning
from backbone_app.services.twinning import Asked, Paired, Preview
from backbone_app.web.api.bodies import Decision, ExistingPair, Keys
from backbone_app.web.api.comparisons import ComparisonAnswer, PairedAnswer, QuestionsAnswer
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


@endpoint("GET", Who.SPACE_ADMIN, answers=ComparisonAnswer(), takes=Keys)
def compare_items(call: Call, space: str, sync_id: uuid.UUID) -> Preview:
    """Show what pairing two existing work items would do; writes nothing."""
    return twinning.preview(call.caller, space, sync_id, **call.entered, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, answers=PairedAnswer(), takes=ExistingPair, status=201)
def pair_items(call: Call, space: str, sync_id: uuid.UUID) -> Paired:
    """Pair two existing work items."""
    return twinning.pair_up(call.caller, space, sync_id, **call.entered, now=call.now)


@endpoint("GET", Who.SPACE_ADMIN, answers=QuestionsAnswer())
def show_questions(call: Call, space: str, sync_id: uuid.UUID, pair_id: int) -> Asked:
    """Show the fields of a pair that somebody has to decide."""
    return twinning.questions(call.caller, space, sync_id, pair_id, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, takes=Decision)
def decide_pair(call: Call, space: str, sync_id: uuid.UUID, pair_id: int) -> None:
    """Say whose values stand where the two work items of a pair never agreed."""
    twinning.decide(call.caller, space, sync_id, pair_id, **call.entered, now=call.now)
