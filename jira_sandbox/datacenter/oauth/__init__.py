"""Data Center's sign-in for other applications: incoming application links and the OAuth 2.0 provider.

https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html. Its pages are in
``pages/applinks.py`` and ``pages/consent.py``.
"""
