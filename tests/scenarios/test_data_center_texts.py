"""What becomes of a Data Center's text when one sentence of it is edited on the Cloud.

The Cloud keeps documents, so its own converter writes the whole text anew. What it writes in another way,
and what it loses, is in ``tests/support/rewriting`` and printed in docs/jira-operations.md; by nothing else
may the two differ, in a text that has all of it and in those that people wrote on servers.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support import rewriting
from tests.support.beyond import Beyond, beyond, edition, world
from tests.support.initech import API, CONTEXT
from tests.support.rewriting import LOSSES, NORMALISATIONS, Normalisation
from tests.support.sandbox import as_person
from tests.support.shared import SHARED
from tests.support.slices import slice_of

__all__ = ["beyond", "edition", "world"]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "jira-operations.md"
TEXT: Final = """h2. Title
{anchor:top}The first sentence. The one that is edited.
The second line.

* one
** deeper
* two

- dashed
- twice

# first
# second

{noformat}
x  y
{noformat}
The line after it.
And one more.
|| a ||b||
|1| 2 |

bq. quoted

{quote}
several
{quote}

{code:python}
    print( 1 )
{code}
{code}
x = 1
{code}
{code:title=A.java|borderStyle=solid}
int x;
{code}
{code:csharp}
var x;
{code}

