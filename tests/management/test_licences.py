"""The commands by which an operator comes by keys and issues licences."""

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command

from backbone_app.core import remote_licence
from backbone_app.env import Reader
from tests.support.sandbox import VirtualClock

Captured = pytest.CaptureFixture[str]
LASTING = {"holder": "Acme Ltd", "expires": date(2027, 5, 3), "endpoints": 3}


@pytest.fixture
def key(tmp_path: Path, capsys: Captured) -> Path:
    """A private key's file; the settings know the public key."""
    path = tmp_path / "private.pem"
    call_command("licence_keys", path)
    return path


@pytest.fixture
def believed(key: Path, capsys: Captured, settings: LazySettings) -> tuple[bytes, ...]:
    line = capsys.readouterr().out.strip()
    reader = Reader({"BACKBONE_MODE": "production", **dict([line.split("=", 1)])})
    settings.BACKBONE_LICENCE_PUBLIC_KEY = reader.public_keys("LICENCE_PUBLIC_KEY")
    return reader.public_keys("LICENCE_PUBLIC_KEY")


def issue(key: Path, **changes: object) -> None:
    call_command("issue_licence", private_key_file=key, **{**LASTING, **changes})


def test_the_private_key_is_its_owners_alone_and_never_printed(key: Path, capsys: Captured) -> None:
    said = capsys.readouterr()

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "PRIVATE KEY" in key.read_text()
    assert said.out.startswith("BACKBONE_LICENCE_PUBLIC_KEY=")
    secret = key.read_text().splitlines()[1]
    assert secret not in said.out + said.err
    assert said.out.count("\n") == 1


def test_each_time_it_is_another_pair(tmp_path: Path, capsys: Captured) -> None:
    for name in ("one", "two"):
        call_command("licence_keys", tmp_path / name)

    assert len(set(capsys.readouterr().out.split())) == 2


def test_a_key_that_is_there_is_left_as_it_is(key: Path) -> None:
    before = key.read_bytes()

    with pytest.raises(CommandError, match="is there already, and is left as it is"):
        call_command("licence_keys", key)

    assert key.read_bytes() == before


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("licence_keys", tmp_path / "nowhere" / "key")


def test_what_is_issued_is_accepted_and_says_what_was_asked_for(
    key: Path, believed: tuple[bytes, ...], clock: VirtualClock, capsys: Captured
) -> None:
    issue(key, evaluation=True, creator="Operator")

    said = capsys.readouterr()
    found = remote_licence.read(said.out, keys=believed, product_key=settings.BACKBONE_APP_KEY)
    assert found.terms == remote_licence.Terms(
        "Acme Ltd", "Operator", clock().date(), date(2027, 5, 3), 3, is_evaluation=True
    )
    assert said.err == ""


def test_it_can_be_written_to_a_file(
    key: Path, believed: tuple[bytes, ...], clock: VirtualClock, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "backbone-issue-sync-license.xml"

    issue(key, output=path)

    assert capsys.readouterr().out == f"{path} is written.\n"
    found = remote_licence.read(path.read_text(), keys=believed, product_key="backbone-work-sync")
    assert found.terms.creator == "backbone.example"
    with pytest.raises(CommandError, match="cannot be written"):
        issue(key, output=tmp_path / "nowhere" / "licence.xml")


def test_a_key_that_this_service_does_not_know_is_told_of(
    key: Path, clock: VirtualClock, capsys: Captured
) -> None:
    issue(key)

    said = capsys.readouterr()
    assert "<license>" in said.out
    assert "this service would refuse this licence" in said.err


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"holder": ""}, "no usable holder"),
        ({"creator": " x"}, "no usable creator"),
        ({"endpoints": 0}, "no usable MAX_REMOTE_ENDPOINTS"),
        ({"expires": date(2026, 11, 1)}, "1 November 2026 is over"),
    ],
)
def test_what_no_licence_can_say_is_refused(
    key: Path, clock: VirtualClock, capsys: Captured, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        issue(key, **changes)

    assert "<license>" not in capsys.readouterr().out


def locked(path: Path) -> None:
    """A key of the right kind that wants a password."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    password = BestAvailableEncryption(b"secret")
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, password))


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("no key"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text(
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"
        ),
        locked,
    ],
    ids=["text", "empty", "public", "locked"],
)
def test_what_is_no_private_key_is_refused(
    tmp_path: Path, clock: VirtualClock, make: Callable[[Path], object]
) -> None:
    path = tmp_path / "key"
    make(path)

    with pytest.raises(CommandError, match="no private key as manage"):
        issue(path)


def test_a_private_key_that_is_not_there_is_said_so(tmp_path: Path, clock: VirtualClock) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        issue(tmp_path / "key")
