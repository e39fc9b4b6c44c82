"""Connect and Forge call at the same moment: neither sees what the other does, and yet the halves meet."""

import pytest

from backbone_app.models import AuditEntry, ForgeInstallation
from jira_sandbox.connect import installing
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support.app import DESCRIPTOR, Jira, fetch, send
from tests.support.forge import forge_app
from tests.support.workers import together

ROUNDS = 3


def held_back(world: World) -> list[OutgoingCall]:
    """Install the app everywhere; nothing of what Jira and Forge say of it has arrived."""
    calls: list[OutgoingCall] = []

    def hold(call: OutgoingCall) -> int:
        calls.append(call)
        return 204

    world.forge = forge_app()
    for site in world.sites.values():
        installing.install(world, site, DESCRIPTOR, fetch=fetch, send=hold)
    return [call for call in calls if not call.url.endswith("/enabled")]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_calls_at_the_same_moment_join_both_sites_with_their_own(
    world: World, transactional_db: None, _round: int
) -> None:
    calls = held_back(world)
    answers: list[int] = []

    def arrive(call: OutgoingCall) -> None:
        answers.append(send(call))

    raised = together(*(lambda call=call: arrive(call) for call in [*calls, *calls]))

    assert raised == []
    assert set(answers) == {204}
    for name in ("acme", "initech"):
        jira = Jira(world, world.sites[name])
        (row,) = ForgeInstallation.objects.filter(site=jira.row)
        assert row.pk == jira.app.installation_id
        assert AuditEntry.objects.filter(site=jira.row, act="forge_joined").count() == 1
