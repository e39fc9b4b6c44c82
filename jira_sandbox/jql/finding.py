"""Which ids a text of a query means, for each kind of thing; and by what rank such things are ordered."""

from collections.abc import Callable, Iterable

from jira_sandbox.jql.kinds import Asking
from jira_sandbox.state.furniture import Component, SecurityLevel, Version
from jira_sandbox.state.values import Issue

CATEGORIES = {
    "new": {"2", "new", "to do"},
    "indeterminate": {"4", "indeterminate", "in progress"},
    "done": {"3", "done"},
}
"""How a query may name a category of statuses."""


def spaces(asking: Asking, text: str) -> set[str]:
    """Find spaces one may browse by id, key, former key or name."""
    wanted = text.lower()
    return {
        space.id
        for space in asking.noted("spaces", lambda: list(asking.site.spaces_seen_by(asking.viewer)))
        if wanted in {each.lower() for each in (space.id, space.key, space.name, *space.former_keys)}
    }


def work_types(asking: Asking, text: str) -> set[str]:
    """Find work types by id or name."""
    return _named(((kind.id, kind.name) for kind in asking.site.work_types.values()), text)


def statuses(asking: Asking, text: str) -> set[str]:
    """Find statuses by id or name; those of spaces that keep their own may share a name."""
    return _named(((status.id, status.name) for status in asking.site.statuses), text)


def categories(_asking: Asking, text: str) -> set[str]:
    """Find the category of statuses that is called so."""
    return {key for key, names in CATEGORIES.items() if text.lower() in names}


def priorities(asking: Asking, text: str) -> set[str]:
    """Find priorities by id or name."""
    return _named(((each.id, each.name) for each in asking.site.priorities), text)


def resolutions(asking: Asking, text: str) -> set[str]:
    """Find resolutions by id or name."""
    return _named(asking.site.resolutions.items(), text)


def components(asking: Asking, text: str) -> set[str]:
    """Find components of all spaces one may browse, by id or name."""
    return _named(((each.id, each.name) for each in _all_components(asking)), text)


def versions(asking: Asking, text: str) -> set[str]:
    """Find versions of all spaces one may browse, by id or name."""
    return _named(((each.id, each.name) for each in _all_versions(asking)), text)


def levels(asking: Asking, text: str) -> set[str]:
    """Find security levels by id or name."""
    return _named(((each.id, each.name) for each in _all_levels(asking)), text)


def groups(asking: Asking, text: str) -> set[str]:
    """Find groups by id or name."""
    return _named(((each.id, each.name) for each in asking.site.groups.values()), text)


def request_types(asking: Asking, text: str) -> set[str]:
    """Find request types of service desks by id or name."""
    return _named(((each.id, each.name) for each in asking.site.request_types.values()), text)


def organizations(asking: Asking, text: str) -> set[str]:
    """Find organizations of customers by id or name."""
    return _named(asking.site.organizations.items(), text)


def sprints(asking: Asking, text: str) -> set[str]:
    """Find sprints by id or name."""
    return _named(((str(each.id), each.name) for each in asking.site.sprints.values()), text)


def issues(asking: Asking, text: str) -> set[str]:
    """Find the work item with this id, key or former key, if one sees it."""
    try:
        found = asking.site.issue(text)
    except LookupError:
        return set()
    return {found.id} if asking.site.sees(asking.viewer, found) else set()


def itself(_asking: Asking, text: str) -> set[str]:
    """Take the text itself, as labels do; capitals make no difference."""
    return {text.lower()}


def space_name(asking: Asking, number: str) -> str:
    """Order spaces by name."""
    return asking.site.spaces[number].name.lower()


def type_name(asking: Asking, number: str) -> str:
    """Order work types by name."""
    return asking.site.work_types[number].name.lower()


def status_rank(asking: Asking, number: str) -> int:
    """Order statuses as the site lists them."""
    return _rank(asking, "statuses", lambda: [each.id for each in asking.site.statuses], number)


def category_rank(_asking: Asking, key: str) -> int:
    """Order categories from what is to do to what is done."""
    return list(CATEGORIES).index(key)


def priority_rank(asking: Asking, number: str) -> int:
    """Order priorities; the most urgent, which comes first in lists, ranks highest."""
    return -_rank(asking, "priorities", lambda: [each.id for each in asking.site.priorities], number)


def resolution_rank(asking: Asking, number: str) -> int:
    """Order resolutions as the site lists them."""
    return _rank(asking, "resolutions", lambda: list(asking.site.resolutions), number)


def component_name(asking: Asking, number: str) -> str:
    """Order components by name."""
    names = asking.noted("components", lambda: {each.id: each.name for each in _all_components(asking)})
    return str(names.get(number, "")).lower()


def version_rank(asking: Asking, number: str) -> int:
    """Order versions as people ordered them in their space."""
    return _rank(asking, "versions", lambda: [each.id for each in _all_versions(asking)], number)


def level_name(asking: Asking, number: str) -> str:
    """Order security levels by name."""
    names = asking.noted("levels", lambda: {each.id: each.name for each in _all_levels(asking)})
    return str(names.get(number, "")).lower()


def person_name(asking: Asking, account_id: str) -> str:
    """Order people by the name shown."""
    user = asking.site.users.get(account_id)
    return user.display_name.lower() if user else ""


def issue_place(asking: Asking, number: str) -> tuple[str, int]:
    """Order work items by space, then by number; one that is gone comes first."""
    issue = asking.site.issues.get(number)
    return place_of(issue) if issue else ("", 0)


def place_of(issue: Issue) -> tuple[str, int]:
    """Give the parts of a key by which Jira orders keys."""
    space, _, number = issue.key.rpartition("-")
    return space, int(number)


def number_rank(_asking: Asking, number: str) -> int:
    """Order sprints as they were made."""
    return int(number)


def as_text(_asking: Asking, text: str) -> str:
    """Order texts without regard to capitals."""
    return text.lower()


def _named(known: Iterable[tuple[str, str]], text: str) -> set[str]:
    wanted = text.lower()
    return {number for number, name in known if wanted in {number.lower(), name.lower()}}


def _rank(asking: Asking, name: str, listed: Callable[[], list[str]], number: str) -> int:
    places: dict[str, int] = asking.noted(
        f"rank of {name}", lambda: {each: place for place, each in enumerate(listed())}
    )
    return places.get(number, len(places))


def _all_components(asking: Asking) -> list[Component]:
    return [each for space in asking.site.spaces_seen_by(asking.viewer) for each in space.components]


def _all_versions(asking: Asking) -> list[Version]:
    return [each for space in asking.site.spaces_seen_by(asking.viewer) for each in space.versions]


def _all_levels(asking: Asking) -> list[SecurityLevel]:
    return [each for space in asking.site.spaces_seen_by(asking.viewer) for each in space.security_levels]
