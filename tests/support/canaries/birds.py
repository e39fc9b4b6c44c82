"""What is looked for: every secret, person and text of the sandbox's world."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django_q.conf import Conf

from jira_sandbox.state.site import Site
from jira_sandbox.world import World

SHORTEST = 8
"""A shorter text may be an innocent word of ours: those are left to the story that plants its own."""
SHORTEST_KEY = 6
"""A shorter one may stand in any token by chance."""


class Kind(StrEnum):
    """What a string is, which decides where it may stand."""

    SECRET = "a secret"
    TOKEN = "a token"
    EMAIL = "an e-mail address"
    NAME = "a person's name"
    ACCOUNT = "an account id"
    TEXT = "a text of a work item"
    KEY = "a work item's key"
    WORD = "a name of a status, a priority or another option"
    SPACE = "a space's name"
    SAID = "what a person wrote about a synchronization"


@dataclass(frozen=True, slots=True)
class Bird:
    """One string and what it is."""

    kind: Kind
    text: str


def birds_of(world: World, *, ours: Mapping[Kind, tuple[str, ...]] | None = None) -> tuple[Bird, ...]:
    """Everything that the world knows now and that must not get out, and what the story itself planted."""
    birds = {Bird(Kind.SECRET, text) for text in _own_secrets()}
    for site in world.sites.values():
        birds |= set(_of_site(site))
    birds |= {Bird(kind, text) for kind, texts in (ours or {}).items() for text in texts}
    return tuple(sorted(birds, key=lambda bird: (bird.kind, bird.text)))


def _own_secrets() -> Iterator[str]:
    for key in settings.BACKBONE_ENCRYPTION_KEYS.values():
        yield base64.b64encode(key).decode()
        yield key.hex()
        yield repr(key)
    yield settings.SECRET_KEY
    yield Conf.SECRET_KEY


def _of_site(site: Site) -> Iterator[Bird]:
    if site.installation is not None:
        yield Bird(Kind.SECRET, site.installation.shared_secret)
    for user in site.users.values():
        yield Bird(Kind.ACCOUNT, user.account_id)
        if user.account_type == "atlassian" and user.account_id not in site.closed_accounts:
            yield Bird(Kind.EMAIL, user.email)
            yield Bird(Kind.NAME, user.display_name)
    for issue in site.issues.values():
        yield from (Bird(Kind.KEY, key) for key in [issue.key] if len(key) >= SHORTEST_KEY)
        texts = [*_texts(issue.fields.get("summary")), *_texts(issue.fields.get("description"))]
        texts += [text for comment in issue.comments for text in _texts(comment.body)]
        texts += [
            text
            for entry in issue.changelog
            for step in entry.items
            if step.field_id in {"summary", "description"}
            for text in (step.before_text, step.after_text)
            if text
        ]
        yield from (Bird(Kind.TEXT, text) for text in texts if len(text) >= SHORTEST)


def _texts(value: Any) -> Iterator[str]:
    """The plain texts of a field or of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value.get("text"))
        yield from _texts(value.get("content"))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
