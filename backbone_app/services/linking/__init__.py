"""Links to sites that our app is not installed on: asked for, signed in to, and what is created over them.

A space admin enters what a Data Center knows us as and asks somebody to sign in there: themself, or whoever
they send a link. What that brings is kept sealed; the space on the other side is chosen from what the account
that signed in can see.
"""

from backbone_app.core.titles import Title
from backbone_app.jira.read import SpaceRef
from backbone_app.services.linking.applications import Application, Entry, begin, enter, known
from backbone_app.services.linking.asking import Progress, ask, progress, withdraw, working
from backbone_app.services.linking.concluding import conclude
from backbone_app.services.linking.creating import Offer, create, offer, spaces
from backbone_app.services.linking.following import drain
from backbone_app.services.linking.landing import (
    Departure,
    Landing,
    Opening,
    Return,
    arrived,
    depart,
    landing,
    opening,
)
from backbone_app.services.linking.mending import mend, mending
from backbone_app.services.linking.removing import remove
from backbone_app.services.linking.taking_back import take_back

__all__ = [
    "Application",
    "Departure",
    "Entry",
    "Landing",
    "Offer",
    "Opening",
    "Progress",
    "Return",
    "SpaceRef",
    "Title",
    "arrived",
    "ask",
    "begin",
    "conclude",
    "create",
    "depart",
    "drain",
    "enter",
    "known",
    "landing",
    "mend",
    "mending",
    "offer",
    "opening",
    "progress",
    "remove",
    "spaces",
    "take_back",
    "withdraw",
    "working",
]
