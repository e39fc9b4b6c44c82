"""``/_sandbox/…``: what a demo or a checker asks of the sandbox itself. Real Jira has nothing like it."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

from jira_sandbox import fields, render, sending
from jira_sandbox.clocks import StandingClock
from jira_sandbox.connect import installing
from jira_sandbox.forge import controls as forge
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Figures
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.weather.catalogue import CATALOGUE, drawn
from jira_sandbox.wire import Refusal, Request, Response, answer
from jira_sandbox.world import World

Action = Callable[[World, Site, dict[str, Json]], Json]
PATIENCE = 30.0
_SHARES = frozenset({"doubled", "late", "lost", "primary_late"})


def handle(world: World, site: Site, request: Request) -> Response:
    """Do what the path says; never with the lock held throughout, since an install waits for the app."""
    action = _ACTIONS.get((request.method, request.path))
    if action is None:
        raise Refusal(404, "The sandbox has no such control.")
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object.")
    return answer(200, action(world, site, body))


def state(world: World, site: Site) -> Json:
    """Everything a checker needs: people, spaces, and work items with fields, properties and history."""
    with world.lock:
        installation = site.installation
        return {
            "site": site.name,
            "app": installation and {"key": installation.key, "accountId": installation.user.account_id},
            "users": [render.user(site, user) | {"name": user.name} for user in site.users.values()],
            "spaces": [render.space(site, space) for space in site.spaces.values()],
            "issues": [_issue(site, issue) for issue in site.issues.values()],
            "pending": sum(delivery.site == site.name for delivery in world.outbox),
        }


def _issue(site: Site, issue: Issue) -> Json:
    place = fields.place_of(site, issue)
    known = fields.at(place)
    return {
        "id": issue.id,
        "key": issue.key,
        "space": site.space_of(issue).key,
        "type": site.work_types[issue.type_id].name,
        "status": site.status(issue.status_id).name,
        "creator": issue.creator,
        "created": render.moment(issue.created),
        "updated": render.moment(issue.updated),
        "fields": {
            name: known[name].show(place, value) for name, value in issue.fields.items() if name in known
        },
        "properties": issue.properties,
        "comments": [
            render.comment(site, issue, comment) | {"properties": comment.properties}
            for comment in issue.comments
        ],
        "changelog": [
            {
                "id": entry.id,
                "author": entry.author,
                "created": render.moment(entry.created),
                "items": [render.changelog_item(item) for item in entry.items],
                "historyMetadata": entry.history_metadata,
            }
            for entry in issue.changelog
        ],
    }


def _install(world: World, site: Site, body: dict[str, Json]) -> Json:
    url = str(body.get("descriptor_url") or "")
    if not url:
        raise Refusal(400, errors={"descriptor_url": "It is required."})
    app = installing.install(world, site, url, fetch=sending.fetch, send=sending.send)
    return {"key": app.key, "clientKey": app.client_key, "accountId": app.user.account_id}


def _uninstall(world: World, site: Site, _body: dict[str, Json]) -> Json:
    _must_have_app(site)
    installing.uninstall(world, site, send=sending.send)
    return {}


def _enabled(world: World, site: Site, body: dict[str, Json]) -> Json:
    _must_have_app(site)
    change = installing.enable if _on(body) else installing.disable
    change(world, site, send=sending.send)
    return {"on": site.app.enabled}


def _deliveries(_world: World, site: Site, body: dict[str, Json]) -> Json:
    _must_have_app(site)
    site.app.deliveries_off = not _on(body)
    return {"on": not site.app.deliveries_off}


def _counters(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    with world.lock:
        return {
            "counters": world.meters.snapshot(),
            "causes": world.meters.snapshot(("site", "caller", "agent", "met")),
            "outgoing": world.meters.outgoing(),
        }


def _reset(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    with world.lock:
        world.meters.reset()
    return {}


def _chaos(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Set the shares of deliveries doubled, late and lost, for all sites; tells how many there were."""
    faults = {
        name: "It must be a number from 0 to 1."
        for name, share in body.items()
        if name not in _SHARES
        or isinstance(share, bool)
        or not isinstance(share, int | float)
        or not 0 <= share <= 1
    }
    if faults:
        raise Refusal(400, errors=faults)
    with world.lock:
        for name, share in body.items():
            setattr(world.chaos, name, share)
        return world.chaos.told()


def _down(world: World, site: Site, body: dict[str, Json]) -> Json:
    """Take this site from the net or put it back; its controls can be reached all the time."""
    change = world.take_down if _on(body) else world.bring_up
    change(site.name)
    return {"on": site.name in world.down}


