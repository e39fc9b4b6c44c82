"""What Jira calls the fields we know, for people; a field we do not know goes by its id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "comment": "Comment",
        "description": "Description",
        "duedate": "Due date",
        "labels": "Labels",
        "priority": "Priority",
        "status": "Status",
        "summary": "Summary",
    }
)


def field_name(field: str) -> str:
    """Name a field (a Jira field id) in Jira's own words."""
    return _NAMES.get(field, field)
