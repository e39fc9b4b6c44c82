"""Reading the values of the fields that are not rich text; each refuses what Jira refuses."""

from datetime import date

from jira_sandbox.fields.kinds import wrong
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json

SUMMARY_LENGTH = 255


def summary(_site: Site, raw: Json) -> str:
    """Read one line of 1 to 255 characters."""
    if raw is not None and not isinstance(raw, str):
        raise wrong("summary", "Operation value must be a string")
    text = (raw or "").strip()
    if not text:
        raise wrong("summary", "You must specify a summary of the issue.")
    if "\n" in text or "\r" in text:
        raise wrong("summary", "The summary is invalid because it contains newline characters.")
    if len(text) > SUMMARY_LENGTH:
        raise wrong("summary", f"Summary can't exceed {SUMMARY_LENGTH} characters.")
    return text


def labels(_site: Site, raw: Json) -> list[str]:
    """Read words, each once."""
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(label, str) for label in raw):
        raise wrong("labels", "data was not an array")
    for label in raw:
        if any(sign.isspace() for sign in label):
            raise wrong("labels", f"The label '{label}' contains spaces which is invalid.")
        if len(label) > SUMMARY_LENGTH:
            raise wrong("labels", f"The label '{label}' exceeds the maximum length for labels (255).")
    return list(dict.fromkeys(filter(None, raw)))


def priority(site: Site, raw: Json) -> str | None:
    """Read a priority's id from ``{"id"}`` or ``{"name"}``."""
    return _choice("priority", {each.id: each.name for each in site.priorities}, raw)


def resolution(site: Site, raw: Json) -> str | None:
    """Read a resolution's id from ``{"id"}`` or ``{"name"}``."""
    return _choice("resolution", site.resolutions, raw)


def due_date(_site: Site, raw: Json) -> str | None:
    """Read a date, ``YYYY-MM-DD``; an empty text clears it."""
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise wrong("duedate", "Operation value must be a string")
    try:
        return date.fromisoformat(raw).isoformat() if len(raw) == len("2026-11-22") else _no_date(raw)
    except ValueError:
        return _no_date(raw)


def _no_date(raw: str) -> str:
    raise wrong("duedate", f"Error parsing date string: {raw}")


def _choice(field_id: str, known: dict[str, str], raw: Json) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not {"id", "name"} & raw.keys():
        raise wrong(field_id, f"Could not find valid 'id' or 'name' in {field_id} object.")
    for number, name in known.items():
        if raw["id"] == number if "id" in raw else raw["name"] == name:
            return number
    raise wrong(field_id, f"The {field_id} selected is invalid.")
