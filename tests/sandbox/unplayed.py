"""Refusals that the description lists for an operation we answer and that no test brings about, with why."""

HIDDEN = "who may not see it is told 404, as for what is not there"
NOT_THERE = "an id of a wrong form is answered as one that is not there, with 404"
ONLY_A_PATH = "nothing is sent but the path, and what it names is there or not, which is 404"
NOTHING_WRONG = "nothing in a call of it can be wrong: it takes words only, in any number"
OVER = "nothing is ever under way: what Jira does as a task is over when it is answered"
QUICK = "no list of people takes ten seconds"
NO_SWITCH = "the site has no switch that turns sub-tasks, links or mail off"
EVERYBODY = "it asks for no permission but access to Jira, which everybody with an account has"
IN_THE_RESULT = "who may not edit one of the items is told so in the result of the task"
ONLY_READS = "a list of too many links cannot come about: the link too many is refused when it is made"
NO_FAULTY_SITE = "no site is configured so wrongly that Jira itself could not go on"
AN_EMPTY_PAGE = "Jira answers a search that finds nothing with an empty page"
ARCHIVED = "an archived space is refused with 404, as when it is deleted at once"
NOT_LOCKED = "no field is locked or part of a scheme, and an id of a wrong form is 404"

_ISSUE = "/rest/api/3/issue"
_LINKS = f"{_ISSUE}/{{issueIdOrKey}}/remotelink"
_FILE = "/rest/api/3/attachment"
_SPACE = "/rest/api/3/project/{projectIdOrKey}"
_KEPT_IN_SPACE = f"{_SPACE}/properties"
_KEPT_OF_COMMENT = "/rest/api/3/comment/{commentId}/properties"
_CONTEXT = "/rest/api/3/field/{fieldId}/context"

UNPLAYED: dict[tuple[str, int], str] = {
    (f"GET {_KEPT_OF_COMMENT}", 400): NOT_THERE,
    (f"GET {_KEPT_OF_COMMENT}/{{propertyKey}}", 400): NOT_THERE,
    ("DELETE /rest/api/3/field/{id}", 400): NOT_LOCKED,
    (f"GET {_LINKS}", 400): NOTHING_WRONG,
    ("GET /rest/api/3/project/recent", 400): NOTHING_WRONG,
    (f"GET {_SPACE}/features", 400): ONLY_A_PATH,
    (f"GET {_KEPT_IN_SPACE}", 400): ONLY_A_PATH,
    (f"GET {_KEPT_IN_SPACE}/{{propertyKey}}", 400): ONLY_A_PATH,
    (f"DELETE {_KEPT_IN_SPACE}/{{propertyKey}}", 400): ONLY_A_PATH,
    (f"GET {_SPACE}/role/{{id}}", 400): ONLY_A_PATH,
    ("GET /rest/api/3/project/{projectKeyOrId}/issuesecuritylevelscheme", 400): ONLY_A_PATH,
    ("GET /rest/api/3/role/{id}/actors", 400): ONLY_A_PATH,
    (f"POST {_SPACE}/delete", 400): ARCHIVED,
    ("PUT /rest/api/3/version/{id}/mergeto/{moveIssuesTo}", 400): ONLY_A_PATH,
    (f"GET {_FILE}/content/{{id}}", 403): HIDDEN,
    (f"GET {_FILE}/thumbnail/{{id}}", 403): HIDDEN,
    (f"GET {_FILE}/{{id}}", 403): HIDDEN,
    (f"GET {_FILE}/{{id}}/expand/human", 403): HIDDEN,
    (f"GET {_FILE}/{{id}}/expand/raw", 403): HIDDEN,
    (f"GET {_KEPT_OF_COMMENT}", 403): HIDDEN,
    (f"GET {_KEPT_OF_COMMENT}/{{propertyKey}}", 403): HIDDEN,
    (f"GET {_SPACE}/features", 403): HIDDEN,
    (f"GET {_KEPT_IN_SPACE}", 403): HIDDEN,
    (f"GET {_KEPT_IN_SPACE}/{{propertyKey}}", 403): HIDDEN,
    ("GET /rest/api/3/project/{projectId}/email", 403): HIDDEN,
    ("GET /rest/api/3/field/search", 403): EVERYBODY,
    ("GET /rest/api/3/permissions", 403): EVERYBODY,
    (f"GET {_LINKS}", 403): NO_SWITCH,
    (f"GET {_LINKS}/{{linkId}}", 403): NO_SWITCH,
    (f"POST {_ISSUE}/{{issueIdOrKey}}/notify", 403): NO_SWITCH,
    (f"POST {_ISSUE}/properties/multi", 403): IN_THE_RESULT,
    ("GET /rest/api/3/project/search", 404): AN_EMPTY_PAGE,
    ("DELETE /rest/api/3/field/{id}", 409): OVER,
    ("DELETE /rest/api/3/priority/{id}", 409): OVER,
    ("DELETE /rest/api/3/resolution/{id}", 409): OVER,
    ("POST /rest/api/3/statuses", 409): OVER,
    ("PUT /rest/api/3/statuses", 409): OVER,
    (f"POST {_ISSUE}/archive", 412): OVER,
    ("DELETE /rest/api/3/issuetype/{id}", 423): OVER,
    ("GET /rest/api/3/users", 409): QUICK,
    ("GET /rest/api/3/users/search", 409): QUICK,
    (f"POST {_CONTEXT}", 409): NO_SWITCH,
    (f"PUT {_CONTEXT}/{{contextId}}/issuetype", 409): NO_SWITCH,
    (f"GET {_LINKS}", 413): ONLY_READS,
    (f"POST {_ISSUE}", 422): NO_FAULTY_SITE,
    (f"PUT {_ISSUE}/{{issueIdOrKey}}", 422): NO_FAULTY_SITE,
    (f"POST {_ISSUE}/{{issueIdOrKey}}/transitions", 422): NO_FAULTY_SITE,
}
"""Why, by an operation's route and the status."""
