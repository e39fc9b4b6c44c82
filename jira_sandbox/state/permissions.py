"""The permissions a site knows, by the keys Jira uses."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["PROJECT", "GLOBAL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A permission as Jira describes it; those that a Jira product adds have the id ``-1``."""

    id: str
    key: str
    name: str
    kind: Kind
    description: str


_GLOBAL = (
    ("0", "ADMINISTER", "Administer Jira", "Create and administer projects, fields, screens and users."),
    ("44", "SYSTEM_ADMIN", "System Administrator", "Perform all administration functions."),
    ("33", "BULK_CHANGE", "Bulk Change", "Modify a collection of issues at once."),
    ("-1", "CREATE_PROJECT", "Create team-managed projects", "Create projects separate from shared schemes."),
    ("22", "CREATE_SHARED_OBJECTS", "Share dashboards and filters", "Share dashboards and filters."),
    ("24", "MANAGE_GROUP_FILTER_SUBSCRIPTIONS", "Manage Group Filter Subscriptions", "Subscribe groups."),
    ("27", "USER_PICKER", "Browse users and groups", "Select users and groups from a popup window."),
)
_PROJECT = (
    ("23", "ADMINISTER_PROJECTS", "Administer Projects", "Administer a project in Jira."),
    ("-1", "EDIT_WORKFLOW", "Edit Workflows", "Edit the workflows of a project."),
    ("-1", "EDIT_ISSUE_LAYOUT", "Edit Issue Layout", "Edit the layout of a project's issues."),
    ("10", "BROWSE_PROJECTS", "Browse Projects", "Browse projects and the issues within them."),
    ("-1", "MANAGE_SPRINTS_PERMISSION", "Manage Sprints", "Manage sprints."),
    ("-1", "SERVICEDESK_AGENT", "Service Project Agent", "Interact with customers and access queues."),
    ("-1", "VIEW_DEV_TOOLS", "View Development Tools", "View the development panel."),
    ("45", "VIEW_READONLY_WORKFLOW", "View Read-Only Workflow", "View a read-only version of a workflow."),
    ("-1", "VIEW_AGGREGATED_DATA", "View aggregated data", "View aggregated data of a project."),
    ("17", "ASSIGNABLE_USER", "Assignable User", "Users with this permission may be assigned to issues."),
    ("13", "ASSIGN_ISSUES", "Assign Issues", "Assign issues to other people."),
    ("18", "CLOSE_ISSUES", "Close Issues", "Close issues."),
    ("11", "CREATE_ISSUES", "Create Issues", "Create issues."),
    ("16", "DELETE_ISSUES", "Delete Issues", "Delete issues."),
    ("-1", "ARCHIVE_ISSUES", "Archive issues", "Archive issues for a specific project."),
    ("-1", "UNARCHIVE_ISSUES", "Restore issues", "Restore issues for a specific project."),
    ("12", "EDIT_ISSUES", "Edit Issues", "Edit issues."),
    ("21", "LINK_ISSUES", "Link Issues", "Link issues together and create linked issues."),
    ("30", "MODIFY_REPORTER", "Modify Reporter", "Modify the reporter when creating or editing an issue."),
    ("25", "MOVE_ISSUES", "Move Issues", "Move issues between projects or between workflows."),
    ("14", "RESOLVE_ISSUES", "Resolve Issues", "Resolve and reopen issues, and set a fix version."),
    ("28", "SCHEDULE_ISSUES", "Schedule Issues", "View or edit an issue's due date."),
    ("26", "SET_ISSUE_SECURITY", "Set Issue Security", "Set the level of security on an issue."),
    ("46", "TRANSITION_ISSUES", "Transition Issues", "Transition issues."),
    ("32", "MANAGE_WATCHERS", "Manage Watchers", "Manage the watchers of an issue."),
    (
        "31",
        "VIEW_VOTERS_AND_WATCHERS",
        "View Voters and Watchers",
        "View who voted for and watches an issue.",
    ),
    ("15", "ADD_COMMENTS", "Add Comments", "Comment on issues."),
    ("36", "DELETE_ALL_COMMENTS", "Delete All Comments", "Delete all comments made on issues."),
    ("37", "DELETE_OWN_COMMENTS", "Delete Own Comments", "Delete own comments made on issues."),
    ("34", "EDIT_ALL_COMMENTS", "Edit All Comments", "Edit all comments made on issues."),
    ("35", "EDIT_OWN_COMMENTS", "Edit Own Comments", "Edit own comments made on issues."),
    ("19", "CREATE_ATTACHMENTS", "Create Attachments", "Users with this permission may create attachments."),
    ("38", "DELETE_ALL_ATTACHMENTS", "Delete All Attachments", "Delete all attachments."),
    ("39", "DELETE_OWN_ATTACHMENTS", "Delete Own Attachments", "Delete own attachments."),
    ("43", "DELETE_ALL_WORKLOGS", "Delete All Worklogs", "Delete all worklogs made on issues."),
    ("42", "DELETE_OWN_WORKLOGS", "Delete Own Worklogs", "Delete own worklogs made on issues."),
    ("41", "EDIT_ALL_WORKLOGS", "Edit All Worklogs", "Edit all worklogs made on issues."),
    ("40", "EDIT_OWN_WORKLOGS", "Edit Own Worklogs", "Edit own worklogs made on issues."),
    ("20", "WORK_ON_ISSUES", "Work On Issues", "Log work done against an issue."),
)


