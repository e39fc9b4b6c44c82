"""A scene for each way in."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import override_settings

from backbone_app import gateway
from backbone_app.env import Mode, Reader
from backbone_app.gateway import linked
from tests.egress.scene import Scene
from tests.egress.targets import DENIED
from tests.support.app import Jira
from tests.support.hostile import Outgoing
from tests.support.machine import Machine
from tests.support.network import networked
from tests.support.sandbox import VirtualClock
from tests.support.scenario import story

__all__ = ["scene", "story"]


@pytest.fixture
def scene(jira: Jira, clock: VirtualClock) -> Iterator[Scene]:
    """The site acme with our app, a network on which nobody is, and an operator who denies some networks.

    Alice has opened the page that shows the callback URL for a Data Center.
    """
    denied = Reader({"BACKBONE_MODE": Mode.PRODUCTION, "BACKBONE_DENIED_NETWORKS": DENIED})
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(BACKBONE_DENIED_NETWORKS=denied.networks("DENIED_NETWORKS")),
        networked() as network,
        ExitStack() as stack,
    ):
        _forget()
        outgoing = Outgoing()
        outgoing.watch(patch)
        Machine(jira, "alice", "ALPHA").post("application-links/begin")
        outgoing.urls.clear()
        yield Scene(jira, clock, network, outgoing, stack)
    _forget()


def _forget() -> None:
    for kept in (gateway.door, gateway.policy, linked.any_host, linked.door_to_any_host):
        kept.cache_clear()
