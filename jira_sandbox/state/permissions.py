"""The permissions a site knows, by the keys Jira uses."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A permission as Jira describes it."""

    id: str
    key: str
    name: str
    kind: Literal["PROJECT", "GLOBAL"]
    description: str


_ROWS: tuple[tuple[str, str, str, Literal["PROJECT", "GLOBAL"], str], ...] = (
    ("0", "ADMINISTER", "Administer Jira", "GLOBAL", "Create and administer projects, fields and users."),
    ("44", "SYSTEM_ADMIN", "System Administrator", "GLOBAL", "Perform all administration functions."),
    ("10", "BROWSE_PROJECTS", "Browse Projects", "PROJECT", "Browse projects and the issues within them."),
    ("11", "CREATE_ISSUES", "Create Issues", "PROJECT", "Create issues."),
    ("12", "EDIT_ISSUES", "Edit Issues", "PROJECT", "Edit issues."),
    ("13", "ASSIGN_ISSUES", "Assign Issues", "PROJECT", "Assign issues to other people."),
    ("17", "ASSIGNABLE_USER", "Assignable User", "PROJECT", "Be assigned issues."),
    ("30", "MODIFY_REPORTER", "Modify Reporter", "PROJECT", "Name somebody else as the reporter."),
    ("26", "SET_ISSUE_SECURITY", "Set Issue Security", "PROJECT", "Set the security level of an issue."),
    ("46", "TRANSITION_ISSUES", "Transition Issues", "PROJECT", "Move issues on in their workflow."),
    ("15", "ADD_COMMENTS", "Add Comments", "PROJECT", "Comment on issues."),
    ("37", "EDIT_OWN_COMMENTS", "Edit Own Comments", "PROJECT", "Edit one's own comments."),
    ("38", "EDIT_ALL_COMMENTS", "Edit All Comments", "PROJECT", "Edit everybody's comments."),
    ("39", "DELETE_OWN_COMMENTS", "Delete Own Comments", "PROJECT", "Delete one's own comments."),
    ("40", "DELETE_ALL_COMMENTS", "Delete All Comments", "PROJECT", "Delete everybody's comments."),
    ("16", "DELETE_ISSUES", "Delete Issues", "PROJECT", "Delete issues."),
    ("23", "ADMINISTER_PROJECTS", "Administer Projects", "PROJECT", "Administer a project in Jira."),
)

CATALOGUE: dict[str, Permission] = {
    key: Permission(id=number, key=key, name=name, kind=kind, description=text)
    for number, key, name, kind, text in _ROWS
}
EVERYDAY = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "DELETE_ISSUES",
    "TRANSITION_ISSUES",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "DELETE_OWN_COMMENTS",
    "ASSIGN_ISSUES",
    "ASSIGNABLE_USER",
)
"""What an ordinary member of a space may do in it."""
ALL_COMMENTS = ("EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS")
TRUSTED = ("MODIFY_REPORTER", "SET_ISSUE_SECURITY")
"""What only its administrators and apps may set in a work item."""
LEADING = ("ADMINISTER_PROJECTS", *ALL_COMMENTS, *TRUSTED)
"""What its administrator may do beyond that."""
