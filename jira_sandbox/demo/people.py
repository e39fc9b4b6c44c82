"""People who work in Jira through its REST API, and what they are known to have done."""

from collections.abc import Mapping
from typing import Any

import requests

from jira_sandbox.demo.history import EXISTENCE, PRESENT, Cells, Change
from jira_sandbox.demo.stage import Stage
from jira_sandbox.demo.trouble import Refused

SECONDS = 20


class Person:
    """One of the standard people, by short name; every change is remembered in ``changes``."""

    def __init__(self, stage: Stage, name: str, changes: list[Change]) -> None:
        self.name = name.capitalize()
        self._stage = stage
        self._changes = changes
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (name, f"secret-{name}")

    def create(self, space: str, cells: Cells, *, work_type: str = "Task") -> Change:
        """Create a work item that holds ``cells``."""
        fields, labels = _fields(cells), [_label(cell) for cell in cells if ":" in cell]
        wanted = {"project": {"key": space}, "issuetype": {"name": work_type}, **fields, "labels": labels}
        answer = self._call("POST", "/rest/api/3/issue", {"fields": wanted})
        with self._stage.lock:
            made = self._stage.site.issues[answer["id"]]
        return self._did(Change(item=made.id, at=made.created, values={EXISTENCE: PRESENT, **cells}))

    def edit(self, item: str, cells: Cells) -> Change:
        """Fill and empty cells of a work item; each must hold something else so far."""
        verbs = [{"add" if value else "remove": _label(cell)} for cell, value in cells.items() if ":" in cell]
        body = {"fields": _fields(cells), "update": {"labels": verbs} if verbs else {}}
        path = f"/rest/api/3/issue/{item}?returnIssue=true&expand=changelog"
        newest = self._call("PUT", path, body)["changelog"]["histories"][0]
        with self._stage.lock:
            entries = self._stage.site.issues[item].changelog
            entry = next(each for each in entries if str(each.id) == str(newest["id"]))
        return self._did(Change(item=item, at=entry.created, values=cells, entry=entry.id))

    def _did(self, change: Change) -> Change:
        self._changes.append(change)
        return change

    def _call(self, method: str, path: str, content: Mapping[str, Any]) -> Any:
        response = self._session.request(
            method, self._stage.site.base_url + path, json=content, timeout=SECONDS, allow_redirects=False
        )
        if not response.ok:
            raise Refused(f"{method} {path} of {self.name}", response.status_code, response.text)
        return response.json()


def _label(cell: str) -> str:
    return cell.partition(":")[2]


def _fields(cells: Cells) -> dict[str, Any]:
    plain = {cell: value for cell, value in cells.items() if ":" not in cell}
    if "priority" in plain:
        return {**plain, "priority": {"id": plain["priority"]}}
    return dict(plain)