{panel:title=Note|borderStyle=dashed}
Noted.
{panel}
{panel:bgColor=#FFFFCE}
Look.
{panel}

A [link|https://example.com/a?b=c] and https://Example.com/x, [https://example.com/y], [one|https://a.example|Title]
Write to [mailto:ann@example.com] or mailto:bob@example.com, see [{{mono}}|https://example.com/z].
It is in [^log.txt] below.

!shot.png|thumbnail! !wide.png|width=50%!

   Indented (/) done (x) not (*) :) and -- or --- so



-gone- +under+ _em_ *strong* {*}braced{*} {{mono}} ^up^ ~down~
{color:red}red{color} {color:#0F0}green{color} \\* star
_Some *within* others_ and +_*three*_+

----

Line one\\\\Line two
Line three [~hank]
""".replace("\n", "\r\n")
FIRST: Final = "The first sentence. The one that is edited."
CORPUS: Final = SHARED / "corpus"
ODD: Final = {
    "kylefarris+J2M__converter-fixture_10.txt": "a picture for the words of a link stands before it as well",
}
"""Texts of the field of which the converter makes something else than the list says, with what."""
LEFT_OUT: Final = frozenset({"timabbott+zulip__comment_5.txt", "edisutoyo+atd-jira-issues__dataset_85.txt"})
"""Texts where a word stands alone that our figures or configurations have: it would look like a leak."""


def real_texts() -> list[tuple[str, str]]:
    """What people wrote on servers, each text once, with the file it comes from."""
    notes = (line.split("\t") for line in (CORPUS / "issues" / "INDEX.tsv").read_text().splitlines())
    servers = [file for file, *_, note in notes if note.startswith("server")]
    found = [
        (name, text)
        for name in sorted(servers)
        for text in described(json.loads((CORPUS / "issues" / name).read_text()))
    ]
    found += [(path.name, path.read_bytes().decode()) for path in sorted((CORPUS / "wiki").glob("*.txt"))]
    named = {text: name for name, text in reversed(found) if name not in LEFT_OUT}
    return [(name, text) for text, name in named.items()]


def described(given: Any) -> Iterator[str]:
    """The descriptions and comments of all work items in an answer."""
    if isinstance(given, list):
        for one in given:
            yield from described(one)
    if isinstance(given, dict):
        fields = given.get("fields")
        told = fields if isinstance(fields, dict) else {}
        comments = told.get("comment")
        listed = comments.get("comments", []) if isinstance(comments, dict) else []
        texts = [told.get("description"), *(one.get("body") for one in listed)]
        yield from (text for text in texts if isinstance(text, str) and text.strip())
        for name, one in given.items():
            if name != "fields":
                yield from described(one)


def edited_on_the_cloud(beyond: Beyond, item: str) -> None:
    """Let alice edit the one sentence on acme, in the document that it has there."""
    (left,) = beyond.acme.twins_of(item)
    document = json.dumps(beyond.acme.field(left, "description"))
    assert document.count("The one that is edited.") == 1
    told = document.replace("The one that is edited.", "The one that was edited.")
    beyond.acme.edit("alice", left, description=json.loads(told))


def shown(beyond: Beyond, item: str) -> str:
    """The description on the Data Center; it may speak of any REST API, which an answer else must not."""
    office = beyond.office
    dana = as_person(office.world, office.site, "dana")
    fields = dana.get(f"{CONTEXT}{API}/issue/{item}?fields=description").json()["fields"]
    return str(fields["description"])


def expected(text: str, *, but: Normalisation | None = None) -> str:
    """The text after that edit, as the list says."""
    return rewriting.told(text.replace("that is edited.", "that was edited."), but=but)


def test_after_an_edit_of_one_sentence_on_the_cloud_all_else_differs_by_the_list_only(
    beyond: Beyond,
) -> None:
    right = beyond.office.create("alice", "With a text", description=TEXT)
    beyond.settle()
    assert beyond.office.field(right, "description") == TEXT

    edited_on_the_cloud(beyond, right)
    beyond.settle()

    found = beyond.office.field(right, "description")
    assert found == expected(TEXT)
    assert [one.__doc__ for one in NORMALISATIONS if expected(TEXT, but=one) == found] == []


@pytest.mark.parametrize("edition", ["dc-10.3"])
@pytest.mark.skipif(not (CORPUS / "wiki").exists(), reason="the corpus of wiki texts is not in SHARED_DIR")
def test_texts_of_the_field_differ_after_such_an_edit_by_the_list_only(beyond: Beyond) -> None:
    texts = [(name, f"{FIRST}\n\n{text}") for name, text in slice_of(real_texts(), 40)]
    items = [beyond.office.create("alice", name, description=text) for name, text in texts]
    beyond.settle()
    assert [shown(beyond, item) for item in items] == [text for _, text in texts]

    for item in items:
        edited_on_the_cloud(beyond, item)
    beyond.settle()

    unlike = [
        name for item, (name, text) in zip(items, texts, strict=True) if shown(beyond, item) != expected(text)
    ]
    assert unlike == [name for name, _ in texts if name in ODD]


def test_the_list_is_printed_where_people_look_for_it() -> None:
    told = DOCUMENT.read_text(encoding="utf-8").partition("## What an edit on the Cloud does")[2]
    written, _, lost = told.partition("### What is lost")
    printed = [re.findall(r"(?m)^- (.*)$", part) for part in (written, lost.partition("### ")[0])]

    assert printed == [
        [one.__doc__ for one in NORMALISATIONS if (one in LOSSES) is is_lost] for is_lost in (False, True)
    ]


def test_the_same_edit_on_the_data_center_touches_nothing_else(beyond: Beyond) -> None:
    left = beyond.acme.create("ALPHA", "With a text")
    beyond.settle()
    right = beyond.twin_of(left)
    beyond.office.edit("alice", right, description=TEXT)
    beyond.settle()

    edited = TEXT.replace("that is edited", "that was edited")
    beyond.office.edit("alice", right, description=edited)
    beyond.settle()

    assert beyond.office.field(right, "description") == edited
    assert "The one that was edited." in json.dumps(beyond.acme.field(left, "description"))


def test_who_is_mentioned_on_the_cloud_stays_so_and_is_named_on_the_data_center(beyond: Beyond) -> None:
    account = beyond.acme.jira.account("alice")
    mention = {"type": "mention", "attrs": {"id": account, "text": "@Alice Archer"}}
    asked = {"type": "text", "text": "Ask "}
    text = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [asked, mention]}]}

    left = beyond.acme.create("ALPHA", "With a name", description=text)
    beyond.settle()

    assert beyond.office.field(beyond.twin_of(left), "description") == "Ask @Alice Archer"
    assert beyond.acme.field(left, "description") == text


def test_who_is_mentioned_in_a_comment_or_an_edit_is_named_and_asked_for_once(beyond: Beyond) -> None:
    left = beyond.acme.create("ALPHA", "With names")
    beyond.settle()
    right = beyond.twin_of(left)
    mention = {"type": "mention", "attrs": {"id": beyond.acme.jira.account("alice")}}
    nobody = {"type": "mention", "attrs": {"id": "712020:gone"}}
    paragraph = {"type": "paragraph", "content": [mention, {"type": "text", "text": " or "}, nobody]}
    text = {"type": "doc", "version": 1, "content": [paragraph]}
    meters = beyond.acme.jira.world.meters
    meters.reset()

    beyond.acme.edit("alice", left, description=text)
    said = beyond.acme.jira.person("alice").post(f"/rest/api/3/issue/{left}/comment", {"body": text})
    beyond.settle()

    assert said.status == 201, said.body
    assert beyond.office.field(right, "description") == "@Alice Archer or @someone"
    assert beyond.office.comments(right) == ["Alice Archer commented:\n\n@Alice Archer or @someone"]
    assert meters.calls(site="acme", route="/user/bulk") == 1
    assert meters.calls(site="initech", route="/user") == 0


@pytest.mark.parametrize("text", ["", "One\r\n\r\nTwo  ", "{noformat}[~hank] *{noformat}"])
def test_a_comment_keeps_its_text_on_the_side_it_was_written_on(beyond: Beyond, text: str) -> None:
    right = beyond.office.create("alice", "With comments")
    beyond.settle()
    said = text or "-"
    beyond.office.comment("alice", right, said)

    beyond.settle()

    (left,) = beyond.acme.twins_of(right)
    assert beyond.office.comments(right) == [said]
    assert len(beyond.acme.comments(left)) == 1
