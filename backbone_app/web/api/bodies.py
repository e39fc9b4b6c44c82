"""What callers of the API may send; everything else is refused by name."""

from typing import Any

from rest_framework import serializers

from backbone_app.services.activity import Only
from backbone_app.services.requests import MODES
from backbone_app.services.unfinished import ENTRIES, LONGEST, Way
from backbone_app.web.api.endpoint import Strict


class Text(serializers.CharField):
    """A text, and no number that could be written as one."""

    def to_internal_value(self, data: object) -> str:
        """Check ``data``; raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Title(Strict):
    """What a synchronization is called."""

    name = Text(max_length=120)
    description = Text(max_length=1000, allow_blank=True, default="")


class Asking(Title):
    """What a synchronization is called, and what is said to those who are asked for it."""

    message = Text(max_length=1000, allow_blank=True, default="")


class LocalRequest(Asking):
    """A request to another space of the same site, by Jira's id of the space."""

    partner_space = Text(max_length=64)


class Address(Strict):
    """A space of another site: the site's address and the space's key."""

    base_url = Text(max_length=255)
    space_key = Text(max_length=64)


class DistantRequest(Asking, Address):
    """A request to a space of another site; the mode cannot be changed later."""

    mode = Text(max_length=16, default="immediate", help_text=" or ".join(MODES))


class Unfinished(Strict):
    """What was entered so far to create a synchronization; ``done`` steps are behind the author."""

    way = serializers.ChoiceField(choices=[way.value for way in Way])
    entered = serializers.DictField(
        child=Text(max_length=LONGEST, allow_blank=True), help_text="By the names of the wizard's fields."
    )
    done = serializers.IntegerField(min_value=0, max_value=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse by name what this way does not keep; raises ValidationError."""
        unknown = sorted(set(attrs["entered"]) - ENTRIES[Way(attrs["way"])])
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field."] for name in unknown})
        return attrs


class Decline(Strict):
    """What the declining side wants to say."""

    message = Text(max_length=1000, allow_blank=True, default="")


class Page(Strict):
    """Which page of a list, counted from 1."""

    page = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)


class Before(Strict):
    """From where on to list what is older."""

    before = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class Feed(Before):
    """From where on to list what is older, and what of it."""

    only = serializers.ChoiceField(choices=[only.value for only in Only], default=Only.ALL.value)


class Keys(Strict):
    """Two work items by their keys: one of the own space, one of the partner space."""

    own_key = Text(max_length=80)
    partner_key = Text(max_length=80)


class Decision(Strict):
    """Whose values shall stand where two work items differ."""

    choice = Text(max_length=16, help_text="own, partner or newer")


class ExistingPair(Keys):
    """Two work items to be paired, and whose values shall stand where they differ."""

    choice = Text(max_length=16, default="ask", help_text="own, partner, newer or ask")
