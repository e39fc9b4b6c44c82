"""Categories of spaces; only Jira's admins change them."""

from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.state.furniture import SpaceCategory
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_NAME, MOST_TEXT = 255, 1000


def find(site: Site, number: str) -> SpaceCategory:
    """Find a category by id; Jira's 404 if there is none."""
    if number not in site.space_categories:
        raise Refusal(404, f"A project category with id '{number}' does not exist.")
    return site.space_categories[number]


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> SpaceCategory:
    """Make a category; Refusal 403, 400 naming the field at fault, 409 for a name in use."""
    with world.lock:
        must_administer_jira(site, actor)
        name, text = _checked(site, str(wanted.get("name") or ""), str(wanted.get("description") or ""))
        category = SpaceCategory(id=str(site.next_id("space category")), name=name, description=text)
        site.space_categories[category.id] = category
        return category


def change(world: World, site: Site, actor: User, category: SpaceCategory, wanted: dict[str, Json]) -> None:
    """Change name and description, as far as they are named; Refusals as in ``create``."""
    with world.lock:
        must_administer_jira(site, actor)
        name = str(wanted.get("name", category.name) or "")
        text = str(wanted.get("description", category.description) or "")
        category.name, category.description = _checked(site, name, text, but=category)


def delete(world: World, site: Site, actor: User, category: SpaceCategory) -> None:
    """Remove a category; the spaces that had it have none then. Refusal 403 without the right."""
    with world.lock:
        must_administer_jira(site, actor)
        for space in site.spaces.values():
            if space.category_id == category.id:
                space.category_id = None
        del site.space_categories[category.id]


def _checked(site: Site, name: str, text: str, *, but: SpaceCategory | None = None) -> tuple[str, str]:
    if not name.strip():
        raise Refusal(400, errors={"name": "The project category name is required."})
    if len(name) > MOST_NAME:
        raise Refusal(400, errors={"name": f"The name cannot be longer than {MOST_NAME} characters."})
    if len(text) > MOST_TEXT:
        raise Refusal(400, errors={"description": f"The description cannot exceed {MOST_TEXT} characters."})
    if any(name.lower() == each.name.lower() for each in site.space_categories.values() if each is not but):
        status = 400 if but else 409
        raise Refusal(status, errors={"name": f"The project category '{name}' already exists."})
    return name, text
