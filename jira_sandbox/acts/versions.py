"""Versions of a space: make, change, release, order, merge, delete; its admins change them."""

from dataclasses import replace
from datetime import date

from jira_sandbox.acts import spaces
from jira_sandbox.acts.rights import administers, must_be_live
from jira_sandbox.acts.swapping import holding, swap
from jira_sandbox.connect import webhooks
from jira_sandbox.state.furniture import Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

FIX, AFFECTED = "fixVersions", "versions"
MOST_NAME, MOST_TEXT = 255, 16_384
_NOT_ALLOWED = "You must have the administer projects permission to manage the versions of this project."


def find(site: Site, actor: User, number: str) -> tuple[Space, Version]:
    """Find a version and its space if ``actor`` may browse it; otherwise Jira's 404."""
    for space in site.spaces_seen_by(actor):
        for version in space.versions:
            if version.id == number:
                return space, version
    raise Refusal(404, f"Could not find version for id '{number}'")


def find_to_administer(site: Site, actor: User, number: str, *, status: int) -> tuple[Space, Version]:
    """Find a version ``actor`` administers; ``status`` is how this operation refuses who does not."""
    space, version = find(site, actor, number)
    if not administers(site, actor, space):
        raise Refusal(status, _NOT_ALLOWED)
    must_be_live(space)
    return space, version


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> tuple[Space, Version]:
    """Make a version in the space ``projectId`` or ``project`` (a key), the last of them; gives both.

    Refusal 404 for a space not seen or not administered, 400 naming the field at fault.
    """
    with world.lock:
        name = str(wanted.get("projectId") or wanted.get("project") or "")
        if not name:
            raise Refusal(400, errors={"projectId": "Project must be specified to create a version."})
        space = spaces.find_to_administer(site, actor, name, status=404)
        must_be_live(space)
        version = _changed(space, Version(id="", name=""), {"name": ""} | wanted)
        version.id = str(site.next_id("version"))
        space.versions.append(version)
        webhooks.announce_version(world, site, "jira:version_created", space, version, by=actor)
        return space, version


def change(world: World, site: Site, actor: User, number: str, wanted: dict[str, Json]) -> None:
    """Change what ``wanted`` names; Refusal 400 without the right or naming the field at fault.

    ``moveUnfixedIssuesTo``, a version's address, takes over the work items still open when this one is
    released.
    """
    with world.lock:
        space, version = find_to_administer(site, actor, number, status=400)
        changed = _changed(space, version, wanted)
        heir = _named_by_address(space, wanted.get("moveUnfixedIssuesTo"))
        is_released = changed.is_released and not version.is_released
        is_taken_back = version.is_released and not changed.is_released
        space.versions[space.versions.index(version)] = changed
        webhooks.announce_version(world, site, "jira:version_updated", space, changed, by=actor)
        if is_released:
            webhooks.announce_version(world, site, "jira:version_released", space, changed, by=actor)
            if heir:
                found = open_items(site, space, changed)
                swap(world, site, actor, found, gone=number, heirs={FIX: heir.id})
        if is_taken_back:
            webhooks.announce_version(world, site, "jira:version_unreleased", space, changed, by=actor)


def move(world: World, site: Site, actor: User, number: str, wanted: dict[str, Json]) -> None:
    """Give the version another place: behind the one whose address is ``after``, or at a ``position``.

    Refusal 400 unless exactly one of them is given and makes sense, 404 for a version that is not there.
    """
    with world.lock:
        space, version = find_to_administer(site, actor, number, status=401)
        if ("after" in wanted) == ("position" in wanted):
            raise Refusal(400, "Exactly one of 'after' and 'position' must be specified.")
        others = [each for each in space.versions if each is not version]
        if "after" in wanted:
            place = others.index(_after(others, wanted["after"])) + 1
        else:
            place = _place(space.versions.index(version), len(others), wanted["position"])
        space.versions = [*others[:place], version, *others[place:]]
        webhooks.announce_version(world, site, "jira:version_moved", space, version, by=actor)


