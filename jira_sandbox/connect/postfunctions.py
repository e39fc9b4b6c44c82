"""Post functions of apps: configured on a page of the app, told to the app when the transition was taken.

https://developer.atlassian.com/cloud/jira/platform/modules/workflow-post-function/
"""

import json

from jira_sandbox import fields
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.descriptor import declared
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Issue, Json
from jira_sandbox.state.workflow import AppFunction, Transition
from jira_sandbox.version2 import told_in_version_2
from jira_sandbox.world import World

KIND = "jiraWorkflowPostFunctions"


def fire(world: World, site: Site, issue: Issue, step: Transition, *, before: str) -> None:
    """Queue a call for each function of the installed app; it is retried as webhooks are.

    ``before`` is the id of the status the work item was in. Functions of other apps, and those switched off,
    do nothing.
    """
    app = site.installation
    if app is None or not app.enabled or app.deliveries_off:
        return
    addresses = {module["key"]: module["triggered"]["url"] for module in declared(app, KIND)}
    for function in step.app_functions:
        if function.app_key == app.key and not function.is_disabled and function.module_key in addresses:
            told = _told(site, app, issue, step, before, function)
            world.post(
                Delivery(
                    site=site.name,
                    identifier=world.uuid("deliveries"),
                    url=app.base_url + addresses[function.module_key],
                    body=json.dumps(told_in_version_2(told), ensure_ascii=False).encode(),
                    event="post function",
                    issue_id=issue.id,
                    due=world.clock(),
                    flow=None,
                )
            )


def _told(
    site: Site, app: AppInstallation, issue: Issue, step: Transition, before: str, function: AppFunction
) -> Json:
    workflow = site.workflow_of(issue)
    return {
        "configuration": {"value": function.configuration},
        "issue": {
            "id": issue.id,
            "key": issue.key,
            "self": f"{site.base_url}/rest/api/3/issue/{issue.id}",
            "fields": fields.shown(site, issue, app.user, api=2),
        },
        "transition": {
            "from_status": site.status(before).name,
            "to_status": site.status(issue.status_id).name,
            "transitionId": int(step.id),
            "transitionName": step.name,
            "workflowId": workflow.name,
            "workflowName": workflow.name,
        },
    }
