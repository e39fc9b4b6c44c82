"""Rich text in either of its forms: a document (``richtext``) or wiki text (``wikitext``)."""

from collections.abc import Iterable, Mapping

from backbone_app.core import richtext, wikitext
from backbone_app.core.values import Empty, Rich, Value, Wiki


def mentions(values: Iterable[Value]) -> frozenset[str]:
    """List the people mentioned in these values; those that are no rich text mention nobody."""
    return frozenset[str]().union(
        *(
            richtext.mentions(one) if isinstance(one, Rich) else wikitext.mentions(one)
            for one in values
            if isinstance(one, Rich | Wiki)
        )
    )


def across(
    text: Rich | Wiki, people: frozenset[str] | None, names: Mapping[str, str] = wikitext.NAMELESS
) -> Rich | Wiki:
    """Give the text as a site shows it that knows only ``people``; None: it knows everybody.

    ``names`` are those of the people of the site it comes from, by account id: a document has them in it.
    """
    return richtext.across(text, people) if isinstance(text, Rich) else wikitext.across(text, people, names)


def with_line(text: Rich | Wiki | Empty, line: str) -> Rich | Wiki:
    """Put a first paragraph before the text; nothing becomes a document."""
    return wikitext.with_line(text, line) if isinstance(text, Wiki) else richtext.with_line(text, line)


def plain(text: Rich | Wiki) -> str:
    """Say it without its marks."""
    return richtext.text(text) if isinstance(text, Rich) else wikitext.text(text)


def source(text: Rich | Wiki | Empty) -> str:
    """Give what it is made of, to tell two apart and to bring them in one order."""
    match text:
        case Rich(adf):
            return adf
        case Wiki(wiki):
            return wiki
        case _:
            return ""