def merge(world: World, site: Site, actor: User, number: str, heir: str) -> None:
    """Delete a version and let ``heir`` take its place in every field of every work item."""
    with world.lock:
        space, version = find_to_administer(site, actor, number, status=401)
        other = _heir(space, version, heir)
        fields = [FIX, AFFECTED, *custom_fields(site)]
        found = holding(site, space, number, *fields)
        swap(world, site, actor, found, gone=number, heirs=dict.fromkeys(fields, heir))
        space.versions.remove(version)
        webhooks.announce_version(
            world, site, "jira:version_deleted", space, version, merged_to=other, by=actor
        )


def delete(
    world: World, site: Site, actor: User, number: str, *, heirs: dict[str, str], refused: int
) -> None:
    """Delete a version; ``heirs`` take its place by field, in fields without one it is taken out.

    Refusal 400 for an heir that is not of the same space, ``refused`` without the right.
    """
    with world.lock:
        space, version = find_to_administer(site, actor, number, status=refused)
        for heir in heirs.values():
            _heir(space, version, heir, status=400)
        places: dict[str, str | None] = dict.fromkeys([FIX, AFFECTED, *custom_fields(site)])
        found = holding(site, space, number, *places)
        swap(world, site, actor, found, gone=number, heirs=places | heirs)
        space.versions.remove(version)
        webhooks.announce_version(world, site, "jira:version_deleted", space, version, by=actor)


def custom_fields(site: Site) -> list[str]:
    """List the ids of the custom fields that hold versions."""
    return [each.id for each in site.custom_fields.values() if each.kind in {"version", "multiversion"}]


def open_items(site: Site, space: Space, version: Version) -> list[Issue]:
    """List the work items to be fixed in the version that have no resolution."""
    return [each for each in holding(site, space, version.id, FIX) if not each.fields.get("resolution")]


def _changed(space: Space, version: Version, wanted: dict[str, Json]) -> Version:
    told = {key: value for key, value in wanted.items() if value is not None}  # null: it stays, dates aside
    name = str(told.get("name", version.name))
    text = str(told.get("description", version.description))
    taken = any(each.name.lower() == name.lower() for each in space.versions if each is not version)
    start = _day(wanted, "startDate", version.start_date)
    release = _day(wanted, "releaseDate", version.release_date)
    spaces.refuse(
        {
            "name": "You must specify a valid version name"
            if not name.strip()
            else f"The version name cannot be longer than {MOST_NAME} characters."
            if len(name) > MOST_NAME
            else "A version with this name already exists in this project."
            if taken
            else "",
            "description": "The description is too long." if len(text) > MOST_TEXT else "",
            "startDate": "The start date must not be after the release date."
            if start and release and start > release
            else "",
        }
    )
    return replace(
        version,
        name=name,
        description=text,
        start_date=start,
        release_date=release,
        is_released=_flag(told, "released", before=version.is_released),
        is_archived=_flag(told, "archived", before=version.is_archived),
    )


def _flag(wanted: dict[str, Json], name: str, *, before: bool) -> bool:
    value = wanted.get(name, before)
    if not isinstance(value, bool):
        raise Refusal(400, errors={name: "The value must be true or false."})
    return value


def _day(wanted: dict[str, Json], name: str, before: date | None) -> date | None:
    if name not in wanted:
        return before
    if not wanted[name]:
        return None
    try:
        return date.fromisoformat(str(wanted[name]))
    except ValueError:
        raise Refusal(400, errors={name: "The date must be of the form yyyy-MM-dd."}) from None


def _heir(space: Space, version: Version, number: str, *, status: int = 404) -> Version:
    for each in space.versions:
        if each.id == number and each is not version:
            return each
    raise Refusal(status, f"Could not find version for id '{number}'")


def _named_by_address(space: Space, address: Json) -> Version | None:
    if not address:
        return None
    number = str(address).rstrip("/").rpartition("/")[2]
    for each in space.versions:
        if each.id == number:
            return each
    raise Refusal(400, errors={"moveUnfixedIssuesTo": "The version does not exist in this project."})


def _after(others: list[Version], address: Json) -> Version:
    number = str(address).rstrip("/").rpartition("/")[2]
    for each in others:
        if each.id == number:
            return each
    raise Refusal(404, f"Could not find version for id '{number}'")


def _place(now: int, last: int, position: Json) -> int:
    places = {"First": 0, "Last": last, "Earlier": max(now - 1, 0), "Later": min(now + 1, last)}
    if str(position) not in places:
        raise Refusal(400, errors={"position": f"The position must be one of {', '.join(places)}."})
    return places[position]
