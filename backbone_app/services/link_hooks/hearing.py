"""Who delivers to the address of a link's webhook, and how much of what it says is believed.

From Jira 10 on a delivery is signed over its whole body, with the secret that the webhook was given: it is
taken as one of the app's own. Up to 9 nothing but the address is known to the sender alone, and an address
gets into logs: a delivery is a hint to read, and no word of it is believed. That of a Cloud site bears a
token which Atlassian has signed with our OAuth app's secret, or is signed as from 10 on where people made the
webhook.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from backbone_app.core.hooks import HookForm
from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt, hints
from backbone_app.ledger import hooks
from backbone_app.models import LinkHook

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_SIGNATURE: Final = re.compile(r"sha256=([0-9a-f]{64})")
"""As WebSub writes it, in one spelling; of a header that came twice both are there, with a comma."""
_NOBODYS: Final = "no secret of anybody's"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a delivery says of who sends it, each empty where it does not: a signature, an authorization."""

    signature: str = field(repr=False)
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proven:
    """A delivery whose sender is known: the linked site."""

    hook: LinkHook

    @property
    def site_id(self) -> UUID:
        """Our id of the linked site."""
        found: UUID = self.hook.link_id
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a delivery to be taken in."""

    body: bytes = field(repr=False)
    identifier: str | None


def prove(token: str, given: Proof, body: bytes, *, now: datetime) -> Proven:
    """Find out whose delivery this is; raises NotAuthenticated.

    A body is compared with a signature whatever is known: how long it takes tells nobody which tokens
    there are.
    """
    row = hooks.by_token(token) if _TOKEN.fullmatch(token) else None
    signature = _SIGNATURE.fullmatch(given.signature)
    is_signed = _is_right(hooks.secret(row) if row else _NOBODYS, body, signature[1] if signature else "")
    if row is None:
        raise NotAuthenticated("hook")
    if row.form == HookForm.DYNAMIC and not is_signed:
        _must_be_atlassians(given.authorization, now=now)
    elif row.form != HookForm.FILTERS and not is_signed:
        raise NotAuthenticated("signature")
    return Proven(row)


def told(proven: Proven, body: bytes, *, identifier: str | None, now: datetime) -> Told:
    """Say what to take in: a signed body as it is, of any other one what it is a hint to.

    Raises MalformedDelivery for a hint that Jira would never send.
    """
    kept = Told(body, identifier)
    if proven.hook.form == HookForm.FILTERS:
        hint = hints.hint(body, identifier=identifier)
        kept = Told(hint.body, hint.key)
    hooks.heard(proven.hook, now=now)
    return kept


def _must_be_atlassians(authorization: str, *, now: datetime) -> None:
    scheme, _, bearer = authorization.partition(" ")
    if scheme != "Bearer":
        raise NotAuthenticated("signature")
    connect_jwt.verify_bearer(bearer, secret=settings.BACKBONE_OAUTH_CLIENT_SECRET, now=now)


def _is_right(secret: str, body: bytes, given: str) -> bool:
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right, given)
