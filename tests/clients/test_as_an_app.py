"""``jira.js`` as a Connect app: how it signs a request and sums up its query was made up without us."""

from collections.abc import Iterator
from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation
from jira_sandbox.world import World
from tests.support import node
from tests.support.sandbox import ListeningApp, descriptor, install

ISSUE = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "a, b & ü"}
QUERY = 'project = ALPHA AND summary ~ "a, b & ü" ORDER BY key'
"""With all that a query string's hash may stumble over."""


@pytest.fixture(scope="module")
def app(world: World, site: Site) -> AppInstallation:
    return install(world, site, ListeningApp(), wanted=descriptor(modules={}))


@pytest.fixture(scope="module")
def program(site: Site) -> Iterator[node.Program]:
    with node.running("jira.js", site.base_url, needs="jira.js") as started:
        yield started


def called(program: node.Program, app: AppInstallation, secret: str, call: str, **given: object) -> Any:
    authentication = {"jwt": {"issuer": app.key, "secret": secret}}
    return program.ask({"version": 3, "authentication": authentication, "call": call, "given": [given]})


def test_a_signed_call_is_the_apps(program: node.Program, app: AppInstallation) -> None:
    made = called(program, app, app.shared_secret, "issues.createIssue", fields=ISSUE)

    found = called(
        program,
        app,
        app.shared_secret,
        "issueSearch.searchForIssuesUsingJqlEnhancedSearch",
        jql=QUERY,
        fields=["creator"],
        maxResults=5,
    )

    (issue,) = found["answer"]["issues"]
    assert issue["key"] == made["answer"]["key"]
    assert issue["fields"]["creator"]["displayName"] == app.name


def test_a_call_signed_with_another_secret_is_nobodys(program: node.Program, app: AppInstallation) -> None:
    answer = called(program, app, "x" * 40, "issues.createIssue", fields=ISSUE)

    assert answer["refused"]["status"] == 401
