"""Remote licences: kept and shown for Jira admins, followed to their end, issued by the operator."""

from backbone_app.services.remote_licences.following import drain
from backbone_app.services.remote_licences.issuing import Wanted, issue, key_in, key_pair
from backbone_app.services.remote_licences.keeping import LARGEST, remove, upload
from backbone_app.services.remote_licences.showing import Kept, Shown, Taken, Use, show

__all__ = [
    "LARGEST",
    "Kept",
    "Shown",
    "Taken",
    "Use",
    "Wanted",
    "drain",
    "issue",
    "key_in",
    "key_pair",
    "remove",
    "show",
    "upload",
]
