"""The remote licence: what it grants and until when, and the signed file that it comes in.

``docs/remote-licence.md`` says the same for those who issue licences.
"""

from backbone_app.core.remote_licence.document import LARGEST, Signed, key_id, public_key, read, write
from backbone_app.core.remote_licence.terms import NOTICES, OVER, Notice, Terms

__all__ = [
    "LARGEST",
    "NOTICES",
    "OVER",
    "Notice",
    "Signed",
    "Terms",
    "key_id",
    "public_key",
    "read",
    "write",
]
