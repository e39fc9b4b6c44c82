"""Pairing two existing work items: what is refused and how it is said, what a preview may show."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backbone_app.core.configuration import Configuration, Direction, from_document, to_document
from backbone_app.errors import InvalidInput, NotAllowed, NotFound, Outdated
from backbone_app.models import Failure, Pair, PublishedConfiguration, Site, Synchronization
from backbone_app.services import activity, twinning
from backbone_app.services.twinning import Outlook
from tests.support.existing import Matchmaker, in_alpha, in_beta, strangers
from tests.support.scenario import Story, paragraphs

SAME = {"summary": "Same"}
NOT_IN_ALPHA = "It was not found in your space, Alpha (ALPHA)."


@pytest.fixture
def items(story: Story) -> tuple[str, str]:
    """Two work items that differ in their summary."""
    return strangers(story, {"summary": "Left"}, {"summary": "Right"})


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Where the objection stands and what it says."""
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.field, str(refused.value)


def configure(change: Callable[[Configuration], Configuration]) -> None:
    """Publish another configuration in place of the one in force."""
    published = PublishedConfiguration.objects.get()
    published.document = to_document(change(from_document(published.document)))
    published.save()


def one_way(direction: Direction, *keys: str) -> None:
    """Let these fields travel in one direction only."""

    def change(configuration: Configuration) -> Configuration:
        rows = (replace(row, direction=direction) if row.key in keys else row for row in configuration.fields)
        return replace(configuration, fields=tuple(rows))

    configure(change)


def both(who: Matchmaker, own: str, partner: str) -> tuple[str, str]:
    """What preview and pairing object to, which is the same."""
    said = refusal(lambda: who.preview(own, partner))
    assert refusal(lambda: who.pair(own, partner)) == said
    return said


@pytest.mark.parametrize("entered", ["", "12345", "ALPHA", "../ALPHA-1", "ALPHA-1 OR 1", "ÄLPHA-1", "ALPHA-"])
def test_what_is_no_key_is_refused_beside_its_field_without_a_call(
    story: Story, items: tuple[str, str], entered: str
) -> None:
    said = both(in_alpha(story), entered, items[1])

    assert said == ("own_key", "Enter the key of a work item; it looks like ALPHA-42.")


def test_a_key_may_be_typed_carelessly_and_the_present_one_is_kept(
    story: Story, items: tuple[str, str]
) -> None:
    left, right = (story.issue(item).key for item in items)

    made = in_alpha(story).pair(f" {left.lower()} ", f"{right.lower()}\t")

    assert (made.own_key, made.partner_key) == (left, right)
    assert sorted(story.pair().sides.values_list("item_key", flat=True)) == sorted([left, right])


def not_found(story: Story, own: str) -> str:
    """The one answer for whatever cannot be used in the partner space."""
    why = f"or its work type is not synchronized with that of {story.issue(own).key}"
    return f"It was not found in the partner space, Beta (BETA), {why}."


@pytest.mark.parametrize("which", ["unknown", "itself", "own space", "third space"])
def test_what_is_not_in_the_partner_space_is_not_found_whatever_it_is(
    story: Story, items: tuple[str, str], which: str
) -> None:
    entered = {
        "unknown": "BETA-999",
        "itself": items[0],
        "own space": story.create("ALPHA", "Another one"),
        "third space": story.person_creates("dana", "GAMMA", "Elsewhere"),
    }[which]

    said = both(in_alpha(story), items[0], entered)

    assert said == ("partner_key", not_found(story, items[0]))


def test_an_own_item_of_another_space_is_not_found_in_the_own_one(
    story: Story, items: tuple[str, str]
) -> None:
    for entered in (items[1], story.person_creates("dana", "GAMMA", "Elsewhere")):
        assert both(in_alpha(story), entered, "BETA-999") == ("own_key", NOT_IN_ALPHA)


def test_an_own_item_that_the_person_may_not_browse_is_not_found_either(
    story: Story, items: tuple[str, str]
) -> None:
    site = story.jira.site
    site.hide_issue(story.issue(items[0]), from_account=site.user("alice"))

    assert both(in_alpha(story), *items) == ("own_key", NOT_IN_ALPHA)
    assert not Pair.objects.exists()


def test_an_own_work_type_that_is_not_synchronized_is_named(story: Story) -> None:
    configure(lambda one: replace(one, types=tuple(row for row in one.types if row.left_name != "Bug")))
    pair = strangers(story, {**SAME, "kind": "Bug"}, {**SAME, "kind": "Task"})

    assert both(in_alpha(story), *pair) == ("own_key", "Its work type, Bug, is not synchronized.")


@pytest.mark.parametrize(("left", "right"), [("Task", "Bug"), ("Story", "Task")])
def test_of_the_partners_work_type_nothing_is_told(story: Story, left: str, right: str) -> None:
    configure(lambda one: replace(one, types=tuple(row for row in one.types if row.left_name != "Bug")))
    pair = strangers(story, {**SAME, "kind": left}, {**SAME, "kind": right})

    assert both(in_alpha(story), *pair) == ("partner_key", not_found(story, pair[0]))


