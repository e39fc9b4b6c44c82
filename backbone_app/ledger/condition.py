"""How a pair stands, in words for people: one table for pages, panel and lists."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from backbone_app.models import Pair
from backbone_app.models.pair import PairState

REASONS: Final[Mapping[str, str]] = {
    "deleted": "One of the two work items was deleted; the other one stays as it is.",
    "direction": "The configuration does not allow this direction.",
    "empty_summary": "Jira needs a summary, and the other side has none.",
    "internal_error": "Something broke on our side; it is tried again.",
    "needs_decision": "Both sides held different values when they were first compared; somebody must choose.",
    "no_path": "No transition that Backbone knows and may use leads to the status of the other side.",
    "outcome_unknown": "Jira did not answer a change; it is looked up before it is tried again.",
    "remote_busy": "Jira asked us to wait; it is tried again.",
    "remote_missing": "The work item is gone, or the app may no longer see it.",
    "remote_refused": "Jira refused the change. Check that the app may edit the work item and its fields.",
    "remote_unreachable": "Jira cannot be reached; it is tried again.",
    "status_not_mapped": "Its status has no counterpart on the other side.",
    "still_changing": "Both sides keep changing; it is looked at again.",
    "type_not_mapped": "Its work type is not synchronized.",
    "unexpected_value": "A field holds a value that cannot be synchronized.",
    "unmapped_type": "Its work type is not synchronized.",
}
UNKNOWN_REASON: Final = "It cannot be kept in step at the moment."
"""Said for a code without a sentence; codes themselves are never shown."""


class Condition(StrEnum):
    """Where a pair is between *just found* and *in step*."""

    IN_STEP = "in step"
    WAITING = "waiting"
    CREATING = "being created"
    SET_ASIDE = "set aside"
    STOPPED = "stopped"


def of(pair: Pair, *, twins: int, is_running: bool) -> Condition:
    """Tell how the pair stands; ``twins`` is how many of its two work items exist.

    While the synchronization is stopped nobody knows whether the two still agree.
    """
    if pair.state == PairState.SET_ASIDE:
        return Condition.SET_ASIDE
    if not is_running:
        return Condition.STOPPED
    if twins < 2:
        return Condition.CREATING
    return Condition.WAITING if pair.due or pair.reason or pair.incomplete else Condition.IN_STEP


def sentence(pair: Pair, *, told: str = "") -> str:
    """Say why the pair is not in step; empty where there is no reason but time.

    ``told`` is what the own half's feed says of it in particular: for a status
    without a way there, the status, the target and the transitions that exist.
    """
    if pair.reason == "no_path" and told:
        return told
    return REASONS.get(pair.reason, UNKNOWN_REASON) if pair.reason else ""
