"""The sandbox on real sockets: a small app listens beside it."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from jira_sandbox import seed
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.server import Running, serve
from jira_sandbox.state.editions import DATA_CENTER
from tests.support.sandbox import descriptor

ALICE = ("alice", "secret-alice")
WISH = {"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}}


class App(ThreadingHTTPServer):
    """Serves a descriptor, answers every POST with 204 and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[str, dict[str, object]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: App

    def do_GET(self) -> None:
        body = json.dumps(descriptor(baseUrl=self.server.url)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[App]:
    with App() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def running() -> Iterator[Running]:
    world = seed.standard(lambda: datetime.now(UTC), {"acme": "http://later", "second": "http://later"})
    with serve(world) as running:
        yield running


@pytest.fixture
def acme(running: Running) -> str:
    return running.addresses["acme"]


def test_each_site_answers_on_its_own_port(running: Running) -> None:
    for address in running.addresses.values():
        info = requests.get(f"{address}/rest/api/3/serverInfo").json()
        assert info["baseUrl"] == address

    assert len(set(running.addresses.values())) == 2


def test_a_data_center_keeps_its_context_path() -> None:
    editions = {"initech": DATA_CENTER["dc-9.12"]}
    world = seed.standard(
        lambda: datetime.now(UTC), {"initech": "https://later:8443/jira"}, editions=editions
    )
    with serve(world) as running:
        address = running.addresses["initech"]
        inside = requests.get(f"{address}/rest/api/2/serverInfo")
        outside = requests.get(f"{address.removesuffix('/jira')}/rest/api/2/serverInfo")

    assert inside.json()["baseUrl"] == address
    assert (address.endswith("/jira"), outside.status_code) == (True, 404)


def test_an_answer_tells_its_date_once_and_no_server(acme: str) -> None:
    told = requests.get(f"{acme}/rest/api/3/serverInfo").raw.headers

    assert len(told.getlist("Date")) == 1
    assert "Server" not in told


def test_work_items_over_the_wire(acme: str) -> None:
    with requests.Session() as session:
        session.auth = ALICE
        made = session.post(f"{acme}/rest/api/3/issue", json=WISH)
        edited = session.put(f"{made.json()['self']}", json={"fields": {"summary": "two"}})
        found = session.get(f"{acme}/rest/api/3/search/jql", params={"jql": 'summary ~ "two"'})

    assert (made.status_code, edited.status_code, edited.content) == (201, 204, b"")
    assert found.json()["issues"] == [{"id": made.json()["id"]}]


def test_an_app_is_installed_and_hears_of_every_change(acme: str, app: App) -> None:
    installed = requests.post(
        f"{acme}/_sandbox/install", json={"descriptor_url": f"{app.url}/atlassian-connect.json"}
    )
    requests.post(f"{acme}/rest/api/3/issue", json=WISH, auth=ALICE)
    settled = requests.post(f"{acme}/_sandbox/settle", json={"seconds": 10})

    assert installed.json()["key"] == "example.app"
    assert settled.json() == {"pending": 0}
    assert [path for path, _ in app.heard] == ["/installed", "/enabled", "/hook"]
    assert app.heard[2][1]["webhookEvent"] == "jira:issue_created"


def test_deliveries_can_be_switched_off_and_the_app_taken_away(acme: str, app: App) -> None:
    requests.post(f"{acme}/_sandbox/install", json={"descriptor_url": app.url})
    requests.post(f"{acme}/_sandbox/deliveries", json={"on": False})
    requests.post(f"{acme}/rest/api/3/issue", json=WISH, auth=ALICE)
    requests.post(f"{acme}/_sandbox/deliveries", json={"on": True})
    requests.post(f"{acme}/_sandbox/enabled", json={"on": False})
    requests.post(f"{acme}/_sandbox/enabled", json={"on": True})
    requests.post(f"{acme}/_sandbox/uninstall")

    paths = [path for path, _ in app.heard]
    assert paths == ["/installed", "/enabled", "/disabled", "/enabled", "/uninstalled"]
    assert requests.get(f"{acme}/_sandbox/state").json()["app"] is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("install", {}, 400),
        ("install", {"descriptor_url": "http://127.0.0.1:9/nothing"}, 400),
        ("uninstall", {}, 409),
        ("deliveries", {"on": True}, 409),
        ("settle", {"seconds": "soon"}, 400),
        ("settle", {"seconds": True}, 400),
        ("nothing", {}, 404),
    ],
)
def test_controls_that_cannot_be_are_refused(
    acme: str, path: str, body: dict[str, object], status: int
) -> None:
    assert requests.post(f"{acme}/_sandbox/{path}", json=body).status_code == status


