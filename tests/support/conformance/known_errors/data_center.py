"""Where the description of Jira Data Center 10.3 is wrong or silent, and how that is known.

``Server's pages`` are Atlassian's documentation of the same REST API of Jira Server and Data Center up to 9.
"""

from collections.abc import Iterable
from typing import Final

from tests.support.conformance.known_errors.table import KnownError

UNDESCRIBED: Final[dict[str, str]] = {
    "/rest/oauth2/": "the OAuth 2.0 provider, which every version since 8.22 has",
    "/rest/pat/": "personal access tokens, which every version since 8.14 has",
    "/rest/webhooks/": "webhooks as they are registered up to 9",
    "/rest/jira-webhook/": "webhooks as they are registered from 10 on",
    "/secure/": "files, at the addresses that its own examples of attachments have",
}
"""Parts of the product of which the description says nothing, by what their paths begin with."""
EVERY_OPERATION: Final[dict[int, str]] = {
    401: "250 of 433 operations list it; wrong credentials are refused before an operation is looked at",
    429: "listed for none; rate limiting is an option of the site as a whole",
    500: "listed for 35 operations; any server can fail",
    502: "gateways in front of Jira answer by themselves",
    503: "listed for 1 operation; sites are down for maintenance as a whole",
    504: "gateways in front of Jira answer by themselves",
}
"""Statuses that any operation may answer, described or not; and how that is known."""
BEFORE_ANY_OPERATION: Final[dict[tuple[int, str], str]] = {
    (401, r".+"): "to whom nobody knows, everywhere, in one form",
    (403, r"Basic Authentication has been disabled on this instance\."): "quoted by who switched it off",
    (403, r"The app does not have the scope \w+ that .+"): "to an application with a narrower scope",
    (429, r"Rate limit exceeded\."): "rate limiting is an option of the site as a whole",
    (400, r"Parameter '\w+' must be .+"): "a parameter of another type than is described",
    (400, r"There was an error parsing JSON\. .+"): "a body that is no JSON can be of no operation's schema",
    (400, r"Invalid request payload\. .+"): "a body that is no object can be of no operation's schema",
}
"""What whoever answers before an operation is looked at says: status, the one message; and how known."""
OPEN_SCHEMAS: Final[dict[str, str]] = {
    "PropertiesBean": "what apps keep with a work item, by their keys, as clients in wide use read it",
}
"""Schemas whose objects may have members that they do not name; and how that is known."""
_OLD = "Server's pages"
_ITEM = "/rest/api/2/issue/{issueIdOrKey}"


def _members(place: str, names: Iterable[str], evidence: str) -> tuple[KnownError, ...]:
    """Members that the description does not name, each for itself."""
    return tuple(
        KnownError(
            place=place,
            rule=f"additionalProperties:{name}",
            described=f"no {name}",
            jira=f"shows {name}",
            evidence=evidence,
        )
        for name in names
    )


def _bodies() -> tuple[KnownError, ...]:
    """Answers that the description shows without a body."""
    kept = "its own words: returns the keys, or the value; the same of work items has a schema"
    return tuple(
        KnownError(place=place, rule="body:200", described="no body", jira=jira, evidence=evidence)
        for place, jira, evidence in (
            (
                "GET /rest/api/2/project/{projectIdOrKey}/role",
                "the addresses of roles by their names",
                "its own words: List of roles and URIs to full details",
            ),
            ("GET /rest/api/2/user/properties", "the keys", kept),
            ("GET /rest/api/2/user/properties/{propertyKey}", "the property", kept),
            (
                "PUT /rest/api/2/version/{id}",
                "the version as it is now",
                f"{_OLD}; clients in wide use read the version out of the answer",
            ),
        )
    )


def _done() -> tuple[KnownError, ...]:
    """Answers of a status that is not listed where something was done."""
    return (
        KnownError(
            place=f"POST {_ITEM}/remotelink",
            rule="status:201",
            described="200: a link that is made and one that is changed are told alike",
            jira="201 for a link that is made",
            evidence=_OLD,
        ),
        KnownError(
            place=f"POST {_ITEM}/votes",
            rule="status:204",
            described="200",
            jira="204",
            evidence=f"{_OLD}: nothing is returned on success; its own 204 for DELETE",
        ),
    )


def _not_right() -> tuple[KnownError, ...]:
    """What is asked wrongly, where only other refusals are listed."""
    return tuple(
        KnownError(
            place=place,
            rule="status:400",
            described="no 400",
            jira="400 for a body or a parameter that is not right",
            evidence="listed for 181 of 433 operations, POST version and POST comment among them",
        )
        for place in (
            "POST /rest/api/2/component",
            "PUT /rest/api/2/component/{id}",
            "PUT /rest/api/2/version/{id}",
            f"GET {_ITEM}/comment",
            f"DELETE {_ITEM}/remotelink",
            "GET /rest/api/2/user/assignable/search",
        )
    )


