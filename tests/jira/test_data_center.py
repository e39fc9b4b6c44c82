"""The client at a Data Center of every version that is played: the same questions, the same answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from backbone_app.core.values import EMPTY, FieldStep, Labels, Option, Text, TwinMark, Value, Wiki
from backbone_app.errors import RemoteMissing, RemoteRefused
from backbone_app.jira import items, read, write
from backbone_app.jira.client import Authorize, JiraClient
from backbone_app.jira.dialects import CLOUD_IN_WIKI, DATA_CENTER
from backbone_app.jira.egress import Door, EgressPolicy
from jira_sandbox import seed
from jira_sandbox.datacenter import personaltokens
from jira_sandbox.state.editions import DATA_CENTER as EDITIONS
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.jira.conftest import Play
from tests.support.provider import Bearer, as_bearer
from tests.support.sandbox import ACME, VirtualClock

BASE = "https://jira.initech.example:8443/jira"
MARK = TwinMark("n-1", "s-1", "10001", "y-1")
CAUSE = write.Cause("i-1", None, "gina", "Because.")
ODD = "h1. Title\r\n\r\n* one \n# two\t\n{noformat}x  {noformat}\n[~hank] *not closed"


@dataclass(frozen=True, slots=True)
class Desk:
    """A Data Center, our client there, which speaks as gina, and alice, who works there too."""

    clock: VirtualClock
    world: World
    site: Site
    client: JiraClient
    alice: Bearer

    def create(self, summary: str, **fields: object) -> str:
        wanted = {"project": {"key": "GOLD"}, "issuetype": {"name": "Task"}, "summary": summary, **fields}
        answer = self.alice.post("/jira/rest/api/2/issue", {"fields": wanted})
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    def edit(self, number: str, **fields: object) -> None:
        answer = self.alice.put(f"/jira/rest/api/2/issue/{number}", {"fields": fields})
        assert answer.status == 204, answer.body

    def shown(self, number: str) -> dict[str, object]:
        fields: dict[str, object] = self.alice.get(f"/jira/rest/api/2/issue/{number}").json()["fields"]
        return fields


def token_of(site: Site, name: str) -> str:
    """A token of somebody's: it opens every version, where passwords open those before 11 only."""
    return personaltokens.make(site, site.user(name), name="Tests").secret


def colleague(world: World, site: Site, name: str) -> Bearer:
    """Somebody who works there, by user name."""
    return as_bearer(world, site, token_of(site, name))


def bearing(site: Site, name: str) -> Authorize:
    """Have each call bear a token of somebody's."""
    token = token_of(site, name)
    return lambda *_: f"Bearer {token}"


@pytest.fixture(params=sorted(EDITIONS))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    clock = VirtualClock()
    editions = {"initech": EDITIONS[request.param]}
    world = seed.standard(clock, {"acme": ACME, "initech": BASE}, editions=editions)
    site = world.sites["initech"]
    door = Door(EgressPolicy(cloud_hosts=(".atlassian.net",), any_host=True))
    client = JiraClient(
        base_url=BASE,
        authorize=bearing(site, "gina"),
        door=door,
        account=site.user("gina").account_id,
        dialect=DATA_CENTER,
    )
    with mounted(world):
        yield Desk(clock, world, site, client, colleague(world, site, "alice"))
    door.close()


def draft(desk: Desk, **fields: Value) -> write.Draft:
    space = desk.site.space("GOLD")
    return write.Draft(space.id, space.type_ids[0], {"summary": Text("A twin"), **fields}, MARK)


def test_we_are_known_by_our_key(desk: Desk) -> None:
    assert read.account(desk.client) == desk.site.user("gina").account_id


def test_an_item_is_read_in_one_call_with_its_text_letter_for_letter_and_all_its_history(desk: Desk) -> None:
    number = desk.create("old", labels=["a"], priority={"name": "High"}, description=ODD)
    for turn in range(45):
        desk.edit(number, summary=f"new {turn}")

    found = read.item(desk.client, number)

    assert found.fields["description"] == Wiki(ODD)
    assert found.fields["summary"] == Text("new 44")
    assert (found.fields["priority"], found.fields["labels"]) == (Option("High"), Labels(frozenset({"a"})))
    assert found.creator == desk.site.user("alice").account_id
    assert (found.mark, found.mark_known, found.complete_from) == (None, True, 0)
    assert len(found.entries) == 45
    assert found.entries[0].steps == (FieldStep("summary", Text("old"), Text("new 0")),)


