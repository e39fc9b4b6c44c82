"""A site in which every id that the API's addresses and entries speak of stands for something."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backbone_app.models import (
    AllowedGroup,
    ApplicationLink,
    Link,
    NoticeAddress,
    Pair,
    Site,
    Synchronization,
)
from backbone_app.models.link import LinkStatus
from backbone_app.services import requests
from backbone_app.services.tenants import Caller
from tests.support import licences, link_acts
from tests.support.addressees import add_address
from tests.support.licences import signed
from tests.support.machine import Machine
from tests.support.scenario import Story, synchronize
from tests.support.trouble import add_failure

SETTINGS = {
    "show_access",
    "save_access",
    "show_installation",
    "show_remote_licence",
    "upload_remote_licence",
    "remove_remote_licence",
    "list_audit_entries",
    "download_audit_log",
    "list_site_notifications",
    "add_site_address",
    "ask_site_address_again",
    "remove_site_address",
}
"""Operations for Jira admins."""
OF_LINKS = {
    *("enter_application_link", "ask_to_sign_in", "show_sign_in", "withdraw_sign_in"),
    *("list_spaces", "show_offer", "create_synchronization", "remove_application_link"),
    *("mend_link", "enter_application_link_anew", "show_webhook", "look_at_webhook"),
    *("list_cloud_links", "show_cloud_partner", "ask_to_sign_in_on_cloud", "remove_cloud_link"),
}
"""Operations about links."""


class Stage:
    """The story, set up again before each call: a call may have deleted what it was about."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.jira = story.jira
        self.jira.world.add_site("nobody", "https://nobody.atlassian.net")
        self.items = story.create("ALPHA", "One of the own space"), story.create("BETA", "One of the other")
        story.settle()
        self.link = link_acts.linked(self.jira, story.clock)
        self.machine = Machine(self.jira, "alice", "ALPHA")

    def __repr__(self) -> str:
        return "stage"  # a counter-example is to show the call, not the world

    def headers(self, operation: str) -> dict[str, str]:
        """A fresh token of alice's, who administers ALPHA, or for the site's settings of dana's."""
        self.story.clock.advance(seconds=10)
        person = "dana" if operation in SETTINGS else "alice"
        return {"Authorization": f"JWT {self.jira.page_token(person)}"}

    def known(self, operation: str) -> dict[str, Any]:
        """Names of parameters and entries with what stands for something now, new where it has to be."""
        AllowedGroup.objects.all().delete()
        Site.objects.update(is_restricted=False)
        row = self._synchronization()
        known: dict[str, Any] = {
            "space": self.jira.space_id("ALPHA"),
            "partner_space": self.jira.space_id("GAMMA"),
            "item": self.items[0],
            "sync_id": str(row.pk),
            "base_url": "https://initech.atlassian.net",
            "space_key": "GAMMA",
            "own_key": self._key(self.items[0]),
            "partner_key": self._key(self.items[1]),
            "choice": "own",
            "document": signed(),
            "mode": "immediate",
            "page": 1,
        }
        if operation in OF_LINKS:
            known |= self._of_links(operation)
        if "cloud" in operation:
            known |= self._of_clouds()
        if "_address" in operation:
            known |= {"address": self._address(operation), "kinds": ["pause"]}
        if "error" in operation or "twin" in operation:
            known["failure"] = add_failure(self.jira, 900, now=self.story.clock()).pk
        if "pair" in operation or "question" in operation:
            known["pair_id"] = Pair.objects.filter(sides__item=self.items[0]).values_list("pk", flat=True)[0]
        if "request" in operation:
            known["request_id"] = str(self._request("withdraw" in operation))
        return known

    def _of_links(self, operation: str) -> dict[str, Any]:
        """An application link, a try to make a link with it, a link, and the space beyond it."""
        begun = self.machine.post("application-links/begin").said["id"]
        application = begun if "enter" in operation else str(self.link.link.application_id)
        if "remove" in operation or "anew" in operation:
            application = str(self._spare().pk)
        asked = self.machine.post(f"application-links/{self.link.link.application_id}/sign-in")
        over = {"sync_id": self._over(operation)} if "link" in operation or "webhook" in operation else {}
        return over | {
            "application": application,
            "attempt": asked.said["sign_in"]["id"],
            "link": str(self.link.site.pk),
            "partner_space": self.jira.world.sites["hooli"].space("GOLD").id,
            "base_url": link_acts.HOOLI,
            "client_id": "id",
            "client_secret": "secret",
        }

    def _of_clouds(self) -> dict[str, Any]:
        """A Cloud site that nobody has let us into, and a link to another one that nothing uses."""
        Site.objects.filter(base_url="https://far.atlassian.net").delete()
        licences.give(self.jira.row, now=self.story.clock())
        link = link_acts.cloud_link(self.jira, self.story.clock)
        return {"base_url": "https://nobody.atlassian.net", "link": str(link)}

    def _spare(self) -> ApplicationLink:
        """An application link that nothing uses."""
        now = self.story.clock()
        return ApplicationLink.objects.create(
            site=self.jira.row, base_url="https://spare.example", client_id="spare", created_at=now
        )

    def _over(self, operation: str) -> str:
        """A synchronization over the link, which is broken where it is to be mended."""
        links = Link.objects.filter(pk=self.link.site.pk)
        links.update(status=LinkStatus.WORKING)
        gold = self.jira.world.sites["hooli"].space("GOLD").id
        made = self.machine.post(f"links/{self.link.site.pk}/create", partner_space=gold, name="n")
        if "mend" in operation:
            links.update(status=LinkStatus.BROKEN)
        return str(made.said["id"])

    def _address(self, operation: str) -> str | int:
        """An address that can be added, or the number of one whose owner was asked long ago."""
        NoticeAddress.objects.all().delete()
        if "add_" in operation:
            return "ops@customer.example"
        space, asked = "" if "site" in operation else "ALPHA", self.story.clock() - timedelta(hours=2)
        return add_address(self.jira, "ops@customer.example", space=space, now=asked).pk

    def _synchronization(self) -> Synchronization:
        """ALPHA and BETA in step, with the pair that was there first and nothing else; anew if need be."""
        Pair.objects.exclude(sides__item=self.items[0]).delete()
        Synchronization.objects.exclude(pk=self.story.synchronization_id).delete()
        if not Synchronization.objects.exists():
            alice, bob = self.story.alice, self._caller("bob")
            made = synchronize(self.jira, alice, "ALPHA", bob, "BETA", now=self.story.clock())
            self.story = replace(self.story, synchronization_id=made)
        return Synchronization.objects.get()

    def _request(self, sent: bool) -> Any:
        """A request that waits for an answer, from ALPHA to GAMMA or the other way round."""
        spaces = self.jira.space_id("ALPHA"), self.jira.space_id("GAMMA")
        here, there = spaces if sent else spaces[::-1]
        return requests.send(
            self._caller("dana"), here, partner_space=there, name="n", description="", now=self.story.clock()
        )

    def _caller(self, name: str) -> Caller:
        return replace(self.story.alice, account=self.jira.account(name))

    def _key(self, item: str) -> str:
        return self.story.issue(item).key
