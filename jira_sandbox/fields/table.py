"""The fields of a place: Jira's own of ``system.py`` and ``standing.py``, custom ones of ``custom.py``."""

from collections.abc import Mapping
from dataclasses import dataclass

from jira_sandbox import richtext
from jira_sandbox.fields import custom, standing, system
from jira_sandbox.fields.kinds import EditableField, Place, place_of
from jira_sandbox.pictures import told_by_name
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Api, ChangelogItem, Issue, Json, Space, User


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one space and type; ``empty`` is what custom ones show before they hold anything."""

    editable: Mapping[str, EditableField]
    empty: dict[str, Json]
    derived: tuple[EditableField, ...]


def shape(site: Site, space: Space, type_id: str) -> Shape:
    """Give the fields of a space and type; they are found out once, until a custom field changes."""
    known = site.shapes.get((space.id, type_id))
    if known is None:
        known = site.shapes[space.id, type_id] = _shape(site, space, type_id)
    found: Shape = known
    return found


def _shape(site: Site, space: Space, type_id: str) -> Shape:
    made = {
        each.id: custom.made(each, context)
        for each in site.custom_fields.values()
        if (context := each.context_for(space.id, type_id))
    }
    return Shape(
        editable=system.EDITABLE | made,
        empty=dict.fromkeys(made),
        derived=tuple(each for each in made.values() if each.is_derived),
    )


def at(place: Place) -> Mapping[str, EditableField]:
    """Give the fields that may be edited in a place, by id, custom ones included."""
    return shape(place.site, place.space, place.type_id).editable


def first_values(place: Place) -> dict[str, object]:
    """Give what the fields of a new work item hold before anybody filled them."""
    return {
        name: each.first(place)
        for name, each in at(place).items()
        if not each.is_custom or each.default is not None
    }


def shown(site: Site, issue: Issue, viewer: User, *, api: Api = 3) -> dict[str, Json]:
    """All fields of ``issue`` that ``viewer`` may see, as the JSON of that version of the API.

    Parts of it are shared between calls: whoever changes one copies it before.
    """
    place = place_of(site, issue, viewer)
    known = shape(site, place.space, issue.type_id)
    told: dict[str, Json] = standing.shown(place, issue, viewer, api=api) | known.empty
    for name, value in issue.fields.items():
        if field := known.editable.get(name):
            is_wiki = api == 2 and field.is_rich and value
            told[name] = richtext.to_wiki(told_by_name(value, issue)) if is_wiki else field.show(place, value)
    for field in known.derived:
        told[field.id] = field.show(place, None)
    if told.get("parent") is None:
        told.pop("parent", None)
    for name in site.hidden_from(viewer):
        told.pop(name, None)
    return told


def is_rich(site: Site, name: str) -> bool:
    """Whether a field of the site holds rich text."""
    if name in system.EDITABLE:
        return system.EDITABLE[name].is_rich
    return name in site.custom_fields and site.custom_fields[name].manner == "textarea"


def titles(site: Site) -> dict[str, str]:
    """Give the name of every field of the site by its id."""
    return (
        {name: each.name for name, each in system.EDITABLE.items()}
        | {name: title for name, (title, _) in standing.SYSTEM.items()}
        | ({} if site.edition.is_cloud else standing.TITLES_OF_DATA_CENTER)
        | {each.id: each.name for each in site.custom_fields.values() if not each.trashed}
    )


def schemas(site: Site) -> dict[str, Json]:
    """Give the schema of every field of the site by its id."""
    return (
        {name: each.schema for name, each in system.EDITABLE.items()}
        | {name: schema for name, (_, schema) in standing.SYSTEM.items()}
        | {each.id: custom.schema(each) for each in site.custom_fields.values() if not each.trashed}
    )


def status_step(site: Site, *, before: str, after: str) -> ChangelogItem:
    """Describe a change of status; both are ids."""
    return ChangelogItem(
        field="status",
        field_id="status",
        before=before,
        before_text=site.status(before).name,
        after=after,
        after_text=site.status(after).name,
    )