def test_history_since_an_entry_is_taken_from_the_item(desk: Desk) -> None:
    number = desk.create("old")
    desk.edit(number, summary="first")
    first = read.item(desk.client, number).entries[-1]
    desk.edit(number, summary="second", description="h2. Text")

    since = read.entries_since(desk.client, number, first.id)

    steps = [step for entry in since for step in entry.steps]
    assert FieldStep("description", EMPTY, Wiki("h2. Text")) in steps
    assert FieldStep("summary", Text("first"), Text("second")) in steps
    assert all(entry.id > first.id for entry in since)


def test_a_twin_is_made_with_its_mark_and_found_by_it(desk: Desk) -> None:
    began = desk.clock.now
    made = write.create(desk.client, draft(desk, description=Wiki(ODD)), cause=CAUSE, timeout=20)

    found = read.item(desk.client, made.id)
    assert (found.mark, found.fields["description"]) == (MARK, Wiki(ODD))
    (shown,) = read.created_by_us(desk.client, desk.site.space("GOLD").id, began)
    assert (shown.id, shown.mark_known) == (made.id, False)
    ours = read.marked(desk.client, shown)
    assert (ours.mark, ours.mark_known) == (MARK, True)


def test_what_we_made_without_a_mark_is_told_to_have_none(desk: Desk) -> None:
    made = write.create(desk.client, draft(desk), cause=CAUSE, timeout=20)
    write.remove_mark(desk.client, made.id, timeout=20)
    write.remove_mark(desk.client, made.id, timeout=20)

    (shown,) = read.created_by_us(desk.client, "", desk.clock.now)
    ours = read.marked(desk.client, shown)

    assert (ours.mark, ours.mark_known) == (None, True)


def test_an_edit_is_read_back_and_its_entry_names_its_reason(desk: Desk) -> None:
    number = desk.create("old", labels=["theirs", "gone"])

    after = write.edit(
        desk.client,
        number,
        sets={"summary": Text("ours"), "description": Wiki(ODD)},
        labels_add=["mine"],
        labels_remove=["gone"],
        cause=CAUSE,
        timeout=20,
    )

    assert after.fields["summary"] == Text("ours")
    assert after.fields["description"] == Wiki(ODD)
    assert after.fields["labels"] == Labels(frozenset({"theirs", "mine"}))
    assert [entry.intent for entry in after.entries] == ["i-1"]


def test_an_edit_that_is_refused_names_the_field(desk: Desk) -> None:
    number = desk.create("old")

    with pytest.raises(RemoteRefused) as refused:
        write.edit(desk.client, number, sets={"summary": Text("x" * 256)}, cause=CAUSE, timeout=20)

    assert "summary" in refused.value.fields


def test_a_transition_is_offered_taken_and_told(desk: Desk) -> None:
    number = desk.create("old")
    (begin,) = (each for each in read.transitions(desk.client, number) if each.name == "Begin")

    after = write.transition(desk.client, number, begin.id, cause=CAUSE, timeout=20)

    assert (begin.target, begin.category, begin.required) == ("In Progress", "indeterminate", ())
    assert after.fields["status"] == Option("In Progress")
    assert after.entries[-1].intent == "i-1"


def test_comments_are_written_found_by_their_mark_changed_and_taken_away(desk: Desk) -> None:
    number = desk.create("old")
    desk.alice.post(f"/jira/rest/api/2/issue/{number}/comment", {"body": ODD})

    made = write.add_comment(
        desk.client, number, Wiki("*ours*\r\n"), nonce="n-2", original=("10001", "10002"), timeout=20
    )
    write.change_comment(desk.client, number, made.id, Wiki("changed "), timeout=20)
    theirs, ours = read.comments(desk.client, number)

    assert (theirs.body, theirs.by_us, theirs.mark) == (Wiki(ODD), False, "")
    assert (ours.body, ours.by_us, ours.mark) == (Wiki("changed "), True, "n-2")
    assert (ours.original_item, ours.original) == ("10001", "10002")
    assert read.comment(desk.client, number, made.id) == ours
    write.remove_comment(desk.client, number, made.id, timeout=20)
    with pytest.raises(RemoteMissing):
        read.comment(desk.client, number, made.id)


def test_what_changed_lately_comes_page_by_page(desk: Desk) -> None:
    desk.create("long ago")
    desk.clock.advance(hours=3)
    numbers = [desk.create(f"Item {number}", description="*x*") for number in range(103)]

    pages = list(read.changed(desk.client, desk.site.space("GOLD").id, minutes=30))

    assert [len(page) for page in pages] == [100, 3]
    assert [one.item.id for page in pages for one in page] == numbers
    assert not any(one.item.mark_known for page in pages for one in page)


