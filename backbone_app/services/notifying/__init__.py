"""Who is told by mail: the addresses of a space and of a site, their owners' consent, and the sending.

A mail that the server may have taken is sent again rather than lost: handing over and noting it cannot be one
step. Whoever gets one twice gets it under the same Message-ID. A page shows everything that a mail tells.
"""

from backbone_app.services.notifying.owners import Owner, Purpose, confirm, leave, owner_of
from backbone_app.services.notifying.places import (
    MOST,
    SITE,
    Entered,
    Listed,
    Notifications,
    add,
    ask_again,
    offered,
    remove,
    show,
)
from backbone_app.services.notifying.sending import drain

__all__ = [
    "MOST",
    "SITE",
    "Entered",
    "Listed",
    "Notifications",
    "Owner",
    "Purpose",
    "add",
    "ask_again",
    "confirm",
    "drain",
    "leave",
    "offered",
    "owner_of",
    "remove",
    "show",
]
