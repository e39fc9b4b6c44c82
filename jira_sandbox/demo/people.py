"""People who work in Jira through its REST API, and what they are known to have done."""

from collections.abc import Mapping
from typing import Any, Final

import requests

from jira_sandbox import richtext
from jira_sandbox.demo.history import EXISTENCE, PRESENT, STATUS, Cells, Change, comment_cell
from jira_sandbox.demo.stage import Stage
from jira_sandbox.demo.trouble import NotOffered, Refused
from jira_sandbox.state.values import ChangelogEntry, Comment

SECONDS: Final = 20
AMONG_US: Final = {"type": "role", "value": "Administrators"}


class Person:
    """The lead of a space, by short name; every change is remembered in ``changes``.

    ``secrets`` takes the texts of comments that not everybody may read.
    """

    api = 3

    def __init__(
        self, stage: Stage, name: str, space: str, *, changes: list[Change], secrets: list[str]
    ) -> None:
        self.space = space
        self._stage = stage
        self._site = stage.site_of(space)
        self._account = self._site.user(name).account_id
        self._changes = changes
        self._secrets = secrets
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (name, f"secret-{name}")

    def create(self, cells: Cells, *, work_type: str = "Task") -> Change:
        """Create a work item that holds ``cells``."""
        fields, labels = self._fields(cells), [_part(cell) for cell in cells if ":" in cell]
        wanted = {"project": {"key": self.space}, "issuetype": {"name": work_type}, **fields}
        answer = self._call("POST", "issue", {"fields": {**wanted, "labels": labels}})
        with self._stage.lock:
            made = self._site.issues[answer["id"]]
        return self._did(Change(item=made.id, at=made.created, values={EXISTENCE: PRESENT, **cells}))

    def edit(self, item: str, cells: Cells) -> Change:
        """Fill and empty cells of a work item; each must hold something else so far."""
        verbs = [{"add" if value else "remove": _part(cell)} for cell, value in cells.items() if ":" in cell]
        body = {"fields": self._fields(cells), "update": {"labels": verbs} if verbs else {}}
        entry = self._saved(item, body)
        return self._did(Change(item=item, at=entry.created, values=cells, entry=entry.id))

    def move(self, item: str, status: str) -> Change:
        """Take the transition that leads to ``status``; NotOffered if there is none from here."""
        offered = self._call("GET", f"issue/{item}/transitions")["transitions"]
        steps = [each["id"] for each in offered if each["to"]["name"] == status]
        if not steps:
            raise NotOffered(f"no transition leads to {status}, only {[each['name'] for each in offered]}")
        self._call("POST", f"issue/{item}/transitions", {"transition": {"id": steps[0]}})
        with self._stage.lock:
            entry = next(each for each in reversed(self._history(item)) if each.author == self._account)
        return self._did(Change(item=item, at=entry.created, values={STATUS: status}, entry=entry.id))

    def comment(self, item: str, text: str) -> Change:
        """Write a comment for everybody."""
        answer = self._call("POST", f"issue/{item}/comment", {"body": self._said(text)})
        return self._commented(item, answer["id"], text)

    def confide(self, item: str, text: str) -> None:
        """Write a comment for the administrators of the space only."""
        self._secrets.append(text)
        body = {"body": self._said(text), "visibility": AMONG_US}
        self._call("POST", f"issue/{item}/comment", body)

    def rewrite(self, before: Change, text: str) -> Change:
        """Change the text of an own comment."""
        self._call("PUT", _address(before), {"body": self._said(text)})
        return self._commented(before.item, _comment(before), text)

    def withdraw(self, before: Change, text: str) -> Change:
        """Change an own comment, and keep it to the administrators from now on."""
        self._secrets.append(text)
        self._call("PUT", _address(before), {"body": self._said(text), "visibility": AMONG_US})
        return self._commented(before.item, _comment(before), "")

    def erase(self, before: Change) -> Change:
        """Delete an own comment."""
        at = self._stage.clock()
        self._call("DELETE", _address(before))
        return self._did(Change(item=before.item, at=at, values={comment_cell(_comment(before)): ""}))

    def _saved(self, item: str, body: Mapping[str, Any]) -> ChangelogEntry:
        """Save an edit; gives the entry that Jira says it became."""
        answer = self._call("PUT", f"issue/{item}?returnIssue=true&expand=changelog", body)
        newest = str(answer["changelog"]["histories"][0]["id"])
        with self._stage.lock:
            return next(each for each in self._history(item) if str(each.id) == newest)

    def _fields(self, cells: Cells) -> dict[str, Any]:
        plain: dict[str, Any] = {cell: value for cell, value in cells.items() if ":" not in cell}
        if "priority" in plain:
            plain["priority"] = {"name": plain["priority"]}
        if "description" in plain:
            plain["description"] = self._sent(_document(plain["description"]))
        return plain

    def _said(self, text: str) -> Any:
        return self._sent(richtext.paragraphs(text))

    def _sent(self, document: Any) -> Any:
        """Give rich text as the API takes it."""
        return document

    def _commented(self, item: str, number: str, text: str) -> Change:
        with self._stage.lock:
            at = next(each.updated for each in self._comments(item) if each.id == number)
        return self._did(Change(item=item, at=at, values={comment_cell(number): text}))

    def _history(self, item: str) -> list[ChangelogEntry]:
        return self._site.issues[item].changelog

    def _comments(self, item: str) -> list[Comment]:
        return self._site.issues[item].comments

    def _did(self, change: Change) -> Change:
        self._changes.append(change)
        return change

    def _call(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        response = self._session.request(
            method,
            f"{self._site.base_url}/rest/api/{self.api}/{path}",
            json=content,
            timeout=SECONDS,
            allow_redirects=False,
        )
        if not response.ok:
            raise Refused(f"{method} {path} in {self.space}", response.status_code, response.text)
        return response.json() if response.content else None


def _address(comment: Change) -> str:
    return f"issue/{comment.item}/comment/{_comment(comment)}"


def _comment(change: Change) -> str:
    (cell,) = change.values
    return _part(cell)


def _part(cell: str) -> str:
    return cell.partition(":")[2]


def _document(text: str) -> Any:
    """Make a document whose first line is strong."""
    document = richtext.paragraphs(text)
    document["content"][0]["content"][0]["marks"] = [{"type": "strong"}]
    return document
