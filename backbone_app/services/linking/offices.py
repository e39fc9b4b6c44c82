"""Who gives us tokens: a Data Center's own provider, or Atlassian for Cloud sites; each asked in its way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from backbone_app.core import linking
from backbone_app.errors import (
    BackboneError,
    CertificateRefused,
    EgressRefused,
    LinkGone,
    OutcomeUnknown,
    RemoteError,
)
from backbone_app.gateway import linked, tokens
from backbone_app.gateway.doors import door
from backbone_app.jira import probing, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.dialects import CLOUD, DATA_CENTER, Dialect
from backbone_app.jira.egress import Door
from backbone_app.jira.oauth import Refused, Tokens, cloud, data_center
from backbone_app.jira.oauth.cloud import Resource
from backbone_app.models import ApplicationLink, Link, LinkAttempt
from backbone_app.models.site import Product

_log = structlog.get_logger()


class NotAsIntended(BackboneError):
    """The sign-in came to its end, and cannot be used; ``trouble`` says why."""

    code = "sign_in"

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Signer:
    """As whom we may act, and on which site where Atlassian has an id for it."""

    account: str
    cloud_id: str


class Office(Protocol):
    """What an attempt to be let in asks for tokens; ``issuer`` is what that calls itself (RFC 9207)."""

    @property
    def product(self) -> Product:
        """Which Jira it lets into."""

    @property
    def issuer(self) -> str:
        """What it calls itself."""

    def sign_in_at(self, state: str, verifier: str) -> str:
        """Give the address at which somebody signs in."""

    def exchanged(self, code: str, verifier: str) -> Tokens:
        """Give the code for tokens; raises NotAsIntended."""

    def signer(self, given: Tokens) -> Signer:
        """Ask the site that was asked for who let us in there; raises NotAsIntended."""

    def forget(self, given: Tokens) -> None:
        """Give back what cannot be used; where that does not work, it ends by itself."""


def of(row: LinkAttempt) -> Office:
    """Give the office that lets in where an attempt wants to; the row has its application link."""
    return AtCloud(row) if row.application is None else AtDataCenter(row.address, row.application)


@dataclass(frozen=True, slots=True)
class AtDataCenter:
    """The provider of the Data Center at ``address``, which knows us by its incoming link."""

    address: str
    application: ApplicationLink
    product: Product = Product.DATA_CENTER

    @property
    def issuer(self) -> str:
        """What it calls itself: its own address."""
        return self.address

    def sign_in_at(self, state: str, verifier: str) -> str:
        """Give the address at which somebody signs in."""
        known_as = tokens.of_data_center(self.application)
        return data_center.authorize_url(
            self.address, known_as, scope=linking.DATA_CENTER_SCOPE, state=state, verifier=verifier
        )

    def exchanged(self, code: str, verifier: str) -> Tokens:
        """Give the code for tokens; raises NotAsIntended."""
        known_as = tokens.of_data_center(self.application)
        way_out = linked.door_to_any_host()
        with _asking(refused="refused"):
            return data_center.exchange(way_out, self.address, known_as, code=code, verifier=verifier)

    def signer(self, given: Tokens) -> Signer:
        """Ask that Jira whose account it is, and how new it is; raises NotAsIntended."""
        host = urlsplit(self.address).hostname or self.address
        way_out, bearing = linked.door_to_any_host(), f"Bearer {given.access}"
        with _asking(refused="away"):
            found = probing.instance(way_out, self.address, host=host, authorization=bearing)
            if found is not None and linking.is_too_old(found.numbers):
                raise NotAsIntended("too_old")
            return Signer(read.account(_bearer(self.address, given, way_out, DATA_CENTER)), cloud_id="")

    def forget(self, given: Tokens) -> None:
        """Have that Jira forget the tokens."""
        known_as = tokens.of_data_center(self.application)
        try:
            data_center.revoke(linked.door_to_any_host(), self.address, known_as, token=given.refresh)
        except BackboneError as trouble:
            _log.info("tokens_not_revoked", code=trouble.code)


@dataclass(frozen=True, slots=True)
class AtCloud:
    """Atlassian, which knows us as the operator's OAuth app, and lets us into the site that people choose."""

    row: LinkAttempt
    product: Product = Product.CLOUD

    @property
    def issuer(self) -> str:
        """What it calls itself: the address of its accounts."""
        address: str = settings.BACKBONE_AUTH_URL
        return address

    def sign_in_at(self, state: str, verifier: str) -> str:  # noqa: ARG002 - there is no PKCE
        """Give the address at which somebody signs in; raises LinkGone without the operator's OAuth app."""
        known_as = tokens.operators()
        if not known_as.client_id:
            raise LinkGone
        return cloud.authorize_url(self.issuer, known_as, scopes=cloud.SCOPES, state=state)

    def exchanged(self, code: str, verifier: str) -> Tokens:  # noqa: ARG002 - there is no PKCE
        """Give the code for tokens; raises NotAsIntended."""
        with _asking(refused="not_given"):
            return cloud.exchange(door(), self.issuer, tokens.operators(), code=code)

    def signer(self, given: Tokens) -> Signer:
        """Make sure that the site asked for was allowed, and ask whose account it is; raises NotAsIntended.

        What else the tokens are good for is no matter: nothing else is ever called with them.
        """
        api: str = settings.BACKBONE_API_URL
        with _asking(refused="away"):
            site = self._asked_for(cloud.resources(_bearer(api, given, door(), CLOUD)))
            there = cloud.base_url(api, site.cloud_id)
            return Signer(read.account(_bearer(there, given, door(), CLOUD)), site.cloud_id)

    def forget(self, given: Tokens) -> None:
        """Leave the tokens to their end: Atlassian has no address at which they are given back."""

    def _asked_for(self, found: tuple[Resource, ...]) -> Resource:
        """Choose the site by its id where we have been there, since it may have another address by now."""
        before = Link.objects.filter(owner=self.row.site_id, address=self.row.address)
        known = before.values_list("site__cloud_id", flat=True).first()
        is_asked = [each for each in found if known and each.cloud_id == known]
        is_asked += [each for each in found if each.url.casefold() == self.row.address.casefold()]
        if not is_asked:
            raise NotAsIntended("other_site")
        if not is_asked[0].scopes >= cloud.ACTING:
            raise NotAsIntended("not_all")
        return is_asked[0]


def _bearer(base_url: str, given: Tokens, way_out: Door, dialect: Dialect) -> JiraClient:
    """Make a client that bears tokens which no row holds yet."""
    bearing = f"Bearer {given.access}"
    return JiraClient(
        base_url=base_url,
        authorize=lambda _method, _path, _query: bearing,
        door=way_out,
        account="",
        dialect=dialect,
    )


@contextmanager
def _asking(*, refused: str) -> Iterator[None]:
    """Say what came of asking as the trouble of the attempt; ``refused``: of tokens that are not given."""
    try:
        yield
    except Refused as no:
        raise NotAsIntended(refused) from no
    except CertificateRefused as untrusted:
        raise NotAsIntended("certificate") from untrusted
    except (RemoteError, OutcomeUnknown, EgressRefused) as away:  # its name may lead elsewhere by now
        raise NotAsIntended("away") from away
