"""A ticket is good for one thing, once, and for a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from backbone_app.ledger import tickets
from backbone_app.ledger.tickets import What
from backbone_app.models import DownloadTicket, Site
from backbone_app.models.site import SiteStatus
from tests.support.rows import NOW, make_site, uuid

TICKET = "t" * 43


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a site, on one of our pages."""

    site_id: UUID
    account: str | None = "some-account"
    page: str = "Overview"


def issue(site: Site) -> None:
    tickets.issue(Somebody(site.pk), What.PAIRS, TICKET, space="10", synchronization=uuid(7), now=NOW)


def is_good(at: datetime = NOW, ticket: str = TICKET) -> bool:
    return tickets.redeem(ticket, now=at) is not None


def test_a_ticket_tells_whose_it_was_and_for_what(site: Site) -> None:
    issue(site)

    grant = tickets.redeem(TICKET, now=NOW)

    assert grant == tickets.Grant(site.pk, "some-account", "Overview", What.PAIRS, "10", uuid(7))


def test_only_its_digest_is_stored(site: Site) -> None:
    issue(site)

    (row,) = DownloadTicket.objects.values()
    assert TICKET not in repr(row)
    assert len(row["digest"]) == 64


def test_a_used_one_is_good_for_nothing_and_gone(site: Site) -> None:
    issue(site)
    assert is_good()

    assert not is_good()
    assert not DownloadTicket.objects.exists()


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (59, True), (60, False), (3600, False)])
def test_it_is_good_for_less_than_a_minute(site: Site, seconds: int, good: bool) -> None:
    issue(site)

    assert is_good(NOW + timedelta(seconds=seconds)) is good


def test_an_unknown_one_uses_no_other_up(site: Site) -> None:
    issue(site)

    assert not is_good(ticket="u" * 43)
    assert is_good()


@pytest.mark.parametrize("status", [SiteStatus.DISABLED, SiteStatus.UNINSTALLED])
def test_a_site_that_has_sent_us_away_since_fetches_nothing(site: Site, status: SiteStatus) -> None:
    issue(site)
    Site.objects.update(status=status)

    assert not is_good()


def test_who_overtakes_somebody_that_has_seen_the_ticket_already_is_the_one_served(site: Site) -> None:
    issue(site)
    second: list[bool] = []
    came: list[str] = []

    def overtake(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("DELETE") and not came:
            came.append(sql)
            second.append(is_good())
        return execute(sql, *rest)

    with connection.execute_wrapper(overtake):
        first = is_good()

    assert (first, second) == (False, [True])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_at_once_exactly_one_is_served() -> None:
    issue(make_site("acme"))
    outcomes: list[bool] = []
    ready = Barrier(2)

    def fetch() -> None:
        ready.wait()
        try:
            outcomes.append(is_good())
        finally:
            connection.close()

    threads = [Thread(target=fetch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
