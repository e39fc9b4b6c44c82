"""Fields, sprints and security levels for the standard spaces: one custom field of every kind."""

from collections.abc import Iterable
from typing import Literal

from jira_sandbox.fields.custom import KINDS
from jira_sandbox.state.furniture import (
    CustomField,
    FieldContext,
    Option,
    RequestType,
    SecurityLevel,
    Sprint,
)
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, User

OPTIONS: dict[str, tuple[str, ...]] = {
    "select": ("Red", "Green", "Blue"),
    "radiobuttons": ("Low", "Middle", "High"),
    "multiselect": ("Web", "Mobile", "Desktop"),
    "multicheckboxes": ("Tested", "Documented", "Translated"),
    "cascadingselect": ("Europe/Berlin", "Europe/Paris", "Asia/Tokyo", "Asia/Delhi"),
}
"""What can be chosen in the fields of the standard spaces; a slash leads to the second step."""
TITLES = {
    "textfield": "Customer reference",
    "textarea": "Acceptance criteria",
    "readonlyfield": "Imported from",
    "url": "Specification",
    "float": "Effort",
    "importid": "Import id",
    "datepicker": "Start date",
    "datetime": "Reported at",
    "select": "Colour",
    "radiobuttons": "Risk",
    "multiselect": "Platforms",
    "multicheckboxes": "Checks",
    "cascadingselect": "Place",
    "userpicker": "Approver",
    "multiuserpicker": "Reviewers",
    "grouppicker": "Team group",
    "multigrouppicker": "Groups",
    "labels": "Keywords",
    "version": "Found in",
    "multiversion": "Tested in",
    "project": "Related space",
    "gh-sprint": "Sprint",
    "gh-epic-link": "Epic Link",
    "gh-lexo-rank": "Rank",
    "jsw-story-points": "Story points",
}
"""What they are called, by their kind."""
DESK_TITLES = {
    "vp-origin": "Request Type",
    "sd-request-participants": "Request participants",
    "sd-customer-organizations": "Organizations",
}
"""The fields of a service desk, by their kind."""
_SPRINTS: tuple[tuple[str, Literal["active", "future"]], ...] = (
    ("Sprint 1", "active"),
    ("Sprint 2", "future"),
)


def furnish(site: Site, space: Space, *, leads: Iterable[User], members: Iterable[User]) -> None:
    """Give a space a field of every kind, two sprints and two security levels.

    The fields are on the screens of all types but epics, and never required.
    """
    types = tuple(each for each in space.type_ids if site.work_types[each].hierarchy_level == 0)
    for kind, title in TITLES.items():
        field = made(site, kind, title, space_ids=(space.id,), type_ids=types)
        space.screen.add(field.id)
    for name, state in _SPRINTS:
        number = site.next_id("sprint")
        site.sprints[number] = Sprint(
            id=number, name=f"{space.key} {name}", board_id=site.first_id, state=state
        )
    everybody = {each.account_id for each in (*leads, *members)}
    space.security_levels += [
        _level(site, "Members", everybody),
        _level(site, "Administrators", {each.account_id for each in leads}),
    ]


def open_desk(site: Site, space: Space) -> None:
    """Make a service desk of a space: a request type for each work type, two organizations, the fields."""
    space.type_key = "service_desk"
    for type_id in space.type_ids:
        number, name = str(site.next_id("request type")), f"{site.work_types[type_id].name} request"
        site.request_types[number] = RequestType(id=number, name=name, space_id=space.id, type_id=type_id)
    for name in ("Charlie Cakes", "Atlas Coffee"):
        site.organizations[str(site.next_id("organization"))] = name
    for kind, title in DESK_TITLES.items():
        space.screen.add(made(site, kind, title, space_ids=(space.id,)).id)


def made(
    site: Site,
    kind: str,
    name: str,
    *,
    space_ids: tuple[str, ...] = (),
    type_ids: tuple[str, ...] = (),
    owner: str | None = None,
) -> CustomField:
    """Add a custom field with one context; ``owner`` is the id of the team-managed space it belongs to."""
    known = KINDS[kind]
    context = FieldContext(
        id=str(site.next_id("context")),
        name=f"Default Configuration Scheme for {name}",
        space_ids=space_ids,
        type_ids=type_ids,
        options=_options(site, OPTIONS.get(kind, ())),
    )
    field = CustomField(
        id=f"customfield_{site.next_id('field')}",
        name=name,
        kind=kind,
        plugin=known.plugin,
        searcher=known.searcher,
        space_id=owner,
        contexts=(context,),
    )
    site.put_field(field)
    return field


def _options(site: Site, values: tuple[str, ...]) -> tuple[Option, ...]:
    listed: list[Option] = []
    for value in values:
        top, _, below = value.partition("/")
        parent = next((each for each in listed if each.value == top and each.parent_id is None), None)
        if parent is None:
            parent = Option(id=str(site.next_id("option")), value=top)
            listed.append(parent)
        if below:
            listed.append(Option(id=str(site.next_id("option")), value=below, parent_id=parent.id))
    return tuple(listed)


def _level(site: Site, name: str, members: set[str]) -> SecurityLevel:
    return SecurityLevel(id=str(site.next_id("level")), name=name, members=members)
