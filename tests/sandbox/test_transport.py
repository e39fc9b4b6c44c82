import pytest
import requests

from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.transport import mounted
from jira_sandbox.world import World

SITE = "https://acme.atlassian.net"
ALICE = ("alice", "secret-alice")


def test_requests_reach_a_site_without_a_socket(world: World) -> None:
    with mounted(world):
        made = requests.post(
            f"{SITE}/rest/api/3/issue",
            json={"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Bug"}, "summary": "one"}},
            auth=ALICE,
        )
        found = requests.get(
            f"{SITE}/rest/api/3/search/jql",
            params={"jql": 'summary ~ "one"', "fields": ["summary"]},
            auth=ALICE,
        )

    assert (made.status_code, made.json()["key"]) == (201, "ALPHA-1")
    assert found.json()["issues"][0]["fields"]["summary"] == "one"
    assert found.headers["Date"] == "Sun, 22 Nov 2026 01:02:03 GMT"


def test_a_streamed_answer_can_be_read_in_pieces(world: World) -> None:
    with mounted(world), requests.get(f"{SITE}/rest/api/3/serverInfo", stream=True) as answer:
        assert b"".join(answer.iter_content(10)).startswith(b'{"baseUrl"')


def test_an_unknown_host_does_not_answer(world: World) -> None:
    with mounted(world), pytest.raises(requests.ConnectionError):
        requests.get("https://evil.example/rest/api/3/myself")


def test_a_lost_answer_is_a_broken_connection(world: World) -> None:
    world.misfortunes.add(
        Misfortune(match=("GET", "/myself"), kind="lose_answer_after_effect", caller="person")
    )

    with mounted(world):
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{SITE}/rest/api/3/myself", auth=ALICE)
        assert requests.get(f"{SITE}/rest/api/3/myself", auth=ALICE).status_code == 200


def test_atlassians_key_hosts_give_the_worlds_key(world: World) -> None:
    with mounted(world):
        known = requests.get(f"https://connect-install-keys.atlassian.com/{world.kid}")
        unknown = requests.get("https://connect-install-keys.atlassian.com/other")

    assert known.text.startswith("-----BEGIN PUBLIC KEY-----")
    assert unknown.status_code == 404


def test_outside_the_mount_the_sites_are_gone(world: World) -> None:
    original = requests.adapters.HTTPAdapter.send

    with mounted(world):
        assert requests.adapters.HTTPAdapter.send is not original

    assert requests.adapters.HTTPAdapter.send is original
