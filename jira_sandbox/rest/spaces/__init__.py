"""Spaces and what they offer: the routes of one module for each of Jira's groups of operations."""

from jira_sandbox.rest.spaces import (
    categories,
    components,
    lists,
    offers,
    one,
    properties,
    roles,
    security,
    spaceroles,
    validation,
    versionlists,
    versions,
)

ROUTES = (
    *lists.ROUTES,
    *one.ROUTES,
    *offers.ROUTES,
    *properties.ROUTES,
    *validation.ROUTES,
    *categories.ROUTES,
    *roles.ROUTES,
    *spaceroles.ROUTES,
    *components.ROUTES,
    *versions.ROUTES,
    *versionlists.ROUTES,
    *security.ROUTES,
)
