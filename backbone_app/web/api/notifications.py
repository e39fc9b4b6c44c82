"""Which addresses are told by mail of what, for a space and for the whole site."""

from rest_framework import serializers

from backbone_app.services import notifying
from backbone_app.services.notifying import SITE, Entered, Notifications
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.bodies import Text
from backbone_app.web.api.endpoint import Call, Strict, endpoint
from backbone_app.web.auth import Who
from backbone_app.web.downloads import new_ticket


class AddressEntry(Strict):
    """An address, and what it is told: of a space ``request``, ``failure``, ``pause`` and ``link``.

    Of a site ``pause``, ``link`` and ``licence``.
    """

    address = Text(max_length=320)
    kinds = serializers.ListField(child=Text(max_length=16), max_length=8)


class AddressListedAnswer(Shown):
    """An address; ``since`` is when it was confirmed, else when its owner was asked last."""

    id = serializers.IntegerField()
    address = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(help_text="confirmed, waiting (for its owner) or expired")
    since = serializers.DateTimeField()


class NotificationsAnswer(Shown):
    """The addresses, oldest first; ``is_configured``: the operator of the service has set up mail."""

    is_configured = serializers.BooleanField()
    addresses = AddressListedAnswer(many=True)


@endpoint("GET", Who.SPACE_ADMIN, answers=NotificationsAnswer())
def list_notifications(call: Call, space: str) -> Notifications:
    """List the addresses that are told of a space."""
    return notifying.show(call.caller, space, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN, takes=AddressEntry)
def add_address(call: Call, space: str) -> None:
    """Add an address to those of a space; its owner is asked, and told nothing before they confirm."""
    notifying.add(call.caller, space, _entered(call), draw=new_ticket, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def ask_address_again(call: Call, space: str, address: int) -> None:
    """Ask the owner of a space's address once more, an hour after the last time at the soonest."""
    notifying.ask_again(call.caller, space, address, draw=new_ticket, now=call.now)


@endpoint("POST", Who.SPACE_ADMIN)
def remove_address(call: Call, space: str, address: int) -> None:
    """Remove an address of a space; nothing is sent there any more."""
    notifying.remove(call.caller, space, address, now=call.now)


@endpoint("GET", Who.JIRA_ADMIN, answers=NotificationsAnswer())
def list_site_notifications(call: Call) -> Notifications:
    """List the addresses that are told of the whole site."""
    return notifying.show(call.caller, SITE, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN, takes=AddressEntry)
def add_site_address(call: Call) -> None:
    """Add an address to those of the site; its owner is asked, and told nothing before they confirm."""
    notifying.add(call.caller, SITE, _entered(call), draw=new_ticket, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN)
def ask_site_address_again(call: Call, address: int) -> None:
    """Ask the owner of a site's address once more, an hour after the last time at the soonest."""
    notifying.ask_again(call.caller, SITE, address, draw=new_ticket, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN)
def remove_site_address(call: Call, address: int) -> None:
    """Remove an address of the site; nothing is sent there any more."""
    notifying.remove(call.caller, SITE, address, now=call.now)


def _entered(call: Call) -> Entered:
    return Entered(call.entered["address"], tuple(call.entered["kinds"]))
