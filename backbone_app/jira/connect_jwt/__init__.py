"""Connect's JSON Web Tokens: the one place that signs and verifies them.

Each view states which credential it takes by what it calls: ``verify_install``
for signed lifecycle calls, ``verify_bearer`` for the webhooks of our OAuth app,
``verify_shared`` for everything else, with the hash of the request it received or
with ``CONTEXT_QSH`` on own-page calls. Nothing is inferred from the token.
"""

from backbone_app.jira.connect_jwt.qsh import CONTEXT_QSH, query_hash
from backbone_app.jira.connect_jwt.signed import (
    Claims,
    dummy_verify,
    sign,
    verify_bearer,
    verify_install,
    verify_shared,
)
from backbone_app.jira.connect_jwt.unverified import Peek, peek

__all__ = [
    "CONTEXT_QSH",
    "Claims",
    "Peek",
    "dummy_verify",
    "peek",
    "query_hash",
    "sign",
    "verify_bearer",
    "verify_install",
    "verify_shared",
]
