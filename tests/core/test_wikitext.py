"""Wiki text on its way to another site: only what has to change does."""

import json

import pytest

from backbone_app.core import texts, wikitext
from backbone_app.core.richtext import canonical
from backbone_app.core.values import EMPTY, Empty, Option, Rich, Wiki

ODD = (
    "h1. Title\r\n\r\n* [~hank] said\n** [~accountid:712020:ab-1] too\n{noformat}x  {noformat} [~a|b] [~] \t"
)
PARAGRAPH = {"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}
DOCUMENT = Rich(json.dumps({"content": [PARAGRAPH], "type": "doc"}, sort_keys=True, separators=(",", ":")))


def test_who_is_mentioned_is_told_by_account_id_or_by_user_name() -> None:
    assert wikitext.mentions(Wiki(ODD)) == {"hank", "712020:ab-1"}


def test_where_everybody_is_known_a_text_crosses_letter_for_letter() -> None:
    assert wikitext.across(Wiki(ODD), None) == Wiki(ODD)
    assert wikitext.across(Wiki(ODD), frozenset({"hank", "712020:ab-1"})) == Wiki(ODD)


def test_who_is_not_known_there_is_named_in_plain_text_and_all_else_is_left() -> None:
    crossed = wikitext.across(Wiki(ODD), frozenset())

    assert crossed.text == ODD.replace("[~hank]", "@hank").replace("[~accountid:712020:ab-1]", "@someone")


@pytest.mark.parametrize(
    ("name", "told"),
    [("Alice Archer", "@Alice Archer"), ("{a} [~b|c]\\", "@a ~b c"), ("[]", "@someone"), ("", "@someone")],
)
def test_of_an_account_the_name_is_told_and_nothing_that_would_be_a_mention_or_a_macro(
    name: str, told: str
) -> None:
    text = Wiki("Ask [~accountid:712020:ab-1] or [~hank]")

    assert (
        wikitext.across(text, frozenset(), {"712020:ab-1": name, "hank": "No"}).text == f"Ask {told} or @hank"
    )


@pytest.mark.parametrize(("before", "after"), [("said", "Alice wrote:\n\nsaid"), ("", "Alice wrote:")])
def test_a_line_stands_in_a_paragraph_of_its_own(before: str, after: str) -> None:
    assert wikitext.with_line(Wiki(before), "Alice wrote:") == Wiki(after)


@pytest.mark.parametrize(
    ("wiki", "told"),
    [
        ("h2. A *bold* _word_ and 2*3*4", "A bold word and 2*3*4"),
        ("* one\n## two", "one\ntwo"),
        ("{code:java}x = 1{code}", "x = 1"),
        ("Ask [~hank]", "Ask @hank"),
        ("snake_case_word", "snake_case_word"),
    ],
)
def test_a_reader_is_told_the_words(wiki: str, told: str) -> None:
    assert wikitext.text(Wiki(wiki)) == told


def test_both_forms_of_rich_text_are_treated_alike() -> None:
    assert canonical({"type": "doc", "content": [PARAGRAPH]}) == DOCUMENT
    wiki = Wiki("Ask [~hank]")

    assert texts.mentions([wiki, DOCUMENT, Option("High"), EMPTY]) == {"hank"}
    assert texts.across(wiki, frozenset()) == Wiki("Ask @hank")
    assert texts.across(DOCUMENT, frozenset()) == DOCUMENT
    assert texts.with_line(wiki, "First") == Wiki("First\n\nAsk [~hank]")
    assert texts.plain(texts.with_line(DOCUMENT, "First")) == "First\nhi"
    assert texts.plain(texts.with_line(EMPTY, "First")) == "First"
    assert texts.plain(wiki) == "Ask @hank"


@pytest.mark.parametrize(("value", "source"), [(Wiki("w"), "w"), (DOCUMENT, DOCUMENT.adf), (EMPTY, "")])
def test_what_a_text_is_made_of_tells_two_apart(value: Rich | Wiki | Empty, source: str) -> None:
    assert texts.source(value) == source
