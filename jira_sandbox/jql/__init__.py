"""The part of JQL that apps search with: spaces, people, times, keys, labels, text, AND/OR/NOT, ORDER BY."""

from jira_sandbox.jql.evaluate import matching
from jira_sandbox.jql.parse import Query, parse

__all__ = ["Query", "matching", "parse"]
