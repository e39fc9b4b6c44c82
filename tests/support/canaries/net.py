"""The net: what is logged, sent and answered while a story goes on."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import requests
import structlog
from django.core.signals import request_started
from django.http import HttpResponse
from requests.adapters import HTTPAdapter

from backbone_app import metrics
from backbone_app.logs import JsonLines
from tests.support.canaries.birds import Bird, Kind
from tests.support.figures import undeclared

_TOKEN = re.compile(r"JWT (\S+)")


@dataclass(slots=True)
class Net:
    """What was caught: lines of the log, and requests that came and left."""

    lines: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    referrers: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    figures: str = ""
    undeclared: tuple[str, ...] = ()

    def keep(self, answer: HttpResponse) -> None:
        """Keep what somebody from outside was answered, headers included."""
        self.answers.append(f"{dict(answer.headers)} {answer.content.decode()}")

    def found(self, birds: Iterable[Bird]) -> list[str]:
        """Tell which birds sit in which part of the net."""
        wanted = [*birds, *(Bird(Kind.TOKEN, part) for token in self.tokens for part in _parts(token))]
        found = ["a referrer was sent"] if self.referrers else []
        found += [f"an undeclared value of a label in {name}" for name in self.undeclared]
        return found + [
            f"{bird.kind} in {place}"
            for place, caught, allowed in self._places()
            for bird in wanted
            if bird.kind not in allowed and bird.text in caught
        ]

    def _places(self) -> Iterator[tuple[str, str, set[Kind]]]:
        yield "the log", "\n".join(self.lines), set()
        yield "the figures", self.figures, set()
        yield "an answer to an outsider", "\n".join(self.answers), set()
        # Jira is asked about a person by the account id, and about a work item that people name by its key.
        yield "an address we called", "\n".join(self.addresses), {Kind.ACCOUNT, Kind.KEY}


class _Lines(logging.Handler):
    """Keeps what libraries log as our own handler would write it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


@contextmanager
def net_over() -> Iterator[Net]:
    """Catch every line of both kinds of logging, at every level, and every request that leaves."""
    net, before = Net(), undeclared()

    def look(environ: dict[str, Any], **_: object) -> None:
        net.tokens |= set(_TOKEN.findall(environ.get("HTTP_AUTHORIZATION", "")))
        net.tokens |= set(parse_qs(environ.get("QUERY_STRING", "")).get("jwt", []))

    request_started.connect(look)
    try:
        with _our_lines(net), _lines_of_libraries(net), _requests(net):
            yield net
    finally:
        request_started.disconnect(look)
        net.figures = metrics.exposition(()).decode()
        net.undeclared = tuple(name for name, count in undeclared().items() if count != before.get(name))


@contextmanager
def _our_lines(net: Net) -> Iterator[None]:
    def keep(_logger: object, _method: str, line: Any) -> Any:
        net.lines.append(str(line))
        return line

    chain = structlog.get_config()["processors"]
    chain.append(keep)
    try:
        yield
    finally:
        chain.remove(keep)


@contextmanager
def _lines_of_libraries(net: Net) -> Iterator[None]:
    handler, levels = _Lines(net.lines), {}
    for name in ("", "django", "django-q", "urllib3", "requests"):
        logger = logging.getLogger(name)
        levels[logger] = logger.level
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        for logger, level in levels.items():
            logger.setLevel(level)


@contextmanager
def _requests(net: Net) -> Iterator[None]:
    mounted = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        net.addresses.append(str(request.url))
        net.referrers += [str(request.headers[name]) for name in request.headers if name.lower() == "referer"]
        net.tokens |= set(_TOKEN.findall(str(request.headers.get("Authorization", ""))))
        return mounted(adapter, request, **options)

    HTTPAdapter.send = send  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        HTTPAdapter.send = mounted  # type: ignore[method-assign]


def _parts(token: str) -> Iterator[str]:
    """The parts of a token that give something away: what it says, and its signature."""
    yield from [part for part in token.split(".")[1:] if len(part) > 12]
