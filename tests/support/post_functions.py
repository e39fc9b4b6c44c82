"""Our post functions in a sandbox's workflows, and calls of them that no Jira makes."""

import json
from dataclasses import dataclass
from uuid import UUID

from jira_sandbox.acts import appfunctions
from jira_sandbox.state.workflow import AppFunction
from tests.support.app import Headers, Jira, call_app

SYNCHRONIZE, STOP = "synchronize-item", "stop-item"


def put_into(jira: Jira, person: str, space: str, status: str, module: str, synchronization: UUID) -> None:
    """Let a space's admin put one on every transition to ``status`` of the space's workflows."""
    site, where = jira.site, jira.site.space(space)
    stored = json.dumps({"synchronization": str(synchronization)})
    for flow in appfunctions.workflows(where):
        for step in flow.transitions:
            if step.to and site.status(step.to).name == status:
                made = AppFunction(
                    id=f"{module} {step.id}", app_key=jira.app.key, module_key=module, configuration=stored
                )
                appfunctions.add(jira.world, site, site.user(person), where, flow.name, step.id, made)


def told(item: str, space: str, synchronization: object) -> dict[str, object]:
    """What Jira tells of a transition, as far as we look at it."""
    return {
        "configuration": {"value": json.dumps({"synchronization": str(synchronization)})},
        "issue": {"id": item, "key": "ALPHA-1", "fields": {"project": {"id": space}}},
        "transition": {"from_status": "To Do", "to_status": "In Progress", "transitionId": 21},
    }


@dataclass(frozen=True, slots=True)
class Caller:
    """A site that signs a call of a post function, whatever is in it."""

    jira: Jira

    def headers(self, path: str, content_type: str = "application/json") -> Headers:
        """What goes with it."""
        return {
            "Authorization": f"JWT {self.jira.request_token('POST', path)}",
            "Content-Type": content_type,
        }

    def post(self, path: str, body: object, *, content_type: str = "application/json") -> int:
        """Call, and tell the status; ``body`` is bytes, or what becomes JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return call_app("POST", path, headers=self.headers(path, content_type), body=content).status_code
