"""The app's calls to Jira: each takes a while before and after its effect, and others run meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

import requests
from requests.adapters import HTTPAdapter

from jira_sandbox import transport
from jira_sandbox.world import World
from tests.simulation.baton import Crash, Worker

TIME_OUT: Final = 15.0
"""Seconds a caller waits for an answer that does not come."""


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
def mounted(world: World, caller: Caller) -> Iterator[None]:
    """While it lasts the world's sites answer every call; a worker's calls are points of its schedule."""
    with transport.mounted(world):
        answered = HTTPAdapter.send

        def send(
            adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            worker = caller.worker()
            if worker is None:
                return answered(adapter, request, **options)
            return _stepwise(caller, worker, request, lambda: answered(adapter, request, **options))

        HTTPAdapter.send = send  # type: ignore[method-assign]
        try:
            yield
        finally:
            HTTPAdapter.send = answered  # type: ignore[method-assign]


def _stepwise(caller: Caller, worker: Worker, request: requests.PreparedRequest, act: Any) -> Any:
    if worker.is_dead:
        raise Crash
    call = f"{request.method} {request.path_url.partition('?')[0]}"
    caller.calls(worker, call)
    try:
        response = act()
    except requests.RequestException as lost:
        if isinstance(lost, requests.Timeout):
            worker.sleep(TIME_OUT)
        caller.called(worker, call, type(lost).__name__)
        raise
    caller.called(worker, call, str(response.status_code))
    return response
