"""The token that a page was opened with goes nowhere from there (case 61)."""

import re

from django.http import HttpResponse

from backbone_app.web.auth import Credential
from tests.support.addresses import ids, opened, story, targets
from tests.support.app import Jira, call_app
from tests.support.canaries import Net, net_over
from tests.support.environment import APP

__all__ = ["ids", "story"]

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
OPENED_BY_JIRA = {"/space-settings", "/panel"}


def with_tokens_everywhere(jira: Jira, ids: dict[str, str], net: Net) -> dict[str, HttpResponse]:
    """Call every address as a browser does that came from a page with a token in its address.

    htmx tells the page's whole address in a header of its own, whatever the referrer policy is.
    """
    entry = "/space-settings?spaceId=10000&spaceKey=ALPHA"
    came_from = f"{APP}{entry}&jwt={jira.request_token('GET', entry, person='alice')}"
    net.tokens.add(came_from.rpartition("=")[2])
    browser = {"Referer": came_from, "HX-Current-URL": came_from}
    answers = {}
    for target, credential in targets(ids):
        answers[target] = opened(jira, "alice", target, credential, **browser)
        if credential is Credential.SIGNED_REQUEST and target.split("?")[0] in OPENED_BY_JIRA:
            token = jira.request_token("GET", target, person="alice")
            by_jira = f"{target}{'&' if '?' in target else '?'}jwt={token}"
            answers[f"{target}, by Jira"] = call_app(
                "GET", by_jira, headers={"Accept": "text/html", **browser}
            )
    return answers


def test_case_61_no_page_names_a_token_in_its_title_its_addresses_or_its_headers_and_nobody_logs_it(
    jira: Jira, ids: dict[str, str]
) -> None:
    with net_over() as net:
        answers = with_tokens_everywhere(jira, ids, net)
        for answer in answers.values():
            if not answer.streaming:
                net.keep(answer)

    assert sum(answer.status_code == 200 for answer in answers.values()) > 15
    assert len(net.tokens) > 10
    assert net.found([]) == []
    assert net.referrers == []
    titles = {title for answer in answers.values() for title in TITLE.findall(answer.content.decode())}
    assert titles == {"Backbone Work Sync"}
    assert {name for name in answers if name.endswith("by Jira")}, "pages that Jira opens are among them"
    assert {answer["Referrer-Policy"] for answer in answers.values()} == {"no-referrer"}


def test_case_61_a_page_that_would_write_down_where_it_was_opened_is_caught(jira: Jira) -> None:
    token = jira.request_token("GET", "/panel", person="alice")

    with net_over() as net:
        answer = call_app("GET", f"/panel?jwt={token}")
        answer.content = f"<title>/panel?jwt={token}</title>".encode()
        net.keep(answer)

    assert set(net.found([])) == {"a token in an answer to an outsider"}