def test_controls_must_make_sense(acme: str, app: App) -> None:
    requests.post(f"{acme}/_sandbox/install", json={"descriptor_url": app.url})

    assert requests.post(f"{acme}/_sandbox/deliveries", json={"on": "yes"}).status_code == 400
    assert requests.post(f"{acme}/_sandbox/deliveries", data=b"{").status_code == 400
    assert requests.post(f"{acme}/_sandbox/deliveries", data=b"[]").status_code == 400


def test_the_state_has_what_a_checker_needs(acme: str) -> None:
    made = requests.post(f"{acme}/rest/api/3/issue", json=WISH, auth=ALICE).json()
    requests.put(made["self"], json={"fields": {"labels": ["a"]}}, auth=ALICE)

    state = requests.get(f"{acme}/_sandbox/state").json()

    assert {user["name"] for user in state["users"]} == {"alice", "bob", "carol", "dana", "frank"}
    issue = state["issues"][0]
    assert (issue["key"], issue["space"], issue["type"]) == ("ALPHA-1", "ALPHA", "Task")
    assert issue["fields"]["labels"] == ["a"]
    assert issue["changelog"][0]["items"][0]["toString"] == "a"


def test_counters_are_shown_and_set_back(acme: str) -> None:
    requests.get(f"{acme}/rest/api/3/myself", auth=ALICE)
    before = requests.get(f"{acme}/_sandbox/counters").json()["counters"]

    requests.post(f"{acme}/_sandbox/counters/reset")

    assert [(row["route"], row["calls"]) for row in before] == [("GET /rest/api/3/myself", 1)]
    after = requests.get(f"{acme}/_sandbox/counters").json()
    assert after == {"counters": [], "causes": [], "outgoing": []}


def test_a_lost_answer_closes_the_connection_after_the_effect(running: Running, acme: str) -> None:
    running.world.misfortunes.add(
        Misfortune(match=("POST", "/issue$"), kind="lose_answer_after_effect", caller="person")
    )

    with pytest.raises(requests.ConnectionError):
        requests.post(f"{acme}/rest/api/3/issue", json=WISH, auth=ALICE)

    assert len(running.world.sites["acme"].issues) == 1
    assert requests.get(f"{acme}/rest/api/3/myself", auth=ALICE).status_code == 200


def test_a_taken_port_is_said_at_once(running: Running, acme: str) -> None:
    world = seed.standard(lambda: datetime.now(UTC), {"other": "http://later"})

    with pytest.raises(OSError, match="in use"):
        serve(world, int(acme.rpartition(":")[2]))


def test_a_time_out_keeps_the_caller_waiting_until_it_gives_up(running: Running, acme: str) -> None:
    running.world.misfortunes.add(
        Misfortune(match=("POST", "/issue$"), kind="time_out_after_effect", caller="person")
    )

    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{acme}/rest/api/3/issue", json=WISH, auth=ALICE, timeout=0.2)

    assert len(running.world.sites["acme"].issues) == 1


def test_an_answer_cut_short_breaks_off_on_a_socket_too(running: Running, acme: str) -> None:
    running.world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="cut_short", caller="person"))

    with pytest.raises(requests.exceptions.RequestException):
        requests.get(f"{acme}/rest/api/3/myself", auth=ALICE)

    assert requests.get(f"{acme}/rest/api/3/myself", auth=ALICE).status_code == 200


def test_small_answers_are_not_held_back(acme: str) -> None:
    with requests.Session() as session:
        began = time.monotonic()
        for _ in range(20):
            session.get(f"{acme}/rest/api/3/serverInfo")

    assert time.monotonic() - began < 0.7  # 40 ms each while the system waited for more to send


def test_a_renamed_site_is_found_under_its_former_name(running: Running, acme: str) -> None:
    running.world.rename(running.world.sites["acme"], acme.replace("127.0.0.1", "localhost"))

    moved = requests.get(f"{acme}/rest/api/3/serverInfo?a=b", allow_redirects=False)

    assert moved.status_code == 302
    assert moved.headers["Location"] == f"{running.addresses['acme']}/rest/api/3/serverInfo?a=b"
    assert requests.get(moved.headers["Location"]).json()["baseUrl"] == running.addresses["acme"]
