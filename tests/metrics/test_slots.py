"""Processes that come and go add up what they count in as many files as there are at one time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backbone_app.metrics.families import Together
from backbone_app.metrics.slots import Slots

ROOT = Path(__file__).resolve().parents[2]


def count(directory: Path, amount: int, ending: str = "end") -> str:
    """Let a process count; the slot it had."""
    command = [sys.executable, "-m", "tests.metrics.counting", str(directory), str(amount), ending]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == (-9 if ending == "kill" else 0), done.stderr
    return done.stdout.strip()


def counted(directory: Path) -> float | None:
    """What all of them together have counted."""
    for family in Together(directory).collect():
        return sum(sample.value for sample in family.samples if sample.name == "counted_total")
    return None


def test_whoever_comes_next_goes_on_where_a_killed_process_stopped(tmp_path: Path) -> None:
    slots = [count(tmp_path, 3, "kill"), count(tmp_path, 4, "kill"), count(tmp_path, 5)]

    assert slots == ["0", "0", "0"]
    assert counted(tmp_path) == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.lock", "counter_0.db"]


def test_a_forked_child_has_a_slot_of_its_own_and_nothing_is_counted_twice(tmp_path: Path) -> None:
    count(tmp_path, 7, "fork")

    assert counted(tmp_path) == 21
    assert {path.name for path in tmp_path.glob("*.db")} == {"counter_0.db", "counter_1.db"}


def test_a_child_that_outlives_its_parent_does_not_go_on_from_what_that_had_counted_before(
    tmp_path: Path,
) -> None:
    count(tmp_path, 7, "orphan")

    assert counted(tmp_path) == 21


def test_a_file_that_nobody_can_read_hides_no_other(tmp_path: Path) -> None:
    count(tmp_path, 7)
    (tmp_path / "counter_5.db").write_bytes(b"\xff\xff\x00\x00" + os.urandom(60))
    (tmp_path / "counter_6.db").touch()  # as it is for a moment while it is made

    assert counted(tmp_path) == 7


def test_a_directory_that_is_gone_is_made_again(tmp_path: Path) -> None:
    count(tmp_path / "deep" / "in", 7)

    assert counted(tmp_path / "deep" / "in") == 7


def test_a_slot_that_is_held_is_passed_by(tmp_path: Path) -> None:
    mine = Slots(tmp_path)

    assert mine() == mine() == 0
    assert count(tmp_path, 1) == "1"


def test_a_file_that_a_power_failure_has_damaged_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "counter_0.db").write_bytes(b"\xff\xff\x00\x00" + os.urandom(60))

    assert Slots(tmp_path)() == 0

    assert list(tmp_path.glob("*.db")) == []


def test_a_slot_that_another_user_holds_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "0.lock"
    theirs.touch()
    refuse_to_open(theirs, monkeypatch)

    assert Slots(tmp_path)() == 1


def test_a_folder_in_which_nothing_can_be_made_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_to_open(tmp_path / "0.lock", monkeypatch)

    with pytest.raises(PermissionError):
        Slots(tmp_path)()


def refuse_to_open(refused: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system refuse it as to others than its owner; root, as which tests may run, it does not."""
    opened = os.open

    def system(path: Path, *options: int) -> int:
        if path == refused:
            raise PermissionError(13, "Permission denied")
        return opened(path, *options)

    monkeypatch.setattr(os, "open", system)


def test_a_file_that_another_user_left_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count(tmp_path, 7)
    monkeypatch.setattr(os, "access", lambda *_: False)

    Slots(tmp_path)()

    assert list(tmp_path.glob("*.db")) == []


def test_a_directory_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="exists"):
        Slots(tmp_path / "file")()
