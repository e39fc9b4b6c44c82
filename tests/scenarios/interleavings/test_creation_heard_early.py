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
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection

from backbone_app.ledger import leases
from backbone_app.models import Intent, Pair
from backbone_app.services.syncing.syncing import sync_pair
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import CREATE, Killed, altered, elsewhere, kill

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


def created_unheard(story: Story) -> str:
    """Create a work item whose twin is created as well, but the answer to that is lost."""
    left = story.create("ALPHA", "Early bird")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    story.jira.deliver_all()
    story.work()
    return left


def look_in_vain(story: Story) -> None:
    """Let the worker look for a twin the first time, which is never the last, and time pass."""
    story.clock.advance(hours=1)
    story.work()
    story.clock.advance(hours=1)


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


def test_news_of_a_twin_that_settle_its_creation_right_after_the_pair_was_loaded_make_no_second_one(
    story: Story, ending: Ending
) -> None:
    left = created_unheard(story)
    news = list(story.hold_back(story.twin_of(left)))
    story.clock.advance(minutes=2)
    (claim,) = leases.claim_due(now=story.clock(), limit=1)

    def hear() -> None:
        for delivery in news:
            story.jira.deliver(delivery)
        story.pair_up()

    def before_the_open_write_is_sought(execute: Any, sql: str, *rest: Any) -> Any:
        if news and 'FROM "backbone_intent"' in sql:
            elsewhere(hear)
            news.clear()
        return execute(sql, *rest)

    with connection.execute_wrapper(before_the_open_write_is_sought):
        sync_pair(claim, story.clock)

    assert news == []
    assert ending.faults() == []
    assert len(story.twins_of(left)) == 1


@pytest.mark.parametrize("is_end_alone", [False, True], ids=["all news", "its end alone"])
def test_a_twin_that_somebody_deletes_before_its_creation_was_settled_is_not_created_again(
    story: Story, is_end_alone: bool
) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    if is_end_alone:
        story.hold_back(twin)
    story.jira.person("dana").delete(f"/rest/api/3/issue/{twin}")

    story.jira.deliver_all()
    story.clock.advance(hours=1)
    story.settle()

    assert story.twins_of(left) == []
    assert (story.pair().state, story.pair().reason) == ("set aside", "deleted")
    assert Intent.objects.get(kind="create").state == "done"


def test_a_twin_that_comes_and_goes_while_its_synchronization_is_stopped_is_not_created_again(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Early bird")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    story.jira.deliver_all()
    story.jira.world.hooks.after(*CREATE, lambda _: story.stop())
    story.work()
    story.jira.deliver_all()
    story.jira.person("dana").delete(f"/rest/api/3/issue/{story.twin_of(left)}")
    story.jira.deliver_all()

    story.start()
    story.clock.advance(hours=1)
    story.settle()

    assert story.twins_of(left) == []
    assert (story.pair().state, story.pair().reason) == ("set aside", "deleted")


def test_a_twin_of_which_nothing_was_heard_is_found_where_somebody_has_moved_it(story: Story) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    story.hold_back(twin)
    story.issue(twin).space_id = story.jira.site.space("GAMMA").id

    look_in_vain(story)
    story.settle()

    assert story.twins_of(left) == [twin]
    assert story.pair().reason == "moved_away"


def test_a_twin_of_which_nothing_was_heard_is_found_although_its_site_dates_it_an_hour_back(
    story: Story,
) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    story.hold_back(twin)
    story.issue(twin).created -= timedelta(hours=1)

    story.clock.advance(hours=1)
    story.settle()

    assert story.twins_of(left) == [twin]


def test_a_twin_that_shows_up_after_it_was_given_up_is_taken_before_another_one_is_made(
    story: Story, ending: Ending
) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    news = story.hold_back(twin)
    story.jira.site.archive(story.issue(twin))  # no search finds it meanwhile
    look_in_vain(story)
    story.jira.world.hooks.after("POST", "search/jql", lambda _: story.stop())
    story.work()
    given_up = Intent.objects.get(kind="create").state
    story.jira.site.unarchive(story.issue(twin))

    for delivery in news:
        story.jira.deliver(delivery)
    story.start()

    assert given_up == "void"
    assert ending.faults() == []
    assert story.twins_of(left) == [twin]
    assert story.journal().count("created") == 1


def test_a_twin_whose_end_is_told_before_its_creation_is_looked_for(story: Story) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    news = story.hold_back(twin)
    story.jira.person("dana").delete(f"/rest/api/3/issue/{twin}")
    (end,) = (each for each in story.hold_back(twin) if "deleted" in each.event)
    unmarked = altered(end, lambda body: body["issue"].pop("properties", None))

    for delivery in (unmarked, *news):
        story.jira.deliver(delivery)
    story.clock.advance(minutes=5)
    story.settle()

    assert story.twins_of(left) == []
    assert story.pair().reason == "remote_missing"


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "deleted"])
def test_a_twin_that_shows_up_while_another_one_was_asked_for_in_vain_is_taken(
    story: Story, is_there: bool
) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    news = story.hold_back(twin)
    story.jira.site.archive(story.issue(twin))  # no search finds it meanwhile
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_before_effect"))
    look_in_vain(story)
    story.work()
    states = [one.state for one in Intent.objects.filter(kind="create").order_by("started_at")]
    story.jira.site.unarchive(story.issue(twin))
    story.clock.advance(minutes=3)

    for delivery in news:
        story.jira.deliver(delivery)
    if not is_there:
        story.jira.person("dana").delete(f"/rest/api/3/issue/{twin}")
    look_in_vain(story)
    story.settle()

    assert states == ["void", "open"]
    assert story.twins_of(left) == [twin] * is_there
    assert [one.state for one in Intent.objects.filter(kind="create").order_by("started_at")] == [
        "done",
        "void",
    ]
    assert story.journal().count("created") == 1


def test_a_twin_is_not_given_up_at_the_first_look_after_its_site_was_away(story: Story) -> None:
    left = created_unheard(story)
    twin = story.twin_of(left)
    news = story.hold_back(twin)
    story.jira.person("dana").delete(f"/rest/api/3/issue/{twin}")
    (end,) = story.hold_back(twin)

    story.clock.advance(hours=1)  # nobody was asked, and nobody told anything meanwhile
    story.work()
    for delivery in (*news, end):
        story.jira.deliver(delivery)
    story.clock.advance(hours=1)
    story.settle()

    assert story.twins_of(left) == []
    assert [one.state for one in Intent.objects.filter(kind="create")] == ["done"]
