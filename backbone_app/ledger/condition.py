"""How a pair stands, in words for people: one table for pages, panel and lists."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backbone_app.core import failures
from backbone_app.core.configuration import field_name
from backbone_app.models import Pair
from backbone_app.models.pair import PairState

UNKNOWN_REASON: Final = failures.UNKNOWN.sentence
"""Said for a code without a sentence; codes themselves are never shown."""

Ignored = Mapping[str, str]
"""What people chose to ignore on a pair: codes by row, ``WHOLE`` is what stops the whole work item."""
WHOLE: Final = ""
NOTHING: Final[Ignored] = MappingProxyType({})


class Condition(StrEnum):
    """Where a pair is between *just found* and *in step*."""

    IN_STEP = "in step"
    WAITING = "waiting"
    IGNORED = "ignored"
    CREATING = "being created"
    SET_ASIDE = "set aside"
    STOPPED = "stopped"


def of(pair: Pair, *, twins: int, is_running: bool, ignored: Ignored) -> Condition:
    """Tell how the pair stands; ``twins`` is how many of its two work items exist.

    While the synchronization is stopped nobody knows whether the two still agree.
    """
    if pair.state == PairState.SET_ASIDE:
        return Condition.SET_ASIDE
    if not is_running:
        return Condition.STOPPED
    is_at_rest = not (pair.due or pair.reason or pair.incomplete)
    if is_at_rest and ignored:
        return Condition.IGNORED
    if twins < 2:
        return Condition.CREATING
    return Condition.IN_STEP if is_at_rest else Condition.WAITING


def sentence(pair: Pair, *, told: str = "") -> str:
    """Say why the pair is not in step; empty where there is no reason but time.

    ``told`` is what the own half's feed says of it in particular: for a status
    without a way there, the status, the target and the transitions that exist.
    """
    if pair.reason == "no_path" and told:
        return told
    return failures.rule(pair.reason).sentence if pair.reason else ""


def but_for(ignored: Ignored) -> str:
    """Say what people chose to ignore: single fields, or what stops the whole work item."""
    if WHOLE in ignored:
        return f"Not kept in step, and that is ignored: {failures.rule(ignored[WHOLE]).sentence}"
    fields = ", ".join(sorted(field_name(row) for row in ignored))
    return f"In step, but for what was ignored: {fields}."
