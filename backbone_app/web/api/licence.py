"""The remote licence of a site, for its Jira admins."""

from rest_framework import serializers

from backbone_app.services import remote_licences
from backbone_app.services.remote_licences import Shown as Licence
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.bodies import Text
from backbone_app.web.api.endpoint import Call, Strict, endpoint
from backbone_app.web.auth import Who


class RemoteLicenceEntry(Strict):
    """The text of the file; ``confirmed`` uploads it even where something that runs would pause."""

    # Half of what a body may have: in JSON a text takes more room than in its file.
    document = Text(max_length=remote_licences.LARGEST // 2, trim_whitespace=False)
    confirmed = serializers.BooleanField(default=False)


class KeptLicenceAnswer(Shown):
    """The licence that was uploaded last; it covers nothing once it is over or not accepted any more."""

    holder = serializers.CharField()
    creator = serializers.CharField(help_text="Who issued it.")
    created_on = serializers.DateField()
    expires_on = serializers.DateField(help_text="Its last day, by UTC.")
    endpoints = serializers.IntegerField(help_text="How many partner sites it covers at a time.")
    is_evaluation = serializers.BooleanField()
    is_accepted = serializers.BooleanField(help_text="Whether the key that signed it is still in use.")
    is_over = serializers.BooleanField()
    uploaded_at = serializers.DateTimeField()


class UseAnswer(Shown):
    """A synchronization of this site that holds an endpoint; one that does not run is paused."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    space_key = serializers.CharField()
    is_running = serializers.BooleanField()


class TakenAnswer(Shown):
    """A partner site that takes an endpoint; those taken first are covered first."""

    address = serializers.CharField()
    is_covered = serializers.BooleanField()
    since = serializers.DateTimeField()
    uses = UseAnswer(many=True)


class RemoteLicenceAnswer(Shown):
    """How it stands; ``licence`` is null where none was uploaded, ``notice`` is empty where all is well."""

    is_offered = serializers.BooleanField(help_text="Whether this service has remote licences at all.")
    licence = KeptLicenceAnswer(allow_null=True)
    free = serializers.IntegerField(help_text="How many further partner sites it covers.")
    taken = TakenAnswer(many=True)
    notice = serializers.CharField()
    is_urgent = serializers.BooleanField(help_text="Whether the notice is of the last week, or it is over.")


@endpoint("GET", Who.JIRA_ADMIN, answers=RemoteLicenceAnswer())
def show_remote_licence(call: Call) -> Licence:
    """Show the remote licence of the site, and which partner sites take its endpoints."""
    return remote_licences.show(call.caller, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN, takes=RemoteLicenceEntry)
def upload_remote_licence(call: Call) -> None:
    """Put a remote licence in force; 422 for ``confirmed`` where something that runs would pause."""
    document, confirmed = call.entered["document"], call.entered["confirmed"]
    remote_licences.upload(call.caller, document, is_confirmed=confirmed, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN)
def remove_remote_licence(call: Call) -> None:
    """Remove the remote licence: what runs by it pauses. Where there is none, nothing changes."""
    remote_licences.remove(call.caller, now=call.now)
