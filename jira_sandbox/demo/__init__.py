"""A short story in a terminal: two spaces of a small Jira kept in step by the app, and a check of it.

The app is a stranger here: its processes are started, and everything else is HTTP. What arrived, what was
lost and what was written needlessly is computed from what people did and what the sandbox holds.
"""
