"""The caller's preferences: texts by key, some of which have a value before anybody set them."""

import json

from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer

LENGTH = 255
DEFAULTS = {
    "user.notifications.mimetype": "html",
    "user.default.share.private": "true",
    "user.keyboard.shortcuts.disabled": "false",
}
_LOCALE, _ZONE = "jira.user.locale", "jira.user.timezone"


def get(call: Call) -> Response:
    """Tell a preference; 404 for one that has no value."""
    key = call.request.parameter("key")
    account = {_LOCALE: call.actor.locale, _ZONE: call.actor.time_zone}
    value = _own(call).get(key) or DEFAULTS.get(key) or account.get(key)
    if value is None:
        raise _unknown(key)
    return answer(200, value)


def keep(call: Call) -> Response:
    """Set a preference to a plain text, or to a text in JSON: 204."""
    key, value = call.request.parameter("key"), _text(call)
    if not key or not value or max(len(key), len(value)) > LENGTH:
        raise Refusal(404, f"The key and the value must have 1 to {LENGTH} characters.")
    with call.world.lock:
        _own(call)[key] = value
    return answer(204)


def remove(call: Call) -> Response:
    """Remove a preference, which brings back its default: 204."""
    key = call.request.parameter("key")
    with call.world.lock:
        if _own(call).pop(key, None) is None:
            raise _unknown(key)
    return answer(204)


def locale(call: Call) -> Response:
    """Tell the caller's locale; strangers' is the site's."""
    return answer(200, {"locale": _own(call).get(_LOCALE, call.actor.locale)})


def _own(call: Call) -> dict[str, str]:
    return call.site.preferences.setdefault(call.actor.account_id, {})


def _text(call: Call) -> str:
    try:
        sent = json.loads(call.request.body)
    except ValueError:
        return call.request.body.decode(errors="replace")
    return sent if isinstance(sent, str) else json.dumps(sent)


def _unknown(key: str) -> Refusal:
    return Refusal(404, f"The preference '{key}' does not exist.")


_ALL = "/rest/api/3/mypreferences"
ROUTES = (
    Route("GET", _ALL, get, scope="ACT_AS_USER", cost=Cost.IDENTITY),
    Route("PUT", _ALL, keep, scope="ACT_AS_USER", cost=Cost.WRITE),
    Route("DELETE", _ALL, remove, scope="ACT_AS_USER", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/locale", locale, scope="ACT_AS_USER", cost=Cost.IDENTITY, is_public=True),
)
