"""Deleting a synchronization, and what still bears a property of ours afterwards."""

from collections import Counter

from backbone_app import jobs
from backbone_app.services import synchronizations
from tests.support.scenario import Story

ONE = ("DELETE", r"/issue/[0-9]+/properties/")
MANY = ("DELETE", r"/issue/properties/")
COMMENT = ("DELETE", r"/comment/[0-9]+/properties/")


def delete(story: Story) -> None:
    """Let alice delete the synchronization."""
    space = story.jira.space_id("ALPHA")
    synchronizations.delete(story.alice, space, story.synchronization_id, now=story.clock())


def clean(story: Story, *, minutes: float = 1) -> None:
    """Let time pass, and what is due be removed."""
    story.clock.advance(minutes=minutes)
    jobs.remove_properties()


def removals(story: Story) -> Counter[str]:
    """The app's calls that remove something or ask for a task, by route."""
    return Counter(one for one in story.app_calls() if "ropert" in one or "/task/" in one)


def marked(story: Story) -> list[str]:
    """What still bears a property of ours: ids of work items, and of comments with theirs before it."""
    items = [one.id for one in story.jira.site.issues.values() if "backbone-twin" in one.properties]
    comments = [
        f"{issue.id}/{one.id}"
        for issue in story.jira.site.issues.values()
        for one in issue.comments
        if "backbone-copy" in one.properties
    ]
    return [*items, *comments]
