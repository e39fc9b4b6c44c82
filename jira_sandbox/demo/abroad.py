"""A site that the app is not installed on: a person there lets it in, and both sides are kept in step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from jira_sandbox import layouts
from jira_sandbox import seed as standard
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.demo.guest import Guest
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage, served, wait_for
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import Say
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site

HOME, SPACE, ADMIN, LEAD = "GAMMA", "GOLD", "dana", "gina"
FIRST, THEN = "The kettle whistles", "The kettle sings"
TOO_OLD, NEW_ENOUGH = "dc-8.21", "dc-10.3"
PATIENCE: Final = 60.0


class Abroad(Stage):
    """A world of one Data Center, with the standard people of a partner."""

    def __init__(self, seed: int, edition: str) -> None:
        here = {edition: "http://127.0.0.1"}
        super().__init__(seed, addresses=here, editions={edition: DATA_CENTER[edition]})
        self.site.takes_passwords = True

    @property
    def site(self) -> Site:
        """The one site."""
        (site,) = self.sites.values()
        return site

    def furnish(self, site: Site) -> None:
        """Put the people and spaces of a partner into it."""
        standard.furnish(self, site, layouts.FURTHER)


class Clerk(Person):
    """Somebody who works on a Data Center by its REST API."""

    api = 2

    def rename(self, item: str, summary: str) -> None:
        """Give a work item another summary; a Data Center does not say what came of it."""
        self._call("PUT", f"issue/{item}", {"fields": {"summary": summary}})


@dataclass(frozen=True, slots=True)
class Offices:
    """The Data Centers of this story: one that is too old, and one that can be linked."""

    old: Abroad
    new: Abroad


@contextmanager
def opened(seed: int, port: int) -> Iterator[Offices]:
    """Serve both from ``port`` upwards, or on any free ports, as long as the context lasts."""
    old, new = Abroad(seed, TOO_OLD), Abroad(seed, NEW_ENOUGH)
    with served(old, port), served(new, port + 1 if port else 0):
        yield Offices(old, new)


def linked(home: Stage, offices: Offices, say: Say) -> list[str]:
    """Tell how a space comes to be in step with one of a Data Center; gives what went wrong."""
    dana = Visitor(home.site_of(HOME), ADMIN, HOME)
    dana.press("New Synchronization")
    dana.press("Synchronize with a Data Center Instance")
    faults = _refused(dana, offices.old.site, say)
    _enter(dana, offices.new.site)
    dana.press("Copy Link")
    gina = Guest(offices.new.site, LEAD)
    gina.open(dana.page.shown["link"])
    gina.press("Go on")
    gina.press("Allow")
    dana.wait_for("Next", within=PATIENCE)
    dana.press("Next", partner=str(offices.new.site.space(SPACE).id))
    dana.press("Next")
    dana.press("Create")
    dana.press("Start")
    say(f"Gina has let the app in on a {_named(offices.new.site)} by a link Dana sent her; Dana has started")
    return [*faults, *_in_step(home, offices.new, say)]


def _refused(dana: Visitor, old: Site, say: Say) -> list[str]:
    dana.press("Next", application="new", base_url=old.base_url, client_id="x", client_secret="x")
    if "8.22" not in dana.page.text:
        return ["a Data Center without an OAuth provider was not refused"]
    say(f"Dana, admin of {HOME}, was told that a {_named(old)} is too old to be linked")
    return []


def _enter(dana: Visitor, site: Site) -> None:
    """Let an admin of the Data Center make the application link, and Dana enter what it gives."""
    callback = dana.page.shown["callback"]
    client = clients.register(site, name="Backbone", redirect_url=callback, scope="ADMIN")
    credentials = {"client_id": client.client_id, "client_secret": client.client_secret}
    dana.press("Next", application="new", base_url=site.base_url, **credentials)


def _in_step(home: Stage, office: Abroad, say: Say) -> list[str]:
    """Create a work item on the Cloud, change its twin on the Data Center, and see either arrive."""
    here = Person(home, ADMIN, HOME, changes=[], secrets=[])
    there = Clerk(office, LEAD, SPACE, changes=[], secrets=[])
    began = time.monotonic()
    original = here.create({"summary": FIRST}).item
    if not wait_for(lambda: _twin(office, FIRST) is not None, within=PATIENCE):
        return [f"{FIRST!r} has no twin on the Data Center"]
    over, began = time.monotonic() - began, time.monotonic()
    twin = _twin(office, FIRST)
    there.rename(str(twin), THEN)
    if not wait_for(lambda: home.issue(original).fields["summary"] == THEN, within=PATIENCE):
        return [f"{THEN!r} has not come back from the Data Center"]
    back = time.monotonic() - began
    say(
        f"A work item of {HOME} was there after {over:.2f} s, and Gina's change of it here after {back:.2f} s"
    )
    return []


def _twin(office: Abroad, summary: str) -> str | None:
    with office.lock:
        found = (issue.id for issue in office.site.issues.values() if issue.fields["summary"] == summary)
        return next(found, None)


def _named(site: Site) -> str:
    return f"Data Center with Jira {site.edition.told}"