def test_an_item_that_has_a_twin_is_refused_with_the_twins_key(story: Story, items: tuple[str, str]) -> None:
    new = story.create("ALPHA", "New")
    story.settle()
    twin = story.twin_of(new)

    assert both(in_alpha(story), new, items[1]) == (
        "own_key",
        f"It is already the twin of {story.issue(twin).key}.",
    )
    assert both(in_alpha(story), items[0], twin) == (
        "partner_key",
        f"It is already the twin of {story.issue(new).key}.",
    )
    assert both(in_alpha(story), new, twin) == ("own_key", "These two are a pair already.")


def test_a_mark_that_is_a_clones_or_nobodys_keeps_nothing_from_being_paired(
    story: Story, items: tuple[str, str]
) -> None:
    new = story.create("ALPHA", "New")
    story.settle()
    copied = story.issue(story.twin_of(new)).properties["backbone-twin"]
    story.issue(items[0]).properties["backbone-twin"] = copied
    story.issue(items[1]).properties["backbone-twin"] = {"nonce": "x", "originSite": "y", "originItem": "z"}

    in_alpha(story).pair(*items)

    assert Pair.objects.count() == 2


def test_a_preview_counts_and_names_what_would_happen_and_writes_nothing(story: Story) -> None:
    left, right = strangers(
        story,
        {"summary": "Left", "labels": ["a", "b"], "duedate": "2026-12-24"},
        {"summary": "Right", "priority": {"name": "Low"}, "description": paragraphs("Only here")},
    )
    story.jira.world.meters.reset()

    seen = in_alpha(story).preview(left, right)

    fields = {field.name: (field.outlook, field.own) for field in seen.fields}
    assert (seen.own_key, seen.partner_key) == tuple(story.issue(item).key for item in (left, right))
    assert fields["Summary"] == (Outlook.DIFFERS, "Left")
    assert fields["Labels"] == (Outlook.FILLS_PARTNER, "a, b")
    assert fields["Due date"] == (Outlook.FILLS_PARTNER, "2026-12-24")
    assert fields["Description"] == (Outlook.FILLS_OWN, "")
    assert (seen.equal, seen.fills_own, seen.fills_partner, seen.differs) == (1, 1, 2, 2)
    assert not any(call.startswith(("PUT", "DELETE")) for call in story.app_calls())
    assert not Pair.objects.exists()


def test_before_the_two_are_a_pair_no_value_of_the_partners_is_shown(story: Story) -> None:
    words = {"summary": "Secret", "labels": ["hidden"], "description": paragraphs("Confidential")}
    items = strangers(story, SAME, words)

    seen = str(in_alpha(story).preview(*items))

    assert not any(word in seen for word in ("Secret", "hidden", "Confidential"))


def test_the_partners_value_is_asked_about_only_where_the_configuration_sends_it(
    story: Story, items: tuple[str, str]
) -> None:
    one_way(Direction.TO_RIGHT, "summary")
    made = in_alpha(story).pair(*items)

    here = {field.name: field.partner for field in in_alpha(story).questions(made.id).fields}
    there = {field.name: field.partner for field in in_beta(story).questions(made.id).fields}

    assert here["Summary"] is None
    assert there["Summary"] == "Left"
    assert "Right" not in str(here)


def test_what_a_pair_asks_is_for_those_who_may_browse_the_own_item(
    story: Story, items: tuple[str, str]
) -> None:
    made = in_alpha(story).pair(*items)
    site = story.jira.site
    site.hide_issue(story.issue(items[1]), from_account=site.user("bob"))

    with pytest.raises(NotFound):
        in_beta(story).questions(made.id)
    with pytest.raises(NotFound):
        in_beta(story).decide(made.id, "own")
    assert [field.name for field in in_alpha(story).questions(made.id).fields] == ["Summary"]


def test_where_nothing_is_asked_nothing_is_decided(story: Story, items: tuple[str, str]) -> None:
    made = in_alpha(story).pair(*items)
    in_alpha(story).decide(made.id, "partner")
    in_alpha(story).decide(made.id, "own")
    story.settle()

    with pytest.raises(Outdated):
        in_alpha(story).decide(made.id, "partner")
    assert story.holds(items[1])["summary"] == "Left"


def test_another_trouble_of_a_pair_is_no_question(story: Story, items: tuple[str, str]) -> None:
    made = in_alpha(story).pair(*items, "own")
    story.settle()
    Failure.objects.create(
        synchronization_id=story.synchronization_id,
        pair_id=made.id,
        side="right",
        code="edit_not_allowed",
        first_at=story.clock(),
        last_at=story.clock(),
    )

    with pytest.raises(Outdated):
        in_alpha(story).decide(made.id, "own")
    assert story.pair().choice == ""


