"""Description and environment in both forms, and the translation between them."""

import json
from typing import Any

import pytest

from jira_sandbox import richtext
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, document

V2, V3 = "/rest/api/2/issue", "/rest/api/3/issue"
SAMPLES = [
    ("Hello *you* and _me_, -not- +them+", "strong em strike underline"),
    ("h2. A heading\n\nText after it", "heading"),
    ("* one\n* two\n*# deeper\n* three", "bulletList orderedList"),
    ("{code:python}x = [1, 2]{code}", "codeBlock"),
    ("{noformat}x = [1, 2]{noformat}", "codeBlock"),
    ("{quote}wise words{quote}", "blockquote"),
    ("one\n\n----\n\ntwo", "rule"),
    ("first line\nsecond line", "hardBreak"),
    ("see [the page|https://example.org/a?b=c]", "link"),
    ("[https://example.org|https://example.org|smart-link]", "inlineCard"),
    ("[https://example.org|https://example.org|smart-card]", "blockCard"),
    ("[https://example.org|https://example.org|smart-embed]", "embedCard"),
    ("[~accountid:712020:abc-1] said {{x = 1}}", "mention code"),
    ("nice 👍", "text"),
    ("{panel:bgColor=#fffae6}\ncareful\n{panel}", "panel"),
    ("||*Name*||*Age*||\n|Ann|7|\n|Bo| |", "table tableHeader tableCell"),
    ("{color:#ff0000}red{color}", "textColor"),
    ("some ~low~ and ^high^", "subsup"),
    (r"\[~nobody] \{code} \!no.png\! \[^no.txt\]", "text"),
    ("??somebody?? said", "em"),
    ("!tea.png|width=20,height=30!", "mediaSingle media"),
    ("!https://example.org/tea.png|width=40%!", "mediaSingle media"),
]
READ = [
    (":) (/) (y)", [":slight_smile:", ":check_mark:", ":thumbsup:"]),
    ("(x)a", []),
]


def kinds(node: Any) -> set[str]:
    own = {node["type"], *(mark["type"] for mark in node.get("marks", []))}
    return own.union(*(kinds(each) for each in node.get("content", [])))


@pytest.mark.parametrize(("wiki", "names"), SAMPLES)
def test_wiki_text_becomes_a_document_and_the_same_wiki_text_again(wiki: str, names: str) -> None:
    made = richtext.from_wiki(wiki)

    assert set(names.split()) <= kinds(made)
    assert richtext.fault(made) == ""
    assert richtext.to_wiki(made) == wiki


def test_a_mention_gets_the_name_this_site_knows() -> None:
    made = richtext.from_wiki("[~accountid:1] [~accountid:2]", {"1": "Ann"})

    nodes = made["content"][0]["content"]
    assert [each["attrs"]["text"] for each in nodes if each["type"] == "mention"] == ["@Ann", "@2"]


def test_text_without_form_is_text_in_both_directions() -> None:
    assert richtext.text_of(richtext.paragraphs("one\n\n two \n")) == "one\ntwo"
    assert richtext.paragraphs(" \n") is richtext.from_wiki(" \r\n") is None


def test_what_a_page_shows_is_escaped_and_leads_nowhere_dangerous() -> None:
    text = {
        "type": "text",
        "text": "<b>x</b>",
        "marks": [{"type": "link", "attrs": {"href": "javascript:1"}}],
    }
    shown = richtext.to_html({"type": "doc", "content": [{"type": "paragraph", "content": [text]}]})

    assert shown == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


@pytest.mark.parametrize(("wiki", "names"), READ)
def test_signs_are_emoji_when_no_letter_follows(wiki: str, names: list[str]) -> None:
    nodes = richtext.from_wiki(wiki)["content"][0]["content"]

    assert [each["attrs"]["shortName"] for each in nodes if each["type"] == "emoji"] == names


def test_signs_of_atlassians_own_emoji_come_back_as_they_were_and_faces_as_characters() -> None:
    signs = "(i) (/) (x) (!) (+) (-) (?) (on) (off) (*r) (*g) (*b) (*y) (flag) (flagoff)"

    assert richtext.to_wiki(richtext.from_wiki(signs)) == signs
    assert richtext.to_wiki(richtext.from_wiki("(*) :)")) == "(*y) \N{SLIGHTLY SMILING FACE}"


