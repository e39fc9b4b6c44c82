"""How the spaces come to be synchronized: the app is installed, requests are sent, accepted and started."""

from collections.abc import Mapping

import requests

from jira_sandbox.demo.people import SECONDS
from jira_sandbox.demo.stage import Stage
from jira_sandbox.demo.trouble import Refused
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import LEADS, Say
from jira_sandbox.state.site import Site


def reached(stage: Stage, app: str, say: Say) -> Mapping[str, Visitor]:
    """Install the app at this address and come to two agreements; gives who administers each space."""
    for site in stage.sites.values():
        control(site, "install", descriptor_url=f"{app}/atlassian-connect.json")
    say("Both have installed the app: descriptor read, secret handed over, app enabled")
    visitors = {space: Visitor(stage.site_of(space), name, space) for space, name in LEADS.items()}
    agree_on_one_site(visitors["ALPHA"], visitors["BETA"], stage.site_of("BETA").space("BETA").id)
    say("Bob, admin of BETA, has accepted the request Alice sent from ALPHA; Alice has started")
    _agree_across(visitors["ALPHA"], visitors["GOLD"], stage.site_of("GOLD").base_url)
    say("Gina, admin of GOLD on the other site, has accepted Alice's second request, and has started")
    return visitors


def agree_on_one_site(alice: Visitor, bob: Visitor, partner: str) -> None:
    """Come to an agreement in the app's pages; ``partner`` is the id of bob's space."""
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    alice.press("Next", partner=partner)
    alice.press("Next")
    alice.press("Send Request")
    bob.look_again()
    bob.press("View Request")
    bob.press("Accept Request")
    alice.look_again()
    alice.press("Start")


def control(site: Site, what: str, **content: object) -> None:
    """Ask the sandbox for something no real Jira has; raises Refused."""
    response = requests.post(f"{site.base_url}/_sandbox/{what}", json=content, timeout=SECONDS * 3)
    if not response.ok:
        raise Refused(f"{what} on {site.name}", response.status_code, response.text)


def _agree_across(alice: Visitor, gina: Visitor, base_url: str) -> None:
    alice.press("New Synchronization")
    alice.press("Synchronize with another Cloud instance")
    alice.press("Next", base_url=base_url, space_key="GOLD")
    alice.press("Next", mode="immediate")
    alice.press("Next")
    alice.press("Send Request")
    gina.look_again()
    gina.press("View Request")
    gina.press("Accept Request")
    gina.look_again()
    gina.press("Start")
