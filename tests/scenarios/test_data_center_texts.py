"""What becomes of a Data Center's text when one sentence of it is edited on the Cloud.

The Cloud keeps documents, so its own converter writes the whole text anew. Nothing is lost to a reader; what
is written in another way is on the list below, which docs/jira-operations.md prints, and by nothing else may
the two differ.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.support.beyond import Beyond, beyond, edition, world

__all__ = ["beyond", "edition", "world"]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "jira-operations.md"
TEXT: Final = """h2. Title

The first sentence. The one that is edited.

* one
** deeper
* two

# first
# second

{noformat}
x  y
{noformat}

||a||b||
|1|2|

bq. quoted

{quote}
several
{quote}

{code:python}
print( 1 )
{code}

A [link|https://example.com/a?b=c] and https://example.com/x

-gone- +under+ _em_ *strong* {{mono}} ^up^ ~down~ {color:red}red{color} \\* star

----

Line one\\\\Line two
Line three [~hank]
""".replace("\n", "\r\n")

NORMALISATIONS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("lines end with LF", lambda text: text.replace("\r\n", "\n")),
    ("no line end stands at the end of the text", lambda text: text.rstrip("\n")),
    (
        "the text of a block stands on the line of its marks",
        lambda text: re.sub(r"(?ms)^(\{(?:noformat|code|quote)[^}\n]*\})\n(.*?)\n(\{\w+\})", r"\1\2\3", text),
    ),
    ("the heads of a table are bold", lambda text: re.sub(r"\|\|\*?(\w+)\*?(?=\|\|)", r"||*\1*", text)),
    ("a quoted line is a quoted block", lambda text: re.sub(r"(?m)^bq\. (.*)$", r"{quote}\1{quote}", text)),
    (
        "an address that stands for itself is a link",
        lambda text: re.sub(r"(?<![\[|])https?://[^\s|\]]+(?![^\s]*\])", r"[\g<0>|\g<0>]", text),
    ),
    ("a colour is a number", lambda text: text.replace("{color:red}", "{color:#ff0000}")),
    ("what needs no backslash has none", lambda text: text.replace("\\*", "*")),
    ("a forced line end is a line end", lambda text: text.replace("\\\\", "\n")),
    ("who is not known on the other site is named", lambda text: text.replace("[~hank]", "@hank")),
)


def told_alike(text: str, *, but: str = "") -> str:
    """Write the text in the one way of those that say the same; ``but`` is left out."""
    for name, write in NORMALISATIONS:
        text = text if name == but else write(text)
    return text


def test_after_an_edit_of_one_sentence_on_the_cloud_all_else_differs_by_the_list_only(
    beyond: Beyond,
) -> None:
    right = beyond.office.create("alice", "With a text", description=TEXT)
    beyond.settle()
    (left,) = beyond.acme.twins_of(right)
    assert beyond.office.field(right, "description") == TEXT

    document = json.dumps(beyond.acme.field(left, "description"))
    edited = document.replace("The one that is edited", "The one that was edited")
    beyond.acme.edit("alice", left, description=json.loads(edited))
    beyond.settle()

    expected = TEXT.replace("that is edited", "that was edited")
    found = beyond.office.field(right, "description")
    assert told_alike(found) == told_alike(expected)
    names = [name for name, _ in NORMALISATIONS]
    assert [one for one in names if told_alike(found, but=one) == told_alike(expected, but=one)] == []


def test_the_list_is_printed_where_people_look_for_it() -> None:
    told = DOCUMENT.read_text(encoding="utf-8").partition("## What an edit on the Cloud does")[2]
    printed = [line.removeprefix("- ") for line in told.splitlines() if line.startswith("- ")]

    assert printed == [name for name, _ in NORMALISATIONS]


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
