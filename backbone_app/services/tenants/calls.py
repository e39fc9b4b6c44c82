"""Who calls, once it is proven, and what the lifecycle callbacks bring."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from backbone_app.gateway.credentials import Standing


@dataclass(frozen=True, slots=True)
class InstallPayload:
    """What ``installed`` tells us, as far as we keep it; the address is not checked yet.

    ``shared_secret`` is empty where Jira gave none. ``cloud_id``, ``installation`` and ``display_url``
    are empty where Jira did not tell them, or not in the form they have.
    """

    client_key: str
    base_url: str
    shared_secret: str = field(repr=False)
    cloud_id: str = ""
    installation: str = ""
    display_url: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, proven: a site of ours and, where a person is involved, Jira's account id.

    ``base_url`` is where that site's own pages live, ``display_url`` where its people see them if it is
    another address: only these two may frame ours. ``page`` names for the audit log where the call comes
    from, ``licence`` is what Jira said of ours there last.
    """

    site_id: uuid.UUID
    account: str | None
    base_url: str
    page: str = ""
    display_url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class LifecycleCall:
    """What Atlassian signed: which site it is about, and when by Atlassian's clock (whole seconds)."""

    client_key: str
    signed_at: datetime
    token: str = field(repr=False)

    def digest(self, body: bytes) -> str:
        """Tell this very call, ``body`` included, from any other: Jira's own retry has the same digest."""
        return hashlib.sha256(self.token.encode() + b"\n" + body).hexdigest()


@dataclass(frozen=True, slots=True)
class Notifier:
    """The site that signed an ``enabled`` or ``disabled`` notice, by our name for it and by Jira's.

    ``signed_at`` is by Jira's clock, in whole seconds; ``standing`` is that of the secret it was signed
    with, as ``token`` and the request's ``qsh`` showed.
    """

    site_id: uuid.UUID
    client_key: str
    signed_at: datetime
    standing: Standing = Standing.IN_FORCE
    token: str = field(default="", repr=False)
    qsh: str = ""
