"""The table of hostile requests: a numbered case is shown by the tests that bear its number.

A run of the whole suite's main part fails where a case has no test or one that did
not pass; any other run only tells which cases it has shown.
"""

import re
from collections import Counter

import pytest

NAMED = re.compile(r"test_case_(\d\d)_")
DEMANDED = frozenset({*range(1, 19), *range(22, 40), *range(42, 54), 61, *range(71, 81), *range(91, 96)})
"""The numbers, of ``reliability.md`` §3, that have to be shown."""
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
    if _is_whole(session.config) and _missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and what is missing in it."""
    shown = [f"{case} → {_said(case)}" for case in sorted(passed.keys() | failed)]
    if not shown:
        return
    terminalreporter.section("hostile requests: case → tests passed")
    for start in range(0, len(shown), A_LINE):
        terminalreporter.line(" · ".join(shown[start : start + A_LINE]))
    if _is_whole(config) and _missing():
        terminalreporter.line(f"no test has shown: {sorted(_missing())}", red=True)


def _said(case: int) -> str:
    return "FAILED" if case in failed else f"passed ({passed[case]})"


def _missing() -> set[int]:
    return {case for case in DEMANDED if case in failed or not passed[case]}


def _is_whole(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    return config.args == ["tests"] and not chosen and not hasattr(config, "workerinput")
