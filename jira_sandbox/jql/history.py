"""What a field held before: WAS, WAS IN, WAS NOT and CHANGED, read from the changelog."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from jira_sandbox.jql.kinds import Asking, Test, items
from jira_sandbox.jql.people import found_user
from jira_sandbox.jql.times import moment, whole_day
from jira_sandbox.jql.tree import Clause, Empty, Operand, Predicate, Value
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue
from jira_sandbox.wire import Refusal

Meaning = Callable[[Operand], set[str]]
"""Gives the ids that a part of an operand means; a Refusal when nothing is called so."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing a field held, from ``start`` until ``end`` (None: still), and who put it there."""

    number: str | None
    text: str
    start: datetime
    end: datetime | None
    author: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a WAS or CHANGED looks for: ids, or the names of things that may be gone, or emptiness."""

    numbers: frozenset[str]
    texts: frozenset[str]
    takes_empty: bool

    def has(self, number: str | None, text: str) -> bool:
        if not number and not text:
            return self.takes_empty
        return number in self.numbers or text.lower() in self.texts


def test(asking: Asking, recorded: str, clause: Clause, meaning: Meaning) -> Test:
    """Make the test of a clause about the past of the field recorded under that id."""
    if clause.operator == "changed":
        return _changed(asking, recorded, clause, meaning)
    wanted = _wanted(clause.operand, meaning)
    narrowing = [_span_test(asking, each, clause) for each in clause.predicates]
    wants = not clause.operator.startswith("was not")

    def fits(issue: Issue) -> bool:
        found = any(
            wanted.has(held.number, held.text) and all(holds(held) for holds in narrowing)
            for held in _held(issue, recorded)
        )
        return found is wants

    return fits


def _changed(asking: Asking, recorded: str, clause: Clause, meaning: Meaning) -> Test:
    steps = [each for each in clause.predicates if each.word in {"from", "to"}]
    others = [_span_test(asking, each, clause) for each in clause.predicates if each not in steps]
    wanted = [(each.word, _wanted(each.operand, meaning)) for each in steps]

    def fits(issue: Issue) -> bool:
        return any(
            _is_step(item, wanted) and _happened(entry, others) for entry, item in _steps(issue, recorded)
        )

    return fits


def _is_step(item: ChangelogItem, wanted: list[tuple[str, _Wanted]]) -> bool:
    before, after = (item.before, item.before_text or ""), (item.after, item.after_text or "")
    return all(each.has(*(before if word == "from" else after)) for word, each in wanted)


def _happened(entry: ChangelogEntry, narrowing: list[Callable[[Held], bool]]) -> bool:
    at_once = Held(None, "", entry.created, entry.created, entry.author)
    return all(holds(at_once) for holds in narrowing)


def _wanted(operand: Operand | None, meaning: Meaning) -> _Wanted:
    numbers: set[str] = set()
    texts: set[str] = set()
    takes_empty = False
    for each in items(operand):
        if isinstance(each, Empty):
            takes_empty = True
        elif isinstance(each, Value):
            texts.add(each.text.lower())
            numbers |= _known(each, meaning)
        else:
            numbers |= meaning(each)
    return _Wanted(frozenset(numbers), frozenset(texts), takes_empty)


def _known(value: Value, meaning: Meaning) -> set[str]:
    """Find what is called so today; the past may know what is no more, so nothing is refused."""
    try:
        return meaning(value)
    except Refusal:
        return set()


def _span_test(asking: Asking, predicate: Predicate, clause: Clause) -> Callable[[Held], bool]:
    word, operand = predicate.word, predicate.operand
    if word == "by":
        authors = {found_user(asking, each, clause) for each in items(operand)}
        return lambda held: held.author in authors
    if word == "during":
        bounds = [moment(asking, each, clause) for each in items(operand)]
        if len(bounds) != 2:
            raise Refusal(400, "The predicate 'during' needs a list of two dates.")
        return lambda held: held.start <= bounds[1] and (held.end is None or held.end >= bounds[0])
    if word == "on":
        start, end = whole_day(asking, operand, clause)
        return lambda held: held.start < end and (held.end is None or held.end >= start)
    if word in {"from", "to"}:
        raise Refusal(400, f"The predicate '{word}' is not supported by the operator '{clause.operator}'.")
    limit = moment(asking, operand, clause)
    if word == "before":
        return lambda held: held.start < limit
    return lambda held: held.end is None or held.end > limit


def _steps(issue: Issue, recorded: str) -> Iterator[tuple[ChangelogEntry, ChangelogItem]]:
    for entry in issue.changelog:
        for item in entry.items:
            if item.field_id == recorded:
                yield entry, item


def _held(issue: Issue, recorded: str) -> Iterator[Held]:
    """Give all that the field ever held; a step ends what it names as before, begins what comes after."""
    now = issue.status_id if recorded == "status" else issue.fields.get(recorded)
    holds_several = isinstance(now, list)
    running: dict[str | None, tuple[str, datetime, str]] = {}
    for entry, item in _steps(issue, recorded):
        first = (item.before_text or "", issue.created, issue.creator)
        text, start, author = running.pop(item.before, first)
        if item.before or not holds_several:
            yield Held(item.before, text, start, entry.created, author)
        if item.after or not holds_several:
            running[item.after] = (item.after_text or "", entry.created, entry.author)
    for number, (text, start, author) in running.items():
        yield Held(number, text, start, None, author)
    for number in (now or [None]) if holds_several else [now]:
        if number not in running:
            yield Held(number, "", issue.created, None, issue.creator)
