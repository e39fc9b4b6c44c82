"""Whether a site knows an account."""

from backbone_app.jira import read
from backbone_app.jira.egress import Door
from tests.jira.conftest import Play, scripted


def test_accounts_that_a_site_does_not_know_are_left_out(play: Play) -> None:
    alice, bob = (play.site.user(name).account_id for name in ("alice", "bob"))
    play.world.meters.reset()

    found = read.known_accounts(play.client, [alice, bob, "712020:nobody"])

    assert found == {alice, bob}
    assert play.calls == 1


def test_a_hundred_accounts_are_asked_in_one_call_and_nobody_in_none(door: Door) -> None:
    nobody = {"values": [], "total": 0}

    with scripted(door, nobody, nobody) as jira:
        read.known_accounts(jira.client, [])
        read.known_accounts(jira.client, [f"acc-{number}" for number in range(101)])

    assert [line.count("accountId=") for line in jira.lines] == [100, 1]
    assert all("maxResults=100" in line for line in jira.lines)


def test_what_cannot_be_an_account_is_not_asked_and_what_was_not_asked_is_not_known(door: Door) -> None:
    said = {"values": [{"accountId": "712020:a"}, {"accountId": "somebody-else"}, {}], "total": 3}

    with scripted(door, said) as jira:
        found = read.known_accounts(jira.client, ["712020:a", "", "a b", "x&y=z", "x" * 129])

    assert found == {"712020:a"}
    assert [line.count("accountId=") for line in jira.lines] == [1]
