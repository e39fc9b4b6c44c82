"""What ``make serve`` does with its two processes, with others in their place."""

import shutil
import subprocess
from pathlib import Path

import pytest

from jira_sandbox.demo.stage import wait_for
from tests.support.processes import ROOT, is_alive

PYTHON = """#!/bin/sh
echo "$2" >> told
[ "$2" = migrate ] && exit
echo $$ > python
"""
GUNICORN = """#!/bin/sh
echo $$ > gunicorn
"""
ENDS = """until [ -s python ] && [ -s gunicorn ]; do sleep 0.01; done
exit 3
"""
STAYS = """exec sleep 60
"""


@pytest.mark.parametrize("ends", ["gunicorn", "python"])
def test_the_tables_come_first_and_neither_web_server_nor_workers_outlive_the_others(
    tmp_path: Path, ends: str
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("pyproject.toml", ".venv/ready-serve"):
        (tmp_path / name).touch()
    for name, script in {"python": PYTHON, "gunicorn": GUNICORN}.items():
        (tmp_path / "bin" / name).write_text(script + (ENDS if name == ends else STAYS))
        (tmp_path / "bin" / name).chmod(0o700)

    done = subprocess.run(
        ["make", "serve", "BIN=./bin"], cwd=tmp_path, capture_output=True, timeout=20, check=False
    )

    assert b"Error 1" in done.stderr
    assert b"The web server or the workers ended" in done.stderr
    assert (tmp_path / "told").read_text().split() == ["migrate", "run_workers"]
    pids = [int((tmp_path / name).read_text()) for name in ("python", "gunicorn")]
    assert wait_for(lambda: not any(map(is_alive, pids)), within=5)
