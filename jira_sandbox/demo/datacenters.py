"""The third way: a Data Center knows the app by an application link, and somebody there lets it in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import requests

from jira_sandbox import layouts
from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.demo import abroad
from jira_sandbox.demo.abroad import Abroad
from jira_sandbox.demo.guest import Guest
from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.stage import Stage, served
from jira_sandbox.demo.trouble import NotOffered, Refused
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import Say
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site

TOO_OLD, NEW_ENOUGH = DATA_CENTER["dc-8.21"], DATA_CENTER["dc-10.3"]
NAME: Final = "With the Data Center"
TOLD_OF: Final = re.compile(
    r"(Issue|Comment)\s+((?:created|updated|deleted)(?:, (?:created|updated|deleted))*)"
)
"""What the app's page says to choose in Jira's form."""
BEFORE: Final = {"Issue": "jira:issue_", "Comment": "comment_"}
"""What Jira's names for such events begin with."""


@dataclass(frozen=True, slots=True)
class DataCenters:
    """One that is too old, and one that can be linked."""

    old: Abroad
    new: Abroad


@contextmanager
def opened(seed: int, port: int) -> Iterator[DataCenters]:
    """Serve both from ``port`` upwards, or on any free ports, as long as the context lasts."""
    old, new = Abroad(seed, TOO_OLD), Abroad(seed, NEW_ENOUGH)
    with served(old, port), served(new, port + 1 if port else 0):
        yield DataCenters(old, new)


def linked(home: Stage, found: DataCenters, say: Say) -> list[str]:
    """Tell how a space comes to be in step with one of a Data Center; gives what went wrong."""
    dana, new = abroad.admin(home), found.new.site
    dana.press("New Synchronization")
    dana.press("Synchronize with a Data Center Instance")
    faults = _refused(dana, found.old.site, say)
    _enter(dana, new)
    dana.press("Copy Link")
    gina = Guest(new, abroad.LEAD)
    gina.open(dana.page.shown["link"])
    gina.press("Go on")
    gina.press("Allow")
    dana.wait_for("Next", within=abroad.PATIENCE)
    dana.press("Next", partner=str(new.space(abroad.SPACE).id))
    dana.press("Next", name=NAME)
    dana.press("Create")
    dana.press("Start")
    say(f"Gina has let the app in on a {_named(new)} by a link Dana sent her; Dana has started")
    _make_webhook(dana, new)
    say("Gina may not make a webhook there; an admin of that Jira made it by the steps on Dana's page")
    faults += abroad.in_step(home, found.new, "The kettle", say)
    return [*faults, *abroad.webhook_faults(dana, NAME, "VERIFIED")]


def _refused(dana: Visitor, old: Site, say: Say) -> list[str]:
    dana.press("Next", application="new", base_url=old.base_url, client_id="x", client_secret="x")
    if "8.22" not in dana.page.text:
        return ["a Data Center without an OAuth provider was not refused"]
    say(f"Dana, admin of {abroad.HOME}, was told that a {_named(old)} is too old to be linked")
    return []


def _enter(dana: Visitor, site: Site) -> None:
    """Let an admin of the Data Center make the application link, and Dana enter what it gives."""
    callback = dana.page.shown["callback"]
    client = clients.register(site, name="Backbone", redirect_url=callback, scope="ADMIN")
    credentials = {"client_id": client.client_id, "client_secret": client.client_secret}
    dana.press("Next", application="new", base_url=site.base_url, **credentials)


def _make_webhook(dana: Visitor, site: Site) -> None:
    """Let an admin of the Data Center make the webhook, once the page says how."""
    if abroad.webhook_faults(dana, NAME, "Make the webhook by hand"):
        raise NotOffered("the webhook's page never said how to make it by hand")
    shown, who = dana.page.shown, layouts.FURTHER.jira_admin
    chosen = TOLD_OF.findall(dana.page.text)
    events = [f"{BEFORE[what]}{happened}" for what, some in chosen for happened in some.split(", ")]
    content = {"name": "Backbone Work Sync", "url": shown["webhook-url"], "events": events, "active": True}
    content |= {"scopeType": "global", "configuration": {"SECRET": shown["webhook-secret"]}}
    made = requests.post(
        f"{site.base_url}/rest/jira-webhook/1.0/webhooks",
        json=content,
        auth=(who, f"secret-{who}"),
        timeout=SECONDS,
    )
    if not made.ok:
        raise Refused("the webhook", made.status_code, made.text)


def _named(site: Site) -> str:
    return f"Data Center with Jira {site.edition.told}"
