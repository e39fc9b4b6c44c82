"""Members of groups, whom only Jira's administrators list; on the Cloud whoever may look for people does."""

from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.meters import Cost
from jira_sandbox.rest import groups
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Response


def members(call: Call) -> Response:
    """List the members of a group, a page at a time."""
    must_administer_jira(call.site, call.actor)
    return groups.members(call)


ROUTES = (Route("GET", "/rest/api/2/group/member", members, cost=Cost.IDENTITY),)
