"""Work items as many as one wants, of realistic sizes."""

import statistics
from dataclasses import asdict
from itertools import pairwise

import pytest

from jira_sandbox import generator, loading
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import START, Person, standard_world


def test_the_sizes_are_those_measured(site: Site) -> None:
    made = generator.fill(site, "ALPHA", 1000)

    lengths = [len(each.fields["summary"]) for each in made]
    assert statistics.median(lengths) == pytest.approx(24, abs=3)
    assert 0.25 < sum(bool(each.comments) for each in made) / 1000 < 0.35
    assert 0.18 < sum(bool(each.attachments) for each in made) / 1000 < 0.28
    assert 0.45 < sum(each.fields["description"] is not None for each in made) / 1000 < 0.55
    assert max(len(each.comments) for each in made) <= 16
    assert statistics.median(len(each.changelog) for each in made) == 9
    assert len({id(file.content) for each in made for file in each.attachments}) == 16


def test_the_same_seed_makes_the_same_work_items_and_another_makes_others(site: Site) -> None:
    other = standard_world().sites["acme"]

    one, two = generator.fill(site, "ALPHA", 50, number=3), generator.fill(other, "ALPHA", 50, number=3)
    third = generator.fill(other, "BETA", 50, number=4)

    assert [asdict(each) for each in one] == [asdict(each) for each in two]
    assert [each.fields["summary"] for each in third] != [each.fields["summary"] for each in one]


def test_they_can_be_read_searched_and_gone_on_with_and_nobody_was_told(
    world: World, site: Site, alice: Person
) -> None:
    made = generator.fill(site, "ALPHA", 30)
    shown = [alice.get(f"/rest/api/3/issue/{each.id}?expand=changelog") for each in made]
    found = alice.get("/rest/api/3/search/jql?jql=project%20%3D%20ALPHA&maxResults=50").json()
    alice.edit(made[0].id, summary="Gone on with")

    assert {answer.status for answer in shown} == {200}
    assert len(found["issues"]) == 30
    assert all(each.created <= each.updated <= site.now() for each in made)
    assert world.outbox == []
    assert alice.create("ALPHA", "next") == str(int(made[-1].id) + 1)


def test_the_history_ends_where_the_work_item_stands(site: Site) -> None:
    for issue in generator.fill(site, "BETA", 50):
        steps = [item for entry in issue.changelog for item in entry.items if item.field == "status"]
        joined = [(one.after, two.before) for one, two in pairwise(steps)]
        assert all(after == before for after, before in joined)
        assert not steps or steps[-1].after == issue.status_id


def test_as_json_they_are_what_jira_returns_and_can_be_loaded_elsewhere(site: Site) -> None:
    given = list(generator.documents(20, number=1, start=START))

    loaded = loading.load(site, "ALPHA", given)

    assert given == list(generator.documents(20, number=1, start=START))
    assert [each.fields["summary"] for each in loaded.items] == [each["fields"]["summary"] for each in given]
    assert loaded.skipped == []
    assert all(each["changelog"]["histories"] is not None for each in given)


def test_a_space_that_is_not_there(site: Site) -> None:
    with pytest.raises(LookupError):
        generator.fill(site, "NOWHERE", 1)
