"""What administrators did on a site: who, what, when, from which page.

An entry is written in the transaction of its act: there is no act without its
entry and no entry without its act. What was refused, and what changed nothing,
is no act. An act on something that two sites share has an entry in either log;
that of the other site says "the partner's side" and nothing more of the person.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backbone_app.core.values import Side
from backbone_app.models import AuditEntry, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus

KEPT: Final = timedelta(days=365)
"""So long an entry can be read; housekeeping drops it then."""


class Act(StrEnum):
    """What was done; the codes stay as they are, rows of a year hold them."""

    INSTALLED = "installed"
    INSTALLED_WITHOUT_SECRET = "installed_without_secret"  # noqa: S105 - no password
    REINSTALLED = "reinstalled"
    ADDRESS_WAITING = "address_waiting"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_DROPPED = "address_dropped"
    UNINSTALLED = "uninstalled"
    MARKED_UNINSTALLED = "marked_uninstalled"
    FORGE_JOINED = "forge_joined"
    FORGE_UPGRADED = "forge_upgraded"
    ENABLED = "enabled"
    DISABLED = "disabled"
    REQUEST_SENT = "request_sent"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_DECLINED = "request_declined"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_DROPPED = "request_dropped"
    STARTED = "started"
    STOPPED = "stopped"
    PAUSED = "paused"
    RESUMED = "resumed"
    PARTNER_ERASED = "partner_erased"
    DELETED = "deleted"
    CHECK_ASKED = "check_asked"
    RETRIED = "retried"
    RETRIED_ALL = "retried_all"
    IGNORED = "ignored"
    TWIN_RENEWED = "twin_renewed"
    PAIRED = "paired"
    DECIDED = "decided"
    APPLICATION_LINKED = "application_linked"
    APPLICATION_LINK_CHANGED = "application_link_changed"
    LINK_COPIED = "link_copied"
    SIGN_IN_BEGUN = "sign_in_begun"
    LINK_WITHDRAWN = "link_withdrawn"
    LINK_TAKEN_BACK = "link_taken_back"
    APPLICATION_LINK_REMOVED = "application_link_removed"
    CLOUD_LINK_REMOVED = "cloud_link_removed"
    CREATED = "created"
    WEBHOOK_ASKED = "webhook_asked"
    ACCESS_CHANGED = "access_changed"
    REMOTE_LICENCE_UPLOADED = "remote_licence_uploaded"
    REMOTE_LICENCE_REMOVED = "remote_licence_removed"
    PAIRS_DOWNLOADED = "pairs_downloaded"
    AUDIT_DOWNLOADED = "audit_downloaded"
    MAIL_ADDED = "mail_added"
    MAIL_ASKED = "mail_asked"
    MAIL_REMOVED = "mail_removed"
    MAIL_CONFIRMED = "mail_confirmed"
    MAIL_LEFT = "mail_left"


class Actor(StrEnum):
    """Who did it; only a person of the site itself is named further."""

    PERSON = "person"
    JIRA = "jira"
    PARTNER = "partner"
    BACKBONE = "backbone"
    OWNER = "owner"
    SIGNER = "signer"


Detail = Mapping[str, str | int | list[str]]
"""Ids, keys of spaces, names of groups and of a licence's holder, and counts; never a text of a work item."""
NOTHING: Final[Detail] = MappingProxyType({})


def note(
    caller: Caller,
    act: Act,
    *,
    space: str = "",
    synchronization: uuid.UUID | None = None,
    detail: Detail | None = None,
    now: datetime,
) -> None:
    """Note what a person did that concerns their own site only; call it in the transaction of the act."""
    entry = AuditEntry(
        site_id=caller.site_id,
        at=now,
        act=act,
        space=space,
        synchronization=synchronization,
        detail=dict(detail or {}),
    )
    _by(caller, entry).save()


def note_shared(
    caller: Caller,
    act: Act,
    own: SynchronizationSide,
    other: SynchronizationSide,
    *,
    detail: Detail | None = None,
    items: tuple[str, str] | None = None,
    now: datetime,
) -> None:
    """Note what a person of ``own`` did to a synchronization, in the logs of both sites.

    ``items`` are the keys of the work items concerned, the own one first. One site
    has one log: both spaces being on it, there is one entry. A half without a
    space (none was found) has nobody whom the act concerns.
    """
    mine, *theirs = _entries(own, other, act, detail, items, now)
    for entry in theirs:
        entry.actor = Actor.PARTNER
    AuditEntry.objects.bulk_create([_by(caller, mine), *theirs])


def note_dropped(one: SynchronizationSide, other: SynchronizationSide, *, now: datetime) -> None:
    """Note that we dropped an expired request, in the logs of both sites."""
    _note_own(_entries(one, other, Act.REQUEST_DROPPED, None, None, now))


