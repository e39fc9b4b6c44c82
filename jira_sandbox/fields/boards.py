"""The kinds of fields that Jira's boards bring along: sprints, epic links, ranks, story points."""

from dataclasses import replace
from typing import Any

from jira_sandbox.fields import plain, relations
from jira_sandbox.fields.kinds import EditableField, Kind, Place, unknown, wrong
from jira_sandbox.state.furniture import FieldContext
from jira_sandbox.state.values import Json

PLUGIN = "com.pyxis.greenhopper.jira"


def _sprint(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        parse=relations.sprints(bare.id),
        show=relations.sprints_shown,
        tell=relations.sprints_told,
        cleared=None,
    )


def _epic(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        is_derived=True,
        stands_for="parent",
        parse=relations.epic(bare.id),
        show=lambda place, _value: relations.epic_shown(place),
    )


def _rank(bare: EditableField, _context: FieldContext) -> EditableField:
    def refuse(_place: Place, _raw: Json) -> Any:
        raise wrong(bare.id, unknown(bare.id))

    def show(place: Place, _value: None) -> Json:
        return f"0|i{int(place.issue.id):05x}:" if place.issue else None

    return replace(bare, is_settable=False, is_derived=True, parse=refuse, show=show)


def _points(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(bare, parse=plain.number(bare.id), tell=plain.told_as_number)


KINDS: dict[str, Kind] = {
    "gh-sprint": Kind(type="array", items="json", plugin=PLUGIN, searcher="gh-sprint-searcher", make=_sprint),
    "gh-epic-link": Kind(type="any", plugin=PLUGIN, searcher="gh-epic-link-searcher", make=_epic),
    "gh-lexo-rank": Kind(type="any", plugin=PLUGIN, searcher="gh-lexo-rank-searcher", make=_rank),
    "jsw-story-points": Kind(type="number", plugin=PLUGIN, searcher="exactnumber", make=_points),
}
