"""Files that a browser fetches by itself, with a ticket in the address instead of a token."""

import csv
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from backbone_app.services import audit_log, pairs
from backbone_app.services.downloads import Grant, What
from backbone_app.web.auth import download_ticket

Rows = Iterator[tuple[str, ...]]

SHEETS: Final[Mapping[What, Callable[[Grant, datetime], Rows]]] = MappingProxyType(
    {
        What.PAIRS: lambda grant, now: pairs.sheet(grant, now=now),
        What.AUDIT_LOG: lambda grant, now: audit_log.sheet(grant, now=now),
    }
)
_FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four are the full-width forms
"""What a spreadsheet takes for the beginning of a formula, which could send the other cells elsewhere."""


@require_GET  # a HEAD, with which a scanner of links looks first, must not use the ticket up
@download_ticket
def download(request: HttpRequest, grant: Grant) -> StreamingHttpResponse:  # noqa: ARG001 - proven, that is enough
    """Answer the file that the ticket was issued for, as CSV."""
    now = timezone.now()
    rows = SHEETS[grant.what](grant, now)
    name = f"backbone-{grant.what.replace('_', '-')}-{now:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def new_ticket() -> str:
    """Draw what nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def address(ticket: str) -> str:
    """Tell where a ticket is taken."""
    return reverse("download", args=[ticket])


class _Echo:
    """A file for the writer of CSV that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