def test_both_feeds_tell_who_paired_them_by_hand(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    in_alpha(story).pair(left, right)

    told = {}
    for who, item in ((in_alpha(story), left), (in_beta(story), right)):
        feed = activity.of_item(who.who, item, now=story.clock())
        told[item] = [(line.sentence, [one.by.name for one in line.sources]) for line in feed.lines]

    assert told[left] == [(f"Paired by hand with {story.issue(right).key}", ["Alice Archer"])]
    assert told[right] == [(f"Paired by hand with {story.issue(left).key}", ["Alice Archer"])]


def test_whether_values_that_give_way_are_kept_is_said_for_both_sides(
    story: Story, items: tuple[str, str]
) -> None:
    kept = in_alpha(story).preview(*items).is_kept
    made = in_alpha(story).pair(*items)
    Site.objects.update(retention_days=0)

    assert kept
    assert not in_alpha(story).questions(made.id).is_kept


def test_a_field_that_nothing_may_fill_stays(story: Story) -> None:
    one_way(Direction.TO_RIGHT, "labels", "duedate")
    items = strangers(story, SAME, {**SAME, "labels": ["only"], "duedate": "2026-12-24"})

    seen = {field.name: field.outlook for field in in_alpha(story).preview(*items).fields}

    assert (seen["Labels"], seen["Due date"]) == (Outlook.STAYS, Outlook.STAYS)


def test_a_long_value_is_cut_in_a_preview(story: Story) -> None:
    items = strangers(story, {**SAME, "description": paragraphs("x" * 1000)}, SAME)

    seen = {field.name: field.own for field in in_alpha(story).preview(*items).fields}

    assert seen["Description"] == "x" * 299 + "…"


@pytest.mark.parametrize("choice", ["", "left", "everything"])
def test_a_word_that_is_no_choice_is_refused(story: Story, items: tuple[str, str], choice: str) -> None:
    said = refusal(lambda: in_alpha(story).pair(*items, choice))

    assert said == ("choice", "Choose whose values shall stand.")
    assert not Pair.objects.exists()


def test_not_deciding_is_no_decision(story: Story, items: tuple[str, str]) -> None:
    made = in_alpha(story).pair(*items)

    assert refusal(lambda: in_alpha(story).decide(made.id, "ask"))[0] == "choice"


def test_only_an_admin_of_the_own_space_may_and_only_for_its_own_synchronizations(
    story: Story, items: tuple[str, str]
) -> None:
    made = in_alpha(story).pair(*items)
    carol = replace(in_alpha(story), who=replace(story.alice, account=story.jira.account("carol")))
    dana = replace(
        in_alpha(story), who=replace(story.alice, account=story.jira.account("dana")), space="GAMMA"
    )

    for who, error in ((carol, NotAllowed), (dana, NotFound)):
        acts: list[Callable[[], object]] = [
            lambda who=who: who.preview(*items),  # type: ignore[misc]  # a default binds the loop's value
            lambda who=who: who.pair(*items),  # type: ignore[misc]  # likewise
            lambda who=who: who.questions(made.id),  # type: ignore[misc]  # likewise
            lambda who=who: who.decide(made.id, "own"),  # type: ignore[misc]  # likewise
        ]
        for act in acts:
            with pytest.raises(error):
                act()
    assert story.pair().choice == ""


def test_a_pair_of_another_synchronization_is_not_to_be_found(story: Story, items: tuple[str, str]) -> None:
    story.synchronize("ALPHA", "GAMMA")
    made = in_alpha(story).pair(*items)
    other = Synchronization.objects.exclude(pk=story.synchronization_id).get()
    elsewhere = replace(in_alpha(story), story=replace(story, synchronization_id=other.pk))

    for pair_id in (made.id, 10**6, 10**30):
        with pytest.raises(NotFound):
            elsewhere.questions(pair_id)
        with pytest.raises(NotFound):
            elsewhere.decide(pair_id, "own")


def test_a_pair_without_a_twin_asks_nothing(story: Story) -> None:
    story.create("ALPHA", "New")
    story.jira.deliver_all()
    story.pair_up()

    with pytest.raises(NotFound):
        in_alpha(story).questions(story.pair().pk)


def test_a_pair_that_is_set_aside_or_half_gone_has_nothing_to_decide(
    story: Story, items: tuple[str, str]
) -> None:
    made = in_alpha(story).pair(*items)
    Pair.objects.update(state="set aside")
    with pytest.raises(Outdated):
        in_alpha(story).decide(made.id, "own")

    story.jira.person("dana").delete(f"/rest/api/3/issue/{items[1]}")

    with pytest.raises(Outdated):
        in_alpha(story).questions(made.id)


def test_where_the_two_sites_cannot_be_asked_nothing_is_paired(story: Story, items: tuple[str, str]) -> None:
    Synchronization.objects.update(state="declined")

    with pytest.raises(Outdated):
        in_alpha(story).pair(*items)
    with pytest.raises(Outdated):
        twinning.ready(story.alice, story.jira.space_id("ALPHA"), story.synchronization_id, now=story.clock())


def test_both_spaces_are_named_before_anything_is_entered(story: Story) -> None:
    ready = twinning.ready(
        story.alice, story.jira.space_id("ALPHA"), story.synchronization_id, now=story.clock()
    )

    assert (ready.own_key, ready.partner.label) == ("ALPHA", "Beta (BETA)")
