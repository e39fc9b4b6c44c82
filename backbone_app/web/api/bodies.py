"""What callers of the API may send; everything else is refused by name."""

from rest_framework import serializers

from backbone_app.services.activity import Only
from backbone_app.web.api.endpoint import Strict


class Title(Strict):
    """What a synchronization is called."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=1000, allow_blank=True, default="")


class LocalRequest(Title):
    """A request to another space of the same site, by Jira's id of the space."""

    partner_space = serializers.CharField(max_length=64)


class Address(Strict):
    """A space of another site: the site's address and the space's key."""

    base_url = serializers.CharField(max_length=255)
    space_key = serializers.CharField(max_length=64)


class DistantRequest(Title, Address):
    """A request to a space of another site."""

    mode = serializers.CharField(max_length=16, default="immediate")


class Decline(Strict):
    """What the declining side wants to say."""

    message = serializers.CharField(max_length=1000, allow_blank=True, default="")


class Page(Strict):
    """Which page of a list, counted from 1."""

    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)


class Before(Strict):
    """From where on to list what is older."""

    before = serializers.IntegerField(min_value=1, max_value=2**63 - 1, default=None, allow_null=True)


class Feed(Before):
    """From where on to list what is older, and what of it."""

    only = serializers.ChoiceField(choices=[only.value for only in Only], default=Only.ALL.value)


class Keys(Strict):
    """Two work items by their keys: one of the own space, one of the partner space."""

    own_key = serializers.CharField(max_length=80)
    partner_key = serializers.CharField(max_length=80)


class Decision(Strict):
    """Whose values shall stand where two work items differ."""

    choice = serializers.CharField(max_length=16, help_text="own, partner or newer")


class ExistingPair(Keys):
    """Two work items to be paired, and whose values shall stand where they differ."""

    choice = serializers.CharField(max_length=16, default="ask", help_text="own, partner, newer or ask")
