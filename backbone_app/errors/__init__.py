"""The errors this application raises on purpose.

Each class answers the question its catcher has to ask: *should this be tried
again?* Anything that does not descend from ``BackboneError`` is a bug and is
left to crash loudly. Sentences are written for the person who reads them on a
page; they never carry a secret or the text of a work item.
"""

from backbone_app.errors.base import BackboneError
from backbone_app.errors.calls import (
    Closed,
    InvalidInput,
    LinkToMend,
    MalformedDelivery,
    NoOAuthApp,
    NotAllowed,
    NotFound,
    NotJson,
    NotLicensed,
    Outdated,
    TooLarge,
    TooMany,
)
from backbone_app.errors.inside import EgressRefused, LeaseLost, SecretUnreadable
from backbone_app.errors.proofs import (
    AddressWaiting,
    Gone,
    LinkGone,
    LinkSpent,
    NotAuthenticated,
    SignInOver,
    WithoutSecret,
)
from backbone_app.errors.remote import (
    CertificateRefused,
    HeldOff,
    LinkBroken,
    OutcomeUnknown,
    RemoteBusy,
    RemoteError,
    RemoteMissing,
    RemoteMoved,
    RemoteRefused,
    RemoteUnreachable,
)

__all__ = [
    "AddressWaiting",
    "BackboneError",
    "CertificateRefused",
    "Closed",
    "EgressRefused",
    "Gone",
    "HeldOff",
    "InvalidInput",
    "LeaseLost",
    "LinkBroken",
    "LinkGone",
    "LinkSpent",
    "LinkToMend",
    "MalformedDelivery",
    "NoOAuthApp",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "NotJson",
    "NotLicensed",
    "OutcomeUnknown",
    "Outdated",
    "RemoteBusy",
    "RemoteError",
    "RemoteMissing",
    "RemoteMoved",
    "RemoteRefused",
    "RemoteUnreachable",
    "SecretUnreadable",
    "SignInOver",
    "TooLarge",
    "TooMany",
    "WithoutSecret",
]
