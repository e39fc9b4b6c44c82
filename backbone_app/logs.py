"""What our processes write: one line of JSON for each event, and what never stands in one.

Of an exception that is not ours, its type and where it was raised are told and its
sentence is not: a database's quotes the row it refused, a parser's what somebody
typed. Tokens and the queries of addresses are struck out wherever they turn up, also
in the lines of libraries: at DEBUG urllib3 tells every call, and Jira is asked about
a person by a query.

What a line is about is bound once, where the work begins (``about``), and stands in every line from
there on, those of libraries too: ``request_id`` (a random one for each request that is answered),
``tenant`` (our own id of a site), ``job``, ``pair_id``, ``op_id`` (of the write that was begun last),
``delivery_id``, ``half_id`` (of a synchronization), ``attempt`` (1 for the first).
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import ExcInfo

from backbone_app.errors import BackboneError

STRUCK_OUT: Final = "[token]"
_TOKEN: Final = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)*"
    r"|(?:(?<=/downloads/)|(?<=/sign-in/)|(?<=/webhooks/link/)|(?<=/mail/confirm/)|(?<=/mail/leave/))[\w-]+"
)
"""A JWT in any of its forms: its first part is JSON that begins with a name, so it begins like this.

Or the ticket of a download or a mail, a link to sign in, or where a link's webhook delivers: Django logs the
path of whatever it refuses.
"""

_QUERY: Final = re.compile(r"""\?[^\s?"'<>\\]*=[^\s"'<>\\]*""")
NO_QUERY: Final = "?[query]"


def configure(level: str) -> None:
    """Set both kinds of logging up: ours through structlog to stdout, that of libraries to stderr."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="ts"),
            structlog.processors.ExceptionRenderer(where),
            structlog.processors.JSONRenderer(),
            _without_tokens,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=Lines,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    # At INFO libraries tell what is nobody's news: a lane each wake-up, several times a second.
    logging.basicConfig(level="WARNING" if level == "INFO" else level, handlers=[handler])
    # gunicorn writes by itself, and quotes the request line: one that it could not read, or each if told to.
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).addFilter(_shortened)


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Have every line of this thread bear these fields; what is bound within ends with it."""
    before = get_contextvars()
    bind_contextvars(**fields)
    try:
        yield
    finally:
        clear_contextvars()
        bind_contextvars(**before)


def bear(**fields: object) -> None:
    """Have the lines from here on bear these fields too, until the work they are about ends."""
    bind_contextvars(**fields)


class Lines:
    """Writes to stdout, a line and its end at once: what other processes log there comes before or after."""

    def __init__(self, *_: object) -> None:
        """Take what structlog tells of the logger; all write to the same place."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = msg


class JsonLines(logging.Formatter):
    """Writes what a library logs as we write our own."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without the sentences of exceptions."""
        said = {
            **get_contextvars(),
            "logger": record.name,
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1]:
            said["exception"] = where(record.exc_info)
        return struck_out(json.dumps(said))


def _shortened(record: logging.LogRecord) -> bool:
    """Let a line pass without tokens, and its exception as type and place."""
    said = record.getMessage()
    if record.exc_info and record.exc_info[1]:
        said += "\n" + where(record.exc_info)
    record.msg, record.args, record.exc_info = struck_out(said), (), None
    return True


def where(exc_info: ExcInfo) -> str:
    """Tell an exception, and those it came from, by type and place; the sentence of one of ours only."""
    told: list[str] = []
    seen: set[int] = set()
    error: BaseException | None = exc_info[1]
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told.append(_told(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nwhich led to\n".join(reversed(told))


def struck_out(text: str) -> str:
    """Give the text without the tokens in it, and without the queries of addresses."""
    return _TOKEN.sub(STRUCK_OUT, _QUERY.sub(NO_QUERY, text))


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    sentence = f": {error}" if isinstance(error, BackboneError) else ""
    return "".join(traceback.format_tb(error.__traceback__)) + kind + sentence


def _without_tokens(_logger: object, _method: str, line: Any) -> str:
    return struck_out(line)
