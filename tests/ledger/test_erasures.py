"""The erasure log tells a restored database whom and what it has to forget again, and nobody who that was."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from backbone_app.ledger import erasures
from tests.support.rows import NOW, uuid

ALICE, BOB = "5b10a2844c20165700ede21g", "557058:f1a2c3d4-0000-4000-8000-000000000001"
ACME, INITECH = uuid(1), uuid(2)


@pytest.fixture
def log(settings: LazySettings, tmp_path: Path) -> Path:
    """A log that is kept, and empty."""
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


def test_who_was_erased_on_a_site_is_known_there_and_nowhere_else(log: Path) -> None:
    erasures.note_people([ALICE], ACME, now=NOW)

    erased = erasures.read()

    assert erased.has(ALICE, ACME)
    assert not erased.has(ALICE, INITECH)
    assert not erased.has(BOB, ACME)


def test_who_was_erased_everywhere_is_known_on_every_site(log: Path) -> None:
    erasures.note_people([ALICE, BOB], None, now=NOW)

    erased = erasures.read()

    assert all(erased.has(who, where) for who in (ALICE, BOB) for where in (ACME, INITECH))


def test_a_site_is_known_by_our_own_id_of_it(log: Path) -> None:
    erasures.note_site(ACME, now=NOW)

    assert erasures.read().sites == {ACME: NOW}


def test_the_file_names_nobody_and_is_its_owners_only(log: Path) -> None:
    erasures.note_people([ALICE, BOB], ACME, now=NOW)

    assert ALICE not in log.read_text()
    assert BOB not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_counted_and_spoils_no_other(log: Path) -> None:
    erasures.note_people([ALICE], ACME, now=NOW)
    log.write_bytes(log.read_bytes() + b'{"kind":"person","si')
    erasures.note_people([BOB], ACME, now=NOW)

    erased = erasures.read()

    assert erased.torn == 1
    assert erased.has(ALICE, ACME)
    assert erased.has(BOB, ACME)


@pytest.mark.parametrize(
    "line", [b"[]", b"1", b"null", b'{"kind":"site","site":"x","at":"y"}', b"\xff", b"{}"]
)
def test_nonsense_in_the_file_is_counted(log: Path, line: bytes) -> None:
    log.write_bytes(line + b"\n")

    assert erasures.read().torn == 1


def test_lines_under_another_key_are_counted_and_match_nobody(log: Path, settings: LazySettings) -> None:
    erasures.note_people([ALICE], ACME, now=NOW)
    settings.SECRET_KEY = "another-key-of-at-least-thirty-two-characters"

    erased = erasures.read()

    assert (erased.foreign, erased.torn) == (1, 0)
    assert not erased.has(ALICE, ACME)


def test_without_a_file_nothing_is_kept(settings: LazySettings) -> None:
    settings.BACKBONE_ERASURE_LOG = None

    erasures.note_people([ALICE], ACME, now=NOW)

    assert not erasures.read().has(ALICE, ACME)


@pytest.mark.parametrize("use", [lambda: erasures.note_site(ACME, now=NOW), erasures.read])
def test_a_file_that_cannot_be_used_says_which_setting_it_is(
    settings: LazySettings, tmp_path: Path, use: Callable[[], object]
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path  # a directory

    with pytest.raises(erasures.LogUnwritable, match="BACKBONE_ERASURE_LOG"):
        use()


def test_root_makes_no_file_that_the_services_user_could_not_write_to(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:  # as which tests may run
        os.chown(log.parent, 12345, 12345)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with pytest.raises(erasures.LogUnwritable, match="run this as that user"):
        erasures.note_people([ALICE], ACME, now=NOW)

    assert not log.exists()


def test_a_line_and_the_name_of_its_file_are_on_the_disk_before_anything_goes(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append((os.fstat(file).st_ino, log.stat().st_size)))

    erasures.note_people([ALICE], ACME, now=NOW)

    size = log.stat().st_size
    assert synced == [(log.stat().st_ino, size), (log.parent.stat().st_ino, size)]


def test_a_disk_that_takes_half_a_line_is_full(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[: len(content) // 2]))

    with pytest.raises(erasures.LogUnwritable, match="the disk is full"):
        erasures.note_people([ALICE], ACME, now=NOW)
