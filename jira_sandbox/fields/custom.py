"""The kinds of custom fields, by the last part of Jira's type key, and how each stores its value.

| kind | stored |
|---|---|
| ``textfield``, ``url``, ``readonlyfield`` | text |
| ``textarea`` | document |
| ``float``, ``importid``, ``jsw-story-points`` | float |
| ``datepicker`` | text ``YYYY-MM-DD`` |
| ``datetime`` | text as ``render.moment`` makes it, in UTC |
| ``select``, ``radiobuttons`` | id of an option |
| ``multiselect``, ``multicheckboxes`` | list of ids of options |
| ``cascadingselect`` | list of the ids of one option and, it may be, of one under it |
| ``userpicker`` / ``multiuserpicker`` | account id / list of them |
| ``grouppicker`` / ``multigrouppicker`` | id of a group / list of them |
| ``labels`` | list of texts |
| ``version`` / ``multiversion`` | id / list of ids |
| ``project`` | id of a space |
| ``gh-sprint`` | list of numbers |
| ``gh-epic-link`` | nothing: it is the parent, as far as that is an epic |
| ``gh-lexo-rank`` | nothing: it goes by the number of the work item |
| ``vp-origin`` | id of a request type |
| ``sd-request-participants`` | list of account ids |
| ``sd-customer-organizations`` | list of ids of organizations |
"""

from dataclasses import replace

from jira_sandbox import render
from jira_sandbox.fields import boards, choices, dates, desk, people, plain, rich
from jira_sandbox.fields.kinds import EditableField, Kind, Place
from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.values import Json

_SET = ("add", "set", "remove")
_EMPTIED = ("", "")
"""What history tells of a choice taken back; it tells nothing at all of one never made."""


def made(custom: CustomField, context: FieldContext) -> EditableField:
    """Make the field as it is in one of its contexts; an unknown kind is taken for a line of text."""
    kind = KINDS.get(custom.manner, KINDS["textfield"])
    bare = EditableField(
        id=custom.id,
        name=custom.name,
        schema=schema(custom),
        parse=plain.line(custom.id),
        show=plain.as_stored,
        tell=plain.told_as_text,
        cleared=(None, ""),
    )
    field = kind.make(bare, context)
    return replace(field, default=lambda _place: context.default) if context.default is not None else field


def schema(custom: CustomField) -> dict[str, Json]:
    """Give the schema as Jira tells it."""
    kind = KINDS.get(custom.manner, KINDS["textfield"])
    items = {"items": kind.items} if kind.items else {}
    number = int(custom.id.removeprefix("customfield_"))
    return {"type": kind.type, **items, "custom": custom.type_key, "customId": number}


def _line(bare: EditableField, _context: FieldContext) -> EditableField:
    return bare


def _rich(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, is_rich=True, parse=lambda _place, raw: rich.checked(bare.id, raw), tell=rich.told)


def _number(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, parse=plain.number(bare.id), tell=plain.told_as_number)


def _day(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, parse=dates.day(bare.id), tell=dates.told_as_day)


def _moment(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, parse=dates.moment(bare.id), tell=dates.told_as_moment)


def _address(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, parse=plain.address(bare.id))


def _labels(bare: EditableField, _context: FieldContext) -> EditableField:
    read = plain.labels(bare.id)
    return replace(
        bare,
        operations=_SET,
        completes=f"/rest/api/1.0/labels/suggest?customFieldId={bare.id.removeprefix('customfield_')}&query=",
        parse=lambda place, raw: read(place, raw) or None,
        tell=plain.told_as_words,
    )


def _option(bare: EditableField, context: FieldContext) -> EditableField:
    known = {each.id: each for each in context.options}

    def show(place: Place, value: str | None) -> Json:
        return choices.option_shown(place, known[value]) if value in known else None

    return replace(
        bare,
        parse=choices.option(bare.id, context),
        show=show,
        tell=lambda _place, value: (value, known[value].value) if value in known else (None, None),
        cleared=_EMPTIED,
        choices=lambda place: [choices.option_shown(place, each) for each in choices.offered(context)],
    )


def _options(bare: EditableField, context: FieldContext) -> EditableField:
    known = {each.id: each for each in context.options}

    def show(place: Place, value: list[str] | None) -> Json:
        return [choices.option_shown(place, known[each]) for each in value or [] if each in known] or None

    def tell(_place: Place, value: list[str] | None) -> tuple[str | None, str | None]:
        return people.listed_told(value or [], [known[each].value for each in value or [] if each in known])

    return replace(
        bare,
        operations=_SET,
        parse=choices.options(bare.id, context),
        show=show,
        tell=tell,
        cleared=_EMPTIED,
        choices=lambda place: [choices.option_shown(place, each) for each in choices.offered(context)],
    )


