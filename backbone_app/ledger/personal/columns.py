"""Every column that holds an account id, or a text that may name one.

A test walks all models: a new column of text, JSON or bytes is declared here, or there as one that names
nobody; and whatever a story of the tests does, no account id turns up in any other column.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Model, QuerySet

from backbone_app.models import (
    AccountReport,
    ApplicationLink,
    AuditEntry,
    Delivery,
    DownloadTicket,
    JournalEntry,
    LinkAttempt,
    NoticeAddress,
    Site,
    SynchronizationSide,
    Unfinished,
)


class Form(StrEnum):
    """How a column holds a person.

    ACCOUNT: it is an account id, or empty. EDITS: ``JournalEntry.causes``. SEALED: a text, sealed for its
    site, which may name anybody. ADDRESS: a mail address, sealed for its site. SYNC_USER: the account that a
    link lets us act as; without it the link is broken.
    """

    ACCOUNT = "account"
    EDITS = "edits"
    SEALED = "sealed"
    ADDRESS = "address"
    SYNC_USER = "sync user"


@dataclass(frozen=True, slots=True)
class Column:
    """One such column; its row has a ``site_id``, a site's own row being that of the site.

    ``when`` leads to the row's time, ``tells`` names the columns that say what the row is about.
    ``goes_whole``: without the person the row is for nothing, and is deleted.
    """

    model: type[Model]
    name: str
    form: Form
    when: str
    tells: tuple[str, ...] = ()
    goes_whole: bool = False

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    def rows(self, sites: Collection[UUID] | None) -> "QuerySet[Any]":
        """Give the table's rows of these sites (None: of all), in the order of their ids."""
        if self.model is Site:
            linked: QuerySet[Any] = Site.objects.filter(link__isnull=False).annotate(site_id=F("pk"))
            return linked.order_by("pk") if sites is None else linked.filter(pk__in=sites).order_by("pk")
        every: QuerySet[Any] = self.model._default_manager.order_by("pk")
        return every if sites is None else every.filter(site__in=sites)


_journal = partial(Column, JournalEntry, tells=("synchronization_id", "pair_id", "side", "kind", "rows"))

COLUMNS: Final[tuple[Column, ...]] = (
    Column(Delivery, "body_sealed", Form.SEALED, when="received_at", tells=("event", "item", "space")),
    _journal("values_sealed", Form.SEALED, when="at"),
    _journal("before_sealed", Form.SEALED, when="at"),
    _journal("cause_author", Form.ACCOUNT, when="cause_at"),
    _journal("causes", Form.EDITS, when="at"),
    Column(
        SynchronizationSide,
        "acted_by",
        Form.ACCOUNT,
        when="synchronization__created_at",
        tells=("synchronization_id", "side", "space", "name"),
    ),
    Column(
        AuditEntry,
        "account",
        Form.ACCOUNT,
        when="at",
        tells=("act", "page", "space", "synchronization", "detail"),
    ),
    Column(
        DownloadTicket, "account", Form.ACCOUNT, when="expires_at", tells=("what", "page"), goes_whole=True
    ),
    Column(Site, "app_account", Form.SYNC_USER, when="link__authorized_at", tells=("base_url",)),
    Column(ApplicationLink, "account", Form.ACCOUNT, when="created_at", tells=("base_url",)),
    Column(LinkAttempt, "account", Form.ACCOUNT, when="created_at", tells=("address", "space")),
    Column(
        Unfinished,
        "account",
        Form.ACCOUNT,
        when="touched_at",
        tells=("space", "way", "entered"),
        goes_whole=True,
    ),
    Column(AccountReport, "account", Form.ACCOUNT, when="known_at", tells=("reported_at",), goes_whole=True),
    Column(
        NoticeAddress,
        "address_sealed",
        Form.ADDRESS,
        when="added_at",
        tells=("space", "kinds", "confirmed_at"),
        goes_whole=True,
    ),
)
"""In the order they are erased: what work may still copy a person from goes first."""


def of_form(form: Form) -> tuple[Column, ...]:
    """Give the columns that hold people in this way."""
    return tuple(column for column in COLUMNS if column.form is form)
