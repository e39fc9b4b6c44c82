"""Find people in the tables: who there is on a site, and everything that is held of one person."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from backbone_app.core.notices import one_form
from backbone_app.jira.read.people import ACCOUNT, USER
from backbone_app.ledger.personal import edits, texts
from backbone_app.ledger.personal.columns import COLUMNS, Column, Form, of_form

AT_ONCE: Final = 50
"""So many accounts are looked for in JSON by one statement."""


@dataclass(frozen=True, slots=True)
class Held:
    """One place where a person is named: the row, its time, what it is about, and the text or edits."""

    site_id: UUID
    column: str
    row: int
    when: datetime | None
    what: dict[str, Any]


def is_account(text: str) -> bool:
    """Whether this can be an account id at all."""
    return ACCOUNT.fullmatch(text) is not None


def known_as(typed: str) -> str:
    """Give what a person is looked for by: an account id, a mail address in small letters, or nothing.

    Of a Data Center it is a user's key or name, which may look like ``john.doe``.
    """
    return typed if USER.fullmatch(typed) else one_form(typed).lower()


def accounts_of(site_id: UUID) -> frozenset[str]:
    """Name everybody whose account id stands in a column of this site's rows, or user name on a Data Center.

    Who is named by a sealed text only is not among them (``accounts_mentioned``).
    """
    found: set[str] = set()
    for column in (*of_form(Form.ACCOUNT), *of_form(Form.SYNC_USER)):
        found.update(column.rows([site_id]).order_by().values_list(column.name, flat=True).distinct())
    for column in of_form(Form.EDITS):
        for causes in column.rows([site_id]).values_list(column.name, flat=True).iterator():
            found |= edits.authors(causes)
    return frozenset(found - {"", edits.FORMER})


def accounts_mentioned(site_id: UUID, must_stop: Callable[[], bool]) -> frozenset[str] | None:
    """Open all of a site's texts and name everybody mentioned there; None where it was stopped.

    It is asked every ``texts.BATCH`` texts. 50,000 lines of the feed of 2 KB take 2.4 s on SQLite, 4 to 8 s
    on PostgreSQL: millions fit into the 300 s that a task of the bulk lane has.
    """
    found: set[str] = set()
    for columns in texts.sealed_tables().values():
        for number, one in enumerate(texts.kept(columns, [site_id])):
            if number % texts.BATCH == 0 and must_stop():
                return None
            found |= texts.accounts(one.text)
    return frozenset(filter(is_account, found))


def accounts_in_texts(site_id: UUID, is_wanted: Callable[[str], bool]) -> frozenset[str]:
    """Open all of a site's texts and leave, of whatever could be an account id there, who is wanted."""
    asked: dict[str, bool] = {}
    for columns in texts.sealed_tables().values():
        for one in texts.kept(columns, [site_id]):
            for word in texts.words(one.text) - asked.keys():
                asked[word] = is_wanted(word)
    return frozenset(word for word, wanted in asked.items() if wanted)


def addresses_of(site_id: UUID) -> frozenset[str]:
    """Open the mail addresses in a site's rows, in small letters. They are told to nobody."""
    kept = (texts.kept((column,), [site_id]) for column in of_form(Form.ADDRESS))
    return frozenset(one.text.decode().lower() for found in kept for one in found)


def count(account: str, sites: Collection[UUID] | None) -> Counter[str]:
    """Count by column where a person is named on these sites, None: on all."""
    return Counter(one.column for one in held(account, sites))


def held(account: str, sites: Collection[UUID] | None) -> Iterator[Held]:
    """Give everything that is held of one person; of what others did, nothing, but texts are whole.

    ``account`` is an account id or a mail address, as ``known_as`` gives it.
    """
    for column in COLUMNS:
        if column.form in (Form.ACCOUNT, Form.SYNC_USER, Form.EDITS):
            yield from _in_rows(column, account, sites)
    for column in of_form(Form.ADDRESS):
        found = column.rows(None).filter(pk__in=with_address(column, [account], sites))
        for said in found.values("pk", "site_id", column.when, *column.tells):
            yield _held(column, said["site_id"], said["pk"], said, address=account)
    pattern = texts.naming([account])
    for columns in texts.sealed_tables().values():
        for one in texts.kept(columns, sites):
            if pattern.search(one.text):
                row = one.column.rows(None).filter(pk=one.row).values(one.column.when, *one.column.tells)
                yield _held(
                    one.column, one.site_id, one.row, row[0], text=one.text.decode("utf-8", "replace")
                )


def with_address(column: Column, accounts: Collection[str], sites: Collection[UUID] | None) -> list[int]:
    """Name the rows that hold one of these mail addresses; each is opened, whatever key digests have."""
    wanted = {account.encode() for account in accounts if "@" in account}
    if not wanted:
        return []
    return [one.row for one in texts.kept((column,), sites) if one.text.lower() in wanted]


def naming_rows(column: Column, accounts: Collection[str], sites: Collection[UUID] | None) -> "QuerySet[Any]":
    """Give the rows whose column names one of these people; of edits, those that may."""
    if column.form in (Form.ACCOUNT, Form.SYNC_USER):
        return column.rows(sites).filter(**{f"{column.name}__in": accounts})
    # An id needs no escape in JSON, so it stands there as it is; a user of a Data Center may have one.
    spelt = {f'"{account}"' for account in accounts} | {json.dumps(account) for account in accounts}
    named = Q(*(Q(text__contains=each) for each in sorted(spelt)), _connector=Q.OR)
    may: QuerySet[Any] = column.rows(sites).alias(text=Cast(column.name, TextField())).filter(named)
    return may


def _in_rows(column: Column, account: str, sites: Collection[UUID] | None) -> Iterator[Held]:
    rows = naming_rows(column, [account], sites)
    for row in rows.values("pk", "site_id", column.name, column.when, *column.tells).iterator():
        if column.form is not Form.EDITS:
            yield _held(column, row["site_id"], row["pk"], row)
        elif own := edits.of_author(row[column.name], account):
            yield _held(column, row["site_id"], row["pk"], row, edits=own)


def _held(column: Column, site_id: UUID, row: int, said: dict[str, Any], **more: object) -> Held:
    told = {name: said[name] for name in column.tells}
    return Held(site_id, str(column), row, said[column.when], {**told, **more})
