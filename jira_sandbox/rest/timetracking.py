"""The settings of the site that say what is on, and how time is tracked."""

from dataclasses import replace

from jira_sandbox.connect import webhooks
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.durations import FORMATS, UNITS, TimeTracking
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

_PROVIDER = {"key": "JIRA", "name": "JIRA provided time tracking"}
_BOUNDS = {"workingHoursPerDay": 24, "workingDaysPerWeek": 7}


def configuration(call: Call) -> Response:
    """Show what is switched on, and if time is tracked, how."""
    site = call.site
    shown: dict[str, Json] = {
        "votingEnabled": True,
        "watchingEnabled": True,
        "unassignedIssuesAllowed": True,
        "subTasksEnabled": True,
        "issueLinkingEnabled": True,
        "timeTrackingEnabled": site.time_tracking.is_on,
        "attachmentsEnabled": site.attachments_on,
    }
    if site.time_tracking.is_on:
        shown["timeTrackingConfiguration"] = _options(site.time_tracking)
    return answer(200, shown)


def provider(call: Call) -> Response:
    """Show who tracks time: 204 when nobody does."""
    _must_be_admin(call)
    return answer(200, _PROVIDER) if call.site.time_tracking.is_on else answer(204)


def providers(call: Call) -> Response:
    """List who could track time: Jira alone, for apps that do are not known here."""
    _must_be_admin(call)
    return answer(200, [_PROVIDER])


def choose_provider(call: Call) -> Response:
    """Let Jira track time: 204."""
    _must_be_admin(call)
    if str(call.body().get("key") or "").upper() != _PROVIDER["key"]:
        raise Refusal(400, errors={"key": "The time tracking provider is not found."})
    with call.world.lock:
        if not call.site.time_tracking.is_on:
            call.site.time_tracking = replace(call.site.time_tracking, is_on=True)
            webhooks.announce_feature(
                call.world,
                call.site,
                "option_timetracking_changed",
                "jira.option.timetracking",
                by=call.actor,
            )
    return answer(204)


def options(call: Call) -> Response:
    """Show how time is counted and written."""
    _must_be_admin(call)
    return answer(200, _options(call.site.time_tracking))


def set_options(call: Call) -> Response:
    """Settle how time is counted and written: 200 with the settings, 400 naming each that is wrong."""
    _must_be_admin(call)
    body = call.body()
    faults = {
        name: f"{name} must be a number above 0 and not above {most}."
        for name, most in _BOUNDS.items()
        if not _is_number(body.get(name)) or not 0 < body[name] <= most
    }
    for name, known in (("timeFormat", FORMATS), ("defaultUnit", UNITS)):
        if body.get(name) not in known:
            faults[name] = f"{name} must be one of {', '.join(known)}."
    if faults:
        raise Refusal(400, errors=faults)
    with call.world.lock:
        call.site.time_tracking = replace(
            call.site.time_tracking,
            hours_per_day=float(body["workingHoursPerDay"]),
            days_per_week=float(body["workingDaysPerWeek"]),
            format=body["timeFormat"],
            unit=body["defaultUnit"],
        )
    return answer(200, _options(call.site.time_tracking))


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _options(settings: TimeTracking) -> Json:
    return {
        "workingHoursPerDay": settings.hours_per_day,
        "workingDaysPerWeek": settings.days_per_week,
        "timeFormat": settings.format,
        "defaultUnit": settings.unit,
    }


def _must_be_admin(call: Call) -> None:
    if not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, "Only Jira administrators can perform this operation.")


_TRACKING = "/rest/api/3/configuration/timetracking"
ROUTES = (
    Route("GET", "/rest/api/3/configuration", configuration),
    Route("GET", _TRACKING, provider),
    Route("PUT", _TRACKING, choose_provider, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_TRACKING}/list", providers),
    Route("GET", f"{_TRACKING}/options", options),
    Route("PUT", f"{_TRACKING}/options", set_options, scope="ADMIN", cost=Cost.WRITE),
)
