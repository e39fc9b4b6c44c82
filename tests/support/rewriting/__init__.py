"""How the Cloud's converter tells wiki text otherwise than people write it, each way a function that does so.

A function's docstring is the sentence that docs/jira-operations.md prints for it. All of them, in their
order, make of a text what the converter tells of it, letter for letter; what none names stays as it is.
"""

from collections.abc import Callable
from typing import Final

from tests.support.rewriting import blocks, inlines

Normalisation = Callable[[str], str]
NORMALISATIONS: Final[tuple[Normalisation, ...]] = (
    blocks.lines_end_with_lf,
    inlines.who_is_unknown_is_named,
    inlines.anchors_are_gone,
    inlines.signs_are_bare,
    blocks.code_has_a_language,
    blocks.code_of_some_languages_has_none,
    blocks.code_has_a_strong_line_for_a_title,
    blocks.panels_have_a_strong_line_for_a_title,
    blocks.quoted_lines_are_quoted_blocks,
    blocks.blocks_begin_on_the_line_of_their_marks,
    blocks.forced_line_ends_are_line_ends,
    blocks.lines_are_not_indented,
    blocks.bullets_are_stars,
    inlines.colours_are_numbers,
    blocks.heads_of_tables_are_bold,
    blocks.pictures_have_a_size,
    blocks.files_are_thumbnails,
    inlines.monospaced_is_nothing_else,
    inlines.links_have_no_titles,
    inlines.mail_is_a_link_with_words,
    inlines.addresses_are_links,
    inlines.links_have_words,
    inlines.marks_stand_around_each_part,
    inlines.backslashes_are_gone,
    inlines.faces_are_characters,
    inlines.dashes_are_long,
    blocks.lines_after_blocks_are_paragraphs,
    blocks.headings_stand_alone,
    blocks.blocks_stand_alone,
    blocks.lists_and_tables_stand_alone,
    blocks.one_empty_line_is_enough,
    blocks.the_ends_are_no_line_ends,
)
LOSSES: Final[frozenset[Normalisation]] = frozenset(
    {
        inlines.who_is_unknown_is_named,
        inlines.anchors_are_gone,
        inlines.monospaced_is_nothing_else,
        inlines.links_have_no_titles,
        blocks.code_has_a_language,
        blocks.code_of_some_languages_has_none,
        blocks.code_has_a_strong_line_for_a_title,
        blocks.panels_have_a_strong_line_for_a_title,
        blocks.pictures_have_a_size,
        blocks.files_are_thumbnails,
    }
)
"""Those after which a reader does not see any more what was meant, or cannot follow it."""


def told(text: str, *, but: Normalisation | None = None) -> str:
    """Tell a text as the converter does; ``but`` is left out."""
    for each in NORMALISATIONS:
        text = text if each is but else each(text)
    return text
