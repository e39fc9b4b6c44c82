"""The app's calls to Jira: each takes a while before and after its effect, and others run meanwhile."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from structlog.contextvars import get_contextvars

from jira_sandbox import transport
from tests.simulation import witness
from tests.simulation.baton import Crash, Worker
from tests.simulation.clock import clock
from tests.simulation.stage import Jira
from tests.simulation.witness import Call, Told

WAIT: Final = 429
PLAIN: Final = re.compile(r"[1-9][0-9]{0,3}")
"""What everybody understands of how long to wait."""
TIME_OUT: Final = 15.0
"""Seconds a caller waits for an answer that does not come."""


Act = Callable[[], requests.Response]


class Caller(Protocol):
    """Who knows which worker calls, and what its call is to meet."""

    def worker(self) -> Worker | None: ...
    def calls(self, worker: Worker, call: str) -> None: ...
    def called(self, worker: Worker, call: str, heard: str) -> None: ...


class Nobody:
    """Nobody's steps are watched."""

    def worker(self) -> Worker | None:
        """There is none."""
        return None

    def calls(self, worker: Worker, call: str) -> None:
        """Never asked."""

    def called(self, worker: Worker, call: str, heard: str) -> None:
        """Never told."""


@contextmanager
def mounted(world: Jira, caller: Caller) -> Iterator[None]:
    """While it lasts the world's sites answer every call; a worker's calls are points of its schedule."""
    with transport.mounted(world):
        answered = HTTPAdapter.send

        def send(
            adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            worker = caller.worker()
            if worker is None:
                return answered(adapter, request, **options)
            return _stepwise(world, caller, worker, request, lambda: answered(adapter, request, **options))

        HTTPAdapter.send = send  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            HTTPAdapter.send = answered  # type: ignore[method-assign]


def _stepwise(
    world: Jira, caller: Caller, worker: Worker, request: requests.PreparedRequest, act: Act
) -> requests.Response:
    if worker.is_dead:
        raise Crash
    worker.tells()
    call = f"{request.method} {request.path_url.partition('?')[0]}"
    began = clock.seconds
    caller.calls(worker, call)
    number = world.witness.begin()
    seen = partial(
        _seen,
        world,
        worker,
        request,
        asked=world.moments.next(),
        began=began,
        at=clock.seconds,
        number=number,
    )
    try:
        return _heard(world, caller, worker, call, seen, act)
    finally:
        world.witness.ended[number] = clock.seconds


def _heard(
    world: Jira, caller: Caller, worker: Worker, call: str, seen: Callable[..., None], act: Act
) -> requests.Response:
    try:
        response = act()
    except requests.RequestException as lost:
        world.note_tokens()
        seen(heard=witness.broken(lost))
        if isinstance(lost, requests.Timeout):
            worker.sleep(TIME_OUT)
        caller.called(worker, call, type(lost).__name__)
        raise
    world.note_tokens()
    told = response.headers.get("Retry-After", "")
    seen(heard=str(response.status_code), wait=float(told) if PLAIN.fullmatch(told) else 0.0)
    if response.status_code == WAIT:
        worker.told.append(Told(clock.now()))
        world.witness.told += worker.told[-1:]
    caller.called(worker, call, str(response.status_code))
    return response


def _taken_apart(target: SplitResult) -> tuple[str, str]:
    """Give what is before the REST API's own path, by which sites are told apart, and that path."""
    before, rest, path = target.path.partition("/rest/")
    base = f"{target.scheme}://{target.netloc}"
    return (f"{base}{before}", f"{rest}{path}") if rest else (base, target.path)


def _seen(
    world: Jira,
    worker: Worker,
    request: requests.PreparedRequest,
    *,
    asked: datetime,
    began: float,
    at: float,
    number: int,
    heard: str,
    wait: float = 0.0,
) -> None:
    """Let the witness note a call as it went over the wire."""
    target, body = urlsplit(request.url or ""), request.body or b""
    origin, path = _taken_apart(target)
    call = Call(
        number=number,
        asked=asked,
        answered=world.moments.next(),
        worker=worker.key[0],
        pair=str(get_contextvars().get("pair_id", "")),
        method=request.method or "",
        origin=origin,
        path=path,
        query=target.query,
        authorization=str(request.headers.get("authorization", "")),
        body=body.encode() if isinstance(body, str) else body,
        heard=heard,
        wait=wait,
        at=at,
        looked=worker.looked,
        began=began,
        knew=worker.knew,
        claimed=worker.claimed,
    )
    world.witness.end(call)
