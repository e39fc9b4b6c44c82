"""How many requests a second the sandbox answers, and how many our own client makes, side by side.

A sandbox slower than the client would be what every test waits for. The client is measured against a
transport that answers at once, with the sandbox's own bodies; the sandbox in process (its front alone), and
served on a socket with one connection kept. The client signs and the front checks; on the socket calls a
person. In process the seconds are those of the processor, so that a busy machine makes no difference.
``mix`` is what the app asks for when it carries changes from one side to the other, by ``SHARES``. A search
looks through all work items of the site, of which there are ``ITEMS``. Every figure is the best of three.

``python -m benchmarks.requests_per_second [--seconds 1] [--out build/bench.json]``
"""

import argparse
import base64
import gc
import http.client
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from backbone_app.jira import connect_jwt
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door, EgressPolicy
from jira_sandbox import generator, seed
from jira_sandbox.connect import installing, tokens
from jira_sandbox.front import Front, Request
from jira_sandbox.server import serve
from jira_sandbox.world import World

SITE = "https://acme.atlassian.net"
ITEMS = 1000
AIM = 1.5
"""So many times as fast as the client shall the sandbox be."""
ROUNDS = 3
KEY = "bench.app"
READ, EDIT, SEARCH, TRANSITIONS, MIX = "read", "edit", "search", "transitions", "mix"
SHARES = {READ: 0.42, EDIT: 0.4, TRANSITIONS: 0.08, SEARCH: 0.1}
"""A change costs one read and one write; few are of the status, and one search serves several changes."""
_PERSON = "Basic " + base64.b64encode(b"alice:secret-alice").decode()
Call = tuple[str, str, list[tuple[str, str]], object]
"""Method, path, query and the content of the body."""


def calls(item: str) -> dict[str, Call]:
    """Give the calls that are measured, by name."""
    jql = "project = ALPHA AND updated >= -1d ORDER BY updated ASC"
    return {
        READ: ("GET", f"/rest/api/3/issue/{item}", [("fields", "*all")], None),
        EDIT: ("PUT", f"/rest/api/3/issue/{item}", [], {"fields": {"summary": "The same"}}),
        SEARCH: ("GET", "/rest/api/3/search/jql", [("jql", jql), ("maxResults", "50")], None),
        TRANSITIONS: ("GET", f"/rest/api/3/issue/{item}/transitions", [], None),
    }


def per_second(
    act: Callable[[], object], seconds: float, clock: Callable[[], float] = time.thread_time
) -> float:
    """Measure how often ``act`` can be done in a second of ``clock``: the best of the rounds."""
    return max(_round(act, seconds / ROUNDS, clock) for _ in range(ROUNDS))


def _round(act: Callable[[], object], seconds: float, clock: Callable[[], float]) -> float:
    done, began = 0, clock()
    while (passed := clock() - began) < seconds:
        act()
        done += 1
    return done / passed


