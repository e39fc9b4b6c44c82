"""What a refusal of Jira's means; every such judgement is made here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backbone_app.errors import RemoteMissing, RemoteRefused

SPACE_MISSING: Final = "space_missing"
"""The code of a space that is gone, or that we do not see any more."""


class Doing(StrEnum):
    """The call that was refused."""

    READ = "read"
    CREATE = "create"
    EDIT = "edit"
    TRANSITION = "transition"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a refusal means: ``code`` for the work item, ``fields`` by field id for those named.

    ``said`` is Jira's own sentence for the item, by field in ``told``; both may
    quote what a person typed.
    """

    code: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    said: str = field(default="", repr=False)
    told: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


def diagnose(refused: RemoteRefused, doing: Doing, sent: Collection[str] = ()) -> Diagnosis:
    """Read a refusal of Jira's; ``sent`` are the field ids that the call named.

    Fields are blamed only where the call sent them: a demand for any other one
    cannot be met by leaving something out.
    """
    said = " ".join((*refused.messages, *refused.fields.values()))
    blamed = {name: text for name, text in refused.fields.items() if name in sent}
    code = _by_status(refused, doing) or _by_call(refused, doing)
    if refused.status != 400 or not blamed:
        return Diagnosis(code, said=said)
    return Diagnosis(code, {name: _worded(text) for name, text in blamed.items()}, said, blamed)


def _by_status(refused: RemoteRefused, doing: Doing) -> str:
    """Name what a status means whatever was called; empty where the call decides."""
    if refused.status == 401:
        return "app_not_authorized"
    if 300 <= refused.status < 400:
        return "site_moved"
    if refused.status == 409:
        return "edit_conflict"
    if isinstance(refused, RemoteMissing):
        return SPACE_MISSING if doing is Doing.CREATE else "remote_missing"
    if any("archived" in message.lower() for message in refused.messages):
        return "item_archived"
    no_scope = any("scope" in message.lower() for message in refused.messages)
    return "app_forbidden" if refused.status == 403 and (no_scope or doing is Doing.READ) else ""


def _by_call(refused: RemoteRefused, doing: Doing) -> str:
    forbidden = refused.status == 403 or any("permission" in text.lower() for text in refused.messages)
    match doing:
        case Doing.CREATE:
            return _creation(refused, forbidden=forbidden)
        case Doing.EDIT:
            return "edit_not_allowed" if forbidden else _demanded(refused)
        case Doing.TRANSITION:
            return "transition_not_allowed" if forbidden else "transition_refused"
        case Doing.COMMENT:
            return "comment_not_allowed" if forbidden else "comment_refused"
        case _:
            return "remote_refused"


def _creation(refused: RemoteRefused, *, forbidden: bool) -> str:
    about_space = refused.fields.get("project", "").lower()
    if "valid" in about_space or "required" in about_space:
        return SPACE_MISSING
    if forbidden or about_space:
        return "creation_not_allowed"
    return "work_type_missing" if "issuetype" in refused.fields else _demanded(refused)


def _demanded(refused: RemoteRefused) -> str:
    return "required_field_missing" if refused.status == 400 and refused.fields else "remote_refused"


_WORDS: Final = (
    ("cannot be set", "field_not_on_screen"),
    ("screen", "field_not_on_screen"),
    ("too long", "value_too_long"),
    ("less than", "value_too_long"),
    ("exceed", "value_too_long"),
    ("required", "value_required"),
    ("must specify", "value_required"),
    ("not valid", "value_not_known"),
    ("invalid", "value_not_known"),
    ("does not exist", "value_not_known"),
)


def _worded(text: str) -> str:
    """Tell the kind of refusal from Jira's words, which are English where the site's language is."""
    return next((code for word, code in _WORDS if word in text.lower()), "field_refused")
