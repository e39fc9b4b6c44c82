"""Admins who mend a link that broke: one asks for a sign-in some minutes later, somebody there signs in.

What goes wrong with that is tried again, a while longer each time.
"""

import secrets
from math import inf
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from backbone_app.errors import BackboneError
from backbone_app.models import Link
from backbone_app.models.link import LinkStatus
from backbone_app.services import linking
from backbone_app.services.linking import Departure, Return
from jira_sandbox.wire import ConnectionLost
from tests.simulation import chance
from tests.simulation.abroad import SITE, lets_in
from tests.simulation.baton import Worker
from tests.simulation.clock import clock
from tests.simulation.witness import Break
from tests.support.outside import Outside
from tests.support.remote_cloud import AtAtlassian

if TYPE_CHECKING:
    from tests.simulation.life import _Life

SOON: Final = (60.0, 600.0)
"""Seconds until somebody sees to a broken link."""
SIGNING_IN: Final = (1.0, 6.0)
LONGEST: Final = 64
"""By how much more, at most, a further try is put off."""
BUSY: Final = 2
"""For so many tries misfortunes go on: later ones may be days away, while a site is down."""


class Mending:
    """Who sees to the one link of a life, if it has one that can break."""

    def __init__(self, life: "_Life", *, seed: int) -> None:
        self.told: list[tuple[float, str]] = []
        self._jira = life.jira
        self._agreements = life.ground.agreements
        self._kind = life.script.kind
        self._processes = life.processes
        self._crowd = life.crowd
        self._at = life.baton.at
        self._seed = seed
        life.director.relinked = self._relinked
        self._is_new = False
        self._tries = 0

    def _relinked(self) -> None:
        self._is_new = True

    def look(self) -> None:
        """Note whether the link is broken, if anything about it is new, and have it mended."""
        if not self._is_new:
            return
        self._is_new = False
        breaks = self._jira.witness.breaks
        is_known = bool(breaks) and breaks[-1].until == inf
        is_broken = Link.objects.filter(status=LinkStatus.BROKEN).exists()
        if is_broken and not is_known:
            breaks.append(Break(since=clock.seconds))
            self._tries = 0
            self._plan()
        elif is_known and not is_broken:
            breaks[-1].until = clock.seconds
            self._tell("the link works again")

    def _plan(self) -> None:
        """Have somebody see to it, once more if need be."""
        wait = self._drawn(SOON, "mends") * min(2**self._tries, LONGEST)
        later = self._crowd.later if self._tries < BUSY else self._at
        later(wait, self._try)

    def _try(self) -> None:
        if self._jira.witness.breaks[-1].until < inf:
            return
        self._tries += 1
        self._plan()
        self._processes.do(self._ask)

    def _ask(self, _worker: Worker) -> None:
        """Ask for a sign-in, and have somebody go there, in a process that serves pages."""
        made = next(each for each in self._agreements if self._jira.site_of(each.spaces[1]).name == SITE)
        space = self._jira.site_of(made.spaces[0]).space(made.spaces[0]).id
        token = secrets.token_urlsafe()
        departure = Departure(secrets.token_urlsafe(), secrets.token_urlsafe(), secrets.token_bytes())
        try:
            linking.mend(made.caller, space, made.id, token, is_copied=True, now=clock.now())
            leads_to = linking.depart(token, departure, now=clock.now())
        except BackboneError as trouble:
            self._tell(f"nobody is asked to sign in: {trouble}")
            return
        self._at(self._drawn(SIGNING_IN, "signs in"), lambda: self._sign_in(leads_to, departure))

    def _sign_in(self, leads_to: str, departure: Departure) -> None:
        site = self._jira.sites[SITE]
        browser = AtAtlassian if site.edition.is_cloud else Outside
        outsider = browser(self._jira, site, lets_in(self._kind))
        try:
            back = urlsplit(outsider.allow(leads_to))
        except ConnectionLost as lost:
            self._tell(f"nobody could sign in: {lost}")
            return
        said = {name: values[0] for name, values in parse_qs(back.query).items()}
        told = Return(
            said["state"], departure.browser, said.get("code", ""), said.get("error", ""), said.get("iss", "")
        )
        application = None if site.edition.is_cloud else UUID(back.path.rpartition("/")[2])
        self._processes.do(lambda _worker: self._conclude(told, application))

    def _conclude(self, told: Return, application: UUID | None) -> None:
        try:
            row = linking.conclude(told, application=application, now=clock.now())
        except BackboneError as trouble:
            self._tell(f"the sign-in came to nothing: {trouble}")
        else:
            self._tell(f"somebody signed in: {row.trouble or 'well'}")

    def _drawn(self, span: tuple[float, float], what: str) -> float:
        return chance.between(*span, self._seed, what, len(self._jira.witness.breaks), self._tries)

    def _tell(self, what: str) -> None:
        self.told.append((clock.seconds, what))
