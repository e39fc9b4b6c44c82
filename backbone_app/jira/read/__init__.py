"""What we ask a Jira site: work items, their comments, spaces, people and their rights."""

from backbone_app.jira.read.apps import OwnApp, own_app
from backbone_app.jira.read.bulk import Fetched, changed, fetched
from backbone_app.jira.read.comments import WITH_PROPERTIES, comment, comments
from backbone_app.jira.read.groups import FoundGroups, Group, find_groups, groups_of
from backbone_app.jira.read.people import (
    account,
    known_accounts,
    may,
    may_browse,
    may_globally,
    names,
    own_rights,
    rights,
)
from backbone_app.jira.read.spaces import SpaceRef, shape, space, spaces
from backbone_app.jira.read.work_items import (
    Offered,
    created_by_us,
    entries_since,
    item,
    marked,
    transitions,
)

__all__ = [
    "WITH_PROPERTIES",
    "Fetched",
    "FoundGroups",
    "Group",
    "Offered",
    "OwnApp",
    "SpaceRef",
    "account",
    "changed",
    "comment",
    "comments",
    "created_by_us",
    "entries_since",
    "fetched",
    "find_groups",
    "groups_of",
    "item",
    "known_accounts",
    "marked",
    "may",
    "may_browse",
    "may_globally",
    "names",
    "own_app",
    "own_rights",
    "rights",
    "shape",
    "space",
    "spaces",
    "transitions",
]
