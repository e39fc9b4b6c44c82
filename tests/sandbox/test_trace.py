"""Two runs with the same seed are the same on the wire, byte for byte."""

import os
import subprocess
import sys

import pytest
import requests

from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support import long_story
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app, install, standard_world


def in_a_process_of_its_own(seed: int, hash_seed: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.long_story", str(seed)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
    )


def first_difference(left: bytes, right: bytes) -> tuple[bytes, bytes] | None:
    pairs = zip(left.splitlines(), right.splitlines(), strict=False)
    return next(((one, other) for one, other in pairs if one != other), None)


def test_the_same_seed_gives_the_same_trace_in_any_process_and_another_seed_another() -> None:
    with in_a_process_of_its_own(1, hash_seed=1) as one, in_a_process_of_its_own(1, hash_seed=2) as two:
        here, other = long_story.told(1), long_story.told(2)
        elsewhere = [process.communicate()[0] for process in (one, two)]

    assert [first_difference(here, each) for each in elsewhere] == [None, None]
    assert elsewhere == [here, here]
    assert here != other
    assert here.count(b" < ") > long_story.STEPS / 2
    assert here.count(b" -> POST ") > 100
    assert b" > nothing: " in here
    assert b" 429\n" in here


def test_a_trace_has_what_was_asked_answered_and_told(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    world.trace.start()
    alice.create("ALPHA", "one")
    world.deliver(app)

    first, *_, last = world.trace.text().decode().split("\n2026-")
    assert first.startswith("2026-11-22T01:02:03.456000+00:00 acme < POST /rest/api/3/issue\nauthorization: ")
    assert '"summary": "one"' in first
    assert last.startswith("11-22T01:02:03.456000+00:00 acme -> POST https://app.example/hook 204\n")
    assert f"x-atlassian-webhook-identifier: {app.calls[0].headers['X-Atlassian-Webhook-Identifier']}" in last
    assert app.calls[0].headers["Authorization"] in last


def test_the_key_of_the_process_and_its_signatures_stay_out_of_it() -> None:
    world = standard_world(VirtualClock())
    site = world.sites["acme"]
    world.trace.start()

    install(world, site, ListeningApp())
    as_app(world, site).get(f"/_keys/{world.kid}")

    text = world.trace.text().decode()
    assert text.count(".(RS256)\n") == 1
    assert "(public key)" in text
    assert "BEGIN PUBLIC KEY" not in text


def test_atlassians_own_hosts_are_part_of_it(world: World) -> None:
    world.trace.start()

    with mounted(world):
        requests.get(f"https://connect-install-keys.atlassian.com/{world.kid}")

    text = world.trace.text().decode()
    assert f" connect-install-keys.atlassian.com < GET /{world.kid}\n" in text
    assert " connect-install-keys.atlassian.com > 200\n" in text


def test_a_trace_keeps_nothing_until_it_is_started_and_begins_anew(alice: Person, world: World) -> None:
    alice.get("/rest/api/3/myself")
    silent = world.trace.text()
    world.trace.start()
    alice.get("/rest/api/3/myself")
    world.trace.start()

    assert (silent, world.trace.text()) == (b"", b"")


def test_a_lost_answer_and_an_app_that_is_away_are_told_as_such(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "one")
    world.trace.start()
    app.answers = [ConnectionError()]
    world.deliver(app)
    world.take_down("acme")
    with pytest.raises(ConnectionLost):
        alice.get("/rest/api/3/myself")

    text = world.trace.text().decode()
    assert "acme -> POST https://app.example/hook None\n" in text
    assert "acme > nothing: ConnectionLost\n" in text


def test_of_what_is_large_the_hash_is_kept_and_what_is_no_text_is_encoded(
    world: World, alice: Person
) -> None:
    world.trace.start()
    alice.post("/rest/api/3/issue", {"fields": "x" * 200_000})

    assert b"200014 bytes " in world.trace.text()
    assert len(world.trace.text()) < 2000
