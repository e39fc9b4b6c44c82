"""The fields of JQL that every Jira has."""

from jira_sandbox.jql import finding, reading
from jira_sandbox.jql.choices import CHOICE, RANKED, Choice, Presence
from jira_sandbox.jql.kinds import HISTORY, MATCHES, Searchable
from jira_sandbox.jql.numbers import Number
from jira_sandbox.jql.people import found_users
from jira_sandbox.jql.texts import Text
from jira_sandbox.jql.times import Moments

_USER = ("com.atlassian.jira.user.ApplicationUser",)
_VERSION = ("com.atlassian.jira.project.version.Version",)
_ISSUE = ("com.atlassian.jira.issue.Issue",)
_DURATION = ("com.atlassian.jira.issue.index.DurationIndex",)
_NO_ISSUE = "An issue with key '{}' does not exist for field 'key'."
UNRESOLVED = "unresolved"
"""What JQL calls the lack of a resolution."""


def _people(name: str, aliases: tuple[str, ...] = (), *, recorded: str = "", read: reading.Ids) -> Choice:
    return Choice(
        name=name,
        aliases=aliases,
        kind="user",
        read=read,
        find=found_users,
        rank=finding.person_name,
        operators=CHOICE | HISTORY if recorded else CHOICE,
        recorded=recorded,
        types=_USER,
    )


def _versions(name: str, aliases: tuple[str, ...], field: str) -> Choice:
    return Choice(
        name=name,
        aliases=aliases,
        kind="version",
        read=reading.held(field),
        find=finding.versions,
        rank=finding.version_rank,
        operators=RANKED | HISTORY if field == "fixVersions" else RANKED,
        recorded=field if field == "fixVersions" else "",
        types=_VERSION,
    )


