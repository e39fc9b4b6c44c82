"""The addresses of a space or a site, as its admins see them and set them.

``SITE`` in the place of a space means the whole site, which is its Jira admins' to set. What an address is
told begins with its owner's consent; the admin learns of the mailbox only whether that was given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from backbone_app import gateway, mail
from backbone_app.core.notices import LABELS, OF_SITE, OF_SPACE, one_form
from backbone_app.errors import InvalidInput, NotFound, Outdated, TooMany
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access, audit, notices
from backbone_app.ledger.audit import Act
from backbone_app.models import NoticeAddress, Site
from backbone_app.models.callers import Caller
from backbone_app.models.sealing import seal, unseal

SITE: Final = ""
MOST: Final = 20
"""So many addresses a place can have."""
MOST_A_DAY: Final = 50
"""So many questions the admins of a site can have sent within a day."""
_DAY: Final = timedelta(days=1)

Draw = Callable[[], str]
"""Gives what nobody can guess (256 bits), another one each time."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An address as it was typed, and what it is to be told, by codes."""

    address: str = field(repr=False)
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An address of a place: ``state`` is confirmed, waiting (for its owner) or expired.

    ``since`` is when it was confirmed, else when its owner was asked last.
    """

    id: int
    address: str = field(repr=False)
    kinds: tuple[str, ...]
    state: str
    since: datetime

    @property
    def labels(self) -> str:
        """What it is told, in words."""
        return ", ".join(LABELS[kind] for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Notifications:
    """The addresses of a place, oldest first; ``kinds`` are what it offers, labels by code."""

    addresses: tuple[Listed, ...]
    kinds: dict[str, str]
    is_configured: bool
    is_full: bool


def show(caller: Caller, space: str, *, now: datetime) -> Notifications:
    """Show the addresses of a space to its admins, those of the site to Jira admins."""
    client = _client(caller, now=now)
    if space == SITE:
        access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    else:
        access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    rows = list(notices.of_place(caller.site_id, space))
    return Notifications(
        addresses=tuple(_listed(row, now) for row in rows),
        kinds=offered(space),
        is_configured=mail.is_configured(),
        is_full=len(rows) >= MOST,
    )


def offered(space: str) -> dict[str, str]:
    """Give what an address of a space, or of the site, can be told: labels by code."""
    return {str(kind): LABELS[kind] for kind in (OF_SITE if space == SITE else OF_SPACE)}


def add(caller: Caller, space: str, entered: Entered, *, draw: Draw, now: datetime) -> None:
    """Add an address and have its owner asked; nothing else is sent there before they confirm.

    Raises InvalidInput for what cannot be used, TooMany where the site's admins had very many asked today.
    """
    client = _as_admin(caller, space, now=now)
    address, kinds = _checked(space, entered)
    key = read.space(client, space).key if space != SITE else ""
    leave = draw()
    row = NoticeAddress(
        site_id=caller.site_id,
        space=space,
        space_key=key,
        address_sealed=seal(address.encode(), at=NoticeAddress.address_sealed.field.at(caller.site_id)),
        digest=notices.digest(address),
        kinds=kinds,
        added_at=now,
        leave_sealed=seal(leave.encode(), at=NoticeAddress.leave_sealed.field.at(caller.site_id)),
        leave_digest=notices.ticket_digest(leave),
    )
    try:
        with transaction.atomic():
            _make_room(caller, space, now=now)
            _ask(row, address, draw(), now=now)
            audit.note(caller, Act.MAIL_ADDED, space=space, detail=notices.for_log(row), now=now)
    except IntegrityError as taken:  # the digest is the one unique thing that anybody chooses
        raise InvalidInput("address", "This address is listed already.") from taken


def ask_again(caller: Caller, space: str, address_id: int, *, draw: Draw, now: datetime) -> None:
    """Ask the owner of an address once more; the link that they got before is worth nothing then.

    Raises Outdated for one that is confirmed, TooMany within an hour of the last time.
    """
    _as_admin(caller, space, now=now)
    with transaction.atomic():
        _require_patience(caller, now=now)
        row = _found(caller, space, address_id)
        if row.confirmed_at is not None:
            raise Outdated("The owner of this address has confirmed it meanwhile.")
        if not notices.has_waited(row, now=now):
            wait = timedelta(hours=1) - (now - row.asked_at)
            sentence = "Its owner was asked less than an hour ago, and may not have looked yet."
            raise TooMany(wait.total_seconds(), sentence=sentence)
        _ask(row, _address(row), draw(), now=now)
        audit.note(caller, Act.MAIL_ASKED, space=space, detail=notices.for_log(row), now=now)


def remove(caller: Caller, space: str, address_id: int, *, now: datetime) -> None:
    """Forget an address; what waits for it is not sent."""
    _as_admin(caller, space, now=now)
    with transaction.atomic():
        row = _found(caller, space, address_id)
        audit.note(caller, Act.MAIL_REMOVED, space=space, detail=notices.for_log(row), now=now)
        row.delete()


def _checked(space: str, entered: Entered) -> tuple[str, list[str]]:
    if not mail.is_configured():
        raise InvalidInput(
            "address", "The operator of this service has set up no mail server, so nothing could be sent."
        )
    address = one_form(entered.address)
    if not address:
        raise InvalidInput(
            "address",
            "This is no mail address that can be used: one address such as name@example.com, in letters "
            "without accents.",
        )
    kinds = [kind for kind in offered(space) if kind in entered.kinds]
    if not kinds or len(kinds) < len(set(entered.kinds)):
        raise InvalidInput("kinds", "Choose at least one thing from the list that the address is told.")
    return address, kinds


def _make_room(caller: Caller, space: str, *, now: datetime) -> None:
    """Refuse what is too much; the lock of the site's row puts two who add at once one behind the other."""
    _require_patience(caller, now=now)
    if notices.of_place(caller.site_id, space).count() >= MOST:
        raise InvalidInput(
            "address", f"There can be {MOST} addresses. Remove one before you add another one."
        )


def _require_patience(caller: Caller, *, now: datetime) -> None:
    Site.objects.select_for_update(no_key=True).get(pk=caller.site_id)
    if notices.asked_by(caller.site_id, since=now - _DAY) >= MOST_A_DAY:
        sentence = f"From this Jira site {MOST_A_DAY} confirmations were asked for within the last day."
        raise TooMany(_DAY.total_seconds(), sentence=sentence)


def _ask(row: NoticeAddress, address: str, ticket: str, *, now: datetime) -> None:
    row.confirm_digest, row.confirm_until = notices.ticket_digest(ticket), now + notices.CONFIRM_WITHIN
    row.asked_at = now
    row.save()
    notices.open_question(row, address, ticket, now=now)


def _found(caller: Caller, space: str, address_id: int) -> NoticeAddress:
    rows = notices.of_place(caller.site_id, space).select_for_update()
    row = rows.filter(pk=address_id).first()
    if row is None:
        raise NotFound("address")
    return row


def _listed(row: NoticeAddress, now: datetime) -> Listed:
    is_waiting = row.confirm_until is not None and now < row.confirm_until
    state = "confirmed" if row.confirmed_at else "waiting" if is_waiting else "expired"
    return Listed(row.pk, _address(row), tuple(row.kinds), state, row.confirmed_at or row.asked_at)


def _address(row: NoticeAddress) -> str:
    return unseal(row.address_sealed, at=NoticeAddress.address_sealed.field.at(row.site_id)).decode()


def _as_admin(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    client = _client(caller, now=now)
    if space == SITE:
        access.ask_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    else:
        access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def _client(caller: Caller, *, now: datetime) -> JiraClient:
    return gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
