"""The smallest triple that still shows a difference, and that triple in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from backbone_app.core.configuration import Configuration, ConflictPolicy, Direction, FieldRow
from backbone_app.core.state import View
from backbone_app.core.values import Edit, Empty, Labels, Side, Value
from tests.core.reference import Agreed, Members, Triple, Workflow

V = TypeVar("V")


def shrunk(triple: Triple, differs: Callable[[Triple], object]) -> Triple:
    """Drop one thing after another for as long as ``differs`` says that the difference stays."""
    while smaller := next((one for one in _smaller(triple) if differs(one)), None):
        triple = smaller
    return triple


def _smaller(triple: Triple) -> Iterator[Triple]:
    for key in [row.key for row in triple.configuration.fields]:
        yield _without_row(triple, key)
    yield from _plainer(triple)
    for key in triple.base:
        yield replace(triple, base=_without(triple.base, key))
    for side in Side:
        view = triple.view(side)
        for one in _smaller_views(view) if view else ():
            yield replace(triple, left=one) if side is Side.LEFT else replace(triple, right=one)
    for less in _smaller_workflows(triple.workflows[0]):
        yield replace(triple, workflows=(less, triple.workflows[1]))
    for less in _smaller_workflows(triple.workflows[1]):
        yield replace(triple, workflows=(triple.workflows[0], less))


def _plainer(triple: Triple) -> Iterator[Triple]:
    """What is beside the three trees: types, policies, tables, directions."""
    made = triple.configuration
    plainer = [replace(made, types=made.types[:n] + made.types[n + 1 :]) for n in range(len(made.types))]
    plainer += [replace(made, policy=ConflictPolicy.LEFT), replace(made, statuses_to_right=())]
    plainer.append(replace(made, statuses_to_left=()))
    plainer += [_both_ways(made, row) for row in made.fields]
    same = replace(triple, published=made)
    others = [replace(triple, configuration=one, published=one) for one in plainer if one != made]
    undecided = [
        replace(triple, origin=None),
        replace(triple, choice=None),
        replace(triple, twin_people=None),
    ]
    yield from (one for one in (same, *others, *undecided) if one != triple)


def _both_ways(made: Configuration, row: FieldRow) -> Configuration:
    fields = (replace(one, direction=Direction.BOTH) if one == row else one for one in made.fields)
    return replace(made, fields=tuple(fields))


def _without(those: Mapping[str, V], key: str) -> dict[str, V]:
    return {one: value for one, value in those.items() if one != key}


def _without_row(triple: Triple, key: str) -> Triple:
    configuration, published = (_less(one, key) for one in (triple.configuration, triple.published))
    base = _without(triple.base, key)
    return replace(triple, configuration=configuration, published=published, base=base)


def _less(made: Configuration, key: str) -> Configuration:
    types = (replace(row, fields=tuple(one for one in row.fields if one != key)) for row in made.types)
    return replace(made, fields=tuple(row for row in made.fields if row.key != key), types=tuple(types))


def _smaller_views(view: View) -> Iterator[View]:
    for name in view.fields:
        yield replace(view, fields=_without(view.fields, name), current=_without(view.current, name))
    yield from (replace(view, current=_without(view.current, name)) for name in view.current)
    yield from (replace(view, edits=_without(view.edits, name)) for name in view.edits)
    plain = (replace(view, people=None), replace(view, born=None))
    yield from (one for one in plain if one != view)


def _smaller_workflows(workflow: Workflow) -> Iterator[Workflow]:
    edges, offered = workflow.edges, workflow.offered
    yield from (replace(workflow, edges=edges[:n] + edges[n + 1 :]) for n in range(len(edges)))
    yield from (replace(workflow, offered=offered[:n] + offered[n + 1 :]) for n in range(len(offered)))
    yield from (replace(workflow, explored=workflow.explored - {one}) for one in workflow.explored)


def in_words(triple: Triple) -> str:
    """Tell the triple line by line."""
    made = triple.configuration
    lines = [f"policy {made.policy}; origin {triple.origin}; choice {triple.choice}"]
    lines += [f"type   {row.left_id} ~ {row.right_id}, {row.direction}: {row.fields}" for row in made.types]
    lines += [f"row    {row.left} ~ {row.right}, {row.kind}, {row.direction}" for row in made.fields]
    lines += [f"to right: {made.statuses_to_right}", f"to left: {made.statuses_to_left}"]
    lines += [f"base   {key}: {_agreed(was)}" for key, was in triple.base.items()]
    for side in Side:
        lines += _side(triple, side)
    if triple.published != made:
        lines.append(f"published meanwhile: {triple.published}")
    return "\n".join(lines)


def _agreed(was: Agreed | Members) -> str:
    if isinstance(was, frozenset):
        return ", ".join(f"{left} ~ {right}" for left, right in sorted(was))
    return " ~ ".join(said(one) for one in was)


def _side(triple: Triple, side: Side) -> list[str]:
    view, workflow = triple.view(side), triple.workflow(side)
    if view is None:
        return [f"{side}: not there yet, knows {triple.twin_people or 'everybody'}"]
    lines = [f"{side}: {view.type_id}, knows {view.people}, born {said(view.born)}"]
    for name, value in view.fields.items():
        holds = f", holds {said(view.current[name])}" if name in view.current else ""
        lines.append(f"   {name}: {said(value)}{holds}, by {said(view.edits.get(name))}")
    lines += [f"   known {edge}" for edge in workflow.edges]
    lines += [f"   offered {edge}" for edge in workflow.offered]
    return [*lines, f"   explored {sorted(workflow.explored)}"] if workflow.explored else lines


def said(one: Value | Edit | str | None) -> str:
    """A value or an edit as briefly as it can be told."""
    if isinstance(one, Edit):
        return f"{one.author} at {one.at:%H:%M:%S.%f}"
    if isinstance(one, Labels):
        return "{" + ", ".join(sorted(one.names)) + "}"
    if one is None or isinstance(one, str | Empty):
        return "nothing" if isinstance(one, Empty) else str(one)
    return repr(one)
