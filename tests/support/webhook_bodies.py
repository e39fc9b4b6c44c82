"""Webhook bodies as Cloud sends them, to be bent by a test."""

import json
from typing import Any

SUMMARY_CHANGED = {"field": "summary", "fieldId": "summary", "fromString": "old", "toString": "new"}


def body(**changes: Any) -> dict[str, Any]:
    """An ``issue_updated`` as Cloud sends it; a change to ... takes the member out."""
    whole = {
        "timestamp": 1795309323456,
        "webhookEvent": "jira:issue_updated",
        "issue_event_type_name": "issue_generic",
        "user": {"accountId": "acc-1", "displayName": "Alice"},
        "issue": {"id": "10001", "key": "ALPHA-1", "fields": fields()},
        "changelog": {"id": "70", "items": [SUMMARY_CHANGED]},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def fields(**changes: Any) -> dict[str, Any]:
    """The fields of its work item; a change to ... takes one out."""
    whole = {
        "summary": "new",
        "priority": {"id": "2", "name": "High"},
        "labels": ["a"],
        "project": {"id": "10000", "key": "ALPHA"},
        "issuetype": {"id": "3", "name": "Task"},
        "creator": {"accountId": "acc-2"},
        "created": "2026-11-22T01:00:00.000+0000",
        "updated": "2026-11-22T01:02:03.000+0000",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def about(item: str, space: str, **changes: Any) -> bytes:
    """The same about a certain work item of a certain space, as it comes in."""
    issue = {"id": item, "key": f"S-{item}", "fields": fields(project={"id": space})}
    return json.dumps(body(**{"issue": issue, **changes})).encode()
