"""Where the description of Data Center has one object for what is several of such: a list, or a page.

It has an object everywhere; only the operations named here answer with more, and there one alone is wrong.
"""

from typing import Final, Literal

from tests.support.conformance.known_errors.table import KnownError

How = Literal["list", "page", "either"]
"""Several of what is described, in a list or on a page; or such a list as well as one of it."""
_CREATED = "/rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
_ITEM = "/rest/api/2/issue/{issueIdOrKey}"
_ALL = "its own words: all, or a list of all"
_FOUND = "its own words: a list of users that match the search string"
_FULL = "its own words: a full representation of the project's; clients in wide use read a list"
LISTS: Final[dict[str, str]] = {
    "GET /rest/api/2/field": _ALL,
    "GET /rest/api/2/issuetype": _ALL,
    "GET /rest/api/2/priority": _ALL,
    "GET /rest/api/2/project": _ALL,
    "GET /rest/api/2/project/{projectIdOrKey}/components": _FULL,
    "GET /rest/api/2/project/{projectIdOrKey}/statuses": "its own words: all issue types",
    "GET /rest/api/2/project/{projectIdOrKey}/versions": _FULL,
    "GET /rest/api/2/resolution": _ALL,
    "GET /rest/api/2/status": _ALL,
    "GET /rest/api/2/statuscategory": _ALL,
    "GET /rest/api/2/user/assignable/search": _FOUND,
    "GET /rest/api/2/user/search": "its own words: a list of users",
    "GET /rest/api/2/user/viewissue/search": _FOUND,
    f"POST {_ITEM}/attachments": "its own words: add one or more attachments, and returns those added",
    "POST /rest/api/2/worklog/list": "its own words: worklogs for given ids",
}
EITHER: Final[dict[str, str]] = {
    f"GET {_ITEM}/remotelink": "its own words: remote issue links; the one alone that globalId names",
}
PAGES: Final[dict[str, str]] = {
    f"GET {_CREATED}": "it takes startAt and maxResults; read as a page of such by clients in wide use",
    f"GET {_CREATED}/{{issueTypeId}}": "as above",
    "GET /rest/api/2/group/member": "it takes startAt and maxResults; its own words: a paginated list",
}
_TOLD: Final[dict[How, dict[str, str]]] = {"list": LISTS, "either": EITHER, "page": PAGES}
OPERATIONS: Final[dict[str, How]] = {name: how for how, told in _TOLD.items() for name in told}
"""Operations that answer with several of what the description has as one."""


def rule(how: How) -> str:
    """What a violation is called that several are where one is described."""
    return f"several:{how}"


KNOWN_ERRORS: Final[tuple[KnownError, ...]] = tuple(
    KnownError(
        place=name, rule=rule(how), described="one object", jira="several of such", evidence=told[name]
    )
    for how, told in _TOLD.items()
    for name in told
)
