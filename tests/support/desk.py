"""The right of somebody to act for a space, asked as our services ask it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from backbone_app import gateway
from backbone_app.ledger.access import ask_jira_admin, ask_space_admin, known_jira_admin, known_space_admin
from backbone_app.models import AllowedGroup, Site
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock

CHECK = "/rest/api/3/permissions/check"
GROUPS = "/rest/api/3/user/groups"


@dataclass(frozen=True, slots=True)
class Desk:
    """Asks for one person in one space of acme, at the time of the clock."""

    jira: Jira
    clock: VirtualClock

    def ask(self, name: str, space: str = "ALPHA") -> None:
        self._put(ask_space_admin, self.jira.account(name), self.jira.space_id(space))

    def know(self, name: str, space: str = "ALPHA") -> None:
        self._put(known_space_admin, self.jira.account(name), self.jira.space_id(space))

    def ask_plainly(self, account: str | None, space: str) -> None:
        self._put(ask_space_admin, account, space)

    def ask_of_site(self, name: str) -> None:
        self._put(ask_jira_admin, self.jira.account(name))

    def know_of_site(self, name: str) -> None:
        self._put(known_jira_admin, self.jira.account(name))

    def restrict_to(self, *groups: str) -> None:
        """Let only members of these groups use the pages, as a Jira admin would have set it."""
        restrict(self.jira, *groups)

    @property
    def questions(self) -> int:
        """How often Jira was asked for permissions, counted at its front."""
        return self.jira.world.meters.calls(route=f"POST {CHECK}")

    @property
    def questions_of_groups(self) -> int:
        """How often it was asked which groups somebody is in."""
        return self.jira.world.meters.calls(route=f"GET {GROUPS}")

    def _put(self, question: Callable[..., None], account: str | None, space: str | None = None) -> None:
        client = gateway.client(self.jira.row, clock=self.clock)
        of = {} if space is None else {"space": space}
        question(client, site_id=self.jira.row.id, account=account, **of, now=self.clock())


def restrict(jira: Jira, *groups: str) -> None:
    """Put the rule into our rows of this site; the groups by name."""
    Site.objects.filter(pk=jira.row.pk).update(is_restricted=True)
    AllowedGroup.objects.filter(site=jira.row).delete()
    for name in groups:
        AllowedGroup.objects.create(site=jira.row, group=jira.site.group(name).id, name=name)


@pytest.fixture
def desk(jira: Jira, clock: VirtualClock) -> Desk:
    """Questions about people of acme."""
    return Desk(jira, clock)
