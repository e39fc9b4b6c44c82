"""The webhooks of a site over REST, at the path of each form. Only who administers Jira gets at them.

The older path is there in every edition, the newer one from 10 on. What the latter answers was measured on
10.3 by the authors of jira.js (their suite test/server/webhooks). No answer tells a secret.
"""

from collections.abc import Callable
from typing import Literal

from jira_sandbox import auth
from jira_sandbox.datacenter.hooks import forms, statistics
from jira_sandbox.datacenter.hooks.known import hook
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Handler, Route
from jira_sandbox.state.hooks import AdminHook, HookSettings
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

Form = Literal["filters", "configuration"]
Read = Callable[[Call, HookSettings], HookSettings]
Show = Callable[[Call, AdminHook], dict[str, Json]]
PAGE, MOST = 25, 1000


def older(call: Call, known: AdminHook) -> dict[str, Json]:
    """Show a webhook in the older form."""
    settings, person = known.settings, call.site.users[known.updated_by]
    return {
        "name": settings.name,
        "url": settings.url,
        "excludeBody": settings.exclude_body,
        "filters": {forms.SECTION: settings.filter},
        "events": list(settings.events),
        "enabled": settings.active,
        "self": f"{call.site.base_url}{OLDER}/{known.id}",
        "lastUpdatedUser": person.account_id,
        "lastUpdatedDisplayName": person.display_name,
        "lastUpdated": statistics.milliseconds(known.updated),
    }


def newer(call: Call, known: AdminHook) -> dict[str, Json]:
    """Show a webhook in the newer form; ``statistics=true`` asks for how it goes."""
    settings = known.settings
    configuration = {"EXCLUDE_BODY": str(settings.exclude_body).lower()}
    if settings.filter:
        configuration["FILTERS"] = settings.filter
    shown: dict[str, Json] = {
        "id": known.id,
        "name": settings.name,
        "url": settings.url,
        "events": list(settings.events),
        "active": settings.active,
        "scopeType": forms.SCOPE,
        "configuration": configuration,
        "sslVerificationRequired": settings.verifies_tls,
        "createdDate": statistics.milliseconds(known.created),
        "updatedDate": statistics.milliseconds(known.updated),
    }
    if call.request.flag("statistics"):
        shown["statistics"] = statistics.told(known, call.site.now())
    return shown


def _list_older(call: Call) -> Response:
    return answer(200, [older(call, each) for each in call.site.admin_hooks])


def _list_newer(call: Call) -> Response:
    event = call.request.parameter("event")
    found = [each for each in call.site.admin_hooks if not event or event in each.settings.events]
    start = call.number("start", 0, most=10**9)
    page = found[start : start + call.number("limit", PAGE, most=MOST)]
    return answer(200, [newer(call, each) for each in page], objects=len(page))


def _create(read: Read, show: Show) -> Handler:
    def create(call: Call) -> Response:
        settings, now = read(call, HookSettings()), call.site.now()
        made = AdminHook(
            id=call.site.next_id("webhook"),
            settings=settings,
            created=now,
            updated=now,
            updated_by=call.actor.account_id,
        )
        call.site.admin_hooks.append(made)
        return answer(201, show(call, made))

    return create


def _get(show: Show) -> Handler:
    return lambda call: answer(200, show(call, _named(call)))


def _change(read: Read, show: Show) -> Handler:
    def change(call: Call) -> Response:
        known = _named(call)
        known.settings = read(call, known.settings)
        known.updated, known.updated_by = call.site.now(), call.actor.account_id
        return answer(200, show(call, known))

    return change


def _delete(call: Call) -> Response:
    call.site.admin_hooks.remove(_named(call))
    return answer(204)


def _statistics(call: Call) -> Response:
    event = call.request.parameter("event")
    return answer(200, statistics.told(_named(call), call.site.now(), event=event))


def _summary(call: Call) -> Response:
    known, now = _named(call), call.site.now()
    return answer(200, {each: statistics.told(known, now, event=each) for each in known.settings.events})


def _latest(call: Call) -> Response:
    """Tell of the last delivery; 204 until there was one."""
    latest = statistics.latest(_named(call))
    return answer(200, latest) if latest else answer(204)


def _named(call: Call) -> AdminHook:
    number = call.names["id"]
    known = hook(call.site, int(number)) if number.isascii() and number.isdigit() else None
    if known is None:
        raise Refusal(404, f"There is no webhook with the id {number}.")
    return known


def _guarded(handler: Handler, form: Form) -> Handler:
    """Let in who administers Jira, and nobody where this edition has not yet such a path."""

    def guarded(call: Call) -> Response:
        if form == "configuration" and call.site.edition.registration != form:
            raise Refusal(404, "null for uri")
        if not call.actor.account_id:
            raise Refusal(401, auth.REFUSED)
        if not call.site.may(call.actor, "ADMINISTER"):
            raise Refusal(403, "You are not authorized to perform this action. Administrator right required.")
        return handler(call)

    return guarded


def _route(method: str, template: str, handler: Handler, form: Form) -> Route:
    # Public, so that strangers too are told that a path is not there.
    cost = Cost.CORE if method == "GET" else Cost.WRITE
    return Route(method, template, _guarded(handler, form), scope="ADMIN", cost=cost, is_public=True)


OLDER, NEWER = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
_OLDER_ONE, _NEWER_ONE = f"{OLDER}/{{id}}", f"{NEWER}/{{id}}"
ROUTES: tuple[Route, ...] = (
    _route("GET", OLDER, _list_older, "filters"),
    _route("POST", OLDER, _create(forms.older, older), "filters"),
    _route("GET", _OLDER_ONE, _get(older), "filters"),
    _route("PUT", _OLDER_ONE, _change(forms.older, older), "filters"),
    _route("DELETE", _OLDER_ONE, _delete, "filters"),
    _route("GET", NEWER, _list_newer, "configuration"),
    _route("POST", NEWER, _create(forms.newer, newer), "configuration"),
    _route("GET", _NEWER_ONE, _get(newer), "configuration"),
    _route("PUT", _NEWER_ONE, _change(forms.newer, newer), "configuration"),
    _route("DELETE", _NEWER_ONE, _delete, "configuration"),
    _route("GET", f"{_NEWER_ONE}/statistics", _statistics, "configuration"),
    _route("GET", f"{_NEWER_ONE}/statistics/summary", _summary, "configuration"),
    _route("GET", f"{_NEWER_ONE}/latest", _latest, "configuration"),
)
