"""What is written into the log, and what is not, whoever writes it."""

import json
import logging

import pytest
import structlog
from django.db import IntegrityError, connection

from backbone_app import jobs, logs
from backbone_app.errors import NotFound
from jira_sandbox.connect import tokens
from tests.support.hostile import foreign_rs256

QUOTED = "a summary that a database quotes"


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
    said = line("GET %s 200", f"/space-settings?jwt={token}&a=b")

    assert said["event"] == f"GET /space-settings?jwt={logs.STRUCK_OUT}&a=b 200"


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

    assert caplog.messages[0] == f"Invalid request from ip=203.0.113.9: GET /panel?jwt={logs.STRUCK_OUT}"
    assert caplog.messages[1].endswith("builtins.ValueError")
    assert token.split(".")[2] not in caplog.text
    assert QUOTED not in caplog.text


def test_a_job_that_fails_tells_the_queue_nothing_but_its_name(
    db: None,
) -> None:
    def refuse(*_: object) -> None:
        raise IntegrityError(QUOTED)

    with (
        structlog.testing.capture_logs() as lines,
        connection.execute_wrapper(refuse),
        pytest.raises(jobs.JobFailed) as failed,
    ):
        jobs.sync()

    assert str(failed.value) == "The job sync failed; the log says where."
    assert failed.value.__suppress_context__
    assert [(one["event"], one["job"]) for one in lines] == [("job_failed", "sync")]
