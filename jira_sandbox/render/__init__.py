"""What a site's things look like in Jira's JSON; every area has a module here."""

from jira_sandbox.render.basics import (
    changelog_entry,
    changelog_item,
    comment,
    moment,
    priority,
    resolution,
    space,
    space_of_item,
    status,
    status_category,
    user,
    work_type,
)
from jira_sandbox.render.parts import attachment, attachment_metadata, worklog
from jira_sandbox.render.spaces import component, security_level, space_details, version

__all__ = [
    "attachment",
    "attachment_metadata",
    "changelog_entry",
    "changelog_item",
    "comment",
    "component",
    "moment",
    "priority",
    "resolution",
    "security_level",
    "space",
    "space_details",
    "space_of_item",
    "status",
    "status_category",
    "user",
    "version",
    "work_type",
    "worklog",
]