def _busy(world: World, site: Site, body: dict[str, Json]) -> Json:
    """Answer the app's next ``times`` calls to this site with 429, a ``reason`` and ``seconds`` to wait.

    Either may be left out, as Jira leaves it out sometimes.
    """
    numbers = {"times": body.get("times", 1), "seconds": body.get("seconds", 0)}
    faults = {
        name: "It must be a whole number, not negative."
        for name, number in numbers.items()
        if isinstance(number, bool) or not isinstance(number, int) or number < 0
    }
    if faults:
        raise Refusal(400, errors=faults)
    told = {"Retry-After": body.get("seconds"), "RateLimit-Reason": body.get("reason")}
    headers = {name: str(value) for name, value in told.items() if value is not None}
    if numbers["times"]:
        world.misfortunes.add(
            Misfortune(match=("", ""), kind="busy", times=numbers["times"], headers=headers, site=site.name)
        )
    return {"waiting": sum(each.times for each in world.misfortunes.waiting if each.kind == "busy")}


def _limit(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Hold the app to ``points_per_hour`` over all sites and the published figures for the rest.

    ``grace`` is how many seconds after a pause was told a call counts as having been under way.
    """
    given = _amounts(body, points_per_hour=Figures().points_per_hour, grace=0)
    world.limits.enforce(Figures(points_per_hour=int(given["points_per_hour"])))
    world.limits.grace = timedelta(seconds=given["grace"])
    return given


def _violations(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    return {"violations": list(world.limits.violations)}


def _weather(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Draw a weather over all sites: of these ``faults`` (by default any), from this ``seed``.

    In the place of the one that is going on; ``{"faults": []}`` clears it away.
    """
    names, seed = body.get("faults", sorted(CATALOGUE)), body.get("seed", world.seed)
    faults: dict[str, str] = {}
    if not isinstance(names, list) or not all(name in CATALOGUE for name in names):
        faults["faults"] = f"It must list names out of {', '.join(CATALOGUE)}."
    if isinstance(seed, bool) or not isinstance(seed, int):
        faults["seed"] = "It must be a whole number."
    if faults:
        raise Refusal(400, errors=faults)
    world.weather.clear()
    return {"drawn": list(drawn(world, seed, faults=names)) if names else []}


def _forecast(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    going_on = [type(spell.fault).__name__ for spell in world.weather.spells if not spell.is_over]
    return {"going_on": going_on, "struck": list(world.weather.log)}


def _move_clock(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Move a clock that stands on by so many ``seconds``; what has become due is done."""
    if not isinstance(world.clock, StandingClock):
        raise Refusal(409, "The clock is a real one.")
    world.clock.advance(_amounts(body, seconds=None)["seconds"])
    world.catch_up()
    return {"now": world.clock().isoformat()}


def _begin_trace(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    world.trace.start()
    return {}


def _trace(world: World, _site: Site, _body: dict[str, Json]) -> Json:
    return {"trace": world.trace.text().decode()}


def _state(world: World, site: Site, _body: dict[str, Json]) -> Json:
    return state(world, site)


def _settle(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Wait until nothing is under way any more, at most ``seconds``; tells how much still is."""
    end = time.monotonic() + _amounts(body, seconds=PATIENCE)["seconds"]
    while world.outbox and time.monotonic() < end:
        time.sleep(0.02)
    return {"pending": len(world.outbox)}


def _must_have_app(site: Site) -> None:
    if site.installation is None:
        raise Refusal(409, "No app is installed.")


def _amounts(body: dict[str, Json], **usual: float | None) -> dict[str, float]:
    """Read numbers that are not negative, with what stands for one that is not given; None must be given."""
    given: dict[str, Json] = {name: body.get(name, value) for name, value in usual.items()}
    faults = {
        name: "It must be a number, not negative."
        for name, number in given.items()
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 0
    }
    if faults:
        raise Refusal(400, errors=faults)
    return given


def _on(body: dict[str, Json]) -> bool:
    if not isinstance(body.get("on"), bool):
        raise Refusal(400, errors={"on": "It must be true or false."})
    return bool(body["on"])


_ACTIONS: dict[tuple[str, str], Action] = {
    ("POST", "/_sandbox/install"): _install,
    ("POST", "/_sandbox/uninstall"): _uninstall,
    ("POST", "/_sandbox/enabled"): _enabled,
    ("POST", "/_sandbox/deliveries"): _deliveries,
    ("GET", "/_sandbox/counters"): _counters,
    ("POST", "/_sandbox/counters/reset"): _reset,
    ("POST", "/_sandbox/chaos"): _chaos,
    ("POST", "/_sandbox/weather"): _weather,
    ("GET", "/_sandbox/weather"): _forecast,
    ("POST", "/_sandbox/clock"): _move_clock,
    ("POST", "/_sandbox/trace"): _begin_trace,
    ("GET", "/_sandbox/trace"): _trace,
    ("POST", "/_sandbox/down"): _down,
    ("POST", "/_sandbox/busy"): _busy,
    ("POST", "/_sandbox/limits"): _limit,
    ("GET", "/_sandbox/limits"): _violations,
    ("GET", "/_sandbox/state"): _state,
    ("POST", "/_sandbox/settle"): _settle,
    ("POST", "/_sandbox/forge"): forge.register,
    ("POST", "/_sandbox/forge/upgrade"): forge.upgrade,
    ("POST", "/_sandbox/forge/trigger"): forge.fire,
}