def _cascade(bare: EditableField, context: FieldContext) -> EditableField:
    return replace(
        bare,
        parse=choices.cascade(bare.id, context),
        show=lambda place, value: choices.cascade_shown(place, context, value),
        tell=lambda _place, value: choices.cascade_told(context, value),
        choices=lambda place: choices.cascade_allowed(place, context),
    )


def _user(bare: EditableField, _context: FieldContext) -> EditableField:
    completes = "/rest/api/1.0/users/picker?fieldName=" + bare.id + "&showAvatar=true&query="
    return replace(bare, completes=completes, parse=people.one(bare.id), show=people.shown, tell=people.told)


def _users(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        operations=_SET,
        completes="/rest/api/1.0/users/picker?fieldName=" + bare.id + "&showAvatar=true&query=",
        parse=people.several(bare.id),
        show=people.all_shown,
        tell=people.all_told,
        cleared=_EMPTIED,
    )


def _group(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        completes="/rest/api/3/groups/picker?query=",
        parse=people.group(bare.id),
        show=people.group_shown,
        tell=people.group_told,
    )


def _groups(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        operations=_SET,
        completes="/rest/api/3/groups/picker?query=",
        parse=people.groups(bare.id),
        show=people.groups_shown,
        tell=people.groups_told,
    )


def _version(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        parse=choices.version(bare.id),
        show=lambda place, value: next(iter(choices.versions_shown(place, value and [value])), None),
        tell=lambda place, value: choices.versions_told(place, value and [value]),
        choices=_versions_offered,
    )


def _versions(bare: EditableField, _context: FieldContext) -> EditableField:
    read = choices.versions(bare.id)
    return replace(
        bare,
        operations=_SET,
        parse=lambda place, raw: read(place, raw) or None,
        show=lambda place, value: choices.versions_shown(place, value) or None,
        tell=choices.versions_told,
        cleared=_EMPTIED,
        choices=_versions_offered,
    )


def _versions_offered(place: Place) -> list[Json]:
    return [choices.version_shown(place, each) for each in place.space.versions if not each.is_archived]


def _space(bare: EditableField, _context: FieldContext) -> EditableField:
    def show(place: Place, value: str | None) -> Json:
        found = place.site.spaces.get(value or "")
        return render.space(place.site, found) if found else None

    def tell(place: Place, value: str | None) -> tuple[str | None, str | None]:
        found = place.site.spaces.get(value or "")
        return (found.id, found.name) if found else (None, None)

    return replace(
        bare,
        parse=choices.space(bare.id),
        show=show,
        tell=tell,
        choices=lambda place: [render.space(place.site, each) for each in choices.spaces(place)],
    )


_TEXT, _EXACT, _DATES = ("textsearcher", "exacttextsearcher", "daterange")
_OWN: dict[str, Kind] = {
    "textfield": Kind(type="string", searcher=_TEXT, make=_line),
    "textarea": Kind(type="string", searcher=_TEXT, make=_rich),
    "readonlyfield": Kind(type="string", searcher=_TEXT, make=_line),
    "url": Kind(type="string", searcher=_EXACT, make=_address),
    "float": Kind(type="number", searcher="exactnumber", make=_number),
    "importid": Kind(type="number", searcher="exactnumber", make=_number),
    "datepicker": Kind(type="date", searcher=_DATES, make=_day),
    "datetime": Kind(type="datetime", searcher="datetimerange", make=_moment),
    "select": Kind(type="option", searcher="multiselectsearcher", make=_option),
    "radiobuttons": Kind(type="option", searcher="multiselectsearcher", make=_option),
    "multiselect": Kind(type="array", items="option", searcher="multiselectsearcher", make=_options),
    "multicheckboxes": Kind(type="array", items="option", searcher="multiselectsearcher", make=_options),
    "cascadingselect": Kind(type="option-with-child", searcher="cascadingselectsearcher", make=_cascade),
    "userpicker": Kind(type="user", searcher="userpickergroupsearcher", make=_user),
    "multiuserpicker": Kind(type="array", items="user", searcher="userpickergroupsearcher", make=_users),
    "grouppicker": Kind(type="group", searcher="grouppickersearcher", make=_group),
    "multigrouppicker": Kind(type="array", items="group", searcher="multiselectsearcher", make=_groups),
    "labels": Kind(type="array", items="string", searcher="labelsearcher", make=_labels),
    "version": Kind(type="version", searcher="versionsearcher", make=_version),
    "multiversion": Kind(type="array", items="version", searcher="versionsearcher", make=_versions),
    "project": Kind(type="project", searcher="projectsearcher", make=_space),
}
KINDS = _OWN | boards.KINDS | desk.KINDS
