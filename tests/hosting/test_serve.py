"""What ``make serve`` does with its two processes, with others in their place."""

import shutil
import subprocess
from pathlib import Path

from jira_sandbox.demo.stage import wait_for
from tests.support.processes import ROOT, is_alive

PYTHON = """#!/bin/sh
echo "$2" >> told
[ "$2" = migrate ] || { echo $$ > workers; exec sleep 60; }
"""
GUNICORN = """#!/bin/sh
until [ -s workers ]; do sleep 0.01; done
exit 3
"""


def test_the_tables_come_first_and_no_worker_outlives_the_web_server(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("pyproject.toml", ".venv/ready-serve"):
        (tmp_path / name).touch()
    for name, script in {"python": PYTHON, "gunicorn": GUNICORN}.items():
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o700)

    done = subprocess.run(
        ["make", "serve", "BIN=./bin"], cwd=tmp_path, capture_output=True, timeout=20, check=False
    )

    assert done.returncode != 0
    assert (tmp_path / "told").read_text().split() == ["migrate", "run_workers"]
    assert wait_for(lambda: not is_alive(int((tmp_path / "workers").read_text())), within=5)
