"""Workflows as a test wants them: whoever looks for a way finds these steps and no others."""

from dataclasses import replace

from jira_sandbox.state.site import Site
from jira_sandbox.state.workflow import Transition


def lead_through(site: Site, item: str, *ways: tuple[str, str]) -> None:
    """Give the work item's type these transitions and no others, from and to; the first has the lowest id."""
    issue = site.issues[item]
    space = site.space_of(issue)
    ids = {status.name: status.id for status in site.statuses}
    transitions = tuple(
        Transition(id=str(number), name=f"To {to}", to=ids[to], sources=frozenset({ids[source]}))
        for number, (source, to) in enumerate(ways, start=1)
    )
    space.workflows[issue.type_id] = replace(space.workflows[issue.type_id], transitions=transitions)
