"""Components, whose leads are named by user names; all else about them is as on the Cloud."""

import json
from dataclasses import replace

from jira_sandbox.meters import Cost
from jira_sandbox.rest.spaces import components
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response


def create(call: Call) -> Response:
    """Make a component: 201 with the component."""
    return components.create(_by_key(call))


def change(call: Call) -> Response:
    """Change a component: 200 with the component as it is now."""
    return components.change(_by_key(call))


def _by_key(call: Call) -> Call:
    """Give the call with the key of the lead whom ``leadUserName`` names; Refusal 400 when nobody has it."""
    body = {name: value for name, value in call.body().items() if name != "leadAccountId"}
    if "leadUserName" in body:
        name = body.pop("leadUserName")
        lead = call.site.named_user(name=name)
        if name and lead is None:
            raise Refusal(400, errors={"leadUserName": f"The user {name} does not exist."})
        body["leadAccountId"] = lead.account_id if lead else None
    return replace(call, request=replace(call.request, body=json.dumps(body).encode()))


_ALL = "/rest/api/2/component"
ROUTES = (
    Route("POST", _ALL, create, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ALL}/{{id}}", change, scope="PROJECT_ADMIN", cost=Cost.WRITE),
)
