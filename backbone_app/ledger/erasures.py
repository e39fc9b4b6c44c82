"""What was erased, in a file outside the database: a restored copy of the tables forgets it again with this.

A line of JSON for each erasure, appended and on the disk before the first row goes. A person's line has
keyed digests only: it tells whether somebody who is found again was erased, and nobody's name::

    {"kind":"person","site":"<our id of the site>","who":"<HMAC>","key":"<which key>","at":"<ISO>"}
    {"kind":"person","site":"all", …}
    {"kind":"site","site":"<our id of the site>","at":"<ISO>"}

``who`` is HMAC-SHA-256 over site and account id, under a key derived from ``BACKBONE_SECRET_KEY``;
``key`` names that key, and tells nothing of it. Once Django's key is another one, older lines cannot be
matched any more: they are counted (``Erased.foreign``), and can be repeated with the key they were
written under. So after a change of the key no backup from before it should be kept longer than needed.

A line that was torn when the machine stopped is counted too (``Erased.torn``), and never
makes the next one unreadable.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from django.conf import settings
from django.utils.crypto import salted_hmac

from backbone_app.errors import BackboneError

ALL: Final = "all"
"""In the place of a site's id: the person was erased on all sites."""
_SALT: Final = "backbone_app.ledger.erasures"
_PERSON: Final = "person"
_SITE: Final = "site"
_OWNER_ONLY: Final = 0o600


class LogUnwritable(BackboneError):
    """The erasure log cannot be used; nothing was erased: what a restore would bring back must be known."""

    code = "erasure_log_unwritable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The file of BACKBONE_ERASURE_LOG cannot be used ({reason}). "
            "Make it a file that this user may read and write, with room left on its disk, and try again."
        )


@dataclass(frozen=True, slots=True)
class Erased:
    """What the log holds. ``people`` are (site's id or ``ALL``, digest), ``sites`` our ids and when.

    ``foreign`` lines were written under another key, ``torn`` ones cannot be read.
    """

    people: frozenset[tuple[str, str]]
    sites: Mapping[UUID, datetime]
    foreign: int
    torn: int

    def has(self, account: str, site_id: UUID) -> bool:
        """Whether this person was erased on this site, or on all."""
        places = (str(site_id), ALL)
        return any((place, _digest(place, account)) in self.people for place in places)


def note_people(accounts: Iterable[str], site_id: UUID | None, *, now: datetime) -> None:
    """Note that these people are about to be erased on a site, None: on all. Raises LogUnwritable."""
    site = str(site_id or ALL)
    key, at = _key_id(), now.isoformat()
    _append(
        {"kind": _PERSON, "site": site, "who": _digest(site, account), "key": key, "at": at}
        for account in sorted(accounts)
    )


def note_site(site_id: UUID, *, now: datetime) -> None:
    """Note that a site is about to be erased. Raises LogUnwritable."""
    _append([{"kind": _SITE, "site": str(site_id), "at": now.isoformat()}])


def read() -> Erased:
    """Read the whole log; empty where none is kept or nothing was erased yet. Raises LogUnwritable."""
    path = _path()
    try:
        content = path.read_bytes() if path is not None and path.exists() else b""
    except OSError as trouble:
        raise LogUnwritable(_reason(trouble)) from trouble
    return _sorted(content.split(b"\n"))


def _sorted(lines: Iterable[bytes]) -> Erased:
    people: set[tuple[str, str]] = set()
    sites: dict[UUID, datetime] = {}
    foreign = torn = 0
    key = _key_id()
    for line in filter(None, lines):
        try:
            said: dict[str, Any] = orjson.loads(line)
            if said["kind"] == _SITE:
                sites[UUID(said["site"])] = datetime.fromisoformat(said["at"])
            elif said["key"] == key:
                people.add((str(said["site"]), str(said["who"])))
            else:
                foreign += 1
        except (ValueError, KeyError, TypeError):
            torn += 1
    return Erased(frozenset(people), sites, foreign, torn)


def _append(lines: Iterable[Mapping[str, str]]) -> None:
    path = _path()
    if path is None:
        return
    content = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    try:
        _refuse_to_make_it_as_root(path)
        # One write at the end of the file: several processes do not write into each other's lines.
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        try:
            torn = os.fstat(file).st_size and os.pread(file, 1, os.fstat(file).st_size - 1) != b"\n"
            _write_all(file, b"\n" * bool(torn) + content)
            os.fsync(file)
        finally:
            os.close(file)
        _sync_folder(path)
    except OSError as trouble:
        raise LogUnwritable(_reason(trouble)) from trouble


def _refuse_to_make_it_as_root(path: Path) -> None:
    """Refuse what would make a file in the folder of the service's user that the service cannot write to."""
    if os.geteuid() == 0 and not path.exists() and (owner := path.parent.stat().st_uid):
        raise LogUnwritable(
            f"it is not there yet, and made by root it would be closed to user {owner}, "
            "whose folder it is in: run this as that user"
        )


def _write_all(file: int, content: bytes) -> None:
    if os.write(file, content) != len(content):
        raise OSError("the disk is full")


def _sync_folder(path: Path) -> None:
    """Have the name of a new file survive a power cut as well as its content."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _path() -> Path | None:
    path: Path | None = settings.BACKBONE_ERASURE_LOG
    return path


def _reason(trouble: OSError) -> str:
    return trouble.strerror or str(trouble)


def _digest(site: str, account: str) -> str:
    return salted_hmac(_SALT, f"{site} {account}", algorithm="sha256").hexdigest()


def _key_id() -> str:
    return salted_hmac(_SALT, "which key", algorithm="sha256").hexdigest()[:8]
