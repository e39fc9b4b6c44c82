"""All routes of the REST API. To add an area, add its module's routes here."""

from jira_sandbox.rest import (
    addons,
    issues,
    meta,
    permissions,
    projects,
    properties,
    search,
    serverinfo,
    users,
)
from jira_sandbox.routing import Route

ROUTES: tuple[Route, ...] = (
    *meta.ROUTES,  # before the issues: /issue/createmeta/… is no issue
    *issues.ROUTES,
    *properties.ROUTES,
    *search.ROUTES,
    *projects.ROUTES,
    *users.ROUTES,
    *permissions.ROUTES,
    *serverinfo.ROUTES,
    *addons.ROUTES,
)
