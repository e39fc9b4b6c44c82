"""Errors become answers in one table: a status, a sentence for a person, nothing else."""

import json

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client

from backbone_app.errors import BackboneError, InvalidInput, NotAllowed, RemoteBusy, SecretUnreadable
from tests.support.raising import EVERY_KIND, RAISED

pytestmark = pytest.mark.urls("tests.support.raising")


def raised(error: Exception, *, accept: str = "*/*") -> HttpResponse:
    RAISED.append(error)
    answer = Client(raise_request_exception=False).get("/raise", headers={"Accept": accept})
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(("error", "status"), EVERY_KIND, ids=lambda value: type(value).__name__)
def test_each_kind_of_error_has_its_status(error: BackboneError, status: int) -> None:
    answer = raised(error)

    assert answer.status_code == status
    assert json.loads(answer.content)["code"] == error.code


def test_a_machine_is_told_which_entry_is_at_fault() -> None:
    said = json.loads(raised(InvalidInput("name", "Enter a name.")).content)

    assert said == {"code": "invalid_input", "message": "Enter a name.", "field": "name"}


def test_every_error_of_ours_is_in_the_list_above() -> None:
    known = {type(error) for error, _ in EVERY_KIND}

    missing = [kind for kind in _leaves(BackboneError) if kind not in known]

    assert missing == []


def _leaves(kind: type[BackboneError]) -> list[type[BackboneError]]:
    """Only those of the tree itself: what a service defines for itself never reaches the table."""
    children = [
        child for child in kind.__subclasses__() if child.__module__.startswith("backbone_app.errors.")
    ]
    below = [leaf for child in children for leaf in _leaves(child)]
    return below or [kind]


def test_a_person_reads_what_happened_and_what_to_do() -> None:
    answer = raised(NotAllowed("You need a right."), accept="text/html, */*")

    assert answer["Content-Type"].startswith("text/html")
    assert "<h2>You need a right.</h2>" in answer.content.decode()
    assert "<p>Nothing was changed.</p>" in answer.content.decode()


def test_what_somebody_typed_is_escaped() -> None:
    answer = raised(NotAllowed("<script>alert(1)</script>"), accept="text/html")

    assert "<script>" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


def test_a_busy_site_tells_when_to_come_again() -> None:
    assert raised(RemoteBusy("acme.atlassian.net", 7.5))["Retry-After"] == "8"


@pytest.mark.parametrize("error", [SecretUnreadable("a place"), BackboneError("in a place")])
def test_what_went_wrong_with_us_is_nobody_elses_business(error: BackboneError) -> None:
    answer = raised(error)

    assert json.loads(answer.content)["message"] == "This did not work."


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_a_bug_says_nothing_about_itself(accept: str) -> None:
    answer = raised(ValueError("the inner workings"), accept=accept)

    assert answer.status_code == 500
    text = answer.content.decode()
    for secret in ("inner workings", "ValueError", "Traceback", "raising", "Django", "Python"):
        assert secret not in text


@pytest.mark.parametrize(("error", "status"), EVERY_KIND, ids=lambda value: type(value).__name__)
def test_failures_are_logged_by_code_what_passes_by_itself_as_a_warning_and_refusals_are_not(
    error: BackboneError, status: int
) -> None:
    with structlog.testing.capture_logs() as logs:
        raised(error)

    failed = [line for line in logs if line["event"] == "request_failed"]
    level = "warning" if error.retryable else "error"
    assert failed == (
        [{"event": "request_failed", "code": error.code, "log_level": level}] if status >= 500 else []
    )


def test_an_unknown_address_is_told_as_such() -> None:
    answer = Client().get("/nothing", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.content.decode()
