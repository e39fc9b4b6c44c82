"""How Backbone is installed on a site, for its Jira admins."""

from rest_framework import serializers

from backbone_app.services import installation
from backbone_app.services.installation import Installation
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who


class ForgeAnswer(Shown):
    """The Forge app that brought Backbone here; ``seen_at`` is when Forge told of it last."""

    version = serializers.CharField()
    environment = serializers.CharField(help_text="production, staging or development")
    seen_at = serializers.DateTimeField()


class InstallationAnswer(Shown):
    """What is known of the installation; ``forge`` is null until Forge itself has told of it."""

    address = serializers.CharField()
    display_address = serializers.CharField(help_text="Empty where people see the same address.")
    waiting_address = serializers.CharField(
        help_text="An address that Jira named and did not prove yet; mostly empty."
    )
    licence = serializers.CharField(help_text="active, evaluation, none, or empty: Jira has not told yet.")
    licence_at = serializers.DateTimeField(allow_null=True)
    forge = ForgeAnswer(allow_null=True)


@endpoint("GET", Who.JIRA_ADMIN, answers=InstallationAnswer())
def show_installation(call: Call) -> Installation:
    """Show how Backbone is installed on the site: its address, the licence, the Forge app."""
    return installation.show(call.caller, now=call.now)
