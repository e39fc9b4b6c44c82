"""Links to sites that our app is not installed on: asked for, signed in to, and what is created over them.

A space admin enters what a Data Center knows us as, or the address of a Cloud site, and asks somebody to
sign in there: themself, or whoever they send a link. What that brings is kept sealed; the space on the other
side is one of those that the account which signed in can see.
"""

from backbone_app.core.titles import Title
from backbone_app.jira.read import SpaceRef
from backbone_app.services.linking.applications import Application, Entry, begin, enter, known
from backbone_app.services.linking.asking import Progress, ask, progress, withdraw, working
from backbone_app.services.linking.clouds import (
    CloudLink,
    CloudPartner,
    ask_for_cloud,
    cloud_obstacle,
    cloud_partner,
    cloud_space,
    known_clouds,
)
from backbone_app.services.linking.concluding import conclude
from backbone_app.services.linking.creating import Offer, create, offer, spaces
from backbone_app.services.linking.entering_anew import application_of, enter_anew, to_enter_anew
from backbone_app.services.linking.following import drain
from backbone_app.services.linking.landing import (
    Departure,
    Landing,
    Opening,
    Return,
    arrived,
    depart,
    depart_again,
    landing,
    opening,
)
from backbone_app.services.linking.mending import mend, mending
from backbone_app.services.linking.removing import remove, remove_cloud
from backbone_app.services.linking.taking_back import take_back

__all__ = [
    "Application",
    "CloudLink",
    "CloudPartner",
    "Departure",
    "Entry",
    "Landing",
    "Offer",
    "Opening",
    "Progress",
    "Return",
    "SpaceRef",
    "Title",
    "application_of",
    "arrived",
    "ask",
    "ask_for_cloud",
    "begin",
    "cloud_obstacle",
    "cloud_partner",
    "cloud_space",
    "conclude",
    "create",
    "depart",
    "depart_again",
    "drain",
    "enter",
    "enter_anew",
    "known",
    "known_clouds",
    "landing",
    "mend",
    "mending",
    "offer",
    "opening",
    "progress",
    "remove",
    "remove_cloud",
    "spaces",
    "take_back",
    "to_enter_anew",
    "withdraw",
    "working",
]
