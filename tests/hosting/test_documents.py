"""Every command in the documents is executed by a test, or it is said here why none can."""

import re

from tests.support.processes import ROOT
from tests.support.walk import Block, blocks

STORIES = [
    ROOT / "tests" / "scenarios" / "test_hosting.py",
    *(ROOT / "tests" / "hosting" / name for name in ("test_production.py", "test_proxy.py")),
]
SETTINGS = ROOT / "backbone_app" / "settings.py"

EXCUSED = {
    "make demo": "tests/scenarios/test_demo.py executes it",
    "apt install ": "installs programs on the machine",
    "useradd ": "makes a user of the machine",
    "install -d -o backbone ": "for that user; the test works as the one who runs it",
    "install -m 644 deploy/systemd/": "systemd is not there in CI; test_units.py checks the units",
    "systemctl ": "the test runs what the units start, and ends it as they do",
    "cp -r . /opt/backbone-": "the test copies what the image takes into a folder of its own",
    "rm -rf /opt/backbone-": "for that folder's own environment",
    "podman ": "needs a builder of images; test_units.py and test_production.py execute what is in it",
    "cd /opt/backbone": "the test works in that folder",
    "ln -sfn /opt/backbone-": "there is one version; tests/heavy/test_upgrade.py has two",
    "make .venv/ready-serve": "asks a package registry; the libraries are those of the tests",
    "make -C /opt/backbone-2 .venv/ready-serve": "asks a package registry",
    "npm install --global @forge/cli": "installs a program on the machine",
    "forge ": "needs an Atlassian account",
    'set -a; . "$SETTINGS"': "test_hosting.py takes the settings up and serves as docs/hosting.md says",
    "make serve": "the same",
    **dict.fromkeys(
        (
            "make .venv/ready-sandbox",
            ".venv/bin/python -m jira_sandbox ",
            "make build/demo/env",
            "rm -f build/demo/linked.sqlite3",
            "set -a; . build/demo/env",
            "BACKBONE_INSTALL_KEY_HOSTS=",
            "BACKBONE_ALL_JS_URL=",
            "set +a",
        ),
        "tests/browser/test_data_center.py serves the same at ports of its own",
    ),
    'echo "BACKBONE_OAUTH_': "an app of the reader's own at Atlassian; test_remote_cloud.py has one",
    'echo "BACKBONE_MAIL_': "a mail server is the reader's own; tests/test_mail.py has one",
    **dict.fromkeys(
        (
            "DOMAIN=",
            "POSTGRES=",
            "AS=",
            "DATABASE_PASSWORD=",
            "DATABASE_URL=",
            "SETTINGS=",
            "CADDYFILE=",
            "OPTIONS=",
            "FORGE_APP=",
            "LICENCE_KEY=",
            "HOLDER=",
            "LAST_DAY=",
            "ENDPOINTS=",
            "LICENCE=",
        ),
        "the reader's own values; the test has others",
    ),
}
"""How a command begins, and why it is not executed."""


def excuse(command: str) -> str | None:
    return next((start for start in EXCUSED if command.startswith(start)), None)


def commands(block: Block) -> list[str]:
    return [part.strip() for line in block.commands for part in line.split(" && ")]


def test_every_command_that_is_not_executed_is_excused() -> None:
    shown = [command for block in blocks() if not block.name for command in commands(block)]

    assert [command for command in shown if excuse(command) is None] == []
    assert {excuse(command) for command in shown} == set(EXCUSED)


def test_every_block_with_a_name_is_executed_and_every_name_is_there_once() -> None:
    names = [block.name for block in blocks() if block.name]
    stories = "".join(story.read_text() for story in STORIES)

    assert len(names) == len(set(names)) > 8
    assert [name for name in names if f'"{name}"' not in stories] == []


def test_the_table_of_settings_names_exactly_what_is_read() -> None:
    section = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)

    read = re.findall(r'_read\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text())
    read += re.findall(r'_read\.both\("[A-Z_]+", "([A-Z_]+)"\)', SETTINGS.read_text())
    assert sorted(table) == sorted(["DATABASE_URL", "BACKBONE_MODE", *(f"BACKBONE_{name}" for name in read)])
