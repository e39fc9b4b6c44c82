"""Show and erase what is held of one person, at their wish; and erase again after a restore.

A person is an account id, the same on every site, or a mail address: which belong together only they
know, who asks for both to be erased names both. Everything goes on working without them: a page says
that it was a former user. Web servers and workers may run, and whoever is stopped in between starts again.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from backbone_app.errors import InvalidInput
from backbone_app.ledger import erasures, people, personal
from backbone_app.models import Site

TIMES: Final = 2
"""So often it is gone through the tables: work that was under way may have written something down again."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was done once more after a restore: ``rows`` by column, and ``sites`` that are to be erased again.

    ``foreign`` lines of the log were written under another ``BACKBONE_SECRET_KEY`` and ``torn`` ones
    cannot be read: whom they are about is still there.
    """

    rows: Counter[str]
    sites: tuple[UUID, ...]
    foreign: int
    torn: int


def export(account: str, base_url: str | None, *, now: datetime) -> dict[str, Any]:
    """Give everything that is held of a person as a JSON object, sealed texts opened; of one site if named.

    Raises InvalidInput for what is neither account id nor mail address, and for an address that no site has.
    """
    sites, account = _sites(base_url), _known(account)
    addresses = dict(Site.objects.values_list("pk", "base_url"))
    by_site: dict[str, list[dict[str, Any]]] = {}
    for one in personal.held(account, sites):
        shown = {"column": one.column, "row": one.row, "when": one.when, "what": one.what}
        by_site.setdefault(addresses[one.site_id], []).append(shown)
    found = [{"site": address, "held": rows} for address, rows in sorted(by_site.items())]
    return {"account": account, "at": now, "sites": found}


def look(account: str, base_url: str | None) -> Counter[str]:
    """Count by column what would be erased; raises what ``export`` raises."""
    return personal.count(_known(account), _sites(base_url))


def erase(account: str, base_url: str | None, *, now: datetime) -> Counter[str]:
    """Erase a person, noted in the erasure log first; how many rows changed, by column.

    Raises what ``export`` raises, and LogUnwritable: then nothing was erased.
    """
    sites, account = _sites(base_url), _known(account)
    for site_id in [None] if sites is None else sites:
        erasures.note_people([account], site_id, now=now)
    return _erase([account], sites, now=now)


def repeat(tell: Callable[[str], None], *, now: datetime) -> Repeated:
    """Erase everybody again whom the erasure log knows: what a restored backup brought back.

    Call it after a restore, before web servers and workers start. People are erased here; of sites it
    says which are there again, for whoever erases sites. Of somebody who came back after their erasure
    everything goes: which rows are newer, no column says for all of them. ``tell`` gets a line for each
    site gone through. Doing it once more finds nothing. Raises LogUnwritable.
    """
    erased = erasures.read()
    rows: Counter[str] = Counter()
    for site in Site.objects.order_by("pk") if erased.people else ():
        gone = _known_again(site.pk, erased)
        rows += _erase(gone, [site.pk], now=now)
        tell(f"{site.base_url}: {len(gone)} people erased again")
    again = Site.objects.filter(pk__in=erased.sites).values_list("pk", flat=True)
    return Repeated(rows, tuple(sorted(again)), erased.foreign, erased.torn)


def _known_again(site_id: UUID, erased: erasures.Erased) -> frozenset[str]:
    """Name the people of the log who are in a site's rows, columns and texts alike."""

    def is_erased(word: str) -> bool:
        return erased.has(word, site_id)

    found = personal.accounts_of(site_id) | personal.addresses_of(site_id)
    return frozenset(filter(is_erased, found)) | personal.accounts_in_texts(site_id, is_erased)


def _erase(accounts: Collection[str], sites: Collection[UUID] | None, *, now: datetime) -> Counter[str]:
    erased: Counter[str] = Counter()
    for _ in range(TIMES):
        erased += personal.erase(accounts, sites, now=now)
    everywhere = Site.objects.values_list("pk", flat=True) if sites is None else sites
    people.forget(list(everywhere), accounts)
    return erased


def _known(typed: str) -> str:
    """Give what the person is looked for by."""
    account = personal.known_as(typed)
    if not account:
        raise InvalidInput(
            "account",
            "This is no account id of Jira (letters, digits, ':', '-' and '_', 128 at most), no user of a "
            "Data Center and no mail address.",
        )
    return account


def _sites(base_url: str | None) -> tuple[UUID, ...] | None:
    """Give the sites meant, None: all; one address may have been several installations in a row."""
    if base_url is None:
        return None
    address = base_url.rstrip("/")
    named = Site.objects.filter(Q(base_url=address) | Q(display_url=address))
    found = tuple(named.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise InvalidInput("site", "No site has this address. Give it as https://name.atlassian.net.")
    return found
