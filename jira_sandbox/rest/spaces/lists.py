"""Lists of spaces: all, a page of those searched for, those looked at last."""

from collections.abc import Callable
from typing import Any

from jira_sandbox import render
from jira_sandbox.acts.rights import administers, views
from jira_sandbox.render.spaces import EXPAND, space_parts
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User
from jira_sandbox.wire import Refusal, Response, answer

_ACTIONS: dict[str, Callable[[Site, User, Space], bool]] = {
    "view": views,
    "browse": lambda site, actor, space: site.may(actor, "BROWSE_PROJECTS", space=space),
    "edit": administers,
    "create": lambda site, actor, space: site.may(actor, "CREATE_ISSUES", space=space),
}
_STATES: dict[str, Callable[[Site, Space], bool]] = {
    "live": lambda site, space: not space.is_archived and not site.is_deleted(space),
    "archived": lambda site, space: space.is_archived and not site.is_deleted(space),
    "deleted": lambda site, space: site.is_deleted(space),
}
MOST_NAMED, MOST_RECENT = 50, 20


def everything(call: Call) -> Response:
    """List every live space the caller sees; ``recent`` asks for those looked at last, as many as it says."""
    if call.request.parameter("recent"):
        return answer(200, _recent(call, call.number("recent", MOST_RECENT, most=MOST_RECENT)))
    listed = [_listed(call, each) for each in _live(call)]
    return answer(200, listed, objects=len(listed))


def recent(call: Call) -> Response:
    """List up to 20 spaces the caller looked at last and still sees."""
    listed = _recent(call, MOST_RECENT)
    return answer(200, listed, objects=len(listed))


def search(call: Call) -> Response:
    """Show a page of the spaces in which the caller may do ``action``, filtered and ordered as asked."""
    found = [space for space in _by_key(call.site) if _fits(call, space)]
    return page(
        call, ordered(call, found, _ranks(call.site), default="key"), lambda each: _listed(call, each)
    )


def _fits(call: Call, space: Space) -> bool:
    asked, site = call.request, call.site
    keys, ids = _named(call, "keys"), _named(call, "id")
    words, category = asked.parameter("query").lower(), asked.parameter("categoryId")
    kinds = asked.parameter_list("typeKey")
    return (
        _choice(_ACTIONS, "action", asked.parameter("action", "view"))(site, call.actor, space)
        and any(_choice(_STATES, "status", each)(site, space) for each in _states(call))
        and (not keys or space.key in keys)
        and (not ids or space.id in ids)
        and (not kinds or space.type_key in kinds)
        and (not category or space.category_id == category)
        and (words in space.name.lower() or words in space.key.lower())
        and _has_property(call, space)
    )


def _states(call: Call) -> list[str]:
    return call.request.parameter_list("status") or ["live"]


def _named(call: Call, name: str) -> list[str]:
    listed = call.request.parameter_list(name)
    if len(listed) > MOST_NAMED:
        raise Refusal(400, f"The {name} parameter must not name more than {MOST_NAMED} projects.")
    return listed


def _choice(known: dict[str, Callable[..., bool]], name: str, value: str) -> Callable[..., bool]:
    if value not in known:
        raise Refusal(400, f"The {name} must be one of {', '.join(known)}.")
    return known[value]


def _has_property(call: Call, space: Space) -> bool:
    """Read ``[key].path.in.it=value`` and compare as texts; Refusal 400 if it is something else."""
    asked = call.request.parameter("propertyQuery")
    if not asked:
        return True
    place, _, wanted = asked.partition("=")
    key, _, path = place.removeprefix("[").partition("]")
    if not place.startswith("[") or not wanted:
        raise Refusal(400, "The propertyQuery must look like [key].path=value.")
    held: Json = space.properties.get(key)
    for name in filter(None, path.split(".")):
        held = held.get(name) if isinstance(held, dict) else None
    return held is not None and str(held) == wanted.strip('"')


def _ranks(site: Site) -> dict[str, Callable[[Space], Any]]:
    def items(space: Space) -> list[Any]:
        return [each.updated for each in site.issues.values() if each.space_id == space.id]

    def category(space: Space) -> str | None:
        return site.space_categories[space.category_id].name.lower() if space.category_id else None

    return {
        "category": category,
        "key": lambda space: space.key,
        "name": lambda space: space.name.lower(),
        "owner": lambda space: site.users[space.lead].display_name.lower(),
        "issueCount": lambda space: len(items(space)),
        "lastIssueUpdatedDate": lambda space: max(items(space), default=None),
        "archivedDate": lambda space: space.retired[0] if space.retired and space.is_archived else None,
        "deletedDate": lambda space: space.retired[0] if space.retired and site.is_deleted(space) else None,
    }


def _by_key(site: Site) -> list[Space]:
    return sorted(site.spaces.values(), key=lambda each: each.key)


def _live(call: Call) -> list[Space]:
    return [
        space
        for space in _by_key(call.site)
        if _STATES["live"](call.site, space) and views(call.site, call.actor, space)
    ]


def _recent(call: Call, most: int) -> list[Json]:
    visited = call.site.recent_spaces.get(call.actor.account_id, [])
    seen = {space.id: space for space in _live(call)}
    return [_listed(call, seen[number]) for number in visited if number in seen][:most]


def _listed(call: Call, space: Space) -> Json:
    wanted = call.request.parameter_list("expand")
    shown = render.space(call.site, space) | space_parts(call.site, space, call.actor, wanted)
    shown["expand"] = EXPAND
    names = call.request.parameter_list("properties")
    if names:
        shown["properties"] = {name: space.properties[name] for name in names if name in space.properties}
    return shown


ROUTES = (
    Route("GET", "/rest/api/3/project", everything),
    Route("GET", "/rest/api/3/project/search", search),
    Route("GET", "/rest/api/3/project/recent", recent),
)
