"""``issue_created`` of the twin before the answer to its creation.

1. A worker creates the twin of a new work item.
2. Before it is answered, Jira's news of the twin arrive: of its creation, of what Bob has edited there since,
   or the latter first; and another worker decides about them, or goes on to work.
3. The worker is answered, or is not, or dies.

Whoever comes first settles the creation; the other one finds it settled. There is one twin, and it is
nobody's new work item.
"""

import itertools
from collections.abc import Callable
from typing import Final

import pytest

from backbone_app.models import Intent, Pair
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import CREATE, Killed, elsewhere, kill

NEWS: Final[dict[str, Callable[[list[object]], list[object]]]] = {
    "creation": lambda told: told[:1],
    "all": list,
    "edit first": lambda told: told[::-1],
    "edit only": lambda told: told[1:],
    "creation twice": lambda told: [told[0], *told],
}
ANSWERS: Final = ("given", "lost", "killed")
CASES: Final = list(
    itertools.product(NEWS, ("pairing", "everything"), ANSWERS, ("nobody", "original", "twin", "both"))
)


@pytest.mark.parametrize(("news", "others", "answer", "editor"), slice_of(CASES, 2))
def test_news_of_a_twin_before_the_answer_to_its_creation_make_no_second_one(
    story: Story, ending: Ending, news: str, others: str, answer: str, editor: str
) -> None:
    left = story.create("ALPHA", "Early bird", labels=["hall"])

    def hear(_: Request) -> None:
        twin = story.twin_of(left)
        if editor in {"twin", "both"}:
            story.edit("bob", twin, summary="From bob")
        if editor in {"original", "both"}:
            story.edit("alice", left, priority={"name": "Low"})
        for delivery in NEWS[news](list(story.hold_back(twin))):
            story.jira.deliver(delivery)  # type: ignore[arg-type]
        elsewhere(story.pair_up if others == "pairing" else story.work)

    story.jira.world.hooks.after(*CREATE, hear)
    if answer == "lost":
        story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    if answer == "killed":
        story.jira.world.hooks.after(*CREATE, kill)
    story.jira.deliver_all()
    try:
        story.work()
    except Killed:
        story.release_leases()

    assert ending.faults() == []
    assert len(story.twins_of(left)) == Pair.objects.count() == 1
    assert len(story.jira.site.issues) == 2
    assert Intent.objects.get(kind="create").state == "done"
    assert story.pair().reason == ""
