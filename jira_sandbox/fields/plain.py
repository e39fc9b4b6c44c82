"""Texts, words, numbers and addresses; each reader refuses what Jira refuses."""

import math
from collections.abc import Callable
from urllib.parse import urlsplit

from jira_sandbox.fields.kinds import NO_ARRAY, NO_TEXT, Place, Told, wrong
from jira_sandbox.state.values import Json

SUMMARY_LENGTH = 255
NO_NUMBER = "Operation value must be a number"
_SCHEMES = frozenset({"http", "https", "ftp", "mailto", "file"})


def as_stored(_place: Place, value: Json) -> Json:
    """Show what is stored in its JSON form already."""
    return value


def told_as_text(_place: Place, value: str | None) -> Told:
    """Tell a text in history, which has no id."""
    return None, value


def summary(_place: Place, raw: Json) -> str:
    """Read one line of 1 to 255 characters."""
    if raw is not None and not isinstance(raw, str):
        raise wrong("summary", NO_TEXT)
    text = (raw or "").strip()
    if not text:
        raise wrong("summary", "You must specify a summary of the issue.")
    if "\n" in text or "\r" in text:
        raise wrong("summary", "The summary is invalid because it contains newline characters.")
    if len(text) > SUMMARY_LENGTH:
        raise wrong("summary", f"Summary can't exceed {SUMMARY_LENGTH} characters.")
    return text


def labels(field_id: str) -> Callable[[Place, Json], list[str]]:
    """Read words, each once, in the order they came."""

    def read(_place: Place, raw: Json) -> list[str]:
        if raw is None:
            return []
        if not isinstance(raw, list) or not all(isinstance(label, str) for label in raw):
            raise wrong(field_id, NO_ARRAY)
        for label in raw:
            if any(sign.isspace() for sign in label):
                raise wrong(field_id, f"The label '{label}' contains spaces which is invalid.")
            if len(label) > SUMMARY_LENGTH:
                raise wrong(field_id, f"The label '{label}' exceeds the maximum length for labels (255).")
        return list(dict.fromkeys(filter(None, raw)))

    return read


def told_as_words(_place: Place, value: list[str] | None) -> Told:
    """Tell labels in history: all of them, with an empty id."""
    return "", " ".join(value or [])


def line(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a text of at most 255 characters; an empty one is none."""

    def read(_place: Place, raw: Json) -> str | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise wrong(field_id, NO_TEXT)
        if len(raw) > SUMMARY_LENGTH:
            raise wrong(
                field_id,
                f"The entered text is too long. It exceeds the allowed limit of {SUMMARY_LENGTH} characters.",
            )
        return raw

    return read


def address(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a URL."""

    def read(place: Place, raw: Json) -> str | None:
        text = line(field_id)(place, raw)
        if text is None:
            return None
        if not _is_address(text):
            raise wrong(field_id, "Not a valid URL")
        return text

    return read


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc or parts.path)


def number(field_id: str) -> Callable[[Place, Json], float | None]:
    """Read a number; Jira keeps them all as floating."""

    def read(_place: Place, raw: Json) -> float | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise wrong(field_id, NO_NUMBER)
        try:
            found = float(raw)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            raise wrong(field_id, NO_NUMBER)
        return found

    return read


def told_as_number(_place: Place, value: float | None) -> Told:
    """Tell a number in history, a whole one without its fraction."""
    return None, None if value is None else f"{value:g}" if value.is_integer() else repr(value)
