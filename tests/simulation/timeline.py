"""A life to read: who did what when, what Jira told the app, what the app asked and wrote, what went wrong.

All times are seconds of the life. Points of the database are left out: most steps of a worker are one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from backbone_app.models import JournalEntry
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, Issue, User
from tests.simulation.clock import START

if TYPE_CHECKING:
    from tests.simulation.life import Outcome

Line = tuple[float, str, str]
"""When, who, what."""
POINTS: Final = frozenset({"read", "write", "wrote", "commit", "committed"})
ARROW: Final = " → "
END: Final = "end"
"""Who says what came of it all; the sentences below say the same."""


def whole(outcome: "Outcome") -> list[str]:
    """Give every step, in a form in which two lives can be compared."""
    return [_told(line) for line in outcome.lines]


def readable(outcome: "Outcome") -> Iterator[str]:
    """Give what a person wants to know."""
    script = outcome.script
    count, where = len(outcome.interventions), f"layout {script.layout} ({script.kind})"
    yield f"seed {outcome.seed}, {where}; {count} interventions; from second 60 on:"
    yield from (f"   {each}" for each in script.happenings)
    yield from map(
        _told, _without_questions(line for line in outcome.lines if line[2] not in POINTS and line[1] != END)
    )
    yield f"{outcome.calls} calls; it lasted {outcome.lasted:.0f} s; digest {outcome.digest[:16]}"
    yield from (f"VIOLATION {each}" for each in outcome.violations)


def changes_into(
    lines: list[Line], now: Callable[[], float], is_app_acting: Callable[[Site, str, str], bool]
) -> Callable[..., None]:
    """Give a listener of a world that notes what the app writes there."""

    def heard(site: Site, issue: Issue, actor: User, entry: ChangelogEntry | None) -> None:
        deed = f"item:{issue.id}" if entry is None else f"entry:{entry.id}"
        if not is_app_acting(site, actor.account_id, deed):
            return
        items = entry.items if entry else ()
        values = ", ".join(f"{each.field_id} {each.before_text!r} → {each.after_text!r}" for each in items)
        lines.append((now(), "app wrote", f"{issue.key} ({issue.id}) {values or 'anew'}"))

    return heard


def feed() -> Iterator[Line]:
    """Give the activity feed."""
    for entry in JournalEntry.objects.order_by("pk"):
        causes = "; ".join(_cause(row, cause) for row, cause in sorted(entry.causes.items()))
        what = f"pair {entry.pair_id} {entry.side}: {entry.kind} {', '.join(entry.rows)}"
        yield _seconds(entry.at), "feed", f"{what} ({causes})" if causes else what


def _cause(row: str, cause: dict[str, Any]) -> str:
    edits = ", ".join(str(edit["entry"] or "creation") for edit in cause.get("edits", ()))
    return f"{row or 'all'} {cause.get('outcome', 'from')} {edits}".rstrip()


def _seconds(moment: datetime) -> float:
    return (moment - START).total_seconds()


def _without_questions(lines: Iterator[Line]) -> Iterator[Line]:
    """Leave out that a call begins where its answer stands as well."""
    asking: dict[str, Line] = {}
    held: list[Line | None] = []
    places: dict[str, int] = {}
    for line in lines:
        _, who, what = line
        question = asking.get(who)
        if question is not None and what.startswith(f"{question[2]}{ARROW}"):
            held[places[who]] = None
            del asking[who]
        elif what.startswith(("GET ", "POST ", "PUT ", "DELETE ")) and ARROW not in what:
            asking[who], places[who] = line, len(held)
        held.append(line)
    return (line for line in held if line is not None)


def _told(line: Line) -> str:
    at, who, what = line
    return f"{at:12.4f}  {who:<12} {what}"
