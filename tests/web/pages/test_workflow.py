"""The pages of our post functions in Jira's workflow editor, for Jira admins."""

import json
from uuid import uuid4

import pytest
from django.http import HttpResponse

from backbone_app.models import Synchronization
from tests.support.app import Jira, call_app
from tests.support.pages import Element, parse

CHOICES, SUMMARY = "/workflow/choices", "/workflow/summary"


def shown(jira: Jira, path: str, *, by: str = "dana", **query: str) -> Element:
    return parse(jira.visitor(by).get(path, **query))


def stored() -> str:
    return json.dumps({"synchronization": str(Synchronization.objects.get().pk)})


@pytest.fixture
def gone() -> str:
    return json.dumps({"synchronization": str(uuid4())})


def opened(jira: Jira, target: str) -> HttpResponse:
    """What Jira's editor opens in its iframe."""
    token = jira.request_token("GET", target, person="dana")
    headers = {"Accept": "text/html", "Authorization": f"JWT {token}"}
    return call_app("GET", target, headers=headers)


def test_without_a_synchronization_the_page_says_who_makes_one(jira: Jira) -> None:
    page = shown(jira, CHOICES)

    assert page.all("select") == []
    assert "This site has no synchronization to choose from." in page.text
    assert "An admin of a space creates one" in page.text


def test_the_synchronizations_of_the_site_are_offered_by_name_and_none_is_chosen(
    jira: Jira, accepted: None
) -> None:
    none, one = shown(jira, CHOICES).all("option")

    assert none.attributes["value"] == ""
    assert one.attributes["value"] == str(Synchronization.objects.get().pk)
    assert one.text.endswith(": Alpha (ALPHA) with Beta (BETA)")
    assert "selected" not in one.attributes


def test_what_the_workflow_has_is_chosen(jira: Jira, accepted: None) -> None:
    _, one = shown(jira, CHOICES, config=stored()).all("option")

    assert "selected" in one.attributes


def test_what_was_deleted_since_is_said_and_nothing_is_chosen(jira: Jira, accepted: None, gone: str) -> None:
    page = shown(jira, CHOICES, config=gone)

    assert "does not exist any more. Choose another one." in page.text
    assert [each for each in page.all("option") if "selected" in each.attributes] == []


def test_a_sentence_says_what_a_post_function_does(jira: Jira, accepted: None, gone: str) -> None:
    said = {
        function: shown(jira, SUMMARY, function=function, config=stored()).text
        for function in ("synchronize", "stop")
    }
    lost, empty = (shown(jira, SUMMARY, function="stop", config=each).text for each in (gone, ""))

    assert said["synchronize"].startswith("Synchronize with ")
    assert said["stop"].startswith("Stop synchronizing with ")
    assert (
        lost
        == "The synchronization that was chosen does not exist any more: this post function does nothing."
    )
    assert empty == "No synchronization is chosen: this post function does nothing."


@pytest.mark.parametrize("path", [CHOICES, SUMMARY])
def test_who_is_no_jira_admin_is_told_so(jira: Jira, accepted: None, path: str) -> None:
    answer = jira.visitor("alice").get(path, config=stored())

    assert answer.status_code == 403
    assert "ALPHA" not in parse(answer).text


@pytest.mark.parametrize(
    ("target", "start"),
    [
        ("/workflow/editor", "/workflow/choices?"),
        ("/workflow/editor?config=%22%3E%3Cb%3E", "/workflow/choices?config=%22%3E%3Cb%3E"),
        ("/workflow/viewer?function=stop&config=x", "/workflow/summary?function=stop&config=x"),
        (f"/workflow/viewer?function=stop&config={'x' * 1001}", "/workflow/summary?function=stop"),
    ],
)
def test_the_shell_hands_on_what_jira_filled_in(jira: Jira, target: str, start: str) -> None:
    shell = parse(opened(jira, target))

    assert shell.one("main").attributes["hx-get"] == start


def test_only_the_editors_shell_loads_the_script_that_stores(jira: Jira) -> None:
    loaded = {
        target: "workflow.js" in opened(jira, target).content.decode()
        for target in ("/workflow/editor", "/workflow/viewer", "/global-settings")
    }

    assert loaded == {"/workflow/editor": True, "/workflow/viewer": False, "/global-settings": False}
