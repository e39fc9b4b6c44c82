"""What gunicorn makes of its file: whom it believes, and what it writes down."""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser

from jira_sandbox.connect import tokens
from tests.support.processes import ROOT

TOKEN = tokens.sign_hs256({"iss": "a"}, "s")


def configured() -> Config:
    """gunicorn's settings with those of our file."""
    config = Config()
    for name, value in runpy.run_path(str(ROOT / "gunicorn.conf.py")).items():
        if name in config.settings:
            config.set(name, value)
    return config


def test_whether_a_call_was_secure_is_not_for_gunicorn_to_believe_even_of_this_machine() -> None:
    sent = b"GET / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-Proto: https\r\n\r\n"

    request = next(get_parser(configured(), iter([sent]), ("127.0.0.1", 50_000)))

    assert request.scheme == "http"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A file that gunicorn writes all to, its access lines too, as our file has it do so."""
    config = configured()
    config.set("errorlog", str(tmp_path / "log"))
    config.set("accesslog", str(tmp_path / "log"))
    made = config.logger_class(config)
    made.error("Error handling request %s", f"/panel?jwt={TOKEN}", exc_info=ValueError("a sentence"))
    made.info("Booting worker with pid: %s", 7)
    made.access_log.info('127.0.0.1 GET "/panel?jwt=%s"', TOKEN)
    yield tmp_path / "log"
    for each in (made.error_log, made.access_log):
        for handler in list(each.handlers):
            handler.close()
            each.removeHandler(handler)
        each.propagate = True
        each.setLevel("NOTSET")


def test_each_line_is_json_and_nothing_secret_stands_in_it(log: Path) -> None:
    lines = [json.loads(line) for line in log.read_text().splitlines()]

    assert [line["level"] for line in lines] == ["error", "info", "info"]
    assert lines[1]["event"] == "Booting worker with pid: 7"
    assert "ValueError" in str(lines[0])
    assert not [said for said in (*TOKEN.split("."), "a sentence") if said in log.read_text()]


def test_no_address_is_written_down_and_nobody_else_on_the_machine_is_let_in_to_control_it() -> None:
    config = configured()

    assert config.accesslog is None
    assert config.control_socket_disable is True
