"""What gunicorn makes of its file: whom it believes, and what it writes down."""

import runpy

from gunicorn.config import Config
from gunicorn.http import get_parser

from tests.support.processes import ROOT


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


def test_no_address_is_written_down_and_nobody_else_on_the_machine_is_let_in_to_control_it() -> None:
    config = configured()

    assert config.accesslog is None
    assert config.control_socket_disable is True
