"""The fields of a work item: how each is read from JSON, shown, and described in a changelog."""

from jira_sandbox.fields.dates import for_people
from jira_sandbox.fields.kinds import EditableField, Place, place_of, unknown, wrong
from jira_sandbox.fields.rich import LENGTH, NO_DOCUMENT, TOO_LONG, checked
from jira_sandbox.fields.standing import CLOUDS_OWN, NOT_NAVIGABLE, SYSTEM
from jira_sandbox.fields.system import EDITABLE, SCREEN
from jira_sandbox.fields.table import at, first_values, is_rich, schemas, shown, status_step, titles

__all__ = [
    "CLOUDS_OWN",
    "EDITABLE",
    "LENGTH",
    "NOT_NAVIGABLE",
    "NO_DOCUMENT",
    "SCREEN",
    "SYSTEM",
    "TOO_LONG",
    "EditableField",
    "Place",
    "at",
    "checked",
    "first_values",
    "for_people",
    "is_rich",
    "place_of",
    "schemas",
    "shown",
    "status_step",
    "titles",
    "unknown",
    "wrong",
]
