"""A request from one space to another: send, look at, accept, decline, withdraw.

Jira is asked first and outside any transaction (for the person's rights, names,
shapes of spaces); then one short transaction takes the step, on the condition
that nobody else took one meanwhile. Two sites go the way of one: each half lies
with its site, and each site is asked with its own client.
"""

from backbone_app.core.titles import Title
from backbone_app.services.requests.addressing import Addressee, addressee
from backbone_app.services.requests.answering import RequestView, accept, asker, decline, view, withdraw
from backbone_app.services.requests.sending import send, send_across
from backbone_app.services.requests.spaces import (
    MODES,
    SpaceChoice,
    SpaceChoices,
    defaults,
    defaults_across,
    own_space,
    spaces_to_choose,
)

__all__ = [
    "MODES",
    "Addressee",
    "RequestView",
    "SpaceChoice",
    "SpaceChoices",
    "Title",
    "accept",
    "addressee",
    "asker",
    "decline",
    "defaults",
    "defaults_across",
    "own_space",
    "send",
    "send_across",
    "spaces_to_choose",
    "view",
    "withdraw",
]
