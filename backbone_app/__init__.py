"""Backbone keeps work items in two Jira spaces in step."""
