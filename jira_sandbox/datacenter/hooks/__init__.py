"""Webhooks of Data Center: administrators register them over REST, and each delivery is sent once.

https://developer.atlassian.com/server/jira/platform/webhooks/
"""
