"""What is in an attached archive."""

import io
import zipfile

import pytest

from tests.support.sandbox import Person
from tests.support.uploads import attach

FILE = "/rest/api/3/attachment"
DEEP = "long/path/thanks/to/lots/of/subdirectories/inside/the/leaf.txt"
HUMAN, RAW = (f"GET {FILE}/{{id}}/expand/{kind}" for kind in ("human", "raw"))


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("folder/", b"")
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.answers(HUMAN)
def test_people_are_told_what_is_in_an_archive(alice: Person, issue: str) -> None:
    files = {"tea.txt": b"x" * 100, DEEP: b"x" * 122_000, "cup.png": b"x" * 1_430_174}
    (number,) = attach(alice, issue, ("things.zip", packed(**files)))

    answer = alice.get(f"{FILE}/{number}/expand/human")

    shown = answer.json()
    assert answer.status == 200
    assert (shown["id"], shown["name"], shown["mediaType"]) == (int(number), "things.zip", "application/zip")
    assert shown["totalEntryCount"] == 3
    assert [(each["index"], each["label"], each["size"], each["mediaType"]) for each in shown["entries"]] == [
        (0, "tea.txt", "0.1 kB", "text/plain"),
        (1, "long/path/.../the/leaf.txt", "119 kB", "text/plain"),
        (2, "cup.png", "1.36 MB", "image/png"),
    ]
    assert shown["entries"][1]["path"] == DEEP


@pytest.mark.answers(RAW)
def test_programs_are_told_what_is_in_an_archive(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("things.zip", packed(**{f"{n}.txt": b"abc" for n in range(31)})))

    answer = alice.get(f"{FILE}/{number}/expand/raw")

    shown = answer.json()
    assert (answer.status, shown["totalEntryCount"], len(shown["entries"])) == (200, 31, 30)
    assert shown["entries"][0] == {
        "entryIndex": 0,
        "name": "0.txt",
        "abbreviatedName": "0.txt",
        "mediaType": "text/plain",
        "size": 3,
    }


def test_what_is_no_archive_or_a_broken_one_is_empty(alice: Person, issue: str) -> None:
    for name, content in (("tea.txt", b"x"), ("broken.zip", packed(a=b"x")[:-30]), ("empty.zip", b"")):
        (number,) = attach(alice, issue, (name, content))

        shown = alice.get(f"{FILE}/{number}/expand/raw").json()

        assert shown == {"entries": [], "totalEntryCount": 0}


@pytest.mark.refuses(HUMAN, 409)
@pytest.mark.refuses(RAW, 409)
def test_an_archive_of_another_kind_is_refused(alice: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("things.tar.gz", b"x"))

    answers = [alice.get(f"{FILE}/{number}/expand/{kind}") for kind in ("human", "raw")]

    assert [each.status for each in answers] == [409, 409]
    assert answers[0].json()["errorMessages"] == [
        "The attachment is an archive of a format that is not supported."
    ]


@pytest.mark.refuses(HUMAN, 404)
@pytest.mark.refuses(RAW, 404)
def test_an_archive_that_is_not_seen_is_not_there(alice: Person, bob: Person, issue: str) -> None:
    (number,) = attach(alice, issue, ("things.zip", packed(a=b"x")))

    answers = [bob.get(f"{FILE}/{number}/expand/{kind}") for kind in ("human", "raw")]

    assert [each.status for each in answers] == [404, 404]
    assert answers[0].json()["errorMessages"] == [f"The attachment with id '{number}' does not exist"]
