"""What is written into the log, and what is not, whoever writes it."""

import contextlib
import io
import json
import logging
import runpy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
import urllib3
from django.db import IntegrityError, connection
from django.utils.module_loading import import_string
from gunicorn.config import AccessLogFormat, Config
from gunicorn.glogging import Logger

import backbone_app
from backbone_app import jobs, logs
from backbone_app.errors import NotFound
from backbone_app.queue import Job
from jira_sandbox.connect import tokens
from tests.support.canaries import Bird, Kind, net_over
from tests.support.hostile import foreign_rs256
from tests.support.wire import answer, wired

QUOTED = "a summary that a database quotes"
TICKET = "Zu9_canary-ticket_0"


def told(error: Exception) -> str:
    """What the log says of an exception that was raised and caught."""
    with pytest.raises(type(error)) as caught:
        raise error
    return logs.where((type(error), error, caught.tb))


def line(message: str, *values: object, error: BaseException | None = None) -> dict[str, str]:
    raised = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("urllib3", logging.DEBUG, "a.py", 1, message, values, raised)
    said: dict[str, str] = json.loads(logs.JsonLines().format(record))
    return said


def test_an_exception_is_told_by_type_and_place_without_its_sentence() -> None:
    said = told(ValueError(QUOTED))

    assert QUOTED not in said
    assert said.endswith("builtins.ValueError")
    assert "test_logs.py" in said


def test_the_sentence_of_one_of_ours_is_told() -> None:
    assert told(NotFound("request")).endswith(
        "NotFound: This request does not exist, or is not yours to see."
    )


def test_what_led_to_an_exception_is_told_the_same_way() -> None:
    cause = KeyError(QUOTED)
    error = ValueError(QUOTED)
    error.__cause__ = cause
    cause.__context__ = error  # a circle, as a retry can make one

    said = told(error)

    assert said.index("builtins.KeyError") < said.index("which led to") < said.index("builtins.ValueError")
    assert QUOTED not in said


def test_a_context_that_was_put_aside_is_not_told() -> None:
    error = ValueError(QUOTED)
    error.__context__ = KeyError(QUOTED)
    error.__suppress_context__ = True

    assert "KeyError" not in told(error)


@pytest.mark.parametrize(
    "token", [tokens.sign_hs256({"iss": "a"}, "s"), foreign_rs256({"iss": "a"}), "eyJhbGciOiJub25lIn0.eyJ9."]
)
def test_tokens_are_struck_out_wherever_they_stand(token: str) -> None:
    said = line("GET %s 200, %r", f"/downloads/{token}", {"Authorization": f"JWT {token}"})

    assert said["event"] == (
        f"GET /downloads/{logs.STRUCK_OUT} 200, {{'Authorization': 'JWT {logs.STRUCK_OUT}'}}"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("POST /webhooks/link/aB_-9?user_id=gina HTTP/1.1", "POST /webhooks/link/[token]?[query] HTTP/1.1"),
        ("GET /panel?itemId=1&jwt=a.b HTTP/1.1", "GET /panel?[query] HTTP/1.1"),
        ('"GET /user?accountId=5b10:ac HTTP/1.1" 200', '"GET /user?[query] HTTP/1.1" 200'),
        (
            "Redirecting /a?b=c -> https://x.example/d?e=f",
            "Redirecting /a?[query] -> https://x.example/d?[query]",
        ),
        ("<a href='/a??b=c?d'>", "<a href='/a??[query]'>"),
        ("Is a = b? Yes.", "Is a = b? Yes."),
    ],
)
def test_queries_of_addresses_are_struck_out(text: str, told: str) -> None:
    assert line("%s", text)["event"] == told


def test_our_own_lines_are_struck_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    token = tokens.sign_hs256({"iss": "a"}, "s")

    structlog.get_logger().debug("asked", address="/user?accountId=a", token=token)

    said = json.loads(capsys.readouterr().out)
    assert (said["address"], said["token"]) == ("/user?[query]", logs.STRUCK_OUT)


