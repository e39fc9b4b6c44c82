"""Workflows: read as they are now shown, as they were shown before, and the rules of apps in them."""

from jira_sandbox.rest.workflows import graphs, old, rules

ROUTES = (*graphs.ROUTES, *old.ROUTES, *rules.ROUTES)
