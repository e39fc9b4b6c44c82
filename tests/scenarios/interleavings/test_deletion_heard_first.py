"""A work item is deleted before we make its twin, and the news of its creation come last.

1. Alice creates a work item and deletes it.
2. The app hears that it is gone: Jira tells so, or who looks for it does not find it.
3. Then the news of its creation arrive, and they hold all that a twin needs.

Nobody wants a twin of what is no more; what is still there, whatever was heard, gets one.
"""

from collections.abc import Callable

import pytest

from backbone_app.ledger import deliveries, standing
from backbone_app.models import Delivery, Pair, Site
from tests.support.scenario import Story


def told(story: Story, item: str) -> None:
    """Let the news of the deletion come before all others."""
    older = story.hold_back(item)
    delete(story, item)
    story.jira.deliver_all()
    story.jira.world.outbox.extend(older)


def looked_for(story: Story, item: str) -> None:
    """Let a check have come upon it, and whoever is to decide find nothing."""
    suspect(story, item)
    older = story.hold_back(item)
    delete(story, item)
    story.lose()
    story.work()
    story.jira.world.outbox.extend(older)


@pytest.mark.parametrize("heard", [told, looked_for])
def test_a_work_item_that_is_known_to_be_gone_gets_no_twin_when_its_creation_is_told(
    story: Story, heard: Callable[[Story, str], None]
) -> None:
    left = story.create("ALPHA", "Not for long")

    heard(story, left)
    story.settle()

    assert story.twins_of(left) == []
    assert not Pair.objects.exists()
    assert not Delivery.objects.filter(unpaired=True).exists()


def test_it_is_remembered_that_a_work_item_went_while_its_synchronization_was_paused(story: Story) -> None:
    left = story.create("ALPHA", "Not for long")
    standing.pause(story.synchronization_id, reason="app_not_authorized", side=None, now=story.clock())

    told(story, left)

    assert deliveries.may_be_gone(Site.objects.get().pk, left)


def test_a_work_item_that_was_only_out_of_sight_gets_its_twin_when_there_is_news_of_it(story: Story) -> None:
    left = story.create("ALPHA", "Here again")
    site = Site.objects.get()
    deliveries.note_gone(site.pk, left, story.jira.space_id("ALPHA"), now=story.clock())

    story.settle()

    assert len(story.twins_of(left)) == 1


def delete(story: Story, item: str) -> None:
    """Let dana delete a work item."""
    answer = story.jira.person("dana").delete(f"/rest/api/3/issue/{item}")
    assert answer.status == 204, answer.body


def suspect(story: Story, item: str) -> None:
    """Let a check ask for a decision about a work item."""
    site, space = Site.objects.get(), story.jira.space_id("ALPHA")
    deliveries.suspect(site.pk, item, space, key=f"check:{item}", now=story.clock())
