"""Whether a person may act for a space or a site: always Jira's answer, never ours.

What changes something asks freshly; what only shows may use a *yes* that is at
most a minute old. While we must not call the site, a *yes* of the last hour is
enough for that: else nobody could read why nothing goes on. A *no* is never
remembered, so that a right just given works.

Where a Jira admin has restricted a site, an admin of a space must also be in one
of the groups of the rule. Jira *system* admins are free of that rule, and of it
only: what we do in a space answers to that space's permissions, and whoever may
give themself Administer Space leaves a trace in Jira when they do. A *yes* is
one under the rule it was given by: it is forgotten when the rule changes.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from backbone_app import gateway
from backbone_app.errors import HeldOff, NotAllowed, NotFound, RemoteMissing, RemoteRefused
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.models import AllowedGroup, Site
from backbone_app.models.callers import Caller

ADMINISTER_SPACE: Final = "ADMINISTER_PROJECTS"
ADMINISTER_JIRA: Final = "ADMINISTER"
SYSTEM_ADMIN: Final = "SYSTEM_ADMIN"
KNOWN_FOR: Final = timedelta(seconds=60)
KNOWN_IN_A_HOLD: Final = timedelta(hours=1)
_SPACE_ID: Final = re.compile(r"[1-9][0-9]{0,17}")
"""One spelling of one id: what is remembered and what is stored go by the text."""


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether this person may act for this space.

    ``groups`` are those of the rule in force, names by Jira's id; None where the site is not restricted.
    """

    site_id: uuid.UUID
    person: str
    space: str
    groups: Mapping[str, str] | None

    @property
    def key(self) -> str:
        """Where its answer is remembered: another rule is another question."""
        rule = () if self.groups is None else ("in", *sorted(self.groups))
        return _cache_key("space-admin", self.site_id, self.person, self.space, *rule)


def ask_space_admin(
    client: JiraClient, *, site_id: uuid.UUID, account: str | None, space: str, now: datetime
) -> None:
    """Ask Jira now whether ``account`` may act for ``space`` (its id); before every change.

    Raises NotAllowed with what is needed and whom to ask, NotFound for what is no
    space id, and RemoteError when the site does not answer.
    """
    _ask(client, _question(site_id, account, space), now=now)


def known_space_admin(
    client: JiraClient, *, site_id: uuid.UUID, account: str | None, space: str, now: datetime
) -> None:
    """Make sure that ``account`` could do so within the last minute; enough for reading.

    Within the last hour, while the gate lets no question out (``HeldOff``); a site
    that was asked and did not answer is no yes. Raises what ``ask_space_admin`` raises.
    """
    question = _question(site_id, account, space)
    _known(question.key, lambda: _ask(client, question, now=now), now=now)


