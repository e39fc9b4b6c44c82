"""Forms with files: ``multipart/form-data``, RFC 7578."""

import mimetypes
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from jira_sandbox.wire import Refusal, Request

ANYTHING = "application/octet-stream"
_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;[ -~]*)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TYPES = mimetypes.MimeTypes(filenames=())  # the same on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a form; one that is no file has no ``filename``."""

    name: str
    filename: str
    mime_type: str
    content: bytes

    @property
    def text(self) -> str:
        """The content of a part that is no file."""
        return self.content.decode(errors="replace")


def parts(request: Request) -> list[Part]:
    """Read the form of a request; Refusal 415 when it sent something else, 400 when the form is broken."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Refusal(415, "Unsupported Media Type")
    reader = _Reader()
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.begin,
            "on_part_data": reader.data,
            "on_part_end": reader.end,
            "on_header_field": reader.header_name,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_end": reader.finish,
        },
    )
    try:
        parser.write(request.body)
    except FormParserError:
        reader.is_whole = False
    if not reader.is_whole:
        raise Refusal(400, "The multipart body of the request is malformed.")
    return reader.found


def type_of(filename: str) -> str:
    """Guess the type of a file by its name."""
    return _TYPES.guess_type(filename)[0] or ANYTHING


@dataclass(slots=True)
class _Reader:
    """Puts together what the parser reads; it tells a part in pieces."""

    found: list[Part] = field(default_factory=list)
    is_whole: bool = False
    _headers: dict[str, str] = field(default_factory=dict)
    _name: bytes = b""
    _value: bytes = b""
    _pieces: list[memoryview] = field(default_factory=list)

    def begin(self) -> None:
        self._headers, self._pieces = {}, []

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = _text(self._value)
        self._name = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        self._pieces.append(memoryview(data)[start:end])

    def end(self) -> None:
        self.found.append(_part(self._headers, b"".join(self._pieces)))

    def finish(self) -> None:
        self.is_whole = True


def _part(headers: dict[str, str], content: bytes) -> Part:
    disposition = headers.get("content-disposition", "")
    _, options = parse_options_header(_as_header(disposition))
    filename = _filename(disposition, _text(options.get(b"filename", b"")))
    said = headers.get("content-type", "")
    return Part(
        name=_text(options.get(b"name", b"")),
        filename=filename,
        mime_type=said if _TYPE.fullmatch(said) and said != ANYTHING else type_of(filename),
        content=content,
    )


def _filename(disposition: str, plain: str) -> str:
    """Prefer the name in the form of RFC 5987, which older clients send; of a path its last part counts."""
    extended = _EXTENDED.search(disposition)
    name = plain
    if extended:
        name = _decoded(unquote_to_bytes(extended[2]), extended[1])
    return _CONTROL.sub("", re.split(r"[/\\]", name)[-1])


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("latin-1")


def _text(raw: bytes) -> str:
    return _decoded(raw, "utf-8")


def _as_header(text: str) -> str:
    """Give the text as the parser expects a header: a character for each byte."""
    return text.encode().decode("latin-1")
