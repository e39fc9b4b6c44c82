"""From what stands in the way to what we do about it: one table for everything.

Each code is stable and has one response: it is tried again by itself, the field
is left out and told, the work item is left and told, or the whole
synchronization pauses. The sentence is for people, the remedy says what they
can do. ``diagnose`` reads an answer of Jira's; all other codes come from the
plan, the guard or our own trouble.
"""

from backbone_app.core.failures.diagnosis import SPACE_MISSING, Diagnosis, Doing, diagnose
from backbone_app.core.failures.rules import RULES, UNKNOWN, Response, Rule, WayOut, held_for, rule

__all__ = [
    "RULES",
    "SPACE_MISSING",
    "UNKNOWN",
    "Diagnosis",
    "Doing",
    "Response",
    "Rule",
    "WayOut",
    "diagnose",
    "held_for",
    "rule",
]
