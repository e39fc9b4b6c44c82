"""Whatever a site that signs properly says: it is answered, and the worker copes with what was kept of it."""

import json
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backbone_app.jira import webhooks
from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, Pair
from tests.support.bent import ANY_JSON, bent
from tests.support.hooks import Hook
from tests.support.scenario import Story
from tests.support.slices import WHOLE
from tests.support.webhook_bodies import body, fields

EXAMPLES = 1000 if WHOLE else 25
ITEM, SPACE, COMMENT = "<item>", "<space>", "10000"
"""Stand for what is only known in the story."""
BUGS = {"pairing_failed", "pair_failed", "check_failed"}
"""What the outermost frames of the worker's jobs log for an exception that is none of ours."""


def originals() -> list[dict[str, Any]]:
    """Good bodies of every event that something is taken from."""
    shown = fields(
        project={"id": SPACE, "key": "ALPHA"},
        status={"id": "1", "name": "To Do"},
        description="h1. text",
        duedate="2026-12-24",
    )
    issue = {"id": ITEM, "key": "ALPHA-1", "fields": shown, "properties": {}}
    comment = {
        "self": f"https://acme.atlassian.net/rest/api/2/issue/{ITEM}/comment/{COMMENT}",
        "id": COMMENT,
        "author": {"accountId": "acc-1"},
        "body": "text",
        "updated": "2026-11-22T01:02:03.456+0000",
        "jsdPublic": True,
    }
    updates = [body(issue=issue), body(issue=issue, issue_event_type_name=..., changelog=...)]
    created = body(issue=issue, webhookEvent="jira:issue_created", changelog=...)
    comments = [
        body(issue=issue, webhookEvent=f"comment_{what}", comment=comment, changelog=...)
        for what in ("created", "updated", "deleted")
    ]
    worklog = body(issue=..., webhookEvent="worklog_created", worklog={"issueId": ITEM, "id": "5"})
    return [*updates, created, *comments, worklog, body(issue=issue, webhookEvent="jira:issue_deleted")]


class Stage:
    """The story, without the long picture of it that a counter-example would draw."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def __repr__(self) -> str:
        return "stage"

    def paired(self) -> str:
        """A work item in step with its twin: the last one, or a new one where that is not any more."""
        active = Pair.objects.filter(state="active", reason="").last()
        if active is not None:
            return active.origin_item
        item = self.story.create("ALPHA", "A thing to do")
        self.story.settle()
        return item

    def written(self, said: object, item: str) -> bytes:
        """The body with the story's own ids in it."""
        space = self.story.jira.space_id("ALPHA")
        return json.dumps(said).replace(ITEM, item).replace(SPACE, space).encode()


@pytest.fixture
def stage(story: Story) -> Stage:
    """ALPHA and BETA in step."""
    return Stage(story)


BODIES = st.lists(bent(originals()) | ANY_JSON, min_size=2, max_size=6)


@settings(
    max_examples=EXAMPLES,
    derandomize=not WHOLE,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(bodies=BODIES, is_paired=st.booleans())
def test_no_body_breaks_the_door_or_the_worker_behind_it(
    stage: Stage, bodies: list[object], is_paired: bool
) -> None:
    story = stage.story
    story.clock.advance(minutes=10)  # whoever was put off or slowed down is ready again
    known = stage.paired()
    item = known if is_paired else story.create("ALPHA", "News")

    with structlog.testing.capture_logs() as logs:
        raw = [stage.written(said, item) for said in bodies]
        statuses = [Hook(story.jira).send(each) for each in raw]
        kept = [(row.key, deliveries.body(row)) for row in Delivery.objects.exclude(body_sealed=b"")]
        story.work()

    assert set(statuses) <= {204, 400}
    for key, again in kept:
        assert again in raw
        assert webhooks.parse(again, identifier=key).key == key
    assert [line for line in logs if line["event"] in BUGS] == []
    assert not Delivery.objects.filter(unpaired=True, not_before=None).exists()
