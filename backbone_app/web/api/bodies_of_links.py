"""What callers of the API may send about links; everything else is refused by name."""

from rest_framework import serializers

from backbone_app.web.api.bodies import Text, Title
from backbone_app.web.api.endpoint import Strict


class Credentials(Strict):
    """What the form of a Data Center's application link has shown."""

    client_id = Text(max_length=255)
    client_secret = Text(max_length=255)


class ApplicationEntry(Credentials):
    """The same, and where that Data Center is."""

    base_url = Text(max_length=255)


class Asking(Strict):
    """Whether the link is to be sent to somebody: it lasts seven days then, else an hour."""

    is_copied = serializers.BooleanField(default=False)


class AskingCloud(Asking):
    """A Cloud site to be let into, and the same."""

    base_url = Text(max_length=255)


class PartnerSpace(Strict):
    """A space of the linked site, by Jira's id."""

    partner_space = Text(max_length=64)


class LinkedSynchronization(Title, PartnerSpace):
    """A synchronization with a space of the linked site."""
