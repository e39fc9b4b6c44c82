"""Where the small Jira's webhooks are not shaped like the recorded ones, why, and how that is known.

Each entry is needed: a run with the recordings fails when one of them covers nothing. Sprints are compared by
their shape alone: no act here brings about ``sprint_…``, the test announces one itself.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from tests.support.webhook_shapes import Found, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that differs at a path (``*`` stands for anything) in the deliveries of some events."""

    kind: Kind
    path: str
    why: str
    evidence: str
    events: str = "*"

    def covers(self, event: str, found: Found) -> bool:
        """Whether this is what was found."""
        return (
            self.kind == found.kind
            and fnmatchcase(event, self.events)
            and fnmatchcase(found.path.replace("[]", "<>"), self.path.replace("[]", "<>"))
        )


_OLD = "the recordings are of 2018 to 2021, the member is newer"

DIFFERENCES: Final[tuple[Difference, ...]] = (
    Difference(
        kind="missing",
        path="<user>.name",
        why="names and keys of accounts are gone from Cloud since its privacy changes of 2019",
        evidence="User in Jira Cloud's description: both are no longer available; later recordings have none",
    ),
    Difference(
        kind="missing",
        path="<user>.key",
        why="names and keys of accounts are gone from Cloud since its privacy changes of 2019",
        evidence="User in Jira Cloud's description: both are no longer available; later recordings have none",
    ),
    Difference(
        kind="extra",
        path="<user>.emailAddress",
        why="people decide who sees their address: here everybody shows it, there nobody did",
        evidence="authors in recorded bodies of comment_deleted and all acting users have it",
    ),
    Difference(
        kind="extra",
        path=".eventType",
        events="comment_*",
        why=_OLD,
        evidence="primaryAction in a comment's event that a public repository recorded for its tests",
    ),
    Difference(
        kind="extra",
        path=".issue.fields*.issuetype.hierarchyLevel",
        why=_OLD,
        evidence="IssueTypeDetails in Jira Cloud's description; two of the recorded comment_created have it",
    ),
    Difference(
        kind="extra",
        path=".issue.fields.issuerestriction",
        events="jira:issue_*",
        why=_OLD,
        evidence="work items of Cloud in the corpus of issues, those of atlassian/atlascode among them",
    ),
    Difference(
        kind="extra",
        path=".issue.fields.statusCategory",
        events="jira:issue_*",
        why=_OLD,
        evidence="work items of Cloud in the corpus of issues that have it beside their status",
    ),
)
