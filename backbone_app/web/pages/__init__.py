"""The pages inside Jira, one module a page."""
