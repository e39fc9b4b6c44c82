"""Whatever is sent, every operation answers, and as described: nothing makes it fall over."""

import re
from itertools import islice
from urllib.parse import urlencode

import pytest

from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Route
from jira_sandbox.state.permissions import EVERYDAY, LEADING
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.conformance import descriptions, samples
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app, install

pytestmark = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)
MOST = 600
DESCRIBED = [
    each for each in ROUTES if descriptions.are_here() and each.name in descriptions.CLOUD.operations
]
OF_APPS = ("/rest/atlassian-connect/", "/rest/api/3/webhook", "/rest/api/3/workflow/rule")
"""What people are refused, whatever they send."""
SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"


@pytest.fixture
def names(site: Site, dana: Person) -> dict[str, str]:
    """One of everything in ALPHA, which dana administers too; ids by the part of a path that holds them."""
    space = site.space("ALPHA")
    site.grant(site.user("dana"), *EVERYDAY, *LEADING, space=space)
    item = dana.create("ALPHA", "one")
    field = dana.post("/rest/api/3/field", {"name": "Pick", "type": SELECT}).json()["id"]
    (context,) = dana.get(f"/rest/api/3/field/{field}/context").json()["values"]
    one, other = (
        dana.post("/rest/api/3/version", {"name": name, "projectId": int(space.id)}).json()["id"]
        for name in ("one", "other")
    )
    logged = dana.post(f"/rest/api/3/issue/{item}/worklog", {"timeSpentSeconds": 60}).json()["id"]
    component = dana.post("/rest/api/3/component", {"name": "one", "project": "ALPHA"}).json()["id"]
    return {
        **dict.fromkeys(("projectIdOrKey", "projectKeyOrId"), "ALPHA"),
        "projectId": space.id,
        "issueIdOrKey": item,
        "fieldId": field,
        "contextId": context["id"],
        "commentId": dana.comment(item, "Hello"),
        "worklogId": logged,
        "moveIssuesTo": other,
        "version": one,
        "component": component,
        "field": field,
        "propertyKey": "k",
        "addonKey": "example.app",
    }


def path_to(route: Route, names: dict[str, str]) -> str:
    """An address of the route at which there is something."""
    area = route.template.split("/")[-2]
    known = {"id": names.get(area, names.get(f"{area}Id", "10000")), **names}
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "10000"), route.template)


@pytest.mark.parametrize("route", DESCRIBED, ids=lambda each: each.name)
def test_nothing_that_is_sent_makes_an_operation_fall_over(
    world: World, site: Site, clock: VirtualClock, dana: Person, names: dict[str, str], route: Route
) -> None:
    install(world, site, ListeningApp())
    caller = as_app(world, site) if route.template.startswith(OF_APPS) else dana
    operation, path = descriptions.CLOUD.operations[route.name], path_to(route, names)
    queries = [f"?{urlencode([each])}" for each in samples.texts(operation)]
    bodies = [each for body in samples.bodies(operation) for each in islice(samples.spoilt(body), MOST)]

    statuses = set()
    for query, body in [("", None), *((each, None) for each in queries), *(("", each) for each in bodies)]:
        clock.advance(seconds=10)
        statuses.add(caller.call(route.method, path + query, body).status)

    assert max(statuses) < 500
