"""Spaces: find, change, rename, archive, put into the trash and bring back."""

import re

from jira_sandbox.acts import tasks
from jira_sandbox.acts.rights import administers, must_administer_jira, must_be_live, views
from jira_sandbox.connect import webhooks
from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_NAME, MOST_KEY = 80, 10
NO_CATEGORY = "-1"
_KEY = re.compile(r"[A-Z][A-Z0-9_]+")
_NO_CHANGE = "You cannot edit the configuration of this project."


def find(site: Site, actor: User, name: str) -> Space:
    """Find the space with this id or key, be it a former one, if ``actor`` may browse it; else Jira's 404."""
    space = known(site, name)
    if not site.may(actor, "BROWSE_PROJECTS", space=space):
        raise _none(name)
    return space


def find_listed(site: Site, actor: User, name: str) -> Space:
    """Find a space that ``actor`` browses or administers; otherwise Jira's 404."""
    space = known(site, name)
    if not views(site, actor, space):
        raise _none(name)
    return space


def find_to_administer(site: Site, actor: User, name: str, *, status: int = 403) -> Space:
    """Find a space ``actor`` administers; Refusal 404 for one not seen, ``status`` for one only seen."""
    space = find_listed(site, actor, name)
    if not administers(site, actor, space):
        raise Refusal(status, _NO_CHANGE)
    return space


def known(site: Site, name: str) -> Space:
    """Find the space with this id or key, whoever asks, be it in the trash; Jira's 404 if there is none."""
    try:
        return site.space(name)
    except LookupError:
        raise _none(name) from None


def key_fault(site: Site, key: str, *, but: Space | None = None) -> str:
    """Say what is wrong with a key for a new space, or for renaming ``but``; nothing for a good one."""
    if len(key) > MOST_KEY:
        return f"The project key must not exceed {MOST_KEY} characters in length."
    if not _KEY.fullmatch(key):
        return (
            "Project keys must start with an uppercase letter, followed by one or more uppercase "
            "alphanumeric characters."
        )
    for space in site.spaces.values():
        if space is not but and key in {space.key, *space.former_keys}:
            return f"Project '{space.name}' uses this project key."
    return ""


def name_fault(site: Site, name: str, *, but: Space | None = None) -> str:
    """Say what is wrong with a name for a new space, or for renaming ``but``; nothing for a good one."""
    if not name.strip():
        return "You must specify a valid project name."
    if len(name) > MOST_NAME:
        return f"The project name must not exceed {MOST_NAME} characters in length."
    if any(name.lower() == each.name.lower() for each in site.spaces.values() if each is not but):
        return "A project with that name already exists."
    return ""


def free_key(site: Site, key: str) -> str:
    """Give ``key`` if it may be taken, else one like it; nothing if no key can be made of it."""
    if not key_fault(site, key):
        return key
    stem = re.sub(r"[^A-Z0-9]", "", key.upper()).lstrip("0123456789")[: MOST_KEY - 2]
    numbered = (f"{stem}{number or ''}" for number in range(100))
    return next((each for each in numbered if not key_fault(site, each)), "")


def free_name(site: Site, name: str) -> str:
    """Give ``name`` if it may be taken, else with a number behind it; nothing for one that is too long."""
    if not name_fault(site, name):
        return name
    numbered = (f"{name} {number}" for number in range(2, 100))
    return next((each for each in numbered if not name_fault(site, each)), "")


def change(world: World, site: Site, actor: User, space: Space, wanted: dict[str, Json]) -> None:
    """Change what ``wanted`` names as the JSON does, a key too; Refusal 400 naming every field at fault."""
    with world.lock:
        if "key" in wanted and wanted["key"] != space.key and not site.may(actor, "ADMINISTER"):
            raise Refusal(403, _NO_CHANGE)
        must_be_live(space)
        faults = {
            "projectKey": key_fault(site, str(wanted["key"]), but=space) if "key" in wanted else "",
            "projectName": name_fault(site, str(wanted["name"]), but=space) if "name" in wanted else "",
            **setting_faults(site, wanted),
        }
        refuse(faults)
        apply_settings(space, wanted)
        space.name = str(wanted.get("name", space.name))
        _rename(site, space, str(wanted.get("key", space.key)))
        webhooks.announce_space(world, site, "project_updated", space, by=actor)


