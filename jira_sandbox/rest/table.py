"""All routes of the REST API. To add an area, add its module's routes here."""

from jira_sandbox.rest import (
    addons,
    bulkfetch,
    commentproperties,
    comments,
    issues,
    meta,
    permissions,
    projects,
    properties,
    search,
    serverinfo,
    transitions,
    users,
    webhooks,
    workflows,
)
from jira_sandbox.routing import Route
from jira_sandbox.version2 import twins

_V3: tuple[Route, ...] = (
    *meta.ROUTES,  # before the issues: /issue/createmeta/… is no issue
    *bulkfetch.ROUTES,
    *issues.ROUTES,
    *properties.ROUTES,
    *comments.ROUTES,
    *commentproperties.ROUTES,
    *transitions.ROUTES,
    *workflows.ROUTES,
    *search.ROUTES,
    *projects.ROUTES,
    *users.ROUTES,
    *permissions.ROUTES,
    *serverinfo.ROUTES,
    *addons.ROUTES,
    *webhooks.ROUTES,
)
ROUTES = (*_V3, *twins(_V3))
