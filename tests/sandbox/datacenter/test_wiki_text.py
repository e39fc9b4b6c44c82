"""Rich text of Data Center is the wiki text that was written, byte for byte; the rest is made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.initech import Employee, employee, with_initech

TEXTS = [
    "h1. Tea\r\n\r\n* green  \r\n* black\t\r\n",
    "  indented\n\n\n\nand far apart  ",
    "{panel:title=Mind|borderStyle=dashed}\r\nhot{panel}",
    "||name||value||\r\n|a|b|\r\n",
    "{code:java}\n  int a = 1;\n\n{code}",
    "*bold _both*_ -gone- {color:red}red{color} [~erin] [link|https://x.example|smart-link]",
    "\\{not a macro\\} \\\\ !picture.png|thumbnail! (!) :)",
    "line separator\u2028and\u00a0blanks \U0001f375",
]
PIECES = [
    "h1. ",
    "* ",
    "# ",
    "\r\n",
    "\n",
    "  ",
    "{code}",
    "{quote}",
    "|",
    "||",
    "*",
    "_",
    "[",
    "]",
    "a",
    "\\",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_written_comes_back_as_it_was_written(gina: Employee, item: str, text: str) -> None:
    gina.put(f"/issue/{item}", {"fields": {"description": text, "environment": text}})
    comment = gina.made(f"/issue/{item}/comment", {"body": text})
    logged = gina.made(f"/issue/{item}/worklog", {"comment": text, "timeSpent": "1h"})
    gina.put(f"/issue/{item}", {"update": {"comment": [{"add": {"body": text}}]}})

    fields = gina.get(f"/issue/{item}").json()["fields"]
    found = gina.post("/search", {"jql": f"key = {item}", "fields": ["description"]}).json()["issues"][0]

    assert (fields["description"], fields["environment"], found["fields"]["description"]) == (text,) * 3
    assert [each["body"] for each in fields["comment"]["comments"]] == [text, text]
    assert (comment["body"], logged["comment"]) == (text, text)
    assert fields["worklog"]["worklogs"] == [logged]


def test_a_text_that_is_too_long_is_refused(gina: Employee, item: str) -> None:
    refused = gina.put(f"/issue/{item}", {"fields": {"description": "x" * 32_768}})

    assert (refused.status, refused.json()["errors"].keys()) == (400, {"description"})


def test_a_text_is_taken_away(gina: Employee, item: str) -> None:
    gina.put(f"/issue/{item}", {"fields": {"description": None}})

    assert gina.get(f"/issue/{item}").json()["fields"]["description"] is None


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join).filter(str.strip))
def test_no_markup_is_put_in_order(text: str) -> None:
    gina = employee(with_initech(), "gina")

    item = gina.make("Tea", description=text)

    assert gina.get(f"/issue/{item}?fields=description").json()["fields"]["description"] == text


def test_it_is_rendered_for_who_asks(gina: Employee, item: str) -> None:
    rendered = gina.get(f"/issue/{item}?expand=renderedFields").json()["renderedFields"]

    assert "<li>" in rendered["description"]
    assert rendered["summary"] is None


def test_a_history_is_whole_the_oldest_first_and_has_the_texts_as_they_were(
    gina: Employee, item: str
) -> None:
    before = gina.get(f"/issue/{item}").json()["fields"]["description"]
    gina.put(f"/issue/{item}", {"fields": {"description": "b  \r\n", "assignee": {"name": "erin"}}})
    for number in range(45):
        gina.put(f"/issue/{item}", {"fields": {"summary": f"{number}"}})

    told = gina.get(f"/issue/{item}?expand=changelog").json()["changelog"]

    first = {each["field"]: each for each in told["histories"][0]["items"]}
    assert (told["startAt"], told["maxResults"], told["total"], len(told["histories"])) == (0, 46, 46, 46)
    assert (first["description"]["fromString"], first["description"]["toString"]) == (before, "b  \r\n")
    assert first["assignee"]["to"] == gina.site.user("erin").account_id
    assert told["histories"][0]["author"]["name"] == "gina"
    assert told["histories"][-1]["items"][0]["toString"] == "44"


def test_why_a_change_was_made_stands_in_the_history(gina: Employee, item: str) -> None:
    why = {"type": "sync", "description": "from elsewhere", "actor": {"id": "backbone"}}

    gina.put(f"/issue/{item}", {"fields": {"summary": "Coffee"}, "historyMetadata": why})

    (entry,) = gina.get(f"/issue/{item}?expand=changelog").json()["changelog"]["histories"]
    assert entry["historyMetadata"] == why
