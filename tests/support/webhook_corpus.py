"""Recorded webhook bodies of real sites, read without any code of ours."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.shared import SHARED

RECORDED = SHARED / "corpus" / "webhooks"
IN_ADDRESS = re.compile(r"/issue/(\d+)/comment/")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One body: its kind as the index names it, and the work item and space it is about, empty where none."""

    name: str
    kind: str
    body: bytes
    item: str
    space: str


def recorded() -> Iterator[Recorded]:
    """Every body of the corpus, each once."""
    with (RECORDED / "INDEX.tsv").open() as index:
        kinds = {row[0]: row[1] for row in csv.reader(index, delimiter="\t")}
    for path in sorted(RECORDED.glob("*.json")):
        raw = path.read_bytes()
        yield Recorded(path.name, kinds[path.name], raw, *_about(json.loads(raw)))


def _about(said: dict[str, dict[str, object]]) -> tuple[str, str]:
    """Work logs name the work item themselves, comments of a Data Center by their address."""
    issue, worklog, comment = (said.get(name) or {} for name in ("issue", "worklog", "comment"))
    fields = issue.get("fields")
    project = fields.get("project") if isinstance(fields, dict) else None
    address = IN_ADDRESS.search(str(comment.get("self")))
    item = issue.get("id") or worklog.get("issueId") or (address[1] if address else "")
    return str(item), str(project["id"]) if project else ""
