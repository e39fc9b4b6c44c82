"""What a synchronization may be called."""

import pytest

from backbone_app.core.titles import LONGEST_NAME, LONGEST_TEXT, Title, checked, offered
from backbone_app.errors import InvalidInput


def test_blanks_around_it_are_no_part_of_a_title() -> None:
    assert checked(Title("  Lamps ", " All of them\n")) == Title("Lamps", "All of them")


@pytest.mark.parametrize(
    ("title", "field"),
    [
        (Title("  ", ""), "name"),
        (Title("n" * (LONGEST_NAME + 1), ""), "name"),
        (Title("n", "d" * (LONGEST_TEXT + 1)), "description"),
    ],
)
def test_what_is_missing_or_too_long_is_named(title: Title, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(title)

    assert refused.value.field == field


def test_what_is_offered_can_be_used_however_long_the_names_are_that_it_is_made_of() -> None:
    title = offered("n" * 500, "d" * 5000)

    assert checked(title) == title
