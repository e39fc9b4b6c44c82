"""What was under way when its synchronization was deleted leaves no property of ours behind either."""

from datetime import timedelta

from django.conf import settings

from backbone_app import jobs
from backbone_app.models import Intent, LateWrite, Leftover, ServiceHold
from jira_sandbox.misfortunes import Misfortune
from tests.support.cleaning import clean, delete, marked
from tests.support.scenario import Story
from tests.support.workers import CREATE, elsewhere


def test_a_twin_whose_creation_was_under_way_loses_its_property_when_it_shows(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="effect_after_time_out", seconds=30))
    story.jira.deliver_all()
    story.work()

    delete(story)
    before = marked(story)
    story.clock.advance(seconds=60)
    story.jira.world.catch_up()
    shown = marked(story)
    clean(story, minutes=10)
    clean(story)

    assert (len(before), len(shown), marked(story)) == (0, 1, [])
    assert not LateWrite.objects.exists()


def test_a_creation_that_never_happened_is_forgotten(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_before_effect"))
    story.jira.deliver_all()
    story.work()

    delete(story)
    awaited = LateWrite.objects.count()
    clean(story, minutes=10)

    assert (awaited, LateWrite.objects.count(), Leftover.objects.count()) == (1, 0, 0)


def test_a_copy_of_a_comment_that_was_under_way_loses_its_property(story: Story) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()
    story.comment("alice", item, "Said")
    lost = Misfortune(match=("POST", r"/comment$"), kind="lose_answer_after_effect")
    story.jira.world.misfortunes.add(lost)
    story.jira.deliver_all()
    story.work()

    delete(story)
    clean(story, minutes=10)
    clean(story)

    assert marked(story) == []
    assert not LateWrite.objects.exists()


def test_a_worker_in_the_middle_of_a_creation_leaves_nothing_behind(story: Story) -> None:
    """Its synchronization is deleted between its call and Jira's answer."""
    story.create("ALPHA", "Lamp")
    story.jira.deliver_all()
    jobs.pair_up()
    story.jira.world.hooks.after(*CREATE, lambda _: elsewhere(lambda: delete(story)))
    jobs.sync()

    clean(story, minutes=10)
    clean(story)

    assert marked(story) == []


def test_it_is_looked_for_only_when_a_search_would_show_it_and_not_in_a_hold(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_before_effect"))
    story.jira.deliver_all()
    story.work()
    ends = Intent.objects.get(state="open").deadline
    delete(story)
    late = LateWrite.objects.get().not_before
    now = story.clock()
    ServiceHold.objects.create(name="restore", since=now, point=now)

    clean(story, minutes=10)

    assert late - ends == timedelta(seconds=settings.BACKBONE_INDEX_LAG_SECONDS)
    assert settings.BACKBONE_INDEX_LAG_SECONDS > 0
    assert LateWrite.objects.exists()
