"""Files over real sockets, and what goes wrong with them on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from jira_sandbox import seed
from jira_sandbox.files import IN_MEMORY
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.server import Running, serve
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.sandbox import Person, standard_world
from tests.support.uploads import attach

ALICE = ("alice", "secret-alice")
WISH = {"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}}
SIZES = {"small": 1000, "large": IN_MEMORY + 1}


@pytest.fixture
def running() -> Iterator[Running]:
    world = seed.standard(lambda: datetime.now(UTC), {"acme": "http://later"})
    with serve(world) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.auth = ALICE
        yield session


def link(http: requests.Session, base: str, whole: bytes) -> str:
    """Create a work item with a file and give the address of the file."""
    issue = http.post(f"{base}/rest/api/3/issue", json=WISH).json()["id"]
    answer = http.post(
        f"{base}/rest/api/3/issue/{issue}/attachments",
        files={"file": ("tee ☕.bin", whole)},
        headers={"X-Atlassian-Token": "no-check"},
    )
    assert answer.status_code == 200, answer.text
    (shown,) = answer.json()
    assert shown["filename"] == "tee ☕.bin"
    return str(shown["content"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_file_goes_in_and_comes_out_over_sockets(
    running: Running, http: requests.Session, size: int
) -> None:
    whole = bytes(range(251)) * (size // 251)
    address = link(http, running.addresses["acme"], whole)

    got = http.get(address)
    part = http.get(f"{address}?redirect=false", headers={"Range": "bytes=-5"})
    head = http.head(f"{address}?redirect=false")

    assert got.content == whole
    assert (part.status_code, part.content) == (206, whole[-5:])
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(whole)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_file_that_breaks_off_is_noticed_over_sockets(
    running: Running, http: requests.Session, size: int
) -> None:
    address = link(http, running.addresses["acme"], b"x" * size)
    cut = Misfortune(match=("GET", "^/_media/"), kind="cut_short", caller="anyone")
    running.world.misfortunes.add(cut)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        http.get(address)

    assert len(http.get(address).content) == size


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_file_that_breaks_off_is_noticed_in_process(alice: Person, world: World, size: int) -> None:
    issue = alice.create("ALPHA", "one")
    (number,) = attach(alice, issue, ("a.bin", b"x" * size))
    cut = Misfortune(match=("GET", "/attachment/content/"), kind="cut_short", caller="anyone")
    world.misfortunes.add(cut)
    address = f"{alice.site.base_url}/rest/api/3/attachment/content/{number}?redirect=false"

    with mounted(world):
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            requests.get(address, auth=ALICE)
        again = requests.get(address, auth=ALICE)

    assert len(again.content) == size


def test_an_address_breaks_with_its_site(alice: Person, world: World) -> None:
    issue = alice.create("ALPHA", "one")
    (number,) = attach(alice, issue, ("a.bin", b"x"))
    address = f"{alice.site.base_url}/rest/api/3/attachment/content/{number}"

    with mounted(world):
        target = requests.get(address, auth=ALICE, allow_redirects=False).headers["Location"]
        world.take_down("acme")
        with pytest.raises(requests.ConnectionError):
            requests.get(target)
        world.bring_up("acme")

        assert requests.get(target).content == b"x"


def test_worlds_do_not_share_their_files() -> None:
    first, second = standard_world(), standard_world()
    large = b"x" * (IN_MEMORY + 1)

    held = first.files.keep(large), second.files.keep(large)
    first.files.clear()

    assert not isinstance(held[0], bytes)
    assert not isinstance(held[1], bytes)
    assert not held[0].exists()
    assert held[1].read_bytes() == large
