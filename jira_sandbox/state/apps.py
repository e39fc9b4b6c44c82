"""What a site knows of an app besides its key and secret: what it registered itself, its licence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook of the app's descriptor; ``url`` is relative to the app's base URL."""

    event: str
    url: str
    filter: str = ""
    exclude_body: bool = False
    property_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicWebhook:
    """A webhook the app registered over REST; it ends at ``expires``. ``url`` is a whole address.

    ``field_ids`` and ``property_keys``, when there are any, leave out the events about others.
    """

    id: int
    url: str
    events: tuple[str, ...]
    filter: str
    expires: datetime
    field_ids: tuple[str, ...] = ()
    property_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A licence of a paid app; an ``evaluation`` is a licence too, an expired one is not ``active``."""

    active: bool
    type: Literal["COMMERCIAL", "COMMUNITY", "ACADEMIC", "DEVELOPER"] = "COMMERCIAL"
    evaluation: bool = False
    entitlement_number: str = ""
    entitlement_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impersonation:
    """Leave to act as the person of that account id, within these scopes, until ``expires``."""

    account_id: str
    scopes: frozenset[str]
    expires: datetime
