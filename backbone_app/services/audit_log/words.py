"""An entry of the audit log in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from backbone_app.core import moments
from backbone_app.core.failures import rule
from backbone_app.core.notices import LABELS as MAIL_LABELS
from backbone_app.ledger.audit import Act, Actor
from backbone_app.models import AuditEntry

LABELS: Final[Mapping[str, str]] = {
    Act.INSTALLED: "App installed",
    Act.INSTALLED_WITHOUT_SECRET: "App installed without a secret",
    Act.REINSTALLED: "App installed again",
    Act.ADDRESS_WAITING: "New address waits to be confirmed",
    Act.ADDRESS_CHANGED: "Address changed",
    Act.ADDRESS_DROPPED: "New address dropped",
    Act.UNINSTALLED: "App uninstalled",
    Act.MARKED_UNINSTALLED: "App marked as uninstalled",
    Act.FORGE_JOINED: "Forge installation found",
    Act.FORGE_UPGRADED: "Forge app upgraded",
    Act.ENABLED: "App enabled",
    Act.DISABLED: "App disabled",
    Act.REQUEST_SENT: "Request sent",
    Act.REQUEST_ACCEPTED: "Request accepted",
    Act.REQUEST_DECLINED: "Request declined",
    Act.REQUEST_WITHDRAWN: "Request withdrawn",
    Act.REQUEST_DROPPED: "Expired request dropped",
    Act.STARTED: "Synchronization started",
    Act.STOPPED: "Synchronization stopped",
    Act.PAUSED: "Synchronization paused",
    Act.RESUMED: "Synchronization goes on",
    Act.PARTNER_ERASED: "Partner site erased",
    Act.DELETED: "Synchronization deleted",
    Act.CHECK_ASKED: "Check asked for",
    Act.RETRIED: "Error retried",
    Act.RETRIED_ALL: "All errors retried",
    Act.IGNORED: "Error ignored",
    Act.TWIN_RENEWED: "New twin asked for",
    Act.PAIRED: "Existing work items paired",
    Act.DECIDED: "Differences decided",
    Act.APPLICATION_LINKED: "Application link entered",
    Act.APPLICATION_LINK_CHANGED: "Application link entered anew",
    Act.LINK_COPIED: "Link to sign in made",
    Act.SIGN_IN_BEGUN: "Sign-in begun",
    Act.LINK_WITHDRAWN: "Link to sign in withdrawn",
    Act.LINK_TAKEN_BACK: "Access taken back",
    Act.APPLICATION_LINK_REMOVED: "Application link removed",
    Act.CLOUD_LINK_REMOVED: "Link to a Cloud instance removed",
    Act.CREATED: "Synchronization created",
    Act.WEBHOOK_ASKED: "Look at the webhook asked for",
    Act.ACCESS_CHANGED: "Access changed",
    Act.REMOTE_LICENCE_UPLOADED: "Remote licence uploaded",
    Act.REMOTE_LICENCE_REMOVED: "Remote licence removed",
    Act.PAIRS_DOWNLOADED: "Pairs downloaded",
    Act.AUDIT_DOWNLOADED: "Audit log downloaded",
    Act.MAIL_ADDED: "Mail address added",
    Act.MAIL_ASKED: "Mail address asked again",
    Act.MAIL_REMOVED: "Mail address removed",
    Act.MAIL_CONFIRMED: "Mail address confirmed",
    Act.MAIL_LEFT: "Mail address unsubscribed",
}
OTHERS: Final[Mapping[str, str]] = {
    Actor.JIRA: "Jira",
    Actor.PARTNER: "the partner's side",
    Actor.BACKBONE: "Backbone",
    Actor.OWNER: "the owner of the address",
    Actor.SIGNER: "somebody who had signed in there",
}
"""Who acts without being a person of the site."""

DROPPED: Final[Mapping[str, str]] = {
    "unconfirmed": "Jira there did not confirm it within a day",
    "taken": "another site is enabled there",
}
"""Why an address was dropped that waited to be confirmed."""
FORMER: Final = "Former user"
UNNAMED: Final = "somebody"
"""Where Jira did not tell any names just now."""


@dataclass(frozen=True, slots=True)
class Line:
    """One act as a reader sees it.

    ``who`` is a display name or a paraphrase, ``account`` empty where no person of the
    site acted. ``act`` is the code, ``what`` says it in words, ``about`` what else is
    known of it. ``partner`` is the partner space's key, with its site where it is another.
    """

    id: int
    at: datetime
    actor: str
    who: str
    account: str
    act: str
    what: str
    about: str
    page: str
    space: str
    space_key: str
    partner: str
    synchronization: UUID | None


def line(entry: AuditEntry, names: Mapping[str, str] | None) -> Line:
    """Put an entry into words; ``names`` are those of accounts that the site knows, None: it did not say."""
    return Line(
        id=entry.pk,
        at=entry.at,
        actor=entry.actor,
        who=OTHERS.get(entry.actor) or _name(entry.account, names),
        account=entry.account,
        act=entry.act,
        what=LABELS[entry.act],
        about=_about(entry.detail),
        page=entry.page,
        space=entry.space,
        space_key=entry.detail.get("space_key", ""),
        partner=_partner(entry.detail),
        synchronization=entry.synchronization,
    )


def _name(account: str, names: Mapping[str, str] | None) -> str:
    if not account:
        return FORMER  # erased since
    return UNNAMED if names is None else names.get(account, FORMER)


def _partner(detail: Mapping[str, Any]) -> str:
    key, site = detail.get("partner_key", ""), detail.get("partner_site", "")
    return f"{key} on {urlsplit(site).netloc}" if site else key


def _about(detail: Mapping[str, Any]) -> str:
    return "; ".join(say(detail) for name, say in _ABOUT.items() if name in detail)


def _access(detail: Mapping[str, Any]) -> str:
    if not detail["is_restricted"]:
        return "everybody who administers a space"
    named = ", ".join(_quoted(name) for name in detail["groups"])
    return f"only members of {named}" if named else "no group, so nobody but Jira system admins"


def _reason(detail: Mapping[str, Any]) -> str:
    """Say why, and in which of the two spaces or their sites that lies: the sentence speaks of "the site"."""
    sentence = rule(detail["reason"]).sentence
    place = {"own": detail.get("space_key"), "partner": _partner(detail)}.get(detail.get("reason_lies", ""))
    return f"in {place}: {sentence}" if place else sentence


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _counted(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


_ABOUT: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "count": lambda detail: _counted(detail["count"], "work item", "work items"),
    "address": lambda detail: urlsplit(detail["address"]).netloc,
    "former_address": lambda detail: f"before: {urlsplit(detail['former_address']).netloc}",
    "dropped": lambda detail: DROPPED[detail["dropped"]],
    "is_restricted": _access,
    "items": lambda detail: " and ".join(filter(None, detail["items"])),
    "reason": _reason,
    "erased_on": lambda detail: (
        f"its half is erased on {detail['erased_on']}, and the pairs and the activity with it; "
        "the pairs can be downloaded before"
    ),
    "kinds": lambda detail: f"for {', '.join(MAIL_LABELS[kind].lower() for kind in detail['kinds'])}",
    "pairs": lambda detail: f"with {_counted(detail['pairs'], 'pair', 'pairs')} and the activity",
    "holder": lambda detail: (
        f"of {_quoted(detail['holder'])} for "
        f"{_counted(detail['endpoints'], 'partner site', 'partner sites')} "
        f"until {moments.day(date.fromisoformat(detail['expires_on']))}"
    ),
    "version": lambda detail: f"version {detail['version']}",
}
"""What is said of each detail that there is."""
