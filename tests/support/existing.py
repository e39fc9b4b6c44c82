"""Work items that were there before their spaces were synchronized, and people who pair them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from backbone_app.services import twinning
from backbone_app.services.tenants import Caller
from backbone_app.services.twinning import Asked, Paired, Preview
from tests.support.scenario import SPACES, Story


@dataclass(frozen=True, slots=True)
class Matchmaker:
    """Somebody who administers one of the two spaces of a story; keys of items are by their Jira ids."""

    story: Story
    who: Caller
    space: str

    def preview(self, own: str, partner: str) -> Preview:
        """Compare two work items."""
        own_key, partner_key = self.key(own), self.key(partner)
        return twinning.preview(
            *self._where, own_key=own_key, partner_key=partner_key, now=self.story.clock()
        )

    def pair(self, own: str, partner: str, choice: str = "ask") -> Paired:
        """Pair them, a second later."""
        self.story.clock.advance(seconds=1)
        return self.pair_at(self.story.clock(), own, partner, choice)

    def pair_at(self, now: datetime, own: str, partner: str, choice: str = "ask") -> Paired:
        """Pair them at this very moment."""
        own_key, partner_key = self.key(own), self.key(partner)
        return twinning.pair_up(
            *self._where, own_key=own_key, partner_key=partner_key, choice=choice, now=now
        )

    def questions(self, pair: int) -> Asked:
        """Look at what a pair asks."""
        return twinning.questions(*self._where, pair, now=self.story.clock())

    def decide(self, pair: int, choice: str) -> None:
        """Answer for a pair that asks."""
        self.story.clock.advance(seconds=1)
        twinning.decide(*self._where, pair, choice=choice, now=self.story.clock())

    @property
    def _where(self) -> tuple[Caller, str, UUID]:
        return self.who, self.story.jira.space_id(self.space), self.story.synchronization_id

    def key(self, item: str) -> str:
        """The key of a work item by its id; what is no id stands for itself."""
        issue = self.story.jira.site.issues.get(item)
        return issue.key if issue else item


def in_alpha(story: Story) -> Matchmaker:
    """Alice, on the left."""
    return Matchmaker(story, story.alice, "ALPHA")


def in_beta(story: Story) -> Matchmaker:
    """Bob, on the right."""
    return Matchmaker(story, replace(story.alice, account=story.jira.account("bob")), "BETA")


def strangers(story: Story, left: dict[str, Any], right: dict[str, Any]) -> tuple[str, str]:
    """A work item in each space that were created while nothing was synchronized."""
    story.stop()
    made = [
        story.person_creates(SPACES[space], space, **fields)
        for space, fields in (("ALPHA", left), ("BETA", right))
    ]
    story.jira.deliver_all()
    story.start()
    story.settle()
    story.clock.advance(seconds=60)
    return made[0], made[1]