def admin_of_space(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make a client for the caller's site, after Jira said just now that they may act for ``space``."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def reader_of_space(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make one for looking only: Jira's answer may be a minute old."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def ask_jira_admin(client: JiraClient, *, site_id: uuid.UUID, account: str | None, now: datetime) -> None:
    """Ask Jira now whether ``account`` administers Jira; before every change to what the whole site shares.

    The groups of a restricted site do not count here: whoever set the rule must be
    able to change it. Raises NotAllowed and RemoteError.
    """
    person = _person(account)
    remembered = _cache_key("jira-admin", site_id, person)
    if not read.may_globally(client, account=person, permission=ADMINISTER_JIRA):
        cache.delete(remembered)
        raise NotAllowed("This needs the permission Administer Jira. Ask a Jira admin.")
    cache.set(remembered, now, timeout=KNOWN_IN_A_HOLD.total_seconds())


def known_jira_admin(client: JiraClient, *, site_id: uuid.UUID, account: str | None, now: datetime) -> None:
    """Make sure that ``account`` administered Jira as lately as reading asks for; raises the same."""
    _known(
        _cache_key("jira-admin", site_id, _person(account)),
        lambda: ask_jira_admin(client, site_id=site_id, account=account, now=now),
        now=now,
    )


def is_in_one(client: JiraClient, *, account: str, groups: Collection[str]) -> bool:
    """Ask Jira whether somebody is in one of the ``groups`` (ids); nobody is in one of none.

    Raises NotAllowed where Jira does not let the app see who is in a group.
    """
    if not groups:
        return False
    try:
        return not read.groups_of(client, account=account).isdisjoint(groups)
    except RemoteMissing:
        return False  # the account is gone, or hidden from the app
    except RemoteRefused as refused:
        raise NotAllowed(
            "Backbone Work Sync may not see on this site who is in which group. "
            "Ask a Jira admin to give the app the global permission Browse users and groups."
        ) from refused


def is_system_admin(client: JiraClient, *, account: str) -> bool:
    """Ask Jira whether the rule of a restricted site leaves somebody alone."""
    return read.may_globally(client, account=account, permission=SYSTEM_ADMIN)


def _question(site_id: uuid.UUID, account: str | None, space: str) -> _Question:
    person = _person(account)
    if _SPACE_ID.fullmatch(space) is None:
        raise NotFound("space")
    return _Question(site_id, person, space, _groups_in_force(site_id))


def _groups_in_force(site_id: uuid.UUID) -> Mapping[str, str] | None:
    if not Site.objects.values_list("is_restricted", flat=True).get(pk=site_id):
        return None
    return dict(AllowedGroup.objects.filter(site=site_id).order_by("name").values_list("group", "name"))


def _ask(client: JiraClient, question: _Question, *, now: datetime) -> None:
    refusal = _refusal(client, question)
    if refusal:
        cache.delete(question.key)
        raise NotAllowed(refusal)
    cache.set(question.key, now, timeout=KNOWN_IN_A_HOLD.total_seconds())


def _refusal(client: JiraClient, question: _Question) -> str:
    """Say why somebody may not act for a space; empty where they may.

    One call where the site is not restricted, and for system admins; else two,
    the second for those only who administer the space.
    """
    person, groups = question.person, question.groups
    held = _held(client, question)
    if ADMINISTER_SPACE not in held:
        return (
            "This needs the permission Administer Space in this space. "
            "Ask an admin of the space, or a Jira admin, to give it to you."
        )
    if groups is None or SYSTEM_ADMIN in held or is_in_one(client, account=person, groups=groups):
        return ""
    return _outside(groups.values())


def _held(client: JiraClient, question: _Question) -> frozenset[str]:
    person, space = question.person, question.space
    if question.groups is None:
        may = read.may(client, account=person, space=space, permission=ADMINISTER_SPACE)
        return frozenset([ADMINISTER_SPACE] if may else [])
    return read.rights(
        client, account=person, space=space, permission=ADMINISTER_SPACE, globally=SYSTEM_ADMIN
    )


def _outside(names: Collection[str]) -> str:
    quoted = [f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}" for name in names]
    match quoted:
        case []:
            return (
                "A Jira admin of this site lets only Jira system admins use Backbone Work Sync. "
                "Ask a Jira admin to change who may use it."
            )
        case [one]:
            whose, way = f"the group {one}", "to it"
        case [*others, last]:
            whose, way = f"the groups {', '.join(others)} and {last}", "to one of them"
    return (
        f"A Jira admin of this site lets only members of {whose} use Backbone Work Sync. "
        f"Ask a Jira admin to add you {way}, or to change who may use it."
    )


def _person(account: str | None) -> str:
    if not account:  # Jira did not say, or whoever asked has been erased since
        raise NotAllowed(
            "Backbone Work Sync needs to know who you are. Sign in to Jira and open the page again."
        )
    return account


def _known(remembered: str, ask: Callable[[], None], *, now: datetime) -> None:
    asked_at = cache.get(remembered)
    if _is_within(asked_at, KNOWN_FOR, now):
        return
    try:
        ask()
    except HeldOff:
        if not _is_within(asked_at, KNOWN_IN_A_HOLD, now):
            raise


def _is_within(asked_at: object, period: timedelta, now: datetime) -> bool:
    return isinstance(asked_at, datetime) and timedelta(0) <= now - asked_at <= period


def _cache_key(kind: str, site_id: uuid.UUID, *parts: str) -> str:
    """Name one answer; hashed, since the parts come from outside and the cache restricts its keys."""
    asked = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{kind}:{site_id}:{asked}"
