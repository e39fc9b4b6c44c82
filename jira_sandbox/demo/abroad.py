"""A site that the app is not installed on, and a space of the first site that comes to be in step with it."""

import time
from typing import Final

from jira_sandbox import layouts
from jira_sandbox import seed as standard
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage, wait_for
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import Say
from jira_sandbox.state.editions import Edition
from jira_sandbox.state.site import Site

HOME, SPACE, ADMIN, LEAD = "GAMMA", "GOLD", "dana", "gina"
PATIENCE: Final = 60.0


class Abroad(Stage):
    """A world of one site, with the standard people of a partner."""

    def __init__(self, seed: int, edition: Edition) -> None:
        here = {edition.name: "http://127.0.0.1"}
        super().__init__(seed, addresses=here, editions={edition.name: edition})
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
    """Somebody who works on a site by the REST API that Cloud and Data Center have in common."""

    api = 2

    def rename(self, item: str, summary: str) -> None:
        """Give a work item another summary; a Data Center does not say what came of it."""
        self._call("PUT", f"issue/{item}", {"fields": {"summary": summary}})


def admin(home: Stage) -> Visitor:
    """Let the admin of the space come in that is synchronized with sites like these."""
    return Visitor(home.site_of(HOME), ADMIN, HOME)


def in_step(home: Stage, office: Abroad, what: str, say: Say) -> list[str]:
    """Create ``what`` on the first site, change its twin on the other one, and see either arrive."""
    here = Person(home, ADMIN, HOME, changes=[], secrets=[])
    there = Clerk(office, LEAD, SPACE, changes=[], secrets=[])
    first, then = f"{what} whistles", f"{what} sings"
    began = time.monotonic()
    original = here.create({"summary": first}).item
    if not wait_for(lambda: bool(_called(office, first)), within=PATIENCE):
        return [f"{first!r} has no twin on {office.site.name}"]
    over, began = time.monotonic() - began, time.monotonic()
    there.rename(_called(office, first), then)
    if not wait_for(lambda: home.issue(original).fields["summary"] == then, within=PATIENCE):
        return [f"{then!r} has not come back from {office.site.name}"]
    back = time.monotonic() - began
    say(
        f"A work item of {HOME} was there after {over:.2f} s, and Gina's change of it here after {back:.2f} s"
    )
    return []


def webhook_faults(dana: Visitor, name: str, words: str) -> list[str]:
    """Look at the page of a synchronization's webhook until it says this; gives the fault if it never does.

    Without a webhook nothing but checks tells of a change over there, minutes later.
    """

    def is_told() -> bool:
        dana.look_again()
        dana.press(name)
        dana.press("Webhook")
        return words in dana.page.text

    return [] if wait_for(is_told, within=PATIENCE) else [f"{name}: the webhook's page never says {words!r}"]


def _called(office: Abroad, summary: str) -> str:
    with office.lock:
        found = (issue.id for issue in office.site.issues.values() if issue.fields["summary"] == summary)
        return next(found, "")
