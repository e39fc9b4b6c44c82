"""Holds the small Jira, and what our client asks of it, against Atlassian's description of Jira Cloud.

Every answer of every world in a test's process is checked (``plugin``), on sockets or not. Out of reach
are a small Jira in a process of its own (the demo) and the bodies of webhooks, which the description does
not describe.
"""
