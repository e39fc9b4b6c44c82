"""OAuth 2.0 (3LO) for Cloud sites: the consent pages, tokens, the gateway and its scopes.

A test that needs no pages says ``app = threelo.add_app(world, …)`` and ``threelo.grant(world, app, site,
person, scopes)``; apps and all that was granted are ``world.accounts``. Hosts are played as everywhere:
``auth.atlassian.com`` and ``api.atlassian.com`` in process, ``/_login/`` and ``/_api/`` on a site's port.
"""

from jira_sandbox.threelo.granting import Tokens, add_app, grant, revoke

__all__ = ["Tokens", "add_app", "grant", "revoke"]