def test_at_debug_a_library_tells_of_a_call_without_who_was_asked_about() -> None:
    with net_over() as net, wired(answer(200)) as jira:
        urllib3.PoolManager().request("GET", f"{jira.url}/rest/api/3/user?accountId=5b10-canary")

    assert any("/rest/api/3/user?[query]" in said for said in net.lines)
    assert net.found([Bird(Kind.ACCOUNT, "5b10-canary")]) == []


def test_a_library_that_logs_an_exception_does_not_tell_its_sentence() -> None:
    said = line("Failed", error=ValueError(QUOTED))

    assert said["exception"] == "builtins.ValueError"
    assert said["logger"] == "urllib3"


def test_gunicorn_quotes_a_request_line_without_its_token_and_no_sentence_of_an_exception(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("gunicorn.error")
    token = tokens.sign_hs256({"iss": "a"}, "s")

    log.warning("Invalid request from ip=%s: %s", "203.0.113.9", f"GET /panel?jwt={token}")
    log.error("Error handling request /panel?jwt=%s", token, exc_info=ValueError(QUOTED))

    assert caplog.messages[0] == "Invalid request from ip=203.0.113.9: GET /panel?[query]"
    assert caplog.messages[1].endswith("builtins.ValueError")
    assert token.split(".")[2] not in caplog.text
    assert QUOTED not in caplog.text


@pytest.fixture
def gunicorn_log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[str], Logger]]:
    """gunicorn's own log, as an operator's options and our file set it up; its access lines are kept."""
    logs_of_gunicorn = [logging.getLogger(f"gunicorn.{name}") for name in ("access", "error")]

    def set_up(line_format: str) -> Logger:
        config = Config()
        config.set("accesslog", "-")
        config.set("access_log_format", line_format)
        made = Logger(config)
        made.access_log.addHandler(caplog.handler)
        return made

    yield set_up
    for log in logs_of_gunicorn:
        log.handlers.clear()
        log.propagate = True
        log.setLevel(logging.NOTSET)


OUR_FORMAT = runpy.run_path(str(Path(backbone_app.__file__).parents[1] / "gunicorn.conf.py"))[
    "access_log_format"
]


@pytest.mark.parametrize("line_format", [OUR_FORMAT, AccessLogFormat.default], ids=["ours", "gunicorn's"])
def test_an_access_log_that_an_operator_asks_for_holds_no_token_no_ticket_and_no_query(
    caplog: pytest.LogCaptureFixture, gunicorn_log: Callable[[str], Logger], line_format: str
) -> None:
    token = tokens.sign_hs256({"iss": "a"}, "s")
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/downloads/{TICKET}?jwt={token}&a=b",
        "PATH_INFO": f"/downloads/{TICKET}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://backbone.example/panel?jwt={token}",
    }
    answered = SimpleNamespace(status="200 OK", sent=1, headers=[])
    asked = SimpleNamespace(headers=[("AUTHORIZATION", f"JWT {token}")])

    gunicorn_log(line_format).access(answered, asked, environ, timedelta(milliseconds=3))

    (said,) = caplog.messages
    assert "GET /downloads/[token]" in said
    assert not any(part in said for part in (*token.split("."), TICKET, "a=b"))


def test_our_access_log_does_not_say_where_somebody_came_from() -> None:
    assert not {"%(f)s", "%(q)s", "%(r)s"} & set(OUR_FORMAT.split())


@pytest.mark.parametrize("job", Job)
def test_a_job_that_fails_tells_the_queue_nothing_but_its_name(db: None, job: Job) -> None:
    def refuse(*_: object) -> None:
        raise IntegrityError(QUOTED)

    name = job.rpartition(".")[2]
    with (
        structlog.testing.capture_logs() as lines,
        connection.execute_wrapper(refuse),
        pytest.raises(jobs.JobFailed) as failed,
    ):
        import_string(job)()

    assert str(failed.value) == f"The job {name} failed; the log says where."
    assert failed.value.__suppress_context__
    assert [(one["event"], one["job"]) for one in lines] == [("job_failed", name)]


def test_a_line_and_its_end_are_written_at_once() -> None:
    """Several processes write to one file: between two writes the line of another would come."""
    written: list[str] = []

    class File(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text)
            return len(text)

    with contextlib.redirect_stdout(File()):
        structlog.get_config()["logger_factory"]().info("said")

    assert written == ["said\n"]
