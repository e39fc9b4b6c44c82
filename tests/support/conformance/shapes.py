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
_NAMES = {
    "person": "UserDetails",
    "priority": "Priority",
    "resolution": "Resolution",
    "status": "StatusDetails",
    "issuetype": "IssueTypeDetails",
    "project": "Project",
    "linked": "LinkedIssue",
    "link": "IssueLink",
    "component": "ProjectComponent",
    "version": "Version",
    "attachment": "Attachment",
    "comments": "PageOfComments",
    "worklogs": "PageOfWorklogs",
    "watches": "Watchers",
    "votes": "Votes",
    "security": "SecurityLevel",
}
"""The Cloud's schemas of what stands in fields."""


def standing(names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The fields of work items of both products; ``names`` are the schemas of what stands in them."""
    what = {name: _ref(schema) for name, schema in names.items()}
    return {
        "summary": _TEXT,
        **dict.fromkeys(("assignee", "reporter", "creator"), _or_null(what["person"])),
        "priority": _or_null(what["priority"]),
        "resolution": _or_null(what["resolution"]),
        "status": what["status"],
        "issuetype": what["issuetype"],
        "project": what["project"],
        "parent": what["linked"],
        "subtasks": _many(what["linked"]),
        "issuelinks": _many(what["link"]),
        "labels": _many(_TEXT),
        "components": _many(what["component"]),
        "versions": _many(what["version"]),
        "fixVersions": _many(what["version"]),
        "attachment": _many(what["attachment"]),
        "comment": what["comments"],
        "worklog": what["worklogs"],
        "watches": what["watches"],
        "votes": what["votes"],
        "security": _or_null(what["security"]),
        "created": _TIME,
        "updated": _TIME,
        "resolutiondate": _or_null(_TIME),
        "lastViewed": _or_null(_TIME),
        "duedate": _or_null({"type": "string", "format": "date"}),
        "workratio": {"type": "integer"},
        **dict.fromkeys(_TIMES, _or_null(_SECONDS)),
    }


_TIMES = (
    "timespent",
    "timeestimate",
    "timeoriginalestimate",
    "aggregatetimespent",
    "aggregatetimeestimate",
    "aggregatetimeoriginalestimate",
)
_CLOUDS = {
    "statusCategory": _ref("StatusCategory"),
    "statuscategorychangedate": _or_null(_TIME),
    "timetracking": _ref("TimeTrackingDetails"),
}
RICH_FIELDS = ("description", "environment")
_RICH_MEMBERS = {"Comment": "body", "Worklog": "comment"}


def refine(schemas: dict[str, Any], api: Literal[2, 3]) -> None:
    """Add to the Cloud's schemas what its description leaves open."""
    for name, more in refinements(api).items():
        schemas[name]["properties"] |= more
    put_fields(schemas["IssueBean"], fields(api), any_field(api))
    put_fields(schemas["IssueUpdateDetails"], sent_fields(api), any_field(api))
    schemas["IssueUpdateDetails"]["properties"]["update"]["allOf"] = [{"properties": sent_verbs(api)}]


def put_fields(schema: dict[str, Any], known: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Let the schema's ``fields`` have the kinds of those that are ``known``, and all ``other`` ones one."""
    schema["properties"]["fields"] |= {"properties": dict(known), "additionalProperties": dict(other)}


def rich(api: Literal[2, 3]) -> dict[str, Any]:
    """A text as the version has it: a document, or wiki text."""
    return _or_null(DOCUMENT if api == 3 else _TEXT)


def any_field(api: Literal[2, 3]) -> dict[str, Any]:
    """A field of a site's own: whatever it is, a document in it is a valid one, and v2 has none."""
    document = {"type": "object", "required": ["type", "version"], "properties": {"type": {"const": "doc"}}}
    return {"if": document, "then": DOCUMENT} if api == 3 else {"not": document}


def fields(api: Literal[2, 3]) -> dict[str, Any]:
    """The fields of a work item that every site has."""
    return {**standing(_NAMES), **_CLOUDS, **dict.fromkeys(RICH_FIELDS, rich(api))}


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
