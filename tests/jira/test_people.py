"""Whether a site knows an account."""

from urllib.parse import unquote

from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door
from tests.support.wire import Wire, answer, wired


def client_of(served: Wire, door: Door) -> JiraClient:
    return JiraClient(base_url=served.url, authorize=lambda *_: "", door=door, account="app-1")


def test_a_hundred_accounts_are_asked_in_one_call_and_nobody_in_none(door: Door) -> None:
    with wired(answer(200, b'{"values": [], "total": 0}')) as served:
        client = client_of(served, door)
        read.known_accounts(client, [])
        read.known_accounts(client, [f"acc-{number}" for number in range(101)])

    assert [request.count(b"accountId=") for request in served.requests] == [100, 1]
    assert all(b"maxResults=100" in request for request in served.requests)


def test_what_cannot_be_an_account_is_not_asked_and_what_was_not_asked_is_not_known(door: Door) -> None:
    said = b'{"values": [{"accountId": "712020:a"}, {"accountId": "somebody-else"}, {}], "total": 3}'

    with wired(answer(200, said)) as served:
        found = read.known_accounts(client_of(served, door), ["712020:a", "", "a b", "x&y=z", "x" * 129])

    assert found == {"712020:a"}
    (request,) = served.requests
    assert unquote(request.split(b"\r\n")[0].decode()).count("accountId=") == 1
