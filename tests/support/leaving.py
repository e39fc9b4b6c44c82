"""Two busy sites of which one removes the app, and what is left of it."""

import pytest

from backbone_app import jobs
from backbone_app.models import (
    Failure,
    Pair,
)
from backbone_app.services import pairs, synchronizations, unfinished
from backbone_app.services.unfinished import Way
from tests.support.scenario import Story
from tests.support.two_sites import Across

TICKET = "t" * 43


@pytest.fixture
def busy(across: Across) -> Across:
    """Both sites in full work: pairs, comments, trouble, feed, audit log, a download, a request begun."""
    acme, initech = across.acme, across.initech
    here = acme.create("ALPHA", "From acme", labels=["red"])
    there = initech.person_creates("gina", "GOLD", "From initech")
    across.settle()
    acme.comment("alice", here, "Said on acme")
    initech.comment("gina", there, "Said on initech")
    acme.edit("alice", here, summary="Edited on acme")
    initech.edit("gina", across.twin_of(here), summary="Edited on initech")
    across.settle()
    gold = initech.jira.space_id("GOLD")
    begun = {"name": "Not sent yet"}
    unfinished.keep(initech.alice, gold, Way.SPACE, entered=begun, done=1, now=initech.clock())
    pairs.offer(initech.alice, gold, initech.synchronization_id, ticket=TICKET, now=initech.clock())
    Failure.objects.create(
        synchronization_id=acme.synchronization_id,
        pair=Pair.objects.earliest("pk"),
        side="right",
        code="edit_not_allowed",
        first_at=acme.clock(),
        last_at=acme.clock(),
    )
    return across


def pass_time(across: Across, **duration: float) -> None:
    """Let time pass and the workers do what is due."""
    across.acme.clock.advance(**duration)
    jobs.sweep()
    jobs.follow_departures()
    jobs.remove_properties()


def calls_to_initech(across: Across) -> int:
    """How many calls of the app have reached the site's front."""
    rows = across.acme.jira.world.meters.snapshot()
    return sum(int(row["calls"]) for row in rows if (row["site"], row["caller"]) == ("initech", "app"))


def of_alpha(across: Across) -> synchronizations.Row:
    """What alice sees of it in the overview of ALPHA."""
    acme = across.acme
    (row,) = synchronizations.overview(acme.alice, acme.jira.space_id("ALPHA"), now=acme.clock())
    return row


def marked(story: Story) -> list[str]:
    """The work items of a site that bear our property."""
    return [one.id for one in story.jira.site.issues.values() if "backbone-twin" in one.properties]
