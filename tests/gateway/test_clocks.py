"""How far a site's clock is ahead of ours, and how far it ever jumped."""

from datetime import timedelta

from backbone_app.gateway import clocks
from backbone_app.models import Site


def measure(site: Site, *seconds: float) -> tuple[int, int]:
    """Measure these offsets one after the other; returns what is stored: offset and step in ms."""
    for offset in seconds:
        clocks.measured(site, timedelta(seconds=offset))
    row = Site.objects.get(pk=site.pk)
    return row.clock_offset_ms, row.clock_step_ms


def test_the_median_of_several_answers_counts_and_a_few_say_nothing(site: Site) -> None:
    assert measure(site, 3, 3, 3, 3) == (0, 0)
    assert measure(site, 900) == (3000, 3000)


def test_that_a_clock_was_set_far_off_two_answers_tell(site: Site) -> None:
    assert measure(site, -3600) == (0, 0)
    assert measure(site, -3590) == (0, 3_590_000)
    assert measure(site, 0, -3700) == (0, 3_590_000)


def test_a_delay_of_less_than_a_minute_is_no_jump(site: Site) -> None:
    assert measure(site, 59.9, 70, 59.9, 70) == (0, 0)


def test_what_makes_less_than_half_a_second_is_not_stored(site: Site) -> None:
    assert measure(site, *[0.499] * 20) == (0, 0)
    assert measure(site, *[0.5] * 20) == (500, 500)
    assert measure(site, *[0.9] * 20) == (500, 500)


def test_the_largest_jump_is_remembered_in_either_direction(site: Site) -> None:
    measure(site, *[1.0] * 20)

    assert measure(site, *[-599.0] * 20) == (-599_000, 600_000)
    assert measure(site, *[-590.0] * 20) == (-590_000, 600_000)


def test_only_the_last_twenty_answers_count(site: Site) -> None:
    measure(site, *[60.0] * 1000)

    assert measure(site, *[0.0] * 11)[0] == 0


def test_a_clock_beyond_all_reason_breaks_nothing(site: Site) -> None:
    assert measure(site, *[1e10] * 20) == (86_400_000, 86_400_000)


def test_what_another_process_stored_is_no_jump(site: Site) -> None:
    other = Site.objects.get(pk=site.pk)
    measure(other, *[60.0] * 20)
    Site.objects.update(clock_step_ms=0)

    assert measure(site, *[60.1] * 20) == (60_000, 0)
