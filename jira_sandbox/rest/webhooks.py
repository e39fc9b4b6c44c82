"""Webhooks an app registers itself, and the deliveries to it that failed for good."""

from datetime import UTC, datetime
from typing import Any

from jira_sandbox.connect import registering
from jira_sandbox.meters import Cost
from jira_sandbox.outbox import Delivery
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

_NO_APP = "The caller is not an app."
_FAILED_PAGE = 100
_LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999; no failure is later."""


def list_registered(call: Call) -> Response:
    """List the app's webhooks, a page at a time."""
    subscriber = _subscriber(call)
    start, most = call.number("startAt", 0, most=2**31), call.number("maxResults", 100, most=100)
    known = registering.registered(call.site, subscriber)
    page = known[start : start + most]
    link = f"{call.site.base_url}/rest/api/3/webhook"
    told: dict[str, Json] = {
        "self": f"{link}?startAt={start}&maxResults={most}",
        "maxResults": most,
        "startAt": start,
        "total": len(known),
        "isLast": start + most >= len(known),
        "values": [registering.details(each) for each in page],
    }
    if not told["isLast"]:
        told["nextPage"] = f"{link}?startAt={start + most}&maxResults={most}"
    return answer(200, told, objects=len(page))


def register(call: Call) -> Response:
    """Register webhooks; answers 200 with an id or reasons for each."""
    subscriber = _subscriber(call)
    body = call.body()
    url, wanted = body.get("url"), body.get("webhooks")
    if not isinstance(url, str) or not url:
        raise Refusal(400, errors={"url": "The url must be specified."})
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise Refusal(400, errors={"webhooks": "At least one webhook must be specified."})
    asked = [_wanted(each) for each in wanted]
    results = registering.register(call.world, call.site, subscriber, url, asked)
    told = [{"createdWebhookId": each} if isinstance(each, int) else {"errors": each} for each in results]
    return answer(200, {"webhookRegistrationResult": told}, objects=len(told))


def delete(call: Call) -> Response:
    """Remove webhooks: 202."""
    registering.forget(call.world, call.site, _subscriber(call), _ids(call))
    return answer(202)


def refresh(call: Call) -> Response:
    """Extend the life of webhooks."""
    end = registering.refresh(call.world, call.site, _subscriber(call), _ids(call))
    return answer(200, {"expirationDate": registering.milliseconds(end)})


def list_failed(call: Call) -> Response:
    """List failures of the last 72 hours, for Connect apps; ``next`` asks for those after the last one."""
    if not call.by_app:
        raise Refusal(403, _NO_APP)
    most = call.number("maxResults", _FAILED_PAGE, most=_FAILED_PAGE)
    after = call.number("after", 0, most=_LATEST)
    earliest = datetime.fromtimestamp(after / 1000, UTC) if after else None
    failed = registering.failed(call.world, call.site, after=earliest, most=most)
    values = [_failure(when, each) for when, each in failed]
    told: dict[str, Json] = {"values": values, "maxResults": most}
    if values:
        last = values[-1]["failureTime"]
        told["next"] = f"{call.site.base_url}/rest/api/3/webhook/failed?after={last}&maxResults={most}"
    return answer(200, told, objects=len(values))


def _failure(when: datetime, delivery: Delivery) -> dict[str, Json]:
    told: dict[str, Json] = {
        "id": delivery.identifier,
        "url": delivery.url,
        "failureTime": registering.milliseconds(when),
    }
    return told | {"body": delivery.body.decode()} if delivery.body else told


def _subscriber(call: Call) -> registering.Subscriber:
    """Find the app that calls, the Connect app or an OAuth app as a person; Refusal 403 for anybody else."""
    if call.oauth:
        return registering.authorized(call.site, call.oauth.app.client_id, call.actor.account_id)
    if not call.by_app:
        raise Refusal(403, _NO_APP)
    return registering.connected(call.site.app)


def _ids(call: Call) -> set[int]:
    ids = call.body().get("webhookIds")
    if not isinstance(ids, list) or not ids or not all(isinstance(each, int) for each in ids):
        raise Refusal(400, errors={"webhookIds": "The list of webhook IDs must not be empty."})
    return set(ids)


def _wanted(raw: dict[str, Json]) -> registering.Wanted:
    return registering.Wanted(
        events=_texts(raw, "events"),
        jql=_text(raw, "jqlFilter"),
        field_ids=_texts(raw, "fieldIdsFilter"),
        property_keys=_texts(raw, "issuePropertyKeysFilter"),
    )


def _text(raw: dict[str, Json], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        raise Refusal(400, errors={name: f"The {name} must be specified."})
    return value


def _texts(raw: dict[str, Json], name: str) -> tuple[str, ...]:
    value: Any = raw.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refusal(400, errors={name: f"The {name} must be a list of strings."})
    return tuple(value)


_ALL = "/rest/api/3/webhook"
ROUTES = (
    Route("GET", _ALL, list_registered),
    Route("POST", _ALL, register, cost=Cost.WRITE),
    Route("DELETE", _ALL, delete, cost=Cost.WRITE),
    Route("PUT", f"{_ALL}/refresh", refresh, cost=Cost.WRITE),
    Route("GET", f"{_ALL}/failed", list_failed),
)
