"""The operations of the REST API that are answered, by area: ``python -m jira_sandbox.operations``.

With ``--into FILE`` the table is put into a text, between the two lines that mark its place.
"""

import argparse
from collections import defaultdict
from pathlib import Path

from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Route
from jira_sandbox.version2 import V2

BEGIN, END = "<!-- operations -->", "<!-- end of operations -->"
_BASE = "/rest/api/3/"


def operations() -> list[Route]:
    """List every route but the twins in version 2."""
    return [route for route in ROUTES if not route.template.startswith(V2)]


def table() -> str:
    """Give the operations as a table in Markdown: each path once, with its methods."""
    areas: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for route in operations():
        areas[_area(route)][route.template.removeprefix(_BASE)].append(route.method)
    lines = [f"{len(operations())} operations, each in version 3 and as far as Jira has it in version 2:", ""]
    lines += ["| area | operations |", "|---|---|"]
    for area, paths in sorted(areas.items()):
        told = ", ".join(f"{' '.join(methods)} `{path}`" for path, methods in sorted(paths.items()))
        lines.append(f"| {area} | {told} |")
    return "\n".join(lines)


def put_into(text: str) -> str:
    """Give the text with today's table between its marks; ValueError if it has none."""
    before, mark, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the text has no {BEGIN} … {END}")
    return f"{before}{mark}{table()}\n{end}{after}"


def _area(route: Route) -> str:
    """Name the area after the module of ``rest`` that answers."""
    return route.handler.__module__.removeprefix("jira_sandbox.rest.").partition(".")[0]


def main() -> None:
    """Print the table, or put it where it belongs."""
    parser = argparse.ArgumentParser(prog="jira_sandbox.operations", description=__doc__)
    parser.add_argument("--into", type=Path, help="a text with the two marks")
    options = parser.parse_args()
    if options.into:
        options.into.write_text(put_into(options.into.read_text()))
    else:
        print(table())


if __name__ == "__main__":
    main()
