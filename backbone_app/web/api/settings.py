"""Who may use Backbone on a site, for its Jira admins."""

from rest_framework import serializers

from backbone_app.services import restriction
from backbone_app.services.restriction import Draft, Group, Restriction
from backbone_app.web.api.answers import Shown
from backbone_app.web.api.bodies import Text
from backbone_app.web.api.endpoint import Call, Strict, endpoint
from backbone_app.web.auth import Who


class GroupEntry(Strict):
    """A group by Jira's id and its name there."""

    id = Text(max_length=64)
    name = Text(max_length=255)


class AccessEntry(Strict):
    """The rule; ``confirmed`` saves it even where hardly anybody is left."""

    is_restricted = serializers.BooleanField()
    groups = serializers.ListField(child=GroupEntry(), max_length=restriction.MOST_GROUPS)
    confirmed = serializers.BooleanField(default=False)


class AllowedAnswer(Shown):
    """A group whose members may use Backbone; ``is_gone``: Jira has none of this id and name any more."""

    id = serializers.CharField()
    name = serializers.CharField()
    is_gone = serializers.BooleanField()


class AccessAnswer(Shown):
    """The rule; the groups say nothing while the site is not restricted to them."""

    is_restricted = serializers.BooleanField()
    groups = AllowedAnswer(many=True)


@endpoint("GET", Who.JIRA_ADMIN, answers=AccessAnswer())
def show_access(call: Call) -> Restriction:
    """Show who may use Backbone: everybody who administers a space, or of them only members of groups."""
    return restriction.show(call.caller, now=call.now)


@endpoint("POST", Who.JIRA_ADMIN, takes=AccessEntry)
def save_access(call: Call) -> None:
    """Set who may use Backbone; 422 for ``confirmed`` where hardly anybody would be left."""
    groups = tuple(Group(**each) for each in call.entered["groups"])
    draft = Draft(call.entered["is_restricted"], groups)
    restriction.save(call.caller, draft, is_confirmed=call.entered["confirmed"], now=call.now)
