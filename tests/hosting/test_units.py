"""The units and the image: what can be said of them without systemd at work and without a builder."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from backbone_app.management.supervision import STOP_SECONDS
from tests.support.processes import ROOT
from tests.support.walk import DEPLOY, blocks, in_image

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SETTINGS = (DEPLOY / "new-environment").read_text()
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
GRACE = float(
    re.findall(r"^graceful_timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE)[0]
)
MOST_EXPOSED = 2.0
"""Of ten, by systemd's own count; a unit that says nothing has 9.6."""

with_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze"
)


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The units, with programs that are there to be started."""
    folder = tmp_path_factory.mktemp("units")
    programs = folder / "backbone" / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "gunicorn"):
        (programs / name).symlink_to(shutil.which("true") or "")
    for unit in UNITS:
        (folder / unit.name).write_text(unit.read_text().replace("/opt/backbone", str(folder / "backbone")))
    return [folder / unit.name for unit in UNITS]


@with_systemd
def test_systemd_finds_nothing_wrong_with_the_units(placed: list[Path]) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", *placed], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@with_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_can_do_little_to_the_machine(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", unit],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    (exposure,) = re.findall(r"Overall exposure level.*: (\d+\.\d)", done.stdout)
    assert float(exposure) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_all_units_are_confined_alike_and_read_the_same_settings(unit: Path) -> None:
    def confinement(text: str) -> str:
        return text.partition("User=")[2].partition("[Install]")[0].strip()

    assert confinement(unit.read_text()) == confinement(SERVICES[0].read_text())
    assert "EnvironmentFile=/etc/backbone/environment\n" in unit.read_text()


def test_what_the_image_takes_is_there() -> None:
    assert [name for name in in_image() if not (ROOT / name).exists()] == []


def test_the_image_runs_what_the_units_run_as_somebody_who_may_do_nothing() -> None:
    (shown,) = re.findall(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    (user,) = re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE)
    unit = (DEPLOY / "systemd" / "backbone-web.service").read_text()

    assert f"/{' '.join(json.loads(shown)[:2])}\n" in unit
    assert user == "10001:10001"
    assert "registry" not in CONTAINERFILE
    assert set(re.findall(r"(?:^|&& |\s)python -m (\w+)", CONTAINERFILE)) <= {"venv", "compileall"}


def test_the_port_stays_open_while_the_web_server_is_replaced_and_is_where_the_proxy_asks() -> None:
    (address,) = re.findall(
        r"^ListenStream=(.*)$", (DEPLOY / "systemd" / "backbone-web.socket").read_text(), re.MULTILINE
    )
    unit = (DEPLOY / "systemd" / "backbone-web.service").read_text()

    assert f"reverse_proxy {address} {{" in (DEPLOY / "Caddyfile").read_text()
    assert re.findall(r"^(Requires|After|Also)=(?:.* )?backbone-web\.socket\b", unit, re.MULTILINE) == [
        "Requires",
        "After",
        "Also",
    ]
    assert "--bind" not in unit


def test_whoever_stops_the_web_server_for_good_stops_its_port_or_a_call_would_start_it_again() -> None:
    stops = [line for block in blocks() for line in block.commands if line.startswith("systemctl stop")]

    assert stops
    assert [line for line in stops if "backbone-web" in line and "backbone-web.socket" not in line] == []


def test_directories_of_the_settings_are_made_by_each_unit_and_kept_by_the_image() -> None:
    named = re.findall(
        r"^BACKBONE_(?:METRICS_DIR|ERASURE_LOG)=(/\w+(?:/\w+)?/backbone)", SETTINGS, re.MULTILINE
    )
    (volumes,) = re.findall(r"^VOLUME (\[.*\])$", CONTAINERFILE, re.MULTILINE)

    assert named == json.loads(volumes) == ["/run/backbone", "/var/lib/backbone"]
    assert f"-o 10001 -g 10001 -m 700 {' '.join(named)}\n" in CONTAINERFILE
    for unit in SERVICES:
        assert "\nRuntimeDirectory=backbone\n" in unit.read_text()
        assert "\nStateDirectory=backbone\n" in unit.read_text()


@pytest.mark.parametrize(
    ("name", "needed"),
    [("backbone-web.service", GRACE), ("backbone-lane@.service", STOP_SECONDS)],
)
def test_what_runs_is_ended_by_its_first_process_which_is_given_the_time_it_takes(
    name: str, needed: float
) -> None:
    unit = said(DEPLOY / "systemd" / name)

    assert unit["KillMode"] == "mixed"
    assert float(unit["TimeoutStopSec"]) > needed


def test_what_ends_is_started_again_and_what_is_done_once_is_not() -> None:
    restarted = {unit.name: said(unit).get("Restart") for unit in SERVICES}

    assert restarted.pop("backbone-migrate.service") is None
    assert set(restarted.values()) == {"always"}


def test_one_unit_listens_for_those_who_watch() -> None:
    told = {unit.name: said(unit) for unit in SERVICES}
    listening = [
        name
        for name, unit in told.items()
        if re.search("serve_metrics|run_workers", unit["ExecStart"])
        and "BACKBONE_METRICS_LISTEN" not in unit.get("UnsetEnvironment", "")
    ]

    assert listening == ["backbone-metrics.service"]


def said(unit: Path) -> dict[str, str]:
    """What a unit says, by name; of a name that is there more than once the last."""
    return dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