def furnished() -> tuple[World, str]:
    """Make a world with a site full of work items and an app; gives one work item as well."""
    world = seed.standard(lambda: datetime.now(UTC), {"acme": SITE})
    site = world.sites["acme"]
    made = generator.fill(site, "ALPHA", ITEMS)
    installing.install(
        world, site, "https://app.example/d", fetch=lambda _: _descriptor(), send=lambda _: 204
    )
    return world, made[ITEMS // 2].id


def front_rates(world: World, item: str, seconds: float) -> dict[str, float]:
    """Measure the front in process, called by the app."""
    front, app = Front(world), world.sites["acme"].app

    def asked(call: Call) -> Callable[[], object]:
        method, path, query, content = call
        body = b"" if content is None else json.dumps(content).encode()
        issued, hashed = int(time.time()), tokens.query_string_hash(method, path, query)
        claims = {"iss": app.key, "iat": issued, "exp": issued + 180, "qsh": hashed}
        headers = {"authorization": f"JWT {tokens.sign_hs256(claims, app.shared_secret)}"}

        def ask() -> None:
            answer = front.handle("acme", Request(method, path, query, headers, body))
            if answer.status >= 300:
                raise AssertionError(f"{method} {path}: {answer.status} {answer.body[:200]!r}")

        return ask

    return {name: per_second(asked(call), seconds) for name, call in calls(item).items()}


def served_rates(world: World, item: str, seconds: float) -> dict[str, float]:
    """Measure the sandbox on a socket, called by a person over one connection that is kept."""
    with serve(world) as running:
        connection = http.client.HTTPConnection(running.addresses["acme"].removeprefix("http://"))

        def asked(call: Call) -> Callable[[], object]:
            method, path, query, content = call
            url = requests.Request(method, f"{SITE}{path}", params=query).prepare().path_url
            body = None if content is None else json.dumps(content)

            def ask() -> None:
                connection.request(method, url, body, {"Authorization": _PERSON})
                answer = connection.getresponse()
                answer.read()
                if answer.status >= 300:
                    raise AssertionError(f"{method} {path}: {answer.status}")

            return ask

        rates = {
            name: per_second(asked(call), seconds, time.perf_counter) for name, call in calls(item).items()
        }
        connection.close()
    return rates


def client_rates(world: World, item: str, seconds: float) -> dict[str, float]:
    """Measure our client against a transport that gives the sandbox's own answers without a thought."""
    front, app = Front(world), world.sites["acme"].app
    door = Door(EgressPolicy(cloud_hosts=(".atlassian.net",), service_hosts=()))

    def authorize(method: str, path: str, query: str) -> str:
        return "JWT " + connect_jwt.sign(
            app_key=app.key,
            secret=app.shared_secret,
            client_key=app.client_key,
            method=method,
            path=path,
            query=query,
            now=datetime.now(UTC),
        )

    client = JiraClient(base_url=SITE, authorize=authorize, door=door, account=app.user.account_id)
    rates = {}
    for name, (method, path, query, content) in calls(item).items():
        body = b"" if content is None else json.dumps(content).encode()
        answer = front.handle("acme", Request(method, path, query, {"authorization": _PERSON}, body))

        def ask(call: Call = (method, path, query, content)) -> None:
            client.call(call[0], call[1], params=call[2], json=call[3])

        with _answering(answer.status, answer.headers, answer.body):
            rates[name] = per_second(ask, seconds)
    door.close()
    return rates


@contextmanager
def _answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[None]:
    original = HTTPAdapter.send
    told = {**headers, "Content-Length": str(len(body))}

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        raw = HTTPResponse(body=io.BytesIO(body), headers=told, status=status, preload_content=False)
        return adapter.build_response(request, raw)

    HTTPAdapter.send = send  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        HTTPAdapter.send = original  # type: ignore[method-assign]


def measured(seconds: float) -> dict[str, dict[str, float]]:
    """Measure everything: requests a second of client, front and served sandbox by call, and the ratio."""
    world, item = furnished()
    gc.freeze()  # what is there for good is not looked through again and again while something is measured
    try:
        client = client_rates(world, item, seconds)
        front = front_rates(world, item, seconds)
        served = served_rates(world, item, seconds)
    finally:
        gc.unfreeze()
    for rates in (client, front, served):
        rates[MIX] = 1 / sum(share / rates[name] for name, share in SHARES.items())
    return {
        name: {
            "client": round(client[name]),
            "sandbox_in_process": round(front[name]),
            "sandbox_served": round(served[name]),
            "ratio": round(front[name] / client[name], 2),
        }
        for name in client
    }


def table(rates: dict[str, dict[str, float]]) -> str:
    """Lay the figures out for people."""
    heads = ("requests a second", "client", "sandbox", "served", "sandbox : client")
    lines = [f"{heads[0]:<18}{heads[1]:>10}{heads[2]:>10}{heads[3]:>10}{heads[4]:>18}"]
    for name, row in rates.items():
        client, front, served, ratio = row.values()
        lines.append(f"{name:<18}{client:>10}{front:>10}{served:>10}{ratio:>18.2f}")
    return "\n".join([*lines, _said_of(rates)])


def _said_of(rates: dict[str, dict[str, float]]) -> str:
    """Say what the aim is for, and what is slower than the client."""
    slower = [f"{name} {row['ratio']:.2f}" for name, row in rates.items() if row["ratio"] < 1]
    on_sockets = rates[MIX]["sandbox_served"] / rates[MIX]["client"]
    if on_sockets < 1:
        slower.append(f"the {MIX} on sockets, in seconds of the clock, {on_sockets:.2f}")
    aim = f"Aim: {AIM} for the {MIX}, in process, in processor seconds: it is {rates[MIX]['ratio']:.2f}."
    return f"{aim} Slower than the client: {'; '.join(slower) or 'nothing'}."


def _descriptor() -> bytes:
    return json.dumps(
        {
            "key": KEY,
            "baseUrl": "https://app.example",
            "authentication": {"type": "jwt"},
            "lifecycle": {"installed": "/installed"},
            "scopes": ["READ", "WRITE"],
            "apiMigrations": {"gdpr": True, "signed-install": True, "context-qsh": True},
        }
    ).encode()


def main() -> None:
    """Print the table and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each call and way")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    rates = measured(options.seconds)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps({"aim": AIM, "python": sys.version.split()[0], "rates": rates}, indent=2)
    )
    print(table(rates))


if __name__ == "__main__":
    main()