def test_many_are_asked_for_at_once_and_those_that_are_gone_are_missing(desk: Desk) -> None:
    number, gone = desk.create("here"), desk.create("gone")
    desk.alice.post(f"/jira/rest/api/2/issue/{number}/comment", {"body": "said"})
    colleague(desk.world, desk.site, "dana").delete(f"/jira/rest/api/2/issue/{gone}")

    found = read.fetched(desk.client, [number, gone, "99999"])

    assert [one.item.id for one in found.found] == [number]
    assert [len(one.comments) for one in found.found] == [1]
    assert found.missing == {gone, "99999"}


def test_where_few_are_shown_at_once_the_others_are_asked_for_and_only_what_is_gone_is_missing(
    desk: Desk,
) -> None:
    numbers = [desk.create(f"Item {number}") for number in range(7)]
    gone, *here = numbers
    desk.site.most_found = 3

    def delete(_: object) -> None:
        colleague(desk.world, desk.site, "dana").delete(f"/jira/rest/api/2/issue/{gone}")

    desk.world.hooks.after("POST", "/rest/api/2/search$", delete, caller="anyone")
    found = read.fetched(desk.client, [*numbers, "99999"])
    afterwards = read.fetched(desk.client, [*numbers, "99999"])

    assert [one.item.id for one in found.found] == numbers
    assert found.missing == {"99999"}
    assert [one.item.id for one in afterwards.found] == here
    assert afterwards.missing == {gone, "99999"}


def test_a_page_that_shows_nothing_tells_of_nothing_that_it_is_missing(desk: Desk) -> None:
    number = desk.create("here")
    desk.site.most_found = 0

    assert read.fetched(desk.client, [number]) == read.Fetched((), frozenset())


def test_what_is_there_and_hidden_from_us_is_as_missing_as_what_is_gone(desk: Desk) -> None:
    number = desk.create("hidden")
    desk.site.hide_issue(desk.site.issues[number], from_account=desk.site.user("gina"))

    with pytest.raises(RemoteMissing) as hidden:
        read.item(desk.client, number)
    with pytest.raises(RemoteMissing) as gone:
        read.item(desk.client, "99999")

    assert (hidden.value.status, gone.value.status) == (403, 404)


def test_spaces_and_what_they_offer(desk: Desk) -> None:
    desk.site.grant(desk.site.user("gina"), "BROWSE_PROJECTS", space=desk.site.space("IRON"))
    gold = desk.site.space("GOLD")

    assert {each.key for each in read.spaces(desk.client)} == {"GOLD", "IRON"}
    assert read.space(desk.client, "GOLD").id == gold.id
    shape = read.shape(desk.client, gold.id)
    assert {each.name for each in shape.types} == {"Task", "Bug", "Story", "Epic"}
    assert {"summary", "description"} <= set(shape.types[0].fields)
    assert [each.name for each in shape.statuses] == ["To Do", "In Progress", "In Review", "Done"]


def test_people_are_asked_for_by_name_and_rights_are_our_own(desk: Desk) -> None:
    assert read.names(desk.client, ["hank", "nobody"]) == {"hank": "Hank Hunter"}
    asked = {"BROWSE_PROJECTS", "EDIT_ISSUES", "ADMINISTER_PROJECTS"}

    assert read.own_rights(desk.client, space=desk.site.space("GOLD").id, permissions=asked) == asked
    assert read.own_rights(desk.client, space=desk.site.space("IRON").id, permissions=asked) < asked


def test_the_clock_of_the_site_is_told_as_anywhere(desk: Desk) -> None:
    told: list[timedelta] = []
    client = JiraClient(
        base_url=BASE,
        authorize=bearing(desk.site, "gina"),
        door=Door(EgressPolicy(cloud_hosts=(), any_host=True), clock=desk.clock),
        account="",
        server_offset=told.append,
        dialect=DATA_CENTER,
    )
    desk.site.clock_shift = timedelta(minutes=7)

    read.account(client)

    assert abs(told[0] - timedelta(minutes=7)) <= timedelta(seconds=1)


def test_of_a_pair_with_a_data_center_the_cloud_is_asked_for_wiki_text_too(play: Play, door: Door) -> None:
    client = JiraClient(
        base_url=play.site.base_url,
        authorize=play.client._authorize,
        door=door,
        account=play.client.account,
        dialect=CLOUD_IN_WIKI,
    )
    number = play.alice.create("ALPHA", "a")

    after = write.edit(client, number, sets={"description": Wiki("*strong* text")}, cause=CAUSE, timeout=20)
    write.add_comment(client, number, Wiki("_said_"), nonce="n-3", original=("1", "2"), timeout=20)

    assert (
        after.fields["description"]
        == read.item(client, number).fields["description"]
        == Wiki("*strong* text")
    )
    assert [one.body for one in read.comments(client, number)] == [Wiki("_said_")]
    assert items.MARK not in after.fields
