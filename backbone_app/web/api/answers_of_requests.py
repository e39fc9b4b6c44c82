"""What the API answers of requests: whom one can ask, what was sent, what is begun; as in ``answers``."""

from rest_framework import serializers

from backbone_app.web.api.answers import PartnerAnswer, Shown, SpaceAnswer


class ChoicesAnswer(Shown):
    """The own space, and the spaces of the same site that it can be synchronized with."""

    own = SpaceAnswer()
    others = SpaceAnswer(many=True)


class AddresseeAnswer(Shown):
    """A space of another site as a request would name it; ``has_app``: the app is enabled there."""

    base_url = serializers.CharField()
    space_key = serializers.CharField()
    has_app = serializers.BooleanField()


class CreatedAnswer(Shown):
    """A request that was sent."""

    id = serializers.UUIDField()


class BegunAnswer(Shown):
    """What the caller has begun to create and not sent; nobody else is shown it."""

    way = serializers.CharField(help_text="space: on this site; instance: on another Cloud site")
    entered = serializers.DictField(child=serializers.CharField())
    done = serializers.IntegerField(help_text="How many steps are behind them.")
    touched_at = serializers.DateTimeField()


class RequestAnswer(Shown):
    """A request as one of its two spaces may see it; ``message`` is what the declining side said.

    ``asked_by`` and ``asking_message`` (who asked, and what they wrote) are for those who were asked.
    """

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    mode = serializers.CharField(help_text="immediate or review")
    mode_means = serializers.CharField(help_text="The same in a sentence.")
    own = SpaceAnswer()
    partner = PartnerAnswer()
    status = serializers.CharField()
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    asked_by = serializers.CharField(help_text="Empty where the other site does not tell.")
    asking_message = serializers.CharField()
    message = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())
