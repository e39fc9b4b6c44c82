"""Which Data Centers can let us in, and what our account lacks there."""

import pytest

from backbone_app.core import linking


@pytest.mark.parametrize("version", [(8, 21, 1), (8,), (7, 99), (8, 13, 22)])
def test_a_version_before_8_22_is_too_old(version: tuple[int, ...]) -> None:
    assert linking.is_too_old(version)


@pytest.mark.parametrize("version", [(8, 22), (8, 22, 0), (9,), (9, 12, 3), (10, 3), (11,), ()])
def test_a_later_one_is_not_nor_is_one_that_is_not_told(version: tuple[int, ...]) -> None:
    assert not linking.is_too_old(version)


def test_what_is_lacking_is_told_with_jiras_own_label_and_what_it_costs() -> None:
    held = linking.NEEDED.keys() - {"TRANSITION_ISSUES"}

    assert linking.missing(held) == (("Transition Issues", "no status is synchronized there"),)
    assert linking.missing(linking.NEEDED) == ()
