"""Custom fields as JQL searches them: by number ``cf[10020]``, by name, or ``"Name[Dropdown]"``."""

from collections.abc import Callable

from jira_sandbox.jql import finding, reading
from jira_sandbox.jql.choices import CHOICE, RANKED, Choice, Kind
from jira_sandbox.jql.kinds import Asking, Searchable
from jira_sandbox.jql.numbers import Number
from jira_sandbox.jql.people import found_users
from jira_sandbox.jql.texts import Text
from jira_sandbox.jql.times import Moments
from jira_sandbox.jql.tree import Field
from jira_sandbox.state.furniture import CustomField

COLLAPSED = {
    "cascadingselect": "Dropdown",
    "datepicker": "Date",
    "datetime": "Time stamp",
    "float": "Number",
    "grouppicker": "Group Picker (single group)",
    "labels": "Labels",
    "multicheckboxes": "Checkboxes",
    "multiselect": "Select List (multiple choices)",
    "multiuserpicker": "User Picker (multiple users)",
    "radiobuttons": "Radio Buttons",
    "select": "Dropdown",
    "textarea": "Paragraph",
    "textfield": "Short text",
    "url": "URL",
    "userpicker": "User Picker (single user)",
}
"""What Jira puts in brackets behind the name of a field of each kind."""


def found(asking: Asking, field: Field) -> Searchable | None:
    """Find the custom field a query names; of several with one name the oldest."""
    hides = asking.site.hides
    known = [
        each
        for each in asking.site.custom_fields.values()
        if not (each.trashed or hides(each.id, asking.viewer))
    ]
    wanted = f"customfield_{field.key}" if field.name == "cf" else field.name.lower()
    for each in known:
        names = {each.id, each.name.lower(), f"{each.name}[{COLLAPSED.get(each.manner, '')}]".lower()}
        if wanted in names:
            return searchable(each)
    return None


def searchable(custom: CustomField) -> Searchable:
    """Give the field as JQL searches it; a kind not known is searched as text."""
    make = _MAKERS.get(custom.manner, _text)
    return make(custom)


def _text(custom: CustomField) -> Searchable:
    return Text(name=custom.name, read=reading.words(custom.id))


def _number(custom: CustomField) -> Searchable:
    return Number(name=custom.name, read=reading.number(custom.id))


def _day(custom: CustomField) -> Searchable:
    return Moments(name=custom.name, read=reading.day(custom.id), is_date=True)


def _instant(custom: CustomField) -> Searchable:
    return Moments(name=custom.name, read=reading.instant(custom.id))


def _option(custom: CustomField) -> Searchable:
    options = [option for context in custom.contexts for option in context.options]
    places = {option.id: place for place, option in enumerate(options)}
    return Choice(
        name=custom.name,
        kind="option",
        read=reading.held(custom.id),
        find=lambda _asking, text: {
            option.id for option in options if text.lower() in {option.id, option.value.lower()}
        },
        rank=lambda _asking, number: places.get(number, len(places)),
        types=("com.atlassian.jira.issue.customfields.option.Option",),
    )


def _of(
    kind: Kind, find: Callable[[Asking, str], set[str]], rank: Callable[[Asking, str], object] | None = None
) -> Callable[[CustomField], Searchable]:
    def make(custom: CustomField) -> Searchable:
        return Choice(
            name=custom.name,
            kind=kind,
            read=reading.labels(custom.id) if kind == "label" else reading.held(custom.id),
            find=find,
            rank=rank,
            is_free=kind == "label",
            operators=RANKED if kind == "version" else CHOICE,
        )

    return make


def _epic(custom: CustomField) -> Searchable:
    return Choice(
        name=custom.name, kind="issue", read=reading.epic, find=finding.issues, rank=finding.issue_place
    )


_PERSON = _of("user", found_users, finding.person_name)
_VERSION = _of("version", finding.versions, finding.version_rank)
_GROUP = _of("group", finding.groups)
_MAKERS: dict[str, Callable[[CustomField], Searchable]] = {
    "float": _number,
    "importid": _number,
    "jsw-story-points": _number,
    "datepicker": _day,
    "datetime": _instant,
    "select": _option,
    "radiobuttons": _option,
    "multiselect": _option,
    "multicheckboxes": _option,
    "cascadingselect": _option,
    "userpicker": _PERSON,
    "multiuserpicker": _PERSON,
    "grouppicker": _GROUP,
    "multigrouppicker": _GROUP,
    "labels": _of("label", finding.itself, finding.as_text),
    "version": _VERSION,
    "multiversion": _VERSION,
    "project": _of("space", finding.spaces, finding.space_name),
    "gh-sprint": _of("sprint", finding.sprints, finding.number_rank),
    "gh-epic-link": _epic,
    "vp-origin": _of("option", finding.request_types),
    "sd-request-participants": _PERSON,
    "sd-customer-organizations": _of("option", finding.organizations),
}
