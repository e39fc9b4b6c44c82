"""What the API answers about two existing work items, field by field."""

from rest_framework import serializers

from backbone_app.web.api.answers import Shown


class ComparedFieldAnswer(Shown):
    """One field of two work items: what will happen to it, and the own value."""

    name = serializers.CharField()
    outlook = serializers.CharField(help_text="equal, fills own, fills partner, differs or stays")
    own = serializers.CharField()


class FieldQuestionAnswer(Shown):
    """A field that never agreed; ``partner`` is null where it is not sent to the own space."""

    name = serializers.CharField()
    own = serializers.CharField()
    partner = serializers.CharField(allow_null=True)


class ComparisonAnswer(Shown):
    """What pairing two existing work items would do, counts first."""

    own_key = serializers.CharField()
    partner_key = serializers.CharField()
    equal = serializers.IntegerField()
    fills_own = serializers.IntegerField()
    fills_partner = serializers.IntegerField()
    differs = serializers.IntegerField()
    fields = ComparedFieldAnswer(many=True)  # type: ignore[assignment]  # DRF moves it out of the way


class PairedAnswer(Shown):
    """A pair that was made of two existing work items."""

    id = serializers.IntegerField()
    own_key = serializers.CharField()
    partner_key = serializers.CharField()


class QuestionsAnswer(Shown):
    """What a pair asks: fields that never agreed; none once somebody has decided."""

    id = serializers.IntegerField()
    own_key = serializers.CharField()
    partner_key = serializers.CharField()
    fields = FieldQuestionAnswer(many=True)  # type: ignore[assignment]  # DRF moves it out of the way
