"""Rich text: one form, and what of it another site can show."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core import richtext
from backbone_app.core.values import EMPTY, Rich
from tests.core.world import doc, mention

Json = dict[str, Any]
KINDS = [
    "paragraph",
    "bulletList",
    "taskList",
    "taskItem",
    "mediaSingle",
    "mediaGroup",
    "hardBreak",
    "novelty",
]
ODD: st.SearchStrategy[Any] = st.one_of(st.none(), st.text(max_size=2), st.lists(st.just("x"), max_size=1))
LEAVES: st.SearchStrategy[Json] = st.one_of(
    st.text("ab ", min_size=1, max_size=3).map(lambda words: {"type": "text", "text": words}),
    st.sampled_from(["ann", "bob"]).map(mention),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["media", "mediaInline", "emoji", "mention", "inlineCard", "rule"]),
            "attrs": st.one_of(
                ODD,
                st.dictionaries(
                    st.sampled_from(["id", "text", "alt", "localId", "url", "type"]), ODD, max_size=3
                ),
                st.just({"type": "external", "url": "https://x/p.png"}),
            ),
        }
    ),
    st.dictionaries(st.sampled_from(["type", "text", "content"]), ODD, max_size=2),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS), "content": st.lists(st.one_of(inner, st.just("odd")), max_size=3)},
        optional={
            "attrs": st.fixed_dictionaries({"localId": st.just("abc")}, optional={"state": st.just("TODO")})
        },
    ),
    max_leaves=6,
)
DOCUMENTS = st.lists(NODES, min_size=1, max_size=4).map(
    lambda nodes: {"type": "doc", "version": 1, "content": [*nodes, {"type": "rule"}]}
)
PEOPLE = st.one_of(st.none(), st.frozensets(st.sampled_from(["ann", "bob"])))


def rich(document: Json) -> Rich:
    made = richtext.canonical(document)
    assert isinstance(made, Rich)
    return made


def of(*nodes: Json) -> Rich:
    return rich({"type": "doc", "version": 1, "content": list(nodes)})


def paragraph(*nodes: Json) -> Json:
    return {"type": "paragraph", "content": list(nodes)}


def words(text: str) -> Json:
    return {"type": "text", "text": text}


def media(**attrs: str) -> Json:
    return {"type": "media", "attrs": {"id": "f-1", "type": "file", **attrs}}


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in reversed(value)}
    return [_shuffled(one) for one in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_a_document_has_one_form_whatever_the_order_of_its_keys(document: Json) -> None:
    form = rich(document)

    assert rich(_shuffled(document)) == form
    assert rich(json.loads(form.adf)) == form


@given(DOCUMENTS)
def test_a_document_sent_and_read_back_is_the_same_text(document: Json) -> None:
    assert rich(richtext.document(rich(document))) == rich(document)


@given(DOCUMENTS, PEOPLE)
def test_crossing_twice_is_crossing_once_and_keeps_only_known_people(
    document: Json, people: frozenset[str] | None
) -> None:
    crossed = richtext.across(rich(document), people)

    assert richtext.across(crossed, people) == crossed
    assert richtext.canonical(json.loads(crossed.adf)) == crossed
    known = richtext.mentions(rich(document)) if people is None else people
    assert richtext.mentions(crossed) == richtext.mentions(rich(document)) & known


@given(DOCUMENTS)
def test_odd_documents_have_a_plain_text(document: Json) -> None:
    assert isinstance(richtext.text(rich(document)), str)


@pytest.mark.parametrize(
    "blank",
    [
        {"type": "doc", "version": 1, "content": []},
        {"type": "doc", "version": 1},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "attrs": {"localId": "x"}}] * 2},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": []}]},
        {},
    ],
)
def test_an_empty_page_is_empty(blank: Json) -> None:
    assert richtext.canonical(blank) == EMPTY


@pytest.mark.parametrize("kind", ["rule", "codeBlock", "table"])
def test_what_shows_something_without_words_is_not_empty(kind: str) -> None:
    assert isinstance(richtext.canonical({"type": "doc", "content": [{"type": kind}]}), Rich)


def test_the_form_is_json_without_spaces_sorted_and_without_local_ids() -> None:
    item = {"type": "paragraph", "attrs": {"localId": "1f"}, "content": [{"text": "é b", "type": "text"}]}

    assert of(item).adf == (
        '{"content":[{"content":[{"text":"é b","type":"text"}],"type":"paragraph"}],"type":"doc","version":1}'
    )


def test_tasks_and_decisions_get_ids_again_when_they_are_sent() -> None:
    items = [
        {"type": "taskItem", "attrs": {"localId": "a", "state": "TODO"}, "content": [words("x")]},
        {"type": "taskItem", "attrs": {"localId": "b", "state": "DONE"}, "content": [words("y")]},
    ]

    sent = richtext.document(of({"type": "taskList", "attrs": {"localId": "c"}, "content": items}))

    assert sent["content"] == [
        {
            "type": "taskList",
            "attrs": {"localId": "3"},
            "content": [
                {"type": "taskItem", "attrs": {"state": "TODO", "localId": "1"}, "content": [words("x")]},
                {"type": "taskItem", "attrs": {"state": "DONE", "localId": "2"}, "content": [words("y")]},
            ],
        }
    ]


def test_mentions_are_found_however_deep() -> None:
    deep = of(
        {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph(mention("ann"))]}]}
    )

    assert richtext.mentions(deep) == {"ann"}
    assert richtext.mentions(doc({"type": "mention", "attrs": {"text": "@nobody"}})) == frozenset()


def test_who_is_not_known_there_is_named_and_not_notified() -> None:
    text = doc(mention("ann", "Ann Lee"), " met ", mention("bob", "Bob"))

    assert richtext.across(text, frozenset({"bob"})) == doc("@Ann Lee", " met ", mention("bob", "Bob"))
    assert richtext.across(text, None) == text


@pytest.mark.parametrize("attrs", [{}, {"text": ""}, {"text": "@"}, {"text": 7}, {"id": ["ann"]}])
def test_a_mention_without_a_name_is_of_someone(attrs: Json) -> None:
    assert richtext.across(doc({"type": "mention", "attrs": attrs}), frozenset()) == doc("@someone")


def test_pictures_become_the_names_of_their_files() -> None:
    text = of(
        {
            "type": "mediaSingle",
            "content": [media(alt="plan.png"), {"type": "caption", "content": [words("Plan")]}],
        },
        {"type": "mediaGroup", "content": [media(), media(alt="log.txt")]},
        paragraph(words("see "), {"type": "mediaInline", "attrs": {"alt": "a.pdf"}}),
    )

    assert richtext.across(text, None) == of(
        paragraph(words("[plan.png]")),
        paragraph(words("Plan")),
        paragraph(words("[attachment]")),
        paragraph(words("[log.txt]")),
        paragraph(words("see "), words("[a.pdf]")),
    )


def test_a_picture_from_elsewhere_stays_a_picture() -> None:
    elsewhere = {"type": "media", "attrs": {"type": "external", "url": "https://example.com/p.png"}}
    single = {"type": "mediaSingle", "content": [elsewhere, {"type": "caption", "content": [words("P")]}]}

    assert richtext.across(of(single), None) == of(single)
    assert richtext.across(of({"type": "mediaGroup", "content": [elsewhere, media()]}), None) == of(
        {"type": "mediaSingle", "content": [elsewhere]}, paragraph(words("[attachment]"))
    )


def test_a_line_stands_before_the_text_or_alone() -> None:
    assert richtext.with_line(doc("Hello"), "Ann commented:") == of(
        paragraph(words("Ann commented:")), paragraph(words("Hello"))
    )
    assert richtext.with_line(EMPTY, "Ann commented:") == doc("Ann commented:")


def test_plain_text_has_a_line_for_each_paragraph() -> None:
    emoji = {"type": "emoji", "attrs": {"shortName": ":smile:", "text": "😄"}}
    nameless = {"type": "emoji", "attrs": {"shortName": ":team:"}}
    card = {"type": "inlineCard", "attrs": {"url": "https://example.com"}}
    text = of(
        {"type": "heading", "attrs": {"level": 1}, "content": [words("Plan")]},
        paragraph(mention("ann", "Ann"), words(" says "), emoji, nameless, {"type": "hardBreak"}, card),
        {"type": "rule"},
        {"type": "codeBlock", "content": [words("x = 1")]},
    )

    assert richtext.text(text) == "Plan\n@Ann says 😄:team:\nhttps://example.com\nx = 1"


def test_nesting_has_an_end_and_stops_nothing() -> None:
    node: Json = paragraph(words("deep"))
    for _ in range(5000):
        node = {"type": "blockquote", "content": [node]}

    form = of(node, paragraph(words("kept")))

    assert richtext.text(form) == "kept"
    assert richtext.across(form, frozenset()) == form
