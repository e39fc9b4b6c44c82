"""What an attacker learns from an answer that is no success: nothing about what runs here."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests
import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from requests.adapters import HTTPAdapter

from tests.support.app import Jira
from tests.support.pages import parse
from tests.support.raising import RAISED

INSIDE: Final = "the-inner-workings at /srv/backbone/secret.py"
TELLTALE: Final = re.compile(
    r"traceback|django|python|gunicorn|whitenoise|htmx/|sqlite|postgres|psycopg|exception|\berror at\b|\.py\b"
    r"|line \d+|0x[0-9a-f]{6}|site-packages|/srv/|/home/|the-inner-workings|\bdebug\b|\b\d+\.\d+\.\d+\b",
    re.IGNORECASE,
)
TELLING_HEADERS: Final = ("Server", "X-Powered-By", "X-Runtime", "Via", "X-AspNet-Version", "X-Generator")
JSON_KEYS: Final = {"code", "message", "field"}


@pytest.fixture(params=["text/html,application/xhtml+xml", "application/json", "*/*", ""])
def accept(request: pytest.FixtureRequest) -> str:
    """A browser, a machine, and who does not say."""
    return str(request.param)


def call(method: str, target: str, accept: str, **more: Any) -> HttpResponse:
    """One request to the app, which answers its crashes itself."""
    headers = {"Accept": accept, **more.pop("headers", {})}
    answer = Client(raise_request_exception=False).generic(method, target, headers=headers, **more)
    assert isinstance(answer, HttpResponse)
    return answer


def tells_nothing(answer: HttpResponse, accept: str) -> None:
    """Hold that the answer is short, ours, in the right form, and silent about us."""
    text = answer.content.decode()
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    assert not TELLTALE.search(text), text
    assert not TELLTALE.search(head.replace("1.0", "")), head
    assert not [name for name in TELLING_HEADERS if name in answer]
    assert 0 < len(text) < 600
    if "text/html" in accept:
        page = parse(answer)
        assert [each.tag for each in page.walk()] == ["section", "h2", "p"]
        assert page.one("h2").text.endswith(".")
        assert page.one("p").text.endswith(".")
    else:
        assert answer["Content-Type"] == "application/json"
        assert {"code", "message"} <= json.loads(text).keys() <= JSON_KEYS


def refusals(accept: str, jira: Jira) -> Iterator[tuple[int, HttpResponse]]:
    """One answer of each status that needs no fault of ours."""
    space, own = jira.space_id("BETA"), {"Authorization": f"JWT {jira.page_token('alice')}"}
    form = "application/x-www-form-urlencoded"
    missing = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
    yield 400, call("GET", "/space-settings", accept, headers={"Host": "evil.example"})
    yield 401, call("POST", "/installed", accept)
    yield 403, call("GET", f"/spaces/{space}/overview", accept, headers=own)
    yield 404, call("GET", "/nothing", accept)
    yield 404, call("GET", f"/spaces/{jira.space_id('ALPHA')}/requests/{missing}", accept, headers=own)
    yield 405, call("DELETE", "/installed", accept)
    many = "&".join(f"a{number}=1" for number in range(2000))
    starting = f"/spaces/{jira.space_id('ALPHA')}/new/space"
    yield 400, call("POST", starting, accept, data=many, content_type=form, headers=own)


def test_case_80_a_refusal_is_a_sentence_and_no_more(jira: Jira, accept: str) -> None:
    for status, answer in refusals(accept, jira):
        assert answer.status_code == status
        tells_nothing(answer, accept)


@pytest.mark.urls("tests.support.raising")
@pytest.mark.parametrize(
    "error",
    [
        ValueError(INSIDE),
        RecursionError(INSIDE),
        MemoryError(INSIDE),
        KeyError(INSIDE),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, INSIDE),
        requests.ConnectionError(INSIDE),
    ],
    ids=lambda error: type(error).__name__,
)
def test_case_80_a_crash_says_that_something_broke(error: Exception, accept: str) -> None:
    RAISED.append(error)

    answer = call("GET", "/raise", accept)

    assert answer.status_code == 500
    tells_nothing(answer, accept)


def test_case_80_a_crash_deep_inside_a_page_shows_nothing_of_it(jira: Jira, accept: str) -> None:
    def break_down(*_: object, **__: object) -> requests.Response:
        raise RuntimeError(INSIDE)

    token = jira.page_token("alice")
    address = f"/spaces/{jira.space_id('ALPHA')}/new/space"

    # A patch of its own: the fixture's is undone after the world's mount, and would put that back.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", break_down)
        answer = call("GET", address, accept, headers={"Authorization": f"JWT {token}"})

    assert answer.status_code == 500
    tells_nothing(answer, accept)


def test_case_80_a_wrong_method_names_the_right_ones_and_is_counted(accept: str) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = call("GET", "/installed", accept)

    assert answer["Allow"] == "POST"
    assert [line["case"] for line in logs if line["event"] == "auth_rejected"] == ["method"]


@pytest.mark.urls("tests.support.raising")
def test_case_80_what_django_itself_forbids_is_a_sentence_and_is_counted(accept: str) -> None:
    RAISED.append(PermissionDenied(INSIDE))

    with structlog.testing.capture_logs() as logs:
        answer = call("GET", "/raise", accept)

    assert answer.status_code == 403
    tells_nothing(answer, accept)
    assert [line["case"] for line in logs if line["event"] == "auth_rejected"] == ["forbidden"]


def test_case_80_the_settings_never_show_more() -> None:
    assert settings.DEBUG is False
    assert "debug" not in repr(settings.TEMPLATES)
    assert settings.ADMINS == settings.MANAGERS == []
