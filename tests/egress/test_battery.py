"""Somebody wants us to call what we must not: every spelling by every way in, and no socket is connected."""

import pytest

from jira_sandbox.hosts import KEY_HOSTS
from tests.egress.scene import Kind, Scene, Way
from tests.egress.targets import ADDRESSES, URLS
from tests.egress.ways import WAYS, stored
from tests.support.slices import slice_of

TARGETS = {Kind.URL: URLS, Kind.ADDRESS: ADDRESSES}


def test_the_table_is_as_large_as_it_should_be() -> None:
    sizes = {kind: len(set(targets)) for kind, targets in TARGETS.items()}

    assert min(sizes.values()) >= 150
    assert len({way.name for way in WAYS}) == len(WAYS) >= 8
    assert sum(sizes[way.takes] for way in WAYS) >= 150 * len(WAYS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_whatever_is_tried_is_refused_before_a_socket_is_connected(scene: Scene, way: Way) -> None:
    before = scene.unchanged()

    for target in slice_of(TARGETS[way.takes], way.share):
        with scene.counting(way.refusals(target)):
            way.go(scene, target)
        scene.nothing_left()

    assert scene.unchanged() == before


@pytest.mark.parametrize(
    "address", [*(f"https://{host}" for host in sorted(KEY_HOSTS)), "https://acme.atlassian.net/x"]
)
def test_what_may_be_called_but_is_no_sites_address_is_not_even_signed_for(
    scene: Scene, address: str
) -> None:
    with scene.counting(refusals=1):
        stored(scene, address)

    scene.nothing_left()
    assert scene.outgoing.urls == []