def _not_there() -> tuple[KnownError, ...]:
    """What is not there, or who may not see it, where only other refusals are listed."""
    return tuple(
        KnownError(
            place=place,
            rule="status:404",
            described="no 404",
            jira="404 for what is not there, or who may not see it",
            evidence="listed for 275 of 433 operations, GET of the same address among them",
        )
        for place in (
            f"PUT {_ITEM}",
            f"POST {_ITEM}/comment",
            f"PUT {_ITEM}/comment/{{id}}",
            f"DELETE {_ITEM}/comment/{{id}}",
            f"POST {_ITEM}/worklog",
            f"PUT {_ITEM}/worklog/{{id}}",
            f"DELETE {_ITEM}/worklog/{{id}}",
            f"POST {_ITEM}/remotelink",
            f"PUT {_ITEM}/remotelink/{{linkId}}",
            "DELETE /rest/api/2/attachment/{id}",
            "POST /rest/api/2/version",
        )
    )


def _not_to_be_seen() -> tuple[KnownError, ...]:
    """A work item that is there and that the caller may not see, where only 404 is listed, or less."""
    return tuple(
        KnownError(
            place=place,
            rule="status:403",
            described="no 403",
            jira="403 for a work item that the caller may not see, 404 for one that is not there",
            evidence="tests of Atlassian's own Java client against Jira Server (jira-rest-java-client)",
        )
        for place in (
            f"GET {_ITEM}",
            f"GET {_ITEM}/editmeta",
            f"GET {_ITEM}/transitions",
            f"POST {_ITEM}/transitions",
            f"GET {_ITEM}/comment",
            f"GET {_ITEM}/comment/{{id}}",
            f"POST {_ITEM}/comment",
            f"PUT {_ITEM}/comment/{{id}}",
            f"DELETE {_ITEM}/comment/{{id}}",
        )
    )


def _nulls_in_changes() -> tuple[KnownError, ...]:
    """Sides of a change that had no value; each member for itself."""
    return tuple(
        KnownError(
            place=f"ChangeItemBean/{member}",
            rule="type",
            described="a string",
            jira="null where there was or is no value",
            evidence="work items with changelog, and webhooks, of such sites in the corpus",
        )
        for member in ("from", "to", "fromString", "toString")
    )


def _days() -> tuple[KnownError, ...]:
    """When a version begins and is released."""
    return tuple(
        KnownError(
            place=f"VersionBean/{member}",
            rule="format:date-time",
            described="a date and time",
            jira="a date",
            evidence=f"{_OLD}; releaseDate in versions of work items of such sites in the corpus",
        )
        for member in ("startDate", "releaseDate")
    )


def _none_of_many() -> tuple[KnownError, ...]:
    """What is answered when none of several work items could be made."""
    return tuple(
        KnownError(
            place=place,
            rule=rule,
            described="as any refusal",
            jira="what is wrong with each, as where some could be made",
            evidence=f"{_OLD}: its example of 400 for POST issue/bulk",
            operation="POST /rest/api/2/issue/bulk",
        )
        for place, rule in (
            ("ErrorCollection", "additionalProperties:issues"),
            ("ErrorCollection/errors", "type"),
        )
    )


KNOWN_ERRORS: Final[tuple[KnownError, ...]] = (
    KnownError(
        place=f"GET {_ITEM}/transitions",
        rule="parameter:expand",
        described="no expand",
        jira="the fields of each transition's screen for expand=transitions.fields",
        evidence=f"TransitionBean has fields; {_OLD}: the fields are told if expanded",
    ),
    *_members("IssueBean", ("expand",), "every work item of such sites in the corpus"),
    *_members("TransitionsMetaBean", ("expand",), "transitions of such sites in the corpus"),
    *_members(
        "ProjectBean",
        (
            *("expand", "lead", "issueTypes", "assigneeType", "components", "versions", "roles"),
            *("projectTypeKey", "projectKeys"),
        ),
        f"{_OLD}, its example of GET project/{{projectIdOrKey}}; projects of such sites in the corpus",
    ),
    *_members(
        "ComponentBean",
        ("assignee", "realAssignee", "realAssigneeType", "isAssigneeTypeValid", "projectId"),
        f"{_OLD}, its example of POST component",
    ),
    *_members(
        "RoleActorBean",
        ("id", "displayName", "type"),
        f"{_OLD}, its example of GET project/{{projectIdOrKey}}/role/{{id}}",
    ),
    *_members("PermissionJsonBean", ("havePermission",), "its own words: and whether the user has them"),
    *_members("SimpleListWrapperGroupJsonBean", ("items",), f"{_OLD}, its example of GET user"),
    *_members("SimpleListWrapperApplicationRoleBean", ("items",), f"{_OLD}, its example of GET user"),
    *_members("GroupBean", ("expand",), f"{_OLD}, its example of POST group"),
    *_members(
        "PagedListWrapperUserJsonBeanApplicationUser",
        ("max-results", "start-index", "end-index"),
        f"{_OLD}, its example of POST group; the client jira reads end-index",
    ),
    KnownError(
        place="EntityPropertyBean/value",
        rule="type",
        described="a string",
        jira="whatever was stored, as it was stored",
        evidence="PUT comment/{commentId}/properties/{propertyKey} takes a body of any type",
    ),
    *_nulls_in_changes(),
    *_days(),
    *_bodies(),
    *_done(),
    *_not_right(),
    *_not_there(),
    *_not_to_be_seen(),
    *_none_of_many(),
)
