"""Data Center from 11 on, as it comes: a password is refused before anything else is looked at."""

from typing import Any

import pytest
import requests
from jira import JIRAError

from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site
from tests.clients import by_atlassian, by_jira
from tests.clients.kinds import Kind

KINDS = tuple(Kind(edition=each) for each in DATA_CENTER.values() if not each.takes_passwords)
WORDS = "Basic Authentication has been disabled on this instance"


def test_jira_is_told_so(kind: Kind, site: Site) -> None:
    with pytest.raises(JIRAError, match=WORDS) as caught:
        by_jira.client(kind, site, "alice")

    assert caught.value.status_code == 403


def test_atlassian_python_api_is_told_so(kind: Kind, site: Site) -> None:
    alice: Any = by_atlassian.client(kind, site, "alice")
    with alice, pytest.raises(requests.HTTPError) as caught:
        alice.myself()

    assert caught.value.response.status_code == 403
    assert WORDS in caught.value.response.text
