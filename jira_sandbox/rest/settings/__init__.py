"""What is settled for all spaces of a site: priorities, resolutions, statuses, work types, schemes."""

from jira_sandbox.rest.settings import (
    priorities,
    resolutions,
    schemes,
    statuses,
    statuslists,
    types,
)

ROUTES = (
    *priorities.ROUTES,
    *resolutions.ROUTES,
    *statuslists.ROUTES,
    *statuses.ROUTES,
    *types.ROUTES,
    *schemes.ROUTES,
)
