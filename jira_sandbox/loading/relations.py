"""What holds loaded work items together: parents and links, as far as both ends were loaded."""

from collections.abc import Callable, Iterator

from jira_sandbox import fields
from jira_sandbox.acts import links
from jira_sandbox.loading.reading import Given, named, things
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, Space
from jira_sandbox.wire import Refusal

Left = Callable[[str, str], None]
_ENDS = ("inwardIssue", "outwardIssue")


def restore(site: Site, space: Space, made: list[tuple[Given, Issue]]) -> Iterator[tuple[str, str, str]]:
    """Give parents and links back; yields key, field and reason of those that are left out."""
    here = {given.name: issue for given, issue in made}
    for given, issue in made:
        raw = given.fields.get("parent")
        if isinstance(raw, dict) and raw.get("key"):
            reason = _adopted(site, issue, here.get(str(raw["key"])))
            if reason:
                yield given.name, "parent", reason
        _stand_alone(site, space, issue)
    for given, issue in made:
        for raw in things(given.fields.get("issuelinks")):
            reason = _linked(site, issue, raw, here)
            if reason:
                yield given.name, "issuelinks", reason


def plain_type(site: Site, space: Space) -> str:
    """Give the type of work items that have none of their own: Task, or the first that is no sub-task."""
    levels = [each for each in space.type_ids if site.work_types[each].hierarchy_level == 0]
    return next((each for each in levels if site.work_types[each].name == "Task"), levels[0])


def _adopted(site: Site, issue: Issue, parent: Issue | None) -> str:
    if parent is None:
        return "The parent was not loaded."
    place = fields.place_of(site, issue)
    try:
        issue.fields["parent"] = fields.EDITABLE["parent"].parse(place, {"id": parent.id})
    except Refusal as refusal:
        return " ".join(refusal.errors.values())
    site.adopt(issue)
    return ""


def _stand_alone(site: Site, space: Space, issue: Issue) -> None:
    """Make a task of a sub-task whose parent was not loaded: Jira has none without."""
    if site.work_types[issue.type_id].hierarchy_level < 0 and not issue.fields.get("parent"):
        issue.type_id = plain_type(site, space)


def _linked(site: Site, issue: Issue, raw: dict[str, Json], here: dict[str, Issue]) -> str:
    side = next((each for each in _ENDS if isinstance(raw.get(each), dict)), None)
    kind = next((each for each in site.link_types if each.name == named(raw.get("type"))), None)
    other = here.get(str(raw[side].get("key"))) if side else None
    if kind is None:
        return f"There is no link type '{named(raw.get('type'))}'."
    if other is None or other is issue:
        return "The other end was not loaded."
    ends = (issue, other) if side == "outwardIssue" else (other, issue)
    held = {(each.type_id, each.inward_id, each.outward_id) for each in site.links}
    if (kind.id, ends[0].id, ends[1].id) not in held:
        links.placed(site, kind, *ends)
    return ""
