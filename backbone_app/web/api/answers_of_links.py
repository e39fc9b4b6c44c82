"""What the API answers about links, field by field."""

from typing import Any

from rest_framework import serializers

from backbone_app.web.api.answers import SpaceAnswer

Shown = serializers.Serializer[Any]


class ApplicationAnswer(Shown):
    """An application link; ``base_url`` and ``client_id`` are empty until they are entered."""

    id = serializers.UUIDField()
    callback = serializers.CharField(help_text="The redirect URL for the form in Jira.")
    base_url = serializers.CharField()
    client_id = serializers.CharField()
    in_use = serializers.BooleanField(help_text="Something is synchronized over it: it cannot be removed.")
    is_working = serializers.BooleanField(help_text="A sign-in works by it: it cannot be entered anew.")


class CloudLinkAnswer(Shown):
    """A Cloud site that somebody has let the service into."""

    id = serializers.UUIDField()
    base_url = serializers.CharField()
    is_working = serializers.BooleanField(help_text="False: somebody has to sign in there again.")
    in_use = serializers.BooleanField(help_text="Something is synchronized over it: it cannot be removed.")


class CloudPartnerAnswer(Shown):
    """How it goes on with a space of another Cloud site."""

    base_url = serializers.CharField()
    space_key = serializers.CharField()
    has_app = serializers.BooleanField(help_text="The app is there: a request is sent instead.")
    obstacle = serializers.CharField(help_text="What keeps anybody from signing in there; empty: nothing.")
    link = serializers.UUIDField(allow_null=True, help_text="There where somebody has signed in already.")


class SignInAnswer(Shown):
    """How far a sign-in has come; ``link`` is null until somebody has signed in."""

    id = serializers.UUIDField()
    address = serializers.CharField()
    status = serializers.CharField(help_text="open, linked, expired or withdrawn")
    trouble = serializers.CharField(help_text="What went wrong last, in a sentence; empty if nothing did.")
    is_copied = serializers.BooleanField()
    expires_at = serializers.DateTimeField()
    link = serializers.UUIDField(allow_null=True)


class AskedAnswer(Shown):
    """A link to sign in with; ``address`` is told this once."""

    sign_in = SignInAnswer()
    address = serializers.CharField()


class TitleAnswer(Shown):
    """What a synchronization is called."""

    name = serializers.CharField()
    description = serializers.CharField()


class OfferAnswer(Shown):
    """What would be created; ``missing`` are pairs of a permission's label and what is lost without it."""

    own = SpaceAnswer()
    partner = SpaceAnswer()
    address = serializers.CharField()
    title = TitleAnswer()
    missing = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class StepsAnswer(Shown):
    """What goes into Jira's form where an admin makes the webhook by hand."""

    url = serializers.CharField()
    secret = serializers.CharField(
        help_text="Empty for a Data Center up to 9, whose form has no place for one."
    )


class WebhookAnswer(Shown):
    """How the webhook of a linked site stands; ``steps`` are there where somebody has to make it by hand."""

    status = serializers.CharField(help_text="missing, made or verified (by the first delivery)")
    address = serializers.CharField()
    form = serializers.CharField(
        help_text="filters: a Jira up to 9, configuration: from 10 on, dynamic: a Cloud site; empty: unknown."
    )
    is_ours = serializers.BooleanField(help_text="We made it, not somebody by hand.")
    made_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    looked_at = serializers.DateTimeField(allow_null=True)
    trouble = serializers.CharField(help_text="What stood in the way last, in a sentence.")
    steps = StepsAnswer(allow_null=True)
