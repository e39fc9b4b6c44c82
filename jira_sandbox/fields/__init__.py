"""The fields of a work item: how each is read from JSON, shown, and described in a changelog."""

from jira_sandbox.fields.kinds import EditableField, unknown, wrong
from jira_sandbox.fields.rich import LENGTH, NO_DOCUMENT, TOO_LONG, checked
from jira_sandbox.fields.table import EDITABLE, SYSTEM, shown, status_step

__all__ = [
    "EDITABLE",
    "LENGTH",
    "NO_DOCUMENT",
    "SYSTEM",
    "TOO_LONG",
    "EditableField",
    "checked",
    "shown",
    "status_step",
    "unknown",
    "wrong",
]
