"""Looks on at every call in a test, and fails the test in which something was not as described.

Registered by ``tests/conftest.py``. A run of all of ``tests/sandbox`` that needs one of the known errors no
more fails too: the list would not be honest.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from jira_sandbox import front
from jira_sandbox.routing import Route
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Request, Response
from tests.support.conformance import descriptions, known_errors, validation
from tests.support.conformance.validation import Violation

AGENT = "backbone-work-sync"
"""How our client names itself; requests of others may be as wrong as a test wants them."""
SHOWN = 10
_SANDBOX = Path(__file__).parents[2] / "sandbox"
_needed: set[int] = set()
_complete: list[bool] = []
_left_out: set[Path] = set()


class Watch:
    """Collects what was not as described; the worlds of a test may answer from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[Violation] = []

    def witness(self, site: Site, request: Request, response: Response | None, route: Route | None) -> None:
        """Check an answer, and the request too if it is our client's."""
        found, held_to = [], descriptions.of(site)
        if request.headers.get("user-agent") == AGENT:
            found = validation.request_violations(held_to, request)
        if response is not None:
            name = held_to.named(route.name) if route else None
            found = found + validation.answer_violations(held_to, request, response, name)
        with self._lock:
            self._found += found

    def taken(self) -> list[Violation]:
        """What was found since the last time, the same thing once."""
        with self._lock:
            found, self._found = self._found, []
        return list(dict.fromkeys(found))


_watch = Watch()


def pytest_configure() -> None:
    if descriptions.are_here():
        front.witnesses.append(_watch.witness)


def pytest_unconfigure() -> None:
    if _watch.witness in front.witnesses:
        front.witnesses.remove(_watch.witness)


@pytest.fixture(autouse=True)
def as_described() -> Iterator[Watch]:
    """Nothing in this test was answered, or asked by our client, otherwise than described."""
    _watch.taken()
    yield _watch
    found = _watch.taken()
    if found:
        more = f"\nand {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        told = "\n".join(str(each) for each in found[:SHOWN])
        pytest.fail(f"Not as Jira is described:\n{told}{more}", pytrace=False)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note what options like ``-k`` and ``-m`` leave out."""
    _left_out.update(item.path for item in items)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Add up what the workers needed; fail when all of the sandbox's tests needed less than is listed."""
    output = getattr(session.config, "workeroutput", None)
    own = sorted(known_errors.needed())
    if output is not None:
        output["known errors"] = {"needed": own, "complete": _is_complete(session)}
        return
    _needed.update(own)
    _complete.append(_is_complete(session))
    if exitstatus == pytest.ExitCode.OK and _superfluous():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker needed."""
    told = getattr(node, "workeroutput", {}).get("known errors", {"needed": [], "complete": False})
    _needed.update(told["needed"])
    _complete.append(told["complete"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not descriptions.are_here():
        terminalreporter.write_line("not validated: the descriptions of Jira are not in ../shared/specs")
    for each in _superfluous():
        terminalreporter.write_line(f"known error that no test needs: {each.place}, {each.rule}")


def _superfluous() -> list[known_errors.KnownError]:
    """The known errors that nothing needed; none as long as only a part of the tests ran."""
    return known_errors.unneeded(_needed) if descriptions.are_here() and any(_complete) else []


def _is_complete(session: pytest.Session) -> bool:
    """Whether all tests of the sandbox were chosen to run in this session."""
    chosen = {item.path for item in getattr(session, "items", [])}
    return not _narrowed(session.config) and set(_SANDBOX.rglob("test_*.py")) <= chosen - _left_out


def _narrowed(config: pytest.Config) -> bool:
    return config.option.collectonly or any("::" in argument for argument in config.args)
