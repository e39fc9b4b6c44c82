"""OAuth 2.0 with sites that our app is not installed on: Data Center's own provider, and 3LO for Cloud.

Nothing is kept here: who holds the tokens decides when they are refreshed, and by whom (``gateway``).
"""

from backbone_app.jira.oauth.asking import Application, Refused, Tokens
from backbone_app.jira.oauth.pkce import challenge, verifier

__all__ = ["Application", "Refused", "Tokens", "challenge", "verifier"]
