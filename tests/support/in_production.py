"""The app as production starts it, asked in a process of its own: settings are read once in each.

``python -m tests.support.in_production`` reads requests from stdin, JSON, and prints what was answered
as its last line; whatever is logged meanwhile comes before it.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import django
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
HOST = "backbone.example"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request over https."""

    method: str
    target: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, headers as one text."""

    status: int
    headers: str
    body: str


def ask(requests: list[Asked], *, database: Path, **settings: str) -> tuple[list[Answered], str]:
    """Start the app in production mode on an empty database; its answers, and all it wrote."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("BACKBONE_", "DJANGO_"))
    }
    environment = inherited | {
        "BACKBONE_MODE": "production",
        "BACKBONE_BASE_URL": f"https://{HOST}",
        "BACKBONE_LOG_LEVEL": "DEBUG",
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "backbone_app.settings",
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.in_production"],
        input=json.dumps([[each.method, each.target, each.token] for each in requests]),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *said, answers = done.stdout.splitlines()
    return [Answered(*each) for each in json.loads(answers)], "\n".join([*said, *done.stderr.splitlines()])


def main() -> None:
    """Answer what stands on stdin."""
    django.setup()
    client = Client(raise_request_exception=False)
    answers = []
    for method, target, token in json.load(sys.stdin):
        headers = {"Host": HOST, "Accept": "text/html"} | ({"Authorization": f"JWT {token}"} if token else {})
        answer = client.generic(method, target, secure=True, headers=headers)
        answers.append((answer.status_code, str(dict(answer.headers)), answer.content.decode()))
    sys.stdout.write(json.dumps(answers) + "\n")


if __name__ == "__main__":
    main()
