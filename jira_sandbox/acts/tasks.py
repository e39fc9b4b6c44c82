"""Tasks that Jira answers before they are done. Here they are over at once, and one asks all the same."""

from datetime import timedelta

from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal

RETAINED = timedelta(days=14)
"""So long Jira tells what came of a task."""


def finished(site: Site, actor: User, description: str, result: Json = None) -> Task:
    """Keep a task that ``actor`` began and that came to ``result``."""
    task = Task(
        id=str(site.next_id("task")),
        description=description,
        submitted=site.now(),
        by=actor.account_id,
        result=result,
    )
    site.tasks[task.id] = task
    return task


def find(site: Site, actor: User, number: str) -> Task:
    """Find a task; Refusal 404 if there is none, 403 for who neither began it nor administers Jira."""
    task = site.tasks.get(number)
    if task is None or site.now() - task.submitted > RETAINED:
        raise Refusal(404, f"Cannot find task with id {number}.")
    if task.by != actor.account_id and not site.may(actor, "ADMINISTER"):
        raise Refusal(403, "You do not have permission to view this task.")
    return task