def note_paused(
    one: SynchronizationSide,
    other: SynchronizationSide,
    *,
    reason: str,
    side: Side | None,
    detail: Detail = NOTHING,
    now: datetime,
) -> None:
    """Note that we paused a synchronization, and in whose space the reason (a code) lies, in both logs.

    ``side`` is None where it lies in neither.
    """
    entries = _entries(one, other, Act.PAUSED, {"reason": reason, **detail}, None, now)
    for entry, half in zip(entries, (one, other), strict=False):
        if side is not None:
            entry.detail["reason_lies"] = "own" if half.side == side else "partner"
    _note_own(entries)


def note_resumed(one: SynchronizationSide, other: SynchronizationSide, *, now: datetime) -> None:
    """Note in both logs that a synchronization goes on by itself: why it was paused is over."""
    _note_own(_entries(one, other, Act.RESUMED, None, None, now))


def note_erased(half: SynchronizationSide, gone: SynchronizationSide, *, pairs: int, now: datetime) -> None:
    """Note in the log of ``half``'s site that that of ``gone`` is erased, and their pairs with it."""
    _note_own(
        [_entry(half, gone, Act.PARTNER_ERASED, told=_told(half, gone, {"pairs": pairs}, None), now=now)]
    )


def _note_own(entries: list[AuditEntry]) -> None:
    for entry in entries:
        entry.actor = Actor.BACKBONE
    AuditEntry.objects.bulk_create(entries)


def note_lifecycle(site_id: uuid.UUID, act: Act, *, detail: Detail | None = None, now: datetime) -> None:
    """Note what Jira told us of the installation; it does not say which person did it."""
    AuditEntry.objects.create(site_id=site_id, at=now, actor=Actor.JIRA, act=act, detail=dict(detail or {}))


def note_owner(site_id: uuid.UUID, act: Act, *, space: str, detail: Detail, now: datetime) -> None:
    """Note what the owner of a mail address did with the link of a mail; who that is nobody knows."""
    AuditEntry.objects.create(
        site_id=site_id, at=now, actor=Actor.OWNER, act=act, space=space, detail=dict(detail)
    )


def note_signer(site_id: uuid.UUID, act: Act, *, space: str, detail: Detail, now: datetime) -> None:
    """Note what somebody did who had signed in on another site; who that is only that site knows."""
    AuditEntry.objects.create(
        site_id=site_id, at=now, actor=Actor.SIGNER, act=act, space=space, detail=dict(detail)
    )


def note_marked_uninstalled(site_id: uuid.UUID, *, now: datetime) -> None:
    """Note that our operator told us that a site removed the app: Jira's own word of it never came."""
    _note_own([AuditEntry(site_id=site_id, at=now, act=Act.MARKED_UNINSTALLED)])


def note_address_dropped(site_id: uuid.UUID, address: str, *, reason: str, now: datetime) -> None:
    """Note that we dropped an address that waited to be confirmed; ``reason`` is a code."""
    detail = {"address": address, "dropped": reason}
    _note_own([AuditEntry(site_id=site_id, at=now, act=Act.ADDRESS_DROPPED, detail=detail)])


def count_of_people(site_id: uuid.UUID, act: Act, *, since: datetime) -> int:
    """Count how often people of a site did this after ``since``."""
    done = AuditEntry.objects.filter(site_id=site_id, actor=Actor.PERSON, act=act, at__gt=since)
    return done.count()


def _by(caller: Caller, entry: AuditEntry) -> AuditEntry:
    entry.actor, entry.account, entry.page = Actor.PERSON, caller.account or "", caller.page
    return entry


def _entries(
    one: SynchronizationSide,
    other: SynchronizationSide,
    act: Act,
    detail: Detail | None,
    items: tuple[str, str] | None,
    now: datetime,
) -> list[AuditEntry]:
    """Make the entry for the log of ``one``'s site, and that for another site's that it concerns.

    A linked site has no log: nobody there has a page of ours.
    """
    entries = [_entry(one, other, act, told=_told(one, other, detail, items), now=now)]
    if other.space and other.site_id != one.site_id and other.site.status != SiteStatus.LINKED:
        told = _told(other, one, detail, items and items[::-1])
        entries.append(_entry(other, one, act, told=told, now=now))
    return entries


def _entry(
    half: SynchronizationSide, other: SynchronizationSide, act: Act, *, told: Detail, now: datetime
) -> AuditEntry:
    # Within one site the log can be searched for either space.
    within = {"partner_space": other.space} if half.site_id == other.site_id else {}
    return AuditEntry(
        site_id=half.site_id,
        at=now,
        act=act,
        space=half.space,
        synchronization=half.synchronization_id,
        detail={**told, **within},
    )


def _told(
    half: SynchronizationSide,
    other: SynchronizationSide,
    detail: Detail | None,
    items: tuple[str, str] | None,
) -> Detail:
    """Name both spaces as the people of ``half`` may know them: by the key they asked for, if they did."""
    across = {"partner_site": other.site.base_url} if half.site_id != other.site_id else {}
    keys = {"space_key": half.space_key, "partner_key": half.asked_key or other.space_key}
    named = {"items": [*items]} if items else {}
    return {**keys, **across, **named, **(detail or {})}
