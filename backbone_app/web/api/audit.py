"""The audit log of a site, for its Jira admins."""

from rest_framework import serializers

from backbone_app.services import audit_log
from backbone_app.services.audit_log import LABELS, Log, Wanted
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.bodies import Before
from backbone_app.web.api.downloads import TicketAnswer
from backbone_app.web.api.endpoint import Call, endpoint
from backbone_app.web.auth import Who
from backbone_app.web.downloads import address, new_ticket


class AuditEntries(Before):
    """From where on to list what is older, of which space (Jira's id) and of which kind of act."""

    space = serializers.RegexField(r"^[0-9]{1,18}$", default="", allow_blank=True)
    act = serializers.ChoiceField(choices=[str(code) for code in LABELS], default="", allow_blank=True)


class AuditLineAnswer(Shown):
    """One act: who, what, when, and from which page; ``about`` is what else is known of it, in words."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(
        help_text="person, jira, partner, backbone, owner (of a mail address), signer (of a link)"
    )
    who = serializers.CharField()
    account = serializers.CharField(help_text="Empty where no person of this site acted.")
    act = serializers.CharField()
    what = serializers.CharField()
    about = serializers.CharField()
    page = serializers.CharField()
    space = serializers.CharField(help_text="Jira's id; empty where the act is about the whole site.")
    space_key = serializers.CharField()
    partner = serializers.CharField()
    synchronization = serializers.UUIDField(allow_null=True)


class AuditLogAnswer(Shown):
    """A page of the log, newest first; ``older`` is the ``before`` of the next one."""

    lines = AuditLineAnswer(many=True)
    older = serializers.IntegerField(allow_null=True)


@endpoint("GET", Who.JIRA_ADMIN, answers=AuditLogAnswer(), takes=AuditEntries)
def list_audit_entries(call: Call) -> Log:
    """List what administrators did on the site, newest first, 50 entries at a time."""
    return audit_log.listed(call.caller, Wanted(**call.entered), now=call.now)


@endpoint("POST", Who.JIRA_ADMIN, answers=TicketAnswer())
def download_audit_log(call: Call) -> dict[str, str]:
    """Make an address where the whole log can be fetched as CSV, once and within a minute."""
    ticket = new_ticket()
    audit_log.offer(call.caller, ticket, now=call.now)
    return {"url": address(ticket)}
