"""What no linter holds: sizes, names, and that every job is a function."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("backbone_app", "jira_sandbox")
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc"}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_a_module_can_be_read_at_one_sitting() -> None:
    long = [str(path) for path in modules() if len(path.read_text().splitlines()) > 300]

    assert long == []


def test_a_function_can_be_seen_at_once() -> None:
    sizes = dict(one for path in modules() for one in functions(path))

    assert [name for name, lines in sizes.items() if lines > 50] == []
    assert quantiles(sizes.values(), n=10)[-1] <= 25


def test_no_module_is_named_after_nothing() -> None:
    assert [str(path) for path in modules() if VAGUE & {path.stem, *path.parts}] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_is_for(package: str) -> None:
    silent = [
        str(path)
        for path in (ROOT / package).rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert [path for path in silent if "migrations" not in path] == []


# A simulated world sets the clock by putting its own in place of these functions: who holds one by name, or
# asks the machine another way, is in another time than everybody else.
OTHER_CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time_ns",
    "time.monotonic_ns",
}
THE_DOORS_OWN = {"backbone_app/jira/egress/door.py: datetime.now"}
"""Its default, which the gateway replaces."""


def readings_of_other_clocks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            yield from (f"{path.relative_to(ROOT)}: {each.name}" for each in node.names if each.name == "now")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in OTHER_CLOCKS:
            yield f"{path.relative_to(ROOT)}: {ast.unparse(node)}"


def test_the_app_reads_the_clock_where_a_simulated_world_sets_it() -> None:
    paths = [path for path in modules() if path.is_relative_to(ROOT / "backbone_app")]

    assert {found for path in paths for found in readings_of_other_clocks(path)} == THE_DOORS_OWN


def importers(package: str) -> Iterator[str]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            named = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(each == package or each.startswith(f"{package}.") for each in named):
                yield str(path.relative_to(ROOT))


def test_mail_leaves_from_one_module() -> None:
    assert set(importers("django.core.mail")) == set(importers("smtplib")) == {"backbone_app/mail.py"}
