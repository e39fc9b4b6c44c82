"""The texts that may name somebody: opened one by one, since nothing outside them says who is in there."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

import structlog
from django.db.models import Model, Q

from backbone_app.errors import SecretUnreadable
from backbone_app.ledger.personal.columns import Column, Form, of_form
from backbone_app.models.sealing import SealedField, unseal

BATCH: Final = 200
"""So many rows are loaded at once: a body may be large."""
_ID: Final = rb"[A-Za-z0-9:_-]"
_PREFIX: Final = b"accountid:"
"""Stands before the id of a mention in wiki text."""
_ENCODED: Final = rb"%2[0-9A-Fa-f]"
"""Ends a slash, a quote or a space in an address that stands in another one."""
_TOKEN: Final = re.compile(_ID + rb"{1,138}")
_PLACED: Final = re.compile(
    # A field of JSON (in a text of JSON as well), a mention, a parameter of an address.
    rb"""account_?id(?:\\?"\s*:\s*\\?"|[:=]|%%3[ad])((?:%b|%%3a)+)""" % _ID,
    re.IGNORECASE,
)
_SHAPED: Final = re.compile(
    rb"(?<![A-Za-z0-9_-])[0-9]{1,8}(?::|%3[Aa])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9:_-])"
)
"""Account ids of today: a number and a UUID."""
_LISTED: Final = re.compile(rb'\{"people":\[([^\]]+)\]')
"""What stood there before begins with whom a line's texts mention: ``ledger.journal`` writes it so."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sealed:
    """One kept text: its column, its row's id and site, and the text itself."""

    column: Column
    row: int
    site_id: UUID
    text: bytes = field(repr=False)


def sealed_tables() -> dict[type[Model], tuple[Column, ...]]:
    """Give the columns of such texts by table, in the order of ``COLUMNS``."""
    tables: dict[type[Model], tuple[Column, ...]] = {}
    for column in of_form(Form.SEALED):
        tables[column.model] = (*tables.get(column.model, ()), column)
    return tables


def kept(columns: tuple[Column, ...], sites: Collection[UUID] | None) -> Iterator[Sealed]:
    """Open every kept text of these columns of one table, a batch of rows at a time.

    What cannot be opened is passed over: that is an alarm of its own in the log (``secret_unreadable``).
    """
    names = [column.name for column in columns]
    filled = Q(*(~Q(**{name: b""}) for name in names), _connector=Q.OR)
    rows = columns[0].rows(sites).filter(filled).values_list("pk", "site_id", *names)
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for row, site_id, *values in batch:
            for column, value in zip(columns, values, strict=True):
                if (text := _opened(column, site_id, value)) is not None:
                    yield Sealed(column, row, site_id, text)
        last = batch[-1][0]


def naming(accounts: Collection[str]) -> "re.Pattern[bytes]":
    """Make the pattern that finds any of these account ids, whole, in a text.

    An id that another one begins or ends with is another person's.
    """
    encoded = {quote(account, safe="") for account in accounts}
    spelt = sorted({*accounts, *encoded, *(one.replace("%3A", "%3a") for one in encoded)})
    either = b"|".join(re.escape(form.encode()) for form in spelt)
    return re.compile(b"(?:(?<!%b)|(?<=%b)|(?<=%b))(?:%b)(?!%b)" % (_ID, _PREFIX, _ENCODED, either, _ID))


def words(text: bytes) -> frozenset[str]:
    """Give whatever in a text could be an account id, in an address that encodes it as well."""
    tokens = [*_TOKEN.findall(text), *(_TOKEN.findall(unquote_to_bytes(text)) if b"%" in text else ())]
    found = {token.removeprefix(_PREFIX) for token in tokens}
    return frozenset(word.decode() for word in found)


def accounts(text: bytes) -> frozenset[str]:
    """Give the account ids in a text: what stands where Jira or the feed writes one, or can be nothing else.

    Unlike ``words``: these are told to Atlassian, and no other word of a text is.
    """
    listed = _LISTED.match(text)
    mentioned = _TOKEN.findall(listed[1]) if listed else ()
    found = {*_PLACED.findall(text), *_SHAPED.findall(text), *mentioned}
    return frozenset(unquote_to_bytes(account).decode() for account in found)


def _opened(column: Column, site_id: UUID, value: "bytes | memoryview[int]") -> bytes | None:
    if not value:
        return None
    field: SealedField = getattr(column.model, column.name).field
    try:
        return unseal(value, at=field.at(site_id))
    except SecretUnreadable:
        _log.warning("text_not_searched", column=str(column))
        return None
