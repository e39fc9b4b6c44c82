"""How a pair stands, in words for people: one table for pages, panel and lists."""

from enum import StrEnum
from typing import Final

from backbone_app.core import failures
from backbone_app.models import Pair
from backbone_app.models.pair import PairState

UNKNOWN_REASON: Final = failures.UNKNOWN.sentence
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
    return failures.rule(pair.reason).sentence if pair.reason else ""
