import pytest

from jira_sandbox.acts import cloning
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, document

ISSUE = "/rest/api/3/issue"


def test_a_clone_holds_what_its_original_does_and_links_to_it(
    world: World, site: Site, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one", labels=["a"], description=document("x"))
    alice.put(f"{ISSUE}/{issue}/properties/link", {"nonce": "n"})
    alice.comment(issue, "not this")

    made = cloning.clone(world, site, site.user("alice"), site.issues[issue])

    shown = alice.get(f"{ISSUE}/{made.id}?properties=*all").json()
    assert (shown["key"], shown["fields"]["summary"]) == ("ALPHA-2", "CLONE - one")
    assert (shown["fields"]["labels"], shown["fields"]["description"]) == (["a"], document("x"))
    assert (shown["properties"], shown["fields"]["comment"]["total"]) == ({"link": {"nonce": "n"}}, 0)
    (link,) = shown["fields"]["issuelinks"]
    assert (link["type"]["outward"], link["outwardIssue"]["key"]) == ("clones", "ALPHA-1")
    assert site.issues[issue].changelog[-1].items[0].after_text == "This issue is cloned by ALPHA-2"


def test_the_clone_of_what_is_done_is_to_do(world: World, site: Site, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    alice.move(issue, "Start")
    alice.move(issue, "Finish")
    site.issues[issue].fields["resolution"] = next(iter(site.resolutions))

    made = cloning.clone(world, site, site.user("alice"), site.issues[issue])

    shown = alice.get(f"{ISSUE}/{made.id}").json()["fields"]
    assert (shown["status"]["name"], shown["resolution"], shown["resolutiondate"]) == ("To Do", None, None)


def test_what_happens_to_a_clone_does_not_happen_to_its_original(
    world: World, site: Site, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one", labels=["a"])
    made = cloning.clone(world, site, site.user("alice"), site.issues[issue])

    alice.put(f"{ISSUE}/{made.id}", {"update": {"labels": [{"add": "b"}]}})
    alice.put(f"{ISSUE}/{made.id}/properties/link", 1)

    assert site.issues[issue].fields["labels"] == ["a"]
    assert site.issues[issue].properties == {}


def test_an_app_hears_of_a_clone_with_the_properties_it_took_along(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.put(f"{ISSUE}/{issue}/properties/link", {"nonce": "n"})
    world.outbox.clear()

    cloning.clone(world, site, site.user("alice"), site.issues[issue])

    (delivery,) = world.outbox
    assert delivery.event == "jira:issue_created"
    assert b'"link": {"nonce": "n"}' in delivery.body


def test_a_long_summary_is_cut_and_who_may_not_name_a_reporter_is_it(
    world: World, site: Site, alice: Person
) -> None:
    issue = alice.create("ALPHA", "x" * 255)

    made = cloning.clone(world, site, site.user("carol"), site.issues[issue])

    assert made.fields["summary"] == "CLONE - " + "x" * 247
    assert made.fields["reporter"] == site.user("carol").account_id


def test_cloning_takes_the_right_to_create(world: World, site: Site, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    site.deny(site.user("carol"), "CREATE_ISSUES", space=site.space("ALPHA"))

    with pytest.raises(Refusal, match="403"):
        cloning.clone(world, site, site.user("carol"), site.issues[issue])
