"""What hangs on a work item besides its fields and comments: files, logged work, links."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from jira_sandbox.state.kinds import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """To whom a comment or logged work is shown; ``identifier`` is the id of a group, the name of a role."""

    kind: Literal["role", "group"]
    name: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file; ``media_id`` is the UUID by which rich text shows it. A large ``content`` lies on disk."""

    id: str
    media_id: str
    filename: str
    mime_type: str
    size: int
    content: bytes | Path
    author: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """What a work item was and still is estimated to take, in seconds; None is not estimated."""

    original: int | None = None
    remaining: int | None = None


@dataclass(slots=True, kw_only=True)
class Worklog:
    """Logged work, ``seconds`` of it; ``body`` is a document or None."""

    id: str
    author: str
    update_author: str
    created: datetime
    updated: datetime
    started: datetime
    seconds: int
    body: Json = None
    visibility: Visibility | None = None
    properties: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class RemoteLink:
    """A link to something outside Jira; ``content`` is the JSON it was made with, without its ids."""

    id: str
    global_id: str
    content: dict[str, Json]


@dataclass(slots=True, kw_only=True)
class LinkType:
    """A kind of link and its two readings: ``outward`` "blocks", ``inward`` "is blocked by"."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLink:
    """A link between two work items of a site, by their ids: the inward one "blocks" the outward one.

    Jira names the ends the other way round than one expects: the work item given as ``inwardIssue`` shows the
    link with the type's outward reading, and the other one as its ``outwardIssue``.
    """

    id: str
    type_id: str
    inward_id: str
    outward_id: str
