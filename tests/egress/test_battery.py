"""Somebody wants us to call what we must not: every spelling by every way in, and no socket is connected."""

import pytest

from tests.egress.scene import Kind, Scene, Way
from tests.egress.targets import ADDRESSES, URLS
from tests.egress.ways import WAYS
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
