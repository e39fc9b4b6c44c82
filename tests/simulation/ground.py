"""The grounds that lives begin on: sites furnished, the app installed, synchronizations agreed and started.

Made once a process and copied for each life: sites as bytes, the database by its own means.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from backbone_app.gateway import clocks
from backbone_app.models import Site as SiteRow
from backbone_app.services import requests, synchronizations
from backbone_app.services.tenants import Caller
from tests.simulation import abroad, chance, wire
from tests.simulation.clock import MICRO, clock
from tests.simulation.copies import Mould, mould
from tests.simulation.database.postgres.store import Postgres
from tests.simulation.kinds import HOME
from tests.simulation.stage import Jira
from tests.support import app, links
from tests.support.app import Jira as Installed

LEADS: Final = {
    "ALPHA": "alice",
    "BETA": "bob",
    "GAMMA": "dana",
    "GOLD": "gina",
    "IRON": "hank",
    "SILVER": "gina",
    "TIN": "hank",
    "COPPER": "gina",
    "ZINC": "hank",
}
"""Who administers each space."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How many sites there are, and which spaces are in step, the one that asked first."""

    sites: int
    ties: tuple[tuple[str, str], ...]


LAYOUTS: Final = (
    Layout(1, (("ALPHA", "BETA"),)),
    Layout(2, (("ALPHA", "GOLD"),)),
    Layout(2, (("ALPHA", "BETA"), ("ALPHA", "GOLD"))),
    Layout(3, (("ALPHA", "GOLD"), ("BETA", "SILVER"))),
    Layout(4, (("ALPHA", "GOLD"), ("ALPHA", "SILVER"), ("ALPHA", "COPPER"))),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A running synchronization and who may decide about it in the first space."""

    id: UUID
    spaces: tuple[str, str]
    caller: Caller


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a life begins."""

    jira: Jira
    agreements: tuple[Agreement, ...]


class Store(Protocol):
    """A database that can be put back to what it was."""

    def keep(self, name: str) -> None: ...
    def put_back(self, name: str) -> None: ...


class Sqlite:
    """A file on a memory disk, filled from databases in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[str, sqlite3.Connection] = {}

    def keep(self, name: str) -> None:
        """Remember what the database holds."""
        self._kept[name] = sqlite3.connect(":memory:", check_same_thread=False)
        self._copy(to=self._kept[name])

    def put_back(self, name: str) -> None:
        """Let it hold that again."""
        connections.close_all()
        with sqlite3.connect(self._path) as raw:
            self._kept[name].backup(raw)
        raw.close()

    def _copy(self, *, to: sqlite3.Connection) -> None:
        connections.close_all()
        with sqlite3.connect(self._path) as raw:
            raw.backup(to)
        raw.close()


STORES: Final[dict[str, Callable[[Path], Store]]] = {
    "sqlite": lambda directory: Sqlite(directory / "world.sqlite3"),
    "postgres": lambda _directory: Postgres(),
}
"""How each store is made, given a directory of the process's own."""


def opened(store: str, directory: Path) -> "Grounds":
    """Give all grounds, on a store of that name."""
    return Grounds(STORES[store](directory))


class Grounds:
    """All grounds of one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[str, tuple[Mould[Jira], tuple[Agreement, ...]]] = {}
        call_command("migrate", verbosity=0)
        self._store.keep("empty")

    def ground(self, number: int, kind: str = HOME, *, seed: int) -> Ground:
        """Give the ground of a layout anew, its second site of that kind, and begin a life on it."""
        name = f"{number} {kind}"
        if name not in self._made:
            self._made[name] = self._prepare(name, number, kind)
        self._store.put_back(name)
        world, agreements = self._made[name]
        _forget()
        clock.begin(seed)
        clock.micros = 60 * MICRO
        settings.BACKBONE_RECONCILE_MINUTES = chance.stream(seed, "settings").choice((15, 60, 60))
        return Ground(world.copy(), agreements)

    def _prepare(self, name: str, number: int, kind: str) -> tuple[Mould[Jira], tuple[Agreement, ...]]:
        self._store.put_back("empty")
        _forget()
        clock.begin(0)
        jira = Jira(LAYOUTS[number].sites, abroad.addresses(kind), abroad.editions(kind))
        with wire.mounted(jira, wire.Nobody()):
            for site in jira.sites.values():
                if kind != HOME and site.name == abroad.SITE:
                    abroad.let_in(jira, site, kind)
                else:
                    Installed(jira, site).install()
                clock.micros += MICRO
            agreements = tuple(_agreed(jira, *tie) for tie in LAYOUTS[number].ties)
        jira.outbox.clear()
        self._store.keep(name)
        return mould(jira), agreements


def _agreed(jira: Jira, left: str, right: str) -> Agreement:
    here, there = (jira.site_of(space) for space in (left, right))
    caller = _caller(jira, left)
    common = {"name": f"{left} and {right}", "description": ""}
    if link := jira.links.get(there.name):
        rows = SiteRow.objects.get(pk=caller.site_id), SiteRow.objects.get(pk=link.site)
        made = links.agreed(rows[0], left, rows[1], right, clock=clock.now)
    elif here is there:
        made = requests.send(
            caller, here.space(left).id, partner_space=there.space(right).id, **common, now=clock.now()
        )
    else:
        made = requests.send_across(
            caller,
            here.space(left).id,
            base_url=there.base_url,
            space_key=right,
            mode="immediate",
            **common,
            now=clock.now(),
        )
    if not link:
        requests.accept(_caller(jira, right), there.space(right).id, made, now=clock.now())
    synchronizations.start(caller, here.space(left).id, made, now=clock.now())
    clock.micros += MICRO
    return Agreement(made, (left, right), caller)


def _caller(jira: Jira, space: str) -> Caller:
    site = jira.site_of(space)
    row = SiteRow.objects.get(base_url=site.base_url)
    return Caller(row.id, site.user(LEADS[space]).account_id, row.base_url)


def _forget() -> None:
    """Let the process remember nothing of the life before."""
    app.forget()
    clocks._measured.clear()
