"""Which webhooks an event sets off and what they say: the REST v2 shape, frozen at the event.

Whoever brings an event about calls the function for its kind at the end of the act, under the world's lock.
"""

from jira_sandbox.connect.webhooks.furniture import (
    announce_feature,
    announce_space,
    announce_sprint,
    announce_type,
    announce_user,
    announce_version,
)
from jira_sandbox.connect.webhooks.items import announce, announce_link, announce_property
from jira_sandbox.connect.webhooks.parts import (
    announce_attachment,
    announce_comment,
    announce_worklog,
)
from jira_sandbox.connect.webhooks.showing import seen_by

__all__ = [
    "announce",
    "announce_attachment",
    "announce_comment",
    "announce_feature",
    "announce_link",
    "announce_property",
    "announce_space",
    "announce_sprint",
    "announce_type",
    "announce_user",
    "announce_version",
    "announce_worklog",
    "seen_by",
]
