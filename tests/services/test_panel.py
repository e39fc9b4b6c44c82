"""What the panel says of a work item: its twin and how it stands, or why there is none."""

import pytest

from backbone_app.errors import NotAllowed, NotFound
from backbone_app.models import Pair, PublishedConfiguration, Site, Synchronization
from backbone_app.services import panel, requests
from backbone_app.services.panel import PanelRow
from backbone_app.services.tenants import Caller
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, story

__all__ = ["story"]


def caller(jira: Jira, name: str) -> Caller:
    """A person of the site, as the edge proves them."""
    return Caller(jira.row.pk, jira.account(name), jira.site.base_url)


def row(story: Story, item: str, who: str = "carol") -> PanelRow:
    """The only row that a person sees at a work item."""
    (found,) = panel.show(caller(story.jira, who), item, now=story.clock()).rows
    return found


def test_a_twin_is_named_with_its_address_and_both_are_in_step(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()

    seen = row(story, item)

    twin = story.issue(story.twin_of(item))
    assert seen.twin is not None
    assert (seen.twin.key, seen.twin.url) == (twin.key, f"{story.jira.site.base_url}/browse/{twin.key}")
    assert (seen.state, seen.explanation) == ("in step", "Both work items are in step.")
    assert (seen.synchronization, seen.partner.name) == ("ALPHA and BETA", "Beta")


def test_what_one_side_sent_the_other_one_received(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    created = story.clock()
    story.clock.advance(hours=1)
    twin = story.twin_of(item)
    story.edit("bob", twin, summary="Build two bridges")
    story.settle()

    ours, theirs = row(story, item), row(story, twin)

    assert ours.last_sent is not None
    assert ours.last_received is not None
    assert ours.last_sent <= created < ours.last_received <= story.clock()
    assert (theirs.last_sent, theirs.last_received) == (ours.last_received, ours.last_sent)


def test_a_write_whose_outcome_is_unknown_is_not_called_sent(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    Pair.objects.get().intents.update(state="open")

    assert row(story, item).last_sent is None


def test_a_change_that_waits_for_the_worker_is_on_its_way(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    story.edit("alice", item, summary="Build two bridges")
    story.jira.deliver_all()

    seen = row(story, item)

    assert (seen.state, seen.explanation) == ("waiting", "Changes are on their way.")


def test_a_pair_that_is_held_up_says_why(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    Pair.objects.update(reason="remote_busy")

    assert row(story, item).explanation == "Jira asked us to wait; it is tried again."


def test_a_status_without_a_way_is_explained_to_the_side_that_cannot_move_and_only_there(
    story: Story,
) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    twin = story.twin_of(item)
    story.forbid_moves(twin)
    story.move("alice", item, "In Progress")
    story.settle()

    ours, theirs = row(story, item), row(story, twin)

    assert theirs.explanation == (
        "The work item is in “Open”, and no way from there to “In Progress” is known. "
        "Jira offers no transition there."
    )
    assert ours.explanation.startswith("No transition that Backbone knows and may use leads to")
    assert ours.state == theirs.state == "waiting"


def test_a_status_without_a_way_is_explained_anew_when_another_one_is_wished_for(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    twin = story.twin_of(item)
    story.forbid_moves(twin)
    story.move("alice", item, "In Progress")
    story.settle()
    story.move("alice", item, "Done")
    story.settle()
    before = row(story, twin)
    story.move("alice", item, "To Do")
    story.settle()

    after = row(story, twin)

    assert "no way from there to “Done” is known" in before.explanation
    assert (after.state, after.explanation) == ("in step", "Both work items are in step.")


@pytest.mark.parametrize("paired", [False, True])
def test_a_new_work_item_is_being_created_on_the_other_side(story: Story, paired: bool) -> None:
    item = story.create("ALPHA", "Build the bridge")
    if paired:
        story.jira.deliver_all()
        story.pair_up()

    seen = row(story, item)

    assert Pair.objects.exists() == paired
    assert (seen.state, seen.twin, seen.last_sent) == ("being created", None, None)


def test_a_deleted_twin_sets_the_pair_aside(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    story.jira.person("bob").delete(f"/rest/api/3/issue/{story.twin_of(item)}")
    story.settle()

    seen = row(story, item)

    assert seen.state == "set aside"
    assert seen.explanation == "One of the two work items was deleted; the other one stays as it is."


def test_while_it_is_stopped_nothing_is_called_in_step(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    story.stop()

    assert row(story, item).state == "stopped"


def test_a_work_item_of_a_stopped_time_says_so_while_it_lasts_and_afterwards(story: Story) -> None:
    story.clock.advance(seconds=1)
    story.stop()
    item = story.create("ALPHA", "Meanwhile")
    during = row(story, item)
    story.start()

    after = row(story, item)

    assert (during.state, after.state) == ("not synchronized", "not synchronized")
    assert during.explanation == "The synchronization is not running."
    assert after.explanation == "It was created while the synchronization was stopped."


def test_an_older_work_item_says_that_it_is_older(story: Story) -> None:
    item = story.create("ALPHA", "Too early")
    Synchronization.objects.update(started_at=story.clock.advance(seconds=1))

    assert row(story, item).explanation == "It was created before the synchronization was started."


def test_a_type_without_a_row_says_so(story: Story) -> None:
    item = story.create("ALPHA", "A big one", kind="Epic")

    seen = row(story, item)

    assert (seen.state, seen.explanation) == ("not synchronized", "Its work type is not synchronized.")


def test_a_type_that_does_not_travel_this_way_says_so(story: Story) -> None:
    published = PublishedConfiguration.objects.get()
    for each in published.document["types"]:
        each["direction"] = "to_left"
    published.save()
    left, right = story.create("ALPHA", "Stays here"), story.create("BETA", "Travels")

    assert row(story, left).explanation == "Work items of its type are not sent to the partner space."
    assert row(story, right).state == "being created"


def test_each_synchronization_of_the_space_has_a_row_and_an_open_request_none(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    dana, gamma = caller(story.jira, "dana"), story.jira.space_id("GAMMA")
    asked = requests.send(
        dana,
        story.jira.space_id("ALPHA"),
        partner_space=gamma,
        name="Alpha and Gamma",
        description="",
        now=story.clock(),
    )
    before = panel.show(dana, item, now=story.clock()).rows
    requests.accept(dana, gamma, asked, now=story.clock())

    after = panel.show(dana, item, now=story.clock()).rows

    assert [each.synchronization for each in before] == ["ALPHA and BETA"]
    assert [(each.synchronization, each.state) for each in after] == [
        ("ALPHA and BETA", "in step"),
        ("Alpha and Gamma", "not synchronized"),
    ]


def test_a_work_item_that_moved_to_the_partner_space_keeps_its_row(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    story.issue(item).space_id = story.jira.space_id("BETA")

    seen = row(story, item)

    assert seen.twin is not None
    assert seen.partner.key == "BETA"


def test_a_work_item_that_moved_away_shows_what_it_left_behind(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    story.issue(item).space_id = story.jira.space_id("GAMMA")

    assert row(story, item, "dana").synchronization == "ALPHA and BETA"


def test_in_a_space_without_synchronizations_there_is_nothing_to_say(story: Story) -> None:
    item = story.jira.person("dana").create("GAMMA", "Alone")

    assert panel.show(caller(story.jira, "dana"), item, now=story.clock()).rows == ()


def test_whoever_may_not_browse_the_work_item_learns_what_one_learns_of_none(story: Story) -> None:
    item = story.jira.person("dana").create("GAMMA", "Not for carol")

    refusals = []
    for asked in (item, "999999", "0", "x", "1" * 40, "\N{ARABIC-INDIC DIGIT ONE}"):
        with pytest.raises(NotFound) as refused:
            panel.show(caller(story.jira, "carol"), asked, now=story.clock())
        refusals.append(str(refused.value))

    assert len(set(refusals)) == 1


def test_somebody_jira_does_not_name_is_told_to_sign_in(story: Story) -> None:
    item = story.create("ALPHA", "Build the bridge")

    with pytest.raises(NotAllowed, match="Sign in"):
        panel.show(Caller(story.jira.row.pk, None, ""), item, now=story.clock())


def test_the_answer_of_jira_is_good_for_a_minute_and_for_one_person(
    story: Story, clock: VirtualClock
) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    row(story, item)
    story.jira.site.revoke(
        story.jira.site.user("carol"), "BROWSE_PROJECTS", space=story.jira.site.space("ALPHA")
    )
    story.jira.world.meters.reset()

    clock.advance(seconds=59)
    row(story, item)

    assert story.app_calls() == []
    row(story, item, "dana")
    assert story.app_calls() == [
        "GET /rest/api/3/issue/{issueIdOrKey}",
        "POST /rest/api/3/permissions/check",
    ]
    clock.advance(seconds=2)
    with pytest.raises(NotFound):
        row(story, item)


def test_what_a_person_may_see_on_one_site_says_nothing_of_another_one(
    story: Story, other_jira: Jira
) -> None:
    item = story.create("ALPHA", "Build the bridge")
    twin = other_jira.person("alice").create("ALPHA", "Somebody else's")
    user, space = other_jira.site.user("alice"), other_jira.site.space("ALPHA")
    other_jira.site.revoke(user, "BROWSE_PROJECTS", space=space)
    assert (twin, user.account_id) == (item, story.jira.account("alice"))

    row(story, item, "alice")

    with pytest.raises(NotFound):
        panel.show(caller(other_jira, "alice"), twin, now=story.clock())


def test_another_site_knows_nothing_of_a_work_item_with_the_same_id(story: Story, other_jira: Jira) -> None:
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    assert Site.objects.count() == 2
    twin = other_jira.person("alice").create("ALPHA", "Somebody else's")
    assert other_jira.site.space("ALPHA").id == story.jira.space_id("ALPHA")
    assert twin == item

    assert panel.show(caller(other_jira, "alice"), twin, now=story.clock()).rows == ()
