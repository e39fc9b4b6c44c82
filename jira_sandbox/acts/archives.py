"""What is in an attached archive. Jira opens those of one kind, ZIP, and knows the others by their name."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from jira_sandbox.multipart import type_of
from jira_sandbox.state.elements import Attachment
from jira_sandbox.wire import Refusal

MOST_ENTRIES = 30
"""How many files of an archive are told; the number of them all is told besides."""
_CLOSED = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in an archive; ``index`` counts from 0, ``size`` is that of the file unpacked."""

    index: int
    path: str
    size: int

    @property
    def mime_type(self) -> str:
        """The type its name lets one guess."""
        return type_of(self.path)


def entries(attachment: Attachment) -> tuple[int, list[Entry]]:
    """Give the number of files in an archive and the first of them; none for what is no archive, or broken.

    Refusal 409 for an archive of another kind than ZIP.
    """
    if attachment.filename.lower().endswith(_CLOSED):
        raise Refusal(409, "The attachment is an archive of a format that is not supported.")
    held = attachment.content
    try:
        with zipfile.ZipFile(BytesIO(held) if isinstance(held, bytes) else held) as archive:
            files = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError):
        return 0, []
    told = [
        Entry(index=index, path=each.filename, size=each.file_size)
        for index, each in enumerate(files[:MOST_ENTRIES])
    ]
    return len(files), told