def _described(kind: Kind, rows: tuple[tuple[str, str, str, str], ...]) -> dict[str, Permission]:
    return {
        key: Permission(id=number, key=key, name=name, kind=kind, description=text)
        for number, key, name, text in rows
    }


CATALOGUE: dict[str, Permission] = _described("GLOBAL", _GLOBAL) | _described("PROJECT", _PROJECT)
EVERYDAY = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "DELETE_ISSUES",
    "TRANSITION_ISSUES",
    "RESOLVE_ISSUES",
    "CLOSE_ISSUES",
    "SCHEDULE_ISSUES",
    "LINK_ISSUES",
    "MOVE_ISSUES",
    "ASSIGN_ISSUES",
    "ASSIGNABLE_USER",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "DELETE_OWN_COMMENTS",
    "CREATE_ATTACHMENTS",
    "DELETE_OWN_ATTACHMENTS",
    "WORK_ON_ISSUES",
    "EDIT_OWN_WORKLOGS",
    "DELETE_OWN_WORKLOGS",
    "VIEW_VOTERS_AND_WATCHERS",
    "VIEW_DEV_TOOLS",
    "VIEW_READONLY_WORKFLOW",
    "VIEW_AGGREGATED_DATA",
    "MANAGE_SPRINTS_PERMISSION",
)
"""What an ordinary member of a space may do in it."""
OF_EVERYBODY = (
    "EDIT_ALL_COMMENTS",
    "DELETE_ALL_COMMENTS",
    "DELETE_ALL_ATTACHMENTS",
    "EDIT_ALL_WORKLOGS",
    "DELETE_ALL_WORKLOGS",
)
"""What concerns what others wrote, logged and attached."""
TRUSTED = (
    "MODIFY_REPORTER",
    "SET_ISSUE_SECURITY",
    "MANAGE_WATCHERS",
    "ARCHIVE_ISSUES",
    "UNARCHIVE_ISSUES",
)
"""What only its administrators and apps may do to a work item."""
LEADING = ("ADMINISTER_PROJECTS", "EDIT_WORKFLOW", "EDIT_ISSUE_LAYOUT", *OF_EVERYBODY, *TRUSTED)
"""What its administrator may do beyond that."""
WITH_ACCOUNT = ("USER_PICKER", "BULK_CHANGE", "CREATE_SHARED_OBJECTS", "MANAGE_GROUP_FILTER_SUBSCRIPTIONS")
"""What whoever has an account may do all over the site."""
OLD_NAMES = {
    "ASSIGN_ISSUE": "ASSIGN_ISSUES",
    "ATTACHMENT_DELETE_ALL": "DELETE_ALL_ATTACHMENTS",
    "ATTACHMENT_DELETE_OWN": "DELETE_OWN_ATTACHMENTS",
    "BROWSE": "BROWSE_PROJECTS",
    "CLOSE_ISSUE": "CLOSE_ISSUES",
    "COMMENT_DELETE_ALL": "DELETE_ALL_COMMENTS",
    "COMMENT_DELETE_OWN": "DELETE_OWN_COMMENTS",
    "COMMENT_EDIT_ALL": "EDIT_ALL_COMMENTS",
    "COMMENT_EDIT_OWN": "EDIT_OWN_COMMENTS",
    "COMMENT_ISSUE": "ADD_COMMENTS",
    "CREATE_ATTACHMENT": "CREATE_ATTACHMENTS",
    "CREATE_ISSUE": "CREATE_ISSUES",
    "DELETE_ISSUE": "DELETE_ISSUES",
    "EDIT_ISSUE": "EDIT_ISSUES",
    "LINK_ISSUE": "LINK_ISSUES",
    "MANAGE_WATCHER_LIST": "MANAGE_WATCHERS",
    "MOVE_ISSUE": "MOVE_ISSUES",
    "PROJECT_ADMIN": "ADMINISTER_PROJECTS",
    "RESOLVE_ISSUE": "RESOLVE_ISSUES",
    "SCHEDULE_ISSUE": "SCHEDULE_ISSUES",
    "TRANSITION_ISSUE": "TRANSITION_ISSUES",
    "WORKLOG_DELETE_ALL": "DELETE_ALL_WORKLOGS",
    "WORKLOG_DELETE_OWN": "DELETE_OWN_WORKLOGS",
    "WORKLOG_EDIT_ALL": "EDIT_ALL_WORKLOGS",
    "WORKLOG_EDIT_OWN": "EDIT_OWN_WORKLOGS",
    "WORK_ISSUE": "WORK_ON_ISSUES",
}
"""Names of old that Jira still takes where people are searched by permission."""
