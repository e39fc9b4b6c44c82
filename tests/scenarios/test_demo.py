"""The demo as a person starts it: real processes, real sockets, its own database."""

import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.waits(0)
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    numbers: dict[str, int]
    output: str


def checked(folder: Path, *options: str) -> Outcome:
    """Run the checked demo on free ports; should it take too long, it is asked to end its processes."""
    command = [sys.executable, "-m", "jira_sandbox.demo", "--check", "--folder", str(folder)]
    demo = subprocess.Popen(
        [*command, "--jira-port", "0", "--app-port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        output, _ = demo.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        demo.send_signal(signal.SIGTERM)
        output, _ = demo.communicate()
    last = output.splitlines()[-1]
    assert last.startswith("demo: "), output
    numbers = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", last)}
    return Outcome(demo.returncode, numbers, output)


def test_in_bad_weather_the_demo_loses_nothing_doubles_nothing_and_echoes_nothing(tmp_path: Path) -> None:
    outcome = checked(tmp_path)

    assert outcome.status == 0, outcome.output
    assert outcome.numbers["changes"] >= 180
    assert outcome.numbers["arrived"] >= 120
    assert outcome.numbers["lost"] == outcome.numbers["duplicates"] == outcome.numbers["echoes"] == 0
    assert re.search(r"[1-9]\d* deliveries were lost, [1-9]\d* came twice, [1-9]\d* late", outcome.output)
    assert re.search(r'"Check now" once more: \d+ reads and 0 writes', outcome.output)
    assert "a Data Center with Jira 8.21.1 is too old to be linked" in outcome.output
    assert "an admin of that Jira made it by the steps on Dana's page" in outcome.output
    assert "Gina has let the app in on a Cloud site without it" in outcome.output
    assert len(re.findall(r"Gina's change of it here after \d", outcome.output)) == 2


def test_the_same_check_fails_when_jira_tells_the_app_nothing(tmp_path: Path) -> None:
    outcome = checked(tmp_path, "--deliveries", "off")

    assert outcome.status == 1, outcome.output
    assert outcome.numbers["arrived"] == 0
    assert outcome.numbers["lost"] > 0
