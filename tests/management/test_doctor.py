"""What the command prints, and how it ends."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from backbone_app.services import doctor
from backbone_app.services.doctor import configured, database, lanes
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db


def test_lines_say_how_it_is_and_what_to_do(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (database.migrated, configured.mode))
    out = StringIO()

    call_command("doctor", stdout=out)

    first, second, remedy = out.getvalue().splitlines()
    assert first == "ok   migrations: all applied"
    assert second.startswith("warn mode: BACKBONE_MODE is development")
    assert remedy.startswith("     → Set BACKBONE_MODE=production")


def test_what_must_be_mended_ends_with_status_1(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (lanes.swept,))
    out = StringIO()

    with pytest.raises(CommandError, match="1 to mend") as ended:
        call_command("doctor", stdout=out)

    assert ended.value.returncode == 1
    assert out.getvalue().startswith("FAIL sweep: ")


def test_a_machine_is_told_in_json(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (database.migrated,))
    out = StringIO()

    call_command("doctor", "--json", stdout=out)

    (said,) = json.loads(out.getvalue())
    assert said == {"level": "ok", "what": "migrations", "why": "all applied", "remedy": ""}


def test_every_check_there_is_is_made() -> None:
    modules = (configured, database, lanes, doctor.licences, doctor.machine, doctor.outside, doctor.sites)
    written = {
        getattr(module, name)
        for module in modules
        for name in vars(module)
        if name.islower() and not name.startswith("_") and _is_check(module, name)
    }

    assert written - {doctor.machine.room} == set(doctor.CHECKS)


def _is_check(module: object, name: str) -> bool:
    found = getattr(module, name)
    return getattr(found, "__module__", "") == getattr(module, "__name__", "") and callable(found)