def setting_faults(site: Site, wanted: dict[str, Json]) -> dict[str, str]:
    """Say what is wrong with lead, default assignee, category and address, by the name of each."""
    lead, category = wanted.get("leadAccountId"), str(wanted.get("categoryId", NO_CATEGORY))
    return {
        "projectLead": "You must specify a valid project lead."
        if "leadAccountId" in wanted and str(lead) not in site.users
        else "",
        "assigneeType": "Invalid default assignee."
        if str(wanted.get("assigneeType", "UNASSIGNED")) not in {"PROJECT_LEAD", "UNASSIGNED"}
        else "",
        "categoryId": f"The project category with id {category} does not exist."
        if category not in {NO_CATEGORY, *site.space_categories}
        else "",
        "projectUrl": "The URL specified is not valid - it must start with http://"
        if not str(wanted.get("url") or "http://").startswith(("http://", "https://"))
        else "",
    }


def apply_settings(space: Space, wanted: dict[str, Json]) -> None:
    """Take over what ``setting_faults`` found good; what is not named stays."""
    space.lead = wanted.get("leadAccountId", space.lead)
    space.assignee_type = wanted.get("assigneeType", space.assignee_type)
    space.description = str(wanted.get("description", space.description) or "")
    space.url = str(wanted.get("url", space.url) or "")
    if "categoryId" in wanted:
        number = str(wanted["categoryId"])
        space.category_id = None if number == NO_CATEGORY else number


def refuse(faults: dict[str, str]) -> None:
    """Refusal 400 naming the fields at fault, if there are any."""
    found = {name: text for name, text in faults.items() if text}
    if found:
        raise Refusal(400, errors=found)


def archive(world: World, site: Site, actor: User, space: Space) -> None:
    """Make the space read-only; Refusal 403 for whoever does not administer Jira, 400 if it is archived."""
    with world.lock:
        must_administer_jira(site, actor)
        if space.is_archived or site.is_deleted(space):
            raise Refusal(400, f"The project {space.key} is already archived or in the trash.")
        space.is_archived = True
        space.retired = (site.now(), actor.account_id)
        webhooks.announce_space(world, site, "project_archived", space, by=actor)


def restore(world: World, site: Site, actor: User, space: Space) -> None:
    """Bring the space back from archive or trash; Refusal 404 without the right, 400 if it is live."""
    with world.lock:
        if not (space.is_team_managed and administers(site, actor, space)):
            must_administer_jira(site, actor, status=404)
        if not space.is_archived and not site.is_deleted(space):
            raise Refusal(400, f"The project {space.key} is neither archived nor in the trash.")
        event = "project_restored_archived" if space.is_archived else "project_restored_deleted"
        space.is_archived, space.retired = False, None
        site.restore_space(space)
        webhooks.announce_space(world, site, event, space, by=actor)


def delete(world: World, site: Site, actor: User, space: Space, *, for_good: bool) -> None:
    """Move the space to the trash, or remove it ``for_good`` with all in it; Refusal 404 without the right.

    No event is told of its work items, as Jira does not tell of them either.
    """
    with world.lock:
        must_administer_jira(site, actor, status=404)
        if space.is_archived:
            raise Refusal(404, f"The project {space.key} is archived. Restore it to delete it.")
        if site.is_deleted(space) and not for_good:
            raise _none(space.key)
        if not for_good:
            space.retired = (site.now(), actor.account_id)
            site.delete_space(space)
            webhooks.announce_space(world, site, "project_soft_deleted", space, by=actor)
            return
        for number in [each.id for each in site.issues.values() if each.space_id == space.id]:
            del site.issues[number]
        del site.spaces[space.id]
        webhooks.announce_space(world, site, "project_deleted", space, by=actor)


def delete_later(world: World, site: Site, actor: User, space: Space) -> Task:
    """Delete the space for good as a task, which is over at once; Refusals as in ``delete``."""
    with world.lock:
        delete(world, site, actor, space, for_good=True)
        return tasks.finished(site, actor, f"Delete project {space.key}")


def _rename(site: Site, space: Space, key: str) -> None:
    """Give the space another key, and its work items too; the former ones still lead to them."""
    if key == space.key:
        return
    for issue in site.issues.values():
        if issue.space_id == space.id:
            issue.former_keys.append(issue.key)
            issue.key = f"{key}-{issue.key.rpartition('-')[2]}"
    space.former_keys = [each for each in (*space.former_keys, space.key) if each != key]
    space.key = key


def _none(name: str) -> Refusal:
    return Refusal(404, f"No project could be found with key '{name}'.")
