"""Which operations our client uses: as the table in docs/ has them, and as its source spells them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs" / "jira-operations.md"
CLIENT = ROOT / "backbone_app" / "jira"
_ASKING = {"call", "begin"}
_DATA_CENTER = "## Data Center"
_NOT_JIRAS = {"limits.py", "asking.py", "data_center.py"}
"""It sorts calls by path and sends none; these ask for tokens, which no description describes."""
_ROW = re.compile(r"\| `([A-Z]+ /rest/\S+)` \| ([A-Z]+) \| (.+) \|")


@cache
def listed() -> dict[str, str]:
    """The operations of Jira Cloud in the table, each with its scope."""
    return _rows(TABLE.read_text().partition(_DATA_CENTER)[0])


@cache
def listed_of_data_center() -> dict[str, str]:
    """Those of Data Center."""
    return _rows(TABLE.read_text().partition(_DATA_CENTER)[2])


def _rows(text: str) -> dict[str, str]:
    rows = (_ROW.fullmatch(line) for line in text.splitlines())
    return {row[1]: row[2] for row in rows if row}


def calls_in_source() -> set[str]:
    """The methods and paths our client spells out, with ``{}`` for what it fills in; v3 for v2 and v3 alike.

    The method is that of the call in the same function; one without a call has pages read, with GET. What
    is spelt for version 2 alone is for Data Center alone.
    """
    return {
        f"{method} {path.replace('/rest/api/{}/', '/rest/api/3/')}"
        for module in CLIENT.rglob("*.py")
        if module.name not in _NOT_JIRAS
        for scope in ast.parse(module.read_text()).body
        for path in _paths(scope)
        for method in _methods(scope) or {"GET"}
    }


def _methods(scope: ast.AST) -> set[str]:
    return {
        _text(node.args[0])
        for node in ast.walk(scope)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING
    }


def _paths(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        text = _text(node)
        if text.startswith("/rest/"):
            yield text
        else:
            yield from _paths(node)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
