"""How a webhook's deliveries go, in counts over a day and by the last one.

The shape of both is of Atlassian's own plugin for webhooks, which Bitbucket Data Center documents:
https://developer.atlassian.com/server/bitbucket/rest/v811/api-group-repository/
"""

from datetime import datetime

from jira_sandbox.state.hooks import COUNTED, AdminHook, Invocation, Outcome
from jira_sandbox.state.values import Json

_COUNTS: dict[str, Outcome] = {"successes": "SUCCESS", "failures": "FAILURE", "errors": "ERROR"}
_LAST: dict[str, Outcome] = {"lastSuccess": "SUCCESS", "lastFailure": "FAILURE", "lastError": "ERROR"}


def told(known: AdminHook, now: datetime, *, event: str = "") -> dict[str, Json]:
    """Count what was accepted, refused and not answered, of one event if it is named."""
    counted = [each for each in known.recent(now) if event in {"", each.event}]
    window: dict[str, Json] = {
        "start": milliseconds(max(known.created, now - COUNTED)),
        "duration": int(COUNTED.total_seconds() * 1000),
    }
    counts: dict[str, Json] = {
        name: sum(each.outcome == outcome for each in counted) for name, outcome in _COUNTS.items()
    }
    last = {each.outcome: each for each in counted}
    shown = {name: _invocation(last[outcome]) for name, outcome in _LAST.items() if outcome in last}
    return {"counts": counts | {"window": window}, **shown}


def latest(known: AdminHook) -> dict[str, Json] | None:
    """Show the last delivery; None before the first one."""
    return _invocation(known.invocations[-1]) if known.invocations else None


def milliseconds(when: datetime) -> int:
    """Give a moment in milliseconds since 1970."""
    return int(when.timestamp() * 1000)


def _invocation(value: Invocation) -> dict[str, Json]:
    when = milliseconds(value.at)
    return {
        "id": value.identifier,
        "event": value.event,
        "start": when,
        "finish": when,
        "duration": 0,
        "request": {"method": "POST", "url": value.url},
        "result": {
            "outcome": value.outcome,
            "description": "No answer" if value.status is None else str(value.status),
        },
    }