def test_a_description_is_a_document_in_v3_and_wiki_text_in_v2(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", description=document("Hello", "again"))

    assert alice.get(f"{V3}/{issue}").json()["fields"]["description"] == document("Hello", "again")
    shown = alice.get(f"{V2}/{issue}").json()
    assert shown["fields"]["description"] == "Hello\n\nagain"
    assert shown["fields"]["environment"] is None
    assert shown["self"].endswith(f"/rest/api/2/issue/{issue}")
    assert shown["fields"]["status"]["self"].count("/rest/api/2/") == 1


def test_wiki_text_written_in_v2_is_a_document_in_v3(alice: Person, site: Site) -> None:
    ann = site.user("carol").account_id
    wanted = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}
    answer = alice.post(V2, {"fields": {**wanted, "description": f"Dear [~accountid:{ann}]"}})
    issue = answer.json()["id"]

    edited = alice.put(f"{V2}/{issue}", {"update": {"environment": [{"set": "*here*"}]}})

    shown = alice.get(f"{V3}/{issue}").json()["fields"]
    assert (answer.status, edited.status) == (201, 204)
    assert shown["description"]["content"][0]["content"][1]["attrs"] == {
        "id": ann,
        "text": "@Carol Cook",
        "accessLevel": "",
    }
    assert shown["environment"]["content"][0]["content"][0]["marks"] == [{"type": "strong"}]


def test_comments_too_speak_both_languages(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    made = alice.post(f"{V2}/{issue}/comment", {"body": "some *bold* words"})
    changed = alice.put(f"{V2}/{issue}/comment/{made.json()['id']}", {"body": "plain"})

    assert (made.status, made.json()["body"]) == (201, "some *bold* words")
    assert changed.json()["body"] == "plain"
    comments = alice.get(f"{V3}/{issue}").json()["fields"]["comment"]["comments"]
    assert comments[0]["body"] == document("plain")
    assert alice.get(f"{V2}/{issue}").json()["fields"]["comment"]["comments"][0]["body"] == "plain"
    assert alice.post(f"{V2}/{issue}/comment", {"body": ""}).status == 400
    assert alice.post(f"{V2}/{issue}/comment", {"body": document("x")}).status == 400


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "Operation value must be an Atlassian Document (see the Atlassian Document Format)"),
        ({"type": "paragraph"}, "INVALID_INPUT"),
        ({"type": "doc", "version": 2, "content": []}, "INVALID_INPUT"),
        ({"type": "doc", "version": 1}, "INVALID_INPUT"),
        ({"type": "doc", "version": 1, "content": [{"type": "sonnet"}]}, "INVALID_INPUT"),
        ({"type": "doc", "version": 1, "content": [{"type": "text", "text": ""}]}, "INVALID_INPUT"),
        ({"type": "doc", "version": 1, "content": [{"type": "rule", "content": 1}]}, "INVALID_INPUT"),
        (
            {
                "type": "doc",
                "version": 1,
                "content": [{"type": "text", "text": "x", "marks": [{"type": "blink"}]}],
            },
            "INVALID_INPUT",
        ),
        (document("x" * 32_768), "CONTENT_LIMIT_EXCEEDED"),
    ],
)
def test_what_is_no_document_is_refused_in_jiras_words(alice: Person, value: object, text: str) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{V3}/{issue}", {"fields": {"description": value}})

    assert (answer.status, answer.json()["errors"]) == (400, {"description": text})


def test_in_v2_a_document_is_refused(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{V2}/{issue}", {"fields": {"description": document("x")}})

    assert (answer.status, list(answer.json()["errors"])) == (400, ["description"])


def test_a_change_is_in_history_and_webhooks_as_wiki_text(
    world: World, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one", description=document("old"))
    alice.edit(issue, description=document("new", "text"))
    alice.edit(issue, description={"type": "doc", "version": 1, "content": []})

    world.deliver(app)

    first, second = (json.loads(call.body) for call in app.calls[1:])
    assert first["issue"]["fields"]["description"] == "new\n\ntext"
    assert second["issue"]["fields"]["description"] is None
    assert first["changelog"]["items"] == [
        {
            "field": "description",
            "fieldtype": "jira",
            "fieldId": "description",
            "from": None,
            "fromString": "old",
            "to": None,
            "toString": "new\n\ntext",
        }
    ]
    assert first["issue"]["fields"]["project"]["self"].count("/rest/api/2/") == 1


def test_a_document_that_says_the_same_is_no_change(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one", description=document("old"))

    alice.edit(issue, description=document("old"))

    assert site.issue(issue).changelog == []
