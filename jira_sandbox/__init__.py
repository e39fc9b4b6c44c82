"""A small Jira in memory, on the same wire as the real one.

It plays several sites in one process, answers what Jira answers (errors included) and calls an installed
Connect app the way Jira does. It shares no code with any client. ``README.md`` shows how to use it.
"""
