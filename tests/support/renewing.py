"""A link to initech, a Data Center or a Cloud site, whose tokens are renewed by whoever calls there.

A test module that imports the fixtures ``kind``, ``world`` and ``granted`` plays there.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backbone_app import gateway
from backbone_app.gateway import tokens
from backbone_app.jira import read
from backbone_app.models import Site
from jira_sandbox import seed
from jira_sandbox.misfortunes import Kind, Misfortune
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import grants
from tests.support.app import within_reach
from tests.support.grants import Granted
from tests.support.initech import BASE
from tests.support.sandbox import ACME, VirtualClock

CLOUD = "https://initech.atlassian.net"
KINDS = ["data center", "cloud"]
FRESH = timedelta(seconds=1)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """What is linked."""
    return str(request.param)


@pytest.fixture
def world(clock: VirtualClock, kind: str) -> Iterator[World]:
    """acme on the Cloud, and initech."""
    is_cloud = kind == "cloud"
    sites = {"acme": ACME, "initech": CLOUD if is_cloud else BASE}
    editions = {} if is_cloud else {"initech": DATA_CENTER["dc-10.3"]}
    with within_reach(seed.standard(clock, sites, editions=editions)) as made:
        made.trace.start()
        yield made


@pytest.fixture
def granted(
    world: World,
    kind: str,
    site: Site,
    clock: VirtualClock,
    settings: Any,
    transactional_db: None,
) -> Granted:
    """A link of ``site`` to initech, as gina, with tokens that last an hour or two."""
    if kind == "cloud":
        return grants.to_the_cloud(world, site, settings, clock=clock)
    return grants.to_a_data_center(world, site, clock=clock)


def call(granted: Granted) -> str:
    """Ask whose account it is, as any call is made."""
    row = Site.objects.get(pk=granted.site.pk)
    return read.account(gateway.client(row, clock=granted.clock))


def outlive(granted: Granted) -> None:
    """Let the access token come to its end."""
    granted.clock.now = granted.link.expires_at - tokens.MARGIN + FRESH


def asked(world: World, granted: Granted) -> int:
    """How often tokens were asked for."""
    method, path = granted.token_call
    lines = world.trace.text().decode().splitlines()
    return sum(f" < {method} " in line and line.endswith(path) for line in lines)


def go_wrong(world: World, granted: Granted, kind: Kind, **more: object) -> None:
    """Let something happen to the next question for tokens."""
    told = Misfortune(match=granted.token_call, kind=kind, caller="anyone", **more)  # type: ignore[arg-type]
    world.misfortunes.add(told)
