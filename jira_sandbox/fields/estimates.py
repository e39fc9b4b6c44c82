"""Time tracking: the two estimates, and the time that was logged against them."""

from jira_sandbox.fields.kinds import Place, Told, wrong
from jira_sandbox.state import durations
from jira_sandbox.state.elements import Estimates
from jira_sandbox.state.values import Issue, Json

NONE = Estimates()


def original(value: Estimates | None) -> int | None:
    """Give the original estimate, in seconds."""
    return value.original if value else None


def remaining(value: Estimates | None) -> int | None:
    """Give the remaining estimate, in seconds."""
    return value.remaining if value else None


def spent(issue: Issue) -> int | None:
    """Give the time logged, in seconds; None when nothing ever was."""
    return sum(each.seconds for each in issue.worklogs) if issue.worklogs else None


def tracking(place: Place, raw: Json) -> Estimates | None:
    """Read ``originalEstimate`` and ``remainingEstimate``; one that is absent stays as it is.

    As long as there is no remaining estimate and nothing logged, it is what the original one is.
    """
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise wrong("timetracking", "data was not an object")
    held: Estimates = place.held("timetracking") or NONE
    first = _read(place, raw, "originalEstimate", held.original)
    rest = _read(place, raw, "remainingEstimate", held.remaining)
    if rest is None and not (place.issue and place.issue.worklogs):
        rest = first
    return Estimates(original=first, remaining=rest) if (first, rest) != (None, None) else None


def shown(place: Place, value: Estimates | None) -> Json:
    """Show estimates and time spent, each as text and in seconds; nothing of what is not there."""
    if value is None and not (place.issue and place.issue.worklogs):
        return {}
    parts = {
        "originalEstimate": original(value),
        "remainingEstimate": remaining(value),
        "timeSpent": spent(place.issue) if place.issue else None,
    }
    known = {name: seconds for name, seconds in parts.items() if seconds is not None}
    settings = place.site.time_tracking
    texts = {name: durations.shown(seconds, settings) for name, seconds in known.items()}
    return texts | {f"{name}Seconds": seconds for name, seconds in known.items()}


def told(_place: Place, value: Estimates | None) -> Told:
    """Tell the original estimate; history has an item for each of the two."""
    found = original(value)
    return (None, None) if found is None else (str(found), str(found))


def _read(place: Place, raw: dict[str, Json], name: str, held: int | None) -> int | None:
    if name not in raw:
        return held
    if raw[name] is None or raw[name] == "":
        return None
    try:
        return durations.parsed(str(raw[name]), place.site.time_tracking)
    except ValueError:
        words = "The original estimate" if name == "originalEstimate" else "The remaining estimate"
        raise wrong(f"timetracking_{name.lower()}", f"{words} specified is not valid.") from None
