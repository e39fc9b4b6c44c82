"""What the description of Data Center leaves open, and how Jira fills it: the fields of a work item.

Rich text is wiki text, of which the description says so much itself.
"""

from typing import Any, Literal

from tests.support.conformance import shapes

_NAMES = {
    "person": "UserJsonBean",
    "priority": "PriorityJsonBean",
    "resolution": "ResolutionJsonBean",
    "status": "StatusJsonBean",
    "issuetype": "IssueTypeJsonBean",
    "project": "ProjectJsonBean",
    "linked": "IssueRefJsonBean",
    "link": "issueLinks",
    "component": "ComponentBean",
    "version": "VersionBean",
    "attachment": "AttachmentJsonBean",
    "comments": "CommentsWithPaginationJsonBean",
    "worklogs": "WorklogWithPaginationBean",
    "watches": "WatchersBean",
    "votes": "VoteBean",
    "security": "SecurityLevelJsonBean",
}
_VERBS: dict[str, Any] = {verb: {} for verb in ("add", "set", "remove", "edit", "copy")}


def refine(schemas: dict[str, Any], api: Literal[2, 3]) -> None:
    """Add to Data Center's schemas what its description leaves open.

    It has an object for every field, and for what is rendered of one, which is a text or nothing. What is
    done to a field is told by its verb, as in its own example of an update.
    """
    rich = dict.fromkeys(shapes.RICH_FIELDS, shapes.rich(api))
    shapes.put_fields(schemas["IssueBean"], shapes.standing(_NAMES) | rich, shapes.any_field(api))
    for name in ("renderedFields", "versionedRepresentations"):
        schemas["IssueBean"]["properties"][name]["additionalProperties"] = {}
    schemas["FieldOperation"] |= {"properties": _VERBS}
    shapes.put_fields(schemas["IssueUpdateBean"], shapes.sent_fields(api), shapes.any_field(api))
