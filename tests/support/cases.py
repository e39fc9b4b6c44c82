"""The table of hostile requests: a numbered case is shown by the tests that bear its number.

A run of a whole part of the suite fails where a case has no test there or one that
did not pass; any other run only tells which cases it has shown.
"""

import re
from collections import Counter

import pytest

NAMED = re.compile(r"test_case_(\d\d)_")
DEMANDED = frozenset(
    {*range(1, 40), *range(42, 54), *range(55, 60), *range(61, 67), *range(68, 81), *range(91, 96)}
)
"""The numbers that have to be shown."""
IN_STORIES = frozenset({94})
"""Shown among the scenarios, which are a part of their own."""
PARTS = {"tests": DEMANDED - IN_STORIES, "tests/scenarios": IN_STORIES}
"""What each part of the suite has to show, by what pytest is told to run."""
A_LINE = 12

passed: Counter[int] = Counter()
failed: set[int] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count a test that ended, here or on one of the workers."""
    name = NAMED.search(report.nodeid)
    if name is None:
        return
    if report.failed or report.skipped:
        failed.add(int(name[1]))
    elif report.when == "call":
        passed[int(name[1])] += 1


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a whole run fail for a case that nothing shows."""
    if _missing(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and what is missing in it."""
    shown = [f"{case} → {_said(case)}" for case in sorted(passed.keys() | failed)]
    if not shown:
        return
    terminalreporter.section("hostile requests: case → tests passed")
    for start in range(0, len(shown), A_LINE):
        terminalreporter.line(" · ".join(shown[start : start + A_LINE]))
    if missing := _missing(config):
        terminalreporter.line(f"no test has shown: {sorted(missing)}", red=True)


def _said(case: int) -> str:
    return "FAILED" if case in failed else f"passed ({passed[case]})"


def _missing(config: pytest.Config) -> set[int]:
    """Give the cases that this run had to show and did not."""
    chosen = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    if chosen or len(config.args) != 1 or hasattr(config, "workerinput"):
        return set()
    demanded = PARTS.get(config.args[0], frozenset())
    return {case for case in demanded if case in failed or not passed[case]}
