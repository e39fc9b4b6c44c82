"""``jira.js`` by the gateway with less than it asks for: the refusal is told, and nothing has happened."""

from collections.abc import Iterator

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.threelo import revoke
from jira_sandbox.world import World
from tests.clients.by_jira_js import Client, Entrance, HttpException
from tests.support import node


@pytest.fixture(scope="module")
def entrance(world: World, site: Site) -> Entrance:
    return Entrance.to(world, site, "gateway")


@pytest.fixture(scope="module")
def program(entrance: Entrance) -> Iterator[node.Program]:
    with node.running("jira.js", entrance.host, needs="jira.js") as started:
        yield started


@pytest.fixture(params=[2, 3], ids=["Version2Client", "Version3Client"])
def reader(program: node.Program, entrance: Entrance, request: pytest.FixtureRequest) -> Client:
    """As alice, who let the app read and no more."""
    scopes = ("read:jira-work", "read:jira-user")
    return Client(program, request.param, entrance.credentials("alice", scopes))


def test_what_a_scope_is_missing_for_is_refused_and_does_nothing(reader: Client) -> None:
    query = {"jql": "project = ALPHA"}

    with pytest.raises(HttpException) as on_creation:
        reader.create()
    with pytest.raises(HttpException) as on_settings:
        reader.call("projectComponents.createComponent", name="Mine", project="ALPHA")

    for refusal in (on_creation.value, on_settings.value):
        assert refusal.status == 401
        assert refusal.body == {"code": 401, "message": "Unauthorized; scope does not match"}
    assert reader.call("issueSearch.countIssues", **query)["count"] == 0
    assert reader.call("projectComponents.getProjectComponents", projectIdOrKey="ALPHA") == []


def test_what_was_consented_to_goes_through(reader: Client) -> None:
    assert reader.call("myself.getCurrentUser")["displayName"] == "Alice Archer"
    assert reader.call("projects.getProject", projectIdOrKey="ALPHA")["key"] == "ALPHA"


def test_a_token_whose_leave_was_taken_back_leads_nowhere(
    world: World, entrance: Entrance, program: node.Program
) -> None:
    carol = Client(program, 3, entrance.credentials("carol"))
    assert carol.call("myself.getCurrentUser")["displayName"] == "Carol Cook"

    revoke(world, entrance.app, entrance.site.user("carol"))

    with pytest.raises(HttpException) as caught:
        carol.call("myself.getCurrentUser")
    assert caught.value.status == 403
    assert caught.value.body["message"] == "The app is not installed on this instance"