_PLACES = (
    Choice(
        name="project",
        kind="space",
        read=lambda _asking, issue: (issue.space_id,),
        find=finding.spaces,
        rank=finding.space_name,
        types=("com.atlassian.jira.project.Project",),
    ),
    Choice(
        name="category",
        kind="option",
        read=reading.space_category,
        find=lambda asking, text: {
            each.id
            for each in asking.site.space_categories.values()
            if text.lower() in {each.id, each.name.lower()}
        },
        types=("com.atlassian.jira.project.ProjectCategory",),
    ),
    Choice(
        name="issuekey",
        aliases=("key", "id", "issue"),
        kind="issue",
        read=lambda _asking, issue: (issue.id,),
        find=finding.issues,
        rank=finding.issue_place,
        operators=RANKED,
        types=_ISSUE,
        missing=_NO_ISSUE,
    ),
    Choice(
        name="parent",
        kind="issue",
        read=reading.held("parent"),
        find=finding.issues,
        rank=finding.issue_place,
        types=_ISSUE,
        missing="An issue with key '{}' does not exist for field 'parent'.",
    ),
    Choice(
        name="linkedIssue",
        aliases=("linkedissues", "issuelink"),
        kind="issue",
        read=reading.links,
        find=finding.issues,
        types=_ISSUE,
        missing="An issue with key '{}' does not exist for field 'linkedIssue'.",
    ),
    Choice(
        name="issueLinkType",
        kind="option",
        read=reading.link_readings,
        find=lambda asking, text: {
            reading_
            for kind in asking.site.link_types
            for reading_ in (kind.outward.lower(), kind.inward.lower())
            if text.lower() in {reading_, kind.name.lower()}
        },
    ),
)
_STATES = (
    Choice(
        name="issuetype",
        aliases=("type", "issue type"),
        kind="type",
        read=lambda _asking, issue: (issue.type_id,),
        find=finding.work_types,
        rank=finding.type_name,
        types=("com.atlassian.jira.issue.issuetype.IssueType",),
    ),
    Choice(
        name="status",
        kind="status",
        read=lambda _asking, issue: (issue.status_id,),
        find=finding.statuses,
        rank=finding.status_rank,
        operators=CHOICE | HISTORY,
        recorded="status",
        types=("com.atlassian.jira.issue.status.Status",),
    ),
    Choice(
        name="statusCategory",
        kind="option",
        read=reading.category,
        find=finding.categories,
        rank=finding.category_rank,
        types=("com.atlassian.jira.issue.status.category.StatusCategory",),
    ),
    Choice(
        name="priority",
        kind="priority",
        read=reading.held("priority"),
        find=finding.priorities,
        rank=finding.priority_rank,
        operators=RANKED | HISTORY,
        recorded="priority",
        types=("com.atlassian.jira.issue.priority.Priority",),
    ),
    Choice(
        name="resolution",
        kind="resolution",
        read=reading.held("resolution"),
        find=finding.resolutions,
        rank=finding.resolution_rank,
        operators=RANKED | HISTORY,
        recorded="resolution",
        empty_word=UNRESOLVED,
        types=("com.atlassian.jira.issue.resolution.Resolution",),
    ),
    Choice(
        name="level",
        kind="level",
        read=reading.held("security"),
        find=finding.levels,
        rank=finding.level_name,
        types=("com.atlassian.jira.issue.security.IssueSecurityLevel",),
    ),
    Choice(
        name="component",
        aliases=("components",),
        kind="component",
        read=reading.held("components"),
        find=finding.components,
        rank=finding.component_name,
        types=("com.atlassian.jira.bc.project.component.ProjectComponent",),
    ),
    _versions("fixVersion", ("fixversions",), "fixVersions"),
    _versions("affectedVersion", ("affectedversions", "versions"), "versions"),
    Choice(
        name="labels",
        kind="label",
        read=reading.labels("labels"),
        find=finding.itself,
        rank=finding.as_text,
        is_free=True,
        types=("com.atlassian.jira.issue.label.Label",),
    ),
)
_PEOPLE = (
    _people("assignee", recorded="assignee", read=reading.held("assignee")),
    _people("reporter", recorded="reporter", read=reading.held("reporter")),
    _people("creator", read=lambda _asking, issue: (issue.creator,)),
    _people("watcher", read=lambda _asking, issue: issue.watchers),
    _people("voter", read=lambda _asking, issue: issue.voters),
    _people("worklogAuthor", read=reading.work_authors),
)
_TEXTS = (
    Text(name="summary", read=reading.words("summary")),
    Text(name="description", read=reading.words("description")),
    Text(name="environment", read=reading.words("environment")),
    Text(name="comment", read=reading.comments, operators=MATCHES, is_orderable=False),
    Text(name="text", read=reading.everything, operators=MATCHES, is_orderable=False),
    Text(name="worklogComment", read=reading.work_words, operators=MATCHES, is_orderable=False),
)
_TIMES = (
    Moments(name="created", aliases=("createddate",), read=lambda _asking, issue: [issue.created]),
    Moments(name="updated", aliases=("updateddate",), read=lambda _asking, issue: [issue.updated]),
    Moments(
        name="resolved",
        aliases=("resolutiondate",),
        read=lambda _asking, issue: [issue.resolved] if issue.resolved else [],
    ),
    Moments(
        name="statusCategoryChangedDate",
        read=lambda _asking, issue: [issue.category_changed or issue.created],
    ),
    Moments(name="due", aliases=("duedate",), read=reading.day("duedate"), is_date=True),
    Moments(name="worklogDate", read=reading.work_days, is_date=True),
    Moments(name="lastViewed", read=reading.last_view),
)
_NUMBERS = (
    Number(name="votes", read=lambda issue: len(issue.voters)),
    Number(name="watchers", read=lambda issue: len(issue.watchers)),
    Number(name="timespent", read=reading.spent, is_duration=True, types=_DURATION),
    Number(
        name="originalEstimate",
        aliases=("timeoriginalestimate",),
        read=reading.estimated,
        is_duration=True,
        types=_DURATION,
    ),
    Number(
        name="remainingEstimate",
        aliases=("timeestimate",),
        read=reading.remaining,
        is_duration=True,
        types=_DURATION,
    ),
    Number(name="workRatio", read=reading.ratio),
)
_OTHERS = (Presence(name="attachments", has=lambda issue: bool(issue.attachments)),)

ALL: tuple[Searchable, ...] = (*_PLACES, *_STATES, *_PEOPLE, *_TEXTS, *_TIMES, *_NUMBERS, *_OTHERS)
BY_NAME: dict[str, Searchable] = {name.lower(): each for each in ALL for name in (each.name, *each.aliases)}
