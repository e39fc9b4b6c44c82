"""What Jira POSTs after a transition that has one of our post functions.

https://developer.atlassian.com/cloud/jira/platform/modules/workflow-post-function/ says what is in it. Jira
repeats a call that was not answered 2xx, as it does with webhooks, but gives it no identifier.
"""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

from backbone_app.jira import bodies, items

LONGEST: Final = 1000
"""Of what our own page stores in a workflow; whatever is longer was not stored by it."""

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``key`` is the same when Jira repeats it.

    ``item`` and ``space`` are Jira's ids, empty where the body names none; ``synchronization`` is None where
    the configuration is not one of ours.
    """

    key: str
    item: str
    space: str
    synchronization: UUID | None


def parse(body: bytes) -> Call:
    """Read one body; raises MalformedDelivery for what is no JSON object."""
    said = bodies.json_object(body)
    issue = items.mapping(said.get("issue"))
    project = items.mapping(items.mapping(issue.get("fields")).get("project"))
    stored = items.mapping(said.get("configuration")).get("value")
    return Call(
        key=bodies.key(body, None),
        item=items.identifier(issue.get("id")),
        space=items.identifier(project.get("id")),
        synchronization=chosen(items.text(stored)),
    )


def chosen(configuration: str) -> UUID | None:
    """Give the synchronization that a stored configuration names: ``{"synchronization": "<our id>"}``."""
    if len(configuration) > LONGEST:
        return None
    try:
        stored = orjson.loads(configuration)
    except orjson.JSONDecodeError:
        return None
    name = items.text(items.mapping(stored).get("synchronization"))
    return UUID(name) if _ID.fullmatch(name) else None
