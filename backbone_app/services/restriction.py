"""Who may use Backbone on a site: the rule, as its Jira admins see it and set it.

Whom the rule keeps out of our pages stops no synchronization. It never keeps a
Jira admin from these settings: else nobody could take it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from backbone_app import gateway
from backbone_app.errors import InvalidInput
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import FoundGroups, Group
from backbone_app.ledger import access, audit
from backbone_app.ledger.audit import Act
from backbone_app.models import AllowedGroup, Site
from backbone_app.models.callers import Caller

__all__ = ["MOST_GROUPS", "Allowed", "Draft", "FoundGroups", "Group", "Restriction"]

MOST_GROUPS: Final = 20
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody would have it: whether it is restricted to ``groups``."""

    is_restricted: bool
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A group of a rule; ``is_gone``: Jira has none any more with this id and this name."""

    id: str
    name: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Restriction:
    """A rule, with what became of its groups in Jira."""

    is_restricted: bool
    groups: tuple[Allowed, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule as it is stored; ``groups`` are names by Jira's id."""

    is_restricted: bool
    groups: Mapping[str, str]


def show(caller: Caller, *, now: datetime) -> Restriction:
    """Show the rule that is in force to a Jira admin; one call for each of its groups."""
    client = _client_for_reading(caller, now=now)
    rule = _rule_in_force(caller)
    return Restriction(rule.is_restricted, _looked_over(client, rule.groups))


def look_over(caller: Caller, draft: Draft, *, now: datetime) -> Restriction:
    """Show a rule that is not set yet in the same way."""
    client = _client_for_reading(caller, now=now)
    groups = {group.id: group.name for group in draft.groups}
    return Restriction(draft.is_restricted, _looked_over(client, groups))


def search(caller: Caller, text: str, *, now: datetime) -> FoundGroups:
    """Find the site's groups whose names hold ``text``, for a Jira admin to choose from."""
    return read.find_groups(_client_for_reading(caller, now=now), text.strip())


def save(caller: Caller, draft: Draft, *, is_confirmed: bool, now: datetime) -> None:
    """Set the rule, as a Jira admin: who that is is asked of Jira now.

    Raises InvalidInput for groups that Jira does not have, and for ``confirmed``
    where nobody but system admins would be left, or not the admin who saves;
    then it takes ``is_confirmed`` to save it. What changes nothing is no act.
    """
    client = _client(caller, now=now)
    access.ask_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    before = _rule_in_force(caller)
    after = _Rule(draft.is_restricted, _checked(client, draft.groups, known=before.groups))
    if after == before:
        return
    if after.is_restricted and not is_confirmed:
        _require_no_doubt(client, caller.account or "", after.groups)
    _keep(caller, after, now=now)


def _rule_in_force(caller: Caller) -> _Rule:
    site = Site.objects.get(pk=caller.site_id)
    return _Rule(site.is_restricted, dict(site.allowed_groups.values_list("group", "name")))


@transaction.atomic
def _keep(caller: Caller, rule: _Rule, *, now: datetime) -> None:
    # The row's lock puts two who save at once one behind the other.
    Site.objects.filter(pk=caller.site_id).update(is_restricted=rule.is_restricted)
    AllowedGroup.objects.filter(site=caller.site_id).delete()
    AllowedGroup.objects.bulk_create(
        AllowedGroup(site_id=caller.site_id, group=group, name=name) for group, name in rule.groups.items()
    )
    detail: audit.Detail = {"is_restricted": int(rule.is_restricted), "groups": sorted(rule.groups.values())}
    audit.note(caller, Act.ACCESS_CHANGED, detail=detail, now=now)


def _checked(client: JiraClient, groups: Sequence[Group], *, known: Mapping[str, str]) -> dict[str, str]:
    """Give names by id, as Jira has them for groups that are new in the rule; one call for each of those."""
    if len(groups) > MOST_GROUPS:
        raise InvalidInput(
            "groups", f"A rule can have {MOST_GROUPS} groups. Make one group of several in Jira."
        )
    return {
        group.id: known[group.id] if group.id in known else _name_in_jira(client, group) for group in groups
    }


def _name_in_jira(client: JiraClient, group: Group) -> str:
    """Give the name of a group that the page says there is; it could say anything."""
    found = read.find_groups(client, group.name).groups
    name = next((each.name for each in found if each.id == group.id), None)
    if name is None:
        raise InvalidInput(
            "groups",
            f"Jira has no group \N{LEFT DOUBLE QUOTATION MARK}{group.name}\N{RIGHT DOUBLE QUOTATION MARK}. "
            "Remove it and search for another one.",
        )
    return name[:_LONGEST_NAME]


def _require_no_doubt(client: JiraClient, account: str, groups: Mapping[str, str]) -> None:
    if all(each.is_gone for each in _looked_over(client, groups)):
        raise InvalidInput(
            "confirmed",
            "Nobody but Jira system admins could use Backbone Work Sync then. "
            "Add a group, or confirm that this is what you want.",
        )
    is_in = access.is_in_one(client, account=account, groups=groups)
    if not (is_in or access.is_system_admin(client, account=account)):
        raise InvalidInput(
            "confirmed",
            "You are in none of these groups: you could no longer use Backbone Work Sync in your spaces, "
            "only these settings. Add a group of yours, or confirm that this is what you want.",
        )


def _looked_over(client: JiraClient, groups: Mapping[str, str]) -> tuple[Allowed, ...]:
    """Tell of each group whether it is still there, in the order of their names."""
    listed = (Allowed(group, name, _is_gone(client, group, name)) for group, name in groups.items())
    return tuple(sorted(listed, key=lambda each: (each.name.casefold(), each.id)))


def _is_gone(client: JiraClient, group: str, name: str) -> bool:
    """Whether Jira has no such group; where it has more of this name than it lists, nobody can tell."""
    found = read.find_groups(client, name)
    return found.is_all and all(each.id != group for each in found.groups)


def _client_for_reading(caller: Caller, *, now: datetime) -> JiraClient:
    client = _client(caller, now=now)
    access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    return client


def _client(caller: Caller, *, now: datetime) -> JiraClient:
    return gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
