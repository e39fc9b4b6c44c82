"""What the description leaves open (a schema without a type) and Jira does not.

The fields of a work item are ``{}`` there, and so is rich text; the kinds below are those of the field's own
``schema`` in Jira's answers (``GET /rest/api/3/field``), with the description's schema for each kind.
"""

from collections.abc import Mapping
from typing import Any, Literal

DOCUMENT = {"$ref": "urn:documents#"}
_TEXT: dict[str, Any] = {"type": "string"}
_NULL: dict[str, Any] = {"type": "null"}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(what: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(what)}


def _or_null(what: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [_NULL, dict(what)]}


_TIME = {"type": "string", "format": "date-time"}
_SECONDS = {"type": "integer", "minimum": 0}
_FIELDS: dict[str, dict[str, Any]] = {
    "summary": _TEXT,
    "assignee": _or_null(_ref("UserDetails")),
    "reporter": _or_null(_ref("UserDetails")),
    "creator": _or_null(_ref("UserDetails")),
    "priority": _or_null(_ref("Priority")),
    "resolution": _or_null(_ref("Resolution")),
    "status": _ref("StatusDetails"),
    "statusCategory": _ref("StatusCategory"),
    "issuetype": _ref("IssueTypeDetails"),
    "project": _ref("Project"),
    "parent": _ref("LinkedIssue"),
    "subtasks": _many(_ref("LinkedIssue")),
    "issuelinks": _many(_ref("IssueLink")),
    "labels": _many(_TEXT),
    "components": _many(_ref("ProjectComponent")),
    "versions": _many(_ref("Version")),
    "fixVersions": _many(_ref("Version")),
    "attachment": _many(_ref("Attachment")),
    "comment": _ref("PageOfComments"),
    "worklog": _ref("PageOfWorklogs"),
    "watches": _ref("Watchers"),
    "votes": _ref("Votes"),
    "security": _or_null(_ref("SecurityLevel")),
    "timetracking": _ref("TimeTrackingDetails"),
    "created": _TIME,
    "updated": _TIME,
    "resolutiondate": _or_null(_TIME),
    "statuscategorychangedate": _or_null(_TIME),
    "lastViewed": _or_null(_TIME),
    "duedate": _or_null({"type": "string", "format": "date"}),
    "workratio": {"type": "integer"},
    **{
        name: _or_null(_SECONDS)
        for name in (
            "timespent",
            "timeestimate",
            "timeoriginalestimate",
            "aggregatetimespent",
            "aggregatetimeestimate",
            "aggregatetimeoriginalestimate",
        )
    },
}
RICH_FIELDS = ("description", "environment")
_RICH_MEMBERS = {"Comment": "body", "Worklog": "comment"}


def rich(api: Literal[2, 3]) -> dict[str, Any]:
    """A text as the version has it: a document, or wiki text."""
    return _or_null(DOCUMENT if api == 3 else _TEXT)


def any_field(api: Literal[2, 3]) -> dict[str, Any]:
    """A field of a site's own: whatever it is, a document in it is a valid one, and v2 has none."""
    document = {"type": "object", "required": ["type", "version"], "properties": {"type": {"const": "doc"}}}
    return {"if": document, "then": DOCUMENT} if api == 3 else {"not": document}


def fields(api: Literal[2, 3]) -> dict[str, Any]:
    """The fields of a work item that every site has."""
    return {**_FIELDS, **dict.fromkeys(RICH_FIELDS, rich(api))}


def refinements(api: Literal[2, 3]) -> dict[str, dict[str, Any]]:
    """Members that hold rich text, by schema."""
    return {name: {member: rich(api)} for name, member in _RICH_MEMBERS.items()}


def sent_fields(api: Literal[2, 3]) -> dict[str, Any]:
    """The fields of a request that can be given in one way; the others may be given in several."""
    return {
        "summary": _TEXT,
        "labels": _or_null(_many(_TEXT)),
        "duedate": _or_null({"type": "string", "format": "date"}),
        **dict.fromkeys(RICH_FIELDS, rich(api)),
    }


def sent_verbs(api: Literal[2, 3]) -> dict[str, Any]:
    """What ``update`` does to rich text, in a field of its own or within comments and logged work."""
    within = {
        each: {"type": "object", "properties": {member: rich(api)}}
        for each, member in (("comment", "body"), ("worklog", "comment"))
    }
    operands = {**within, **dict.fromkeys(RICH_FIELDS, rich(api))}
    return {
        name: _many({"type": "object", "additionalProperties": operand}) for name, operand in operands.items()
    }
