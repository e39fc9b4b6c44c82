"""Fields that hold accounts or groups."""

from collections.abc import Callable

from jira_sandbox import render
from jira_sandbox.fields.kinds import NO_ARRAY, Place, Told, once, wrong
from jira_sandbox.state.values import Group, Json

AUTOMATIC = "-1"


def assignee(place: Place, raw: Json) -> str | None:
    """Read who is to do the work: somebody whose account is open and who may be assigned work here.

    ``-1`` leaves it to the space, which may say that nobody is.
    """
    wanted = _named(raw)
    if wanted == AUTOMATIC:
        return automatic(place)
    if wanted is None:
        return None
    number = _account("assignee", place, raw)
    user = place.site.users[number]
    if not user.active or not place.site.may(user, "ASSIGNABLE_USER", space=place.space):
        raise wrong("assignee", f"User '{user.display_name}' cannot be assigned issues.")
    return number


def automatic(place: Place) -> str | None:
    """Give who gets what nobody assigns."""
    return place.space.lead if place.space.assignee_type == "PROJECT_LEAD" else None


def reporter(place: Place, raw: Json) -> str:
    """Read who wants the work done."""
    if _named(raw) is None:
        raise wrong("reporter", "Reporter is required.")
    return _account("reporter", place, raw)


def one(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read an account id from ``{"accountId"}`` or ``{"id"}``."""
    return lambda place, raw: None if raw is None else _account(field_id, place, raw)


def several(field_id: str) -> Callable[[Place, Json], list[str] | None]:
    """Read account ids, each once; none at all is None."""

    def read(place: Place, raw: Json) -> list[str] | None:
        if raw is not None and not isinstance(raw, list):
            raise wrong(field_id, NO_ARRAY)
        return list(dict.fromkeys(_account(field_id, place, each) for each in raw or [])) or None

    return read


def shown(place: Place, value: str | None) -> Json:
    """Show an account; what never changes about it is made once."""
    if value is None:
        return None
    return once(place.site, "user", value, place.site.users[value], render.user)


def all_shown(place: Place, value: list[str] | None) -> Json:
    """Show accounts; None for none."""
    return [shown(place, each) for each in value] if value else None


def told(place: Place, value: str | None) -> Told:
    """Tell an account in history."""
    return (value, place.site.users[value].display_name) if value else (None, None)


def all_told(place: Place, value: list[str] | None) -> Told:
    """Tell accounts in history, both forms in brackets."""
    names = [place.site.users[each].display_name for each in value or []]
    return listed_told(value or [], names)


def listed_told(numbers: list[str], texts: list[str]) -> Told:
    """Tell several values in history: ``[1, 2]`` and their texts."""
    return (f"[{', '.join(numbers)}]", ",".join(texts)) if numbers else (None, None)


def group(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a group's id from ``{"name"}`` or ``{"groupId"}``."""
    return lambda place, raw: None if raw is None else _group(field_id, place, raw).id


def groups(field_id: str) -> Callable[[Place, Json], list[str] | None]:
    """Read groups' ids, each once; none at all is None."""

    def read(place: Place, raw: Json) -> list[str] | None:
        if raw is not None and not isinstance(raw, list):
            raise wrong(field_id, NO_ARRAY)
        return list(dict.fromkeys(_group(field_id, place, each).id for each in raw or [])) or None

    return read


def group_shown(place: Place, value: str | None) -> Json:
    """Show a group; None for none, and for one that is no more."""
    found = place.site.groups.get(value or "")
    if found is None:
        return None
    link = f"{place.site.base_url}/rest/api/3/group?groupId={found.id}"
    return {"name": found.name, "groupId": found.id, "self": link}


def groups_shown(place: Place, value: list[str] | None) -> Json:
    """Show groups; None for none."""
    found = [group_shown(place, each) for each in value or []]
    return [each for each in found if each] or None


def groups_told(place: Place, value: list[str] | None) -> Told:
    """Tell groups in history by their names, in brackets."""
    names = [place.site.groups[each].name for each in value or [] if each in place.site.groups]
    return (f"[{', '.join(names)}]", f"[{', '.join(names)}]") if names else (None, None)


def group_told(place: Place, value: str | None) -> Told:
    """Tell one group in history."""
    return groups_told(place, [value] if value else None)


def _named(raw: Json) -> str | None:
    if not isinstance(raw, dict):
        return None if raw is None else str(raw)
    named = next((raw[each] for each in ("accountId", "id", "name", "key") if each in raw), None)
    return None if named is None else str(named)


def _account(field_id: str, place: Place, raw: Json) -> str:
    if not isinstance(raw, dict):
        raise wrong(field_id, "data was not an object")
    if not place.site.edition.is_cloud:
        return _named_user(field_id, place, raw)
    number = _named(raw) or ""
    if number not in place.site.users:
        raise wrong(field_id, f"Account ID '{number}' does not exist for the field '{field_id}'.")
    return number


def _named_user(field_id: str, place: Place, raw: dict[str, Json]) -> str:
    """Read the key of a user of Data Center, who is named by the user name or by the key."""
    user = place.site.named_user(name=raw.get("name"), key=raw.get("key"))
    if user is None:
        raise wrong(field_id, f"User '{_named(raw)}' does not exist.")
    return user.account_id


def _group(field_id: str, place: Place, raw: Json) -> Group:
    if not isinstance(raw, dict) or not {"name", "groupId"} & raw.keys():
        raise wrong(field_id, "Could not find valid 'name' or 'groupId' in group object.")
    name = str(raw.get("groupId") or raw.get("name"))
    try:
        return place.site.group(name)
    except LookupError:
        raise wrong(field_id, f"The group '{name}' does not exist.") from None
