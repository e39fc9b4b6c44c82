from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from jira_sandbox.acts import accounts
from jira_sandbox.connect import tokens
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, VirtualClock, as_app

URL = "https://api.atlassian.com/app/report-accounts/"
PATH = "/rest/atlassian-connect/latest/report-accounts"
NAME = f"POST {PATH}"


@pytest.fixture(autouse=True)
def _net(world: World) -> Iterator[None]:
    with mounted(world):
        yield


@pytest.fixture
def caller(world: World, site: Site, app: ListeningApp) -> AppCaller:
    return as_app(world, site)


def listed(site: Site, *names: str, at: datetime) -> dict[str, Any]:
    return {
        "accounts": [{"accountId": site.user(name).account_id, "updatedAt": at.isoformat()} for name in names]
    }


def report(site: Site, body: object, *, now: datetime) -> requests.Response:
    """A report at Atlassian's own host, signed by the installation on the site."""
    issued = int(now.timestamp())
    claims = {
        "iss": site.app.key,
        "iat": issued,
        "exp": issued + 180,
        "qsh": tokens.query_string_hash("POST", "/app/report-accounts/", []),
    }
    signed = tokens.sign_hs256(claims, site.app.shared_secret)
    return requests.post(URL, json=body, headers={"Authorization": f"JWT {signed}"}, timeout=5)


def test_accounts_closed_or_changed_since_are_told_and_others_not(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock
) -> None:
    body = listed(site, "alice", "bob", "carol", at=clock.now)
    nothing = report(site, body, now=clock.now)
    clock.advance(days=1)
    alice, bob = site.user("alice"), site.user("bob")
    accounts.close(world, site, alice)
    accounts.update(world, site, bob, display_name="Robert")

    answer = report(site, body, now=clock.now)
    again = report(site, listed(site, "bob", at=clock.now), now=clock.now)

    assert (nothing.status_code, nothing.content, again.status_code) == (204, b"", 204)
    assert (answer.status_code, answer.headers["Cycle-Period"]) == (200, "P7D")
    assert answer.json() == {
        "accounts": [
            {"accountId": alice.account_id, "status": "closed"},
            {"accountId": bob.account_id, "status": "updated"},
        ]
    }


def test_a_closed_account_keeps_nothing_of_the_person(
    world: World, site: Site, dana: Person, clock: VirtualClock
) -> None:
    alice = site.user("alice")

    accounts.close(world, site, alice)

    shown = dana.get(f"/rest/api/3/user?accountId={alice.account_id}").json()
    assert (shown["displayName"], shown["active"]) == ("Former user", False)


@pytest.mark.answers(NAME)
def test_a_site_takes_reports_too(world: World, site: Site, caller: AppCaller, clock: VirtualClock) -> None:
    body = listed(site, "alice", at=clock.now)
    accounts.close(world, site, site.user("alice"))

    answer = caller.post(PATH, body)

    assert (answer.status, answer.json()["accounts"][0]["status"]) == (200, "closed")


@pytest.mark.parametrize("count", [0, 91])
def test_a_report_is_of_one_to_ninety_accounts(
    site: Site, app: ListeningApp, clock: VirtualClock, count: int
) -> None:
    answer = report(site, listed(site, *["alice"] * count, at=clock.now), now=clock.now)

    assert answer.status_code == 400
    assert answer.json() == {"message": "Between 1 and 90 accounts can be reported at a time."}


@pytest.mark.refuses(NAME, 400)
@pytest.mark.parametrize(
    "body", [{}, {"accounts": [{"accountId": "x"}]}, {"accounts": [{"accountId": "x", "updatedAt": "now"}]}]
)
def test_a_report_that_is_none_is_refused(caller: AppCaller, body: object) -> None:
    answer = caller.post(PATH, body)

    assert answer.status == 400
    assert answer.json() == {"message": "Each account must have an accountId and an updatedAt."}


@pytest.mark.refuses(NAME, 401)
def test_people_report_nothing(dana: Person) -> None:
    assert dana.post(PATH, {}).json() == {"message": "The call is not from a Connect app."}


def test_strangers_may_not_report(app: ListeningApp) -> None:
    answer = requests.post(URL, json={}, headers={"Authorization": "JWT a.b.c"}, timeout=5)

    assert answer.status_code == 403


def test_a_busy_host_says_when_to_come_again(
    world: World, site: Site, app: ListeningApp, clock: VirtualClock
) -> None:
    world.reports_refused = 1
    body = listed(site, "alice", at=clock.now)

    first, second = report(site, body, now=clock.now), report(site, body, now=clock.now)

    assert (first.status_code, first.headers["Retry-After"], second.status_code) == (429, "60", 204)
