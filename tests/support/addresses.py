"""Every address of the app with its variables filled in, and one answer of each kind it gives."""

import re
from collections.abc import Iterator, Mapping

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from backbone_app.models import Pair
from backbone_app.web.auth import Credential, Statement
from tests.support.app import Jira, call_app
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, story
from tests.support.trouble import add_failure, embody

__all__ = ["ids", "story"]

_VARIABLE = re.compile(r"<(\w+):(\w+)>")
_EXAMPLES = {"str": "10000", "int": "1", "uuid": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}
_QUERIES = {
    "space-settings": "?spaceId=10000&spaceKey=ALPHA",
    "panel": "?itemId=10001&itemKey=ALPHA-1&spaceId=10000",
}
"""What Jira fills in where it opens a page."""


def routes() -> Iterator[tuple[str, Statement]]:
    """Each address, and what its view states about who may call it."""
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "urls.py is one flat table"
        yield str(pattern.pattern), pattern.callback.statement  # type: ignore[attr-defined]  # views state it


def filled(route: str, ids: Mapping[str, str]) -> str:
    """The route as a path; a variable that ``ids`` does not name gets an example of its kind."""
    return "/" + _VARIABLE.sub(lambda found: ids.get(found[2], _EXAMPLES[found[1]]), route)


def paths() -> list[str]:
    """Every path there is, with made-up ids."""
    return [filled(route, {}) for route, _ in routes()]


def targets(ids: Mapping[str, str]) -> Iterator[tuple[str, Credential]]:
    """Each path, with these ids and the query that Jira gives it, and the credential it takes."""
    for route, stated in routes():
        yield filled(route, ids) + _QUERIES.get(route, ""), Credential(stated.credential)


def opened(jira: Jira, person: str, target: str, credential: Credential, **headers: str) -> HttpResponse:
    """GET the target with the best token this person can have for it."""
    sent = {"Accept": "text/html", **headers}
    if credential is Credential.OWN_PAGE:
        sent["Authorization"] = f"JWT {jira.page_token(person)}"
    elif credential is Credential.SIGNED_REQUEST:
        sent["Authorization"] = f"JWT {jira.request_token('GET', target, person=person)}"
    return call_app("GET", target, headers=sent)


def static_file(path: str) -> HttpResponse:
    """GET a file that the pages load; it comes as a stream, which is read to its end here."""
    answer = Client().get(path)
    read = HttpResponse(answer.getvalue(), status=answer.status_code, headers=dict(answer.items()))
    answer.close()
    return read


@pytest.fixture
def ids(story: Story, clock: VirtualClock) -> dict[str, str]:
    """ALPHA and BETA in step, a work item with a twin, and an error: the ids of everything."""
    item = story.create("ALPHA", "Build the bridge")
    story.settle()
    failing = add_failure(story.jira, 7, row="priority", now=clock())
    embody(story.jira, failing.pair)
    pair = Pair.objects.exclude(pk=failing.pair_id).get()
    made = str(story.synchronization_id)
    return {
        "space": story.jira.space_id("ALPHA"),
        "item": item,
        "sync_id": made,
        "request_id": made,
        "pair_id": str(pair.pk),
        "failure": str(failing.pk),
    }
