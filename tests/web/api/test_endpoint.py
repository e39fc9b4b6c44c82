"""What holds for every address of the API: JSON whatever is asked for, strict, without a session."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from jira_sandbox.misfortunes import Misfortune
from tests.support.app import Jira, call_app
from tests.support.machine import Machine

COPY = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", ""])
def test_every_answer_is_json_also_to_a_browser(alice: Machine, accept: str) -> None:
    shown = alice.call("GET", "synchronizations", Accept=accept)
    refused = alice.call("GET", "synchronizations?format=api", Accept=accept)

    assert (shown.status, shown.said) == (200, [])
    assert (refused.status, refused.said["field"]) == (400, "format")


def test_a_browser_without_a_token_gets_json_and_no_reason(jira: Jira) -> None:
    answer = call_app("GET", "/api/1/spaces/10000/synchronizations", headers={"Accept": "text/html"})

    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "not_authenticated"
    assert not answer.cookies


@pytest.mark.parametrize("page", ["", "x", "0", "1.5", "1e3", " "])
def test_an_entry_that_is_no_number_is_refused_by_name_an_empty_one_too(alice: Machine, page: str) -> None:
    pairs = "synchronizations/7d444840-9dc0-11d1-b245-5ffdce74fad2/pairs"

    refused, unknown = alice.get(pairs, page=page), alice.get(pairs, page="2")

    assert (refused.status, refused.said["field"]) == (400, "page")
    assert unknown.status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"name": NaN}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"name=Alpha&partner_space=1",
    ],
)
def test_what_is_no_small_json_object_is_refused(alice: Machine, body: bytes) -> None:
    answer = alice.call("POST", "requests", body=body)

    assert (answer.status, answer.said["code"]) == (400, "malformed")


def test_a_long_body_is_not_read_to_its_end(alice: Machine) -> None:
    answer = alice.call("POST", "requests", body=b"x" * 70_000)

    assert (answer.status, answer.said["code"]) == (413, "too_large")


def test_a_body_is_json_whatever_it_is_called(alice: Machine, jira: Jira) -> None:
    body = json.dumps({"partner_space": jira.space_id("BETA"), "name": "n"}).encode()

    answer = alice.call("POST", "requests", body=body, **{"Content-Type": "multipart/form-data; boundary=x"})

    assert answer.status == 201


def test_a_busy_site_tells_when_to_come_again(alice: Machine, jira: Jira) -> None:
    headers = {"Retry-After": "7"}
    jira.world.misfortunes.add(Misfortune(match=("POST", "/permissions/check"), kind="busy", headers=headers))

    answer = alice.get("synchronizations")

    assert (answer.status, answer.said["code"]) == (503, "remote_busy")
    # Never sooner than Jira asked, and up to three tenths later.
    assert 7 <= int(answer.retry_after or 0) <= 10


@pytest.mark.parametrize("space", ["ALPHA", "0", "-1", "99999", "1e3", "%D9%A1", "10000%2F..%2F10001"])
def test_what_is_no_space_of_mine_is_refused(alice: Machine, space: str) -> None:
    answer = alice.call("GET", f"/api/1/spaces/{space}/synchronizations")

    assert answer.status in {403, 404}


def test_the_description_is_public_and_the_copy_in_the_docs_is_up_to_date(tmp_path: Path) -> None:
    generated = tmp_path / "openapi.json"
    call_command(
        "spectacular", "--format", "openapi-json", "--file", str(generated), "--validate", "--fail-on-warn"
    )

    served = call_app("GET", "/api/1/schema.json")
    assert json.loads(served.content) == json.loads(generated.read_text())
    assert COPY.read_text() == generated.read_text(), (
        "run: python manage.py spectacular --format openapi-json --file docs/openapi.json"
    )


def test_the_description_names_every_address_of_the_api_and_its_credential() -> None:
    described = json.loads(COPY.read_text())

    acts = [act for methods in described["paths"].values() for act in methods.values()]
    assert len(acts) == len({act["operationId"] for act in acts}) > 10
    assert all(act["security"] == [{"ownPage": []}] for act in acts)
    assert all("401" in act["responses"] and act["description"] for act in acts)
