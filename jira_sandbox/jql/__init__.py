"""JQL, as products search with it: read, checked and answered for the person who asks.

Left out: saved filters, ``issueHistory()``, functions of boards and service desks, and stemming, so that a
text is found by the very words it has.
"""

from jira_sandbox.jql.evaluate import checked, faults, field_named, matching
from jira_sandbox.jql.kinds import Asking
from jira_sandbox.jql.parse import parse
from jira_sandbox.jql.tree import Query

__all__ = ["Asking", "Query", "checked", "faults", "field_named", "matching", "parse"]
