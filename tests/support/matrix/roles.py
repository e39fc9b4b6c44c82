"""Who calls, and what each view's own statement says of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backbone_app.models import (
    ApplicationLink,
    Failure,
    Link,
    LinkAttempt,
    NoticeAddress,
    Pair,
    SynchronizationSide,
)
from backbone_app.models.site import SiteStatus
from backbone_app.web.auth import Credential, Who
from jira_sandbox.connect import tokens
from tests.support.app import Headers, Jira, call_app
from tests.support.environment import APP
from tests.support.forge import event_body, fit
from tests.support.hostile import install_body, request_hash
from tests.support.matrix.examples import Call, Example, Route
from tests.support.matrix.scene import SITES, Scene

ALLOWED = frozenset({200, 201, 204})
"""What whoever gets in may be answered."""


class Role(StrEnum):
    """Everybody there is; whose value is a name and a site is that person."""

    ANONYMOUS = "nobody"
    ATLASSIAN = "Atlassian"
    FORGE = "Forge"
    SITE = "the site itself"
    USER = "carol acme"
    OTHER_SPACE_ADMIN = "bob acme"
    SPACE_ADMIN = "alice acme"
    JIRA_ADMIN = "frank acme"
    SYSTEM_ADMIN = "dana acme"
    PARTNER_ADMIN = "alice initech"
    STRANGER = "alice globex"

    @property
    def is_person(self) -> bool:
        """Whether somebody sits in front of our pages."""
        return self not in {Role.ANONYMOUS, Role.ATLASSIAN, Role.FORGE, Role.SITE}


@dataclass(frozen=True, slots=True)
class Cell:
    """One route called by one role."""

    scene: Scene
    route: Route
    example: Example
    role: Role

    def __str__(self) -> str:
        return f"{self.role} → {self.route}"

    @property
    def ids(self) -> dict[str, str]:
        """What the address and the entries are filled with."""
        elsewhere = SITES["initech" if self.jira.site.name != "initech" else "acme"]
        return self.scene.ids[self.example.scene] | {"elsewhere": elsewhere}

    @property
    def jira(self) -> Jira:
        """The caller's own site; acme for who is no person."""
        return self.scene.sites[self.role.value.split()[1] if self.role.is_person else "acme"]

    @property
    def made(self) -> Call:
        """The call as it is sent, but for the token."""
        return Call(self.route, self.example, self.ids)

    def call(self) -> tuple[int, str]:
        """Call as completely as this role can; gives the status and all that was answered."""
        call = self.made
        sent = call.headers | self._token(call.target)
        answer = call_app(self.route.method, call.target, headers=sent, body=self._notice() or call.body)
        return answer.status_code, f"{answer.headers}{answer.content.decode()}"

    def expected(self) -> frozenset[int]:
        """What the statement says becomes of the call."""
        refused = self._refusal()
        return ALLOWED if refused is None else frozenset({refused})

    def _refusal(self) -> int | None:
        """The status this role is refused with; None: it gets in."""
        stated = self.route.stated
        if stated.who is Who.ANYBODY:
            return None
        if stated.who in {Who.HOLDER, Who.SIGNING_IN}:
            # Nobody was given the ticket of the scene, nobody was sent away with the state.
            return 400 if self.route.pattern.startswith("oauth/") else 410
        if not self._can_prove():
            return 401
        signed_elsewhere = {Credential.LIFECYCLE, Credential.FORGE}
        if self.jira.row.status == SiteStatus.UNINSTALLED and stated.credential not in signed_elsewhere:
            return 401
        if self.jira.row.status == SiteStatus.DISABLED and not stated.even_disabled:
            return 403
        return refused_by_right(self.route, self.jira, self.role.value.split()[0], self.ids)

    def _can_prove(self) -> bool:
        """Whether the role has the stated credential at all."""
        match self.route.stated.credential:
            case Credential.LIFECYCLE:
                return self.role is Role.ATLASSIAN
            case Credential.FORGE:
                return self.role is Role.FORGE
            case Credential.LINK_HOOK:
                return False  # nobody was given the token of the scene
            case Credential.SIGNED_REQUEST if self.route.stated.who is Who.SITE:
                return self.role is Role.SITE
            case Credential.SIGNED_REQUEST:
                return self.role is Role.SITE or self.role.is_person
            case _:
                return self.role.is_person

    def _token(self, target: str) -> Headers:
        """The best proof this role can come by for this address."""
        if self.role is Role.ANONYMOUS:
            return {}
        if self.role is Role.ATLASSIAN:
            claims = self.jira.claims(aud=[APP], qsh=request_hash(self.route.method, target))
            return {"Authorization": f"JWT {tokens.sign_rs256(claims, kid=self.scene.world.kid)}"}
        if self.role is Role.FORGE:
            return {"Authorization": f"Bearer {fit(self.jira)}"}
        if self.role is Role.SITE:
            return {"Authorization": f"JWT {self.jira.request_token(self.route.method, target)}"}
        person = self.role.value.split()[0]
        opens = self.route.stated.credential is Credential.SIGNED_REQUEST and self.route.method == "GET"
        token = (
            self.jira.request_token("GET", target, person=person) if opens else self.jira.page_token(person)
        )
        return {"Authorization": f"JWT {token}"}

    def _notice(self) -> bytes:
        """What Jira or Forge says of an installation; nothing elsewhere."""
        if self.route.stated.credential is Credential.FORGE:
            return json.dumps(event_body(self.jira)).encode()
        is_notice = self.route.stated.even_disabled
        return json.dumps(install_body(self.scene.sites["acme"])).encode() if is_notice else b""


def refused_by_right(route: Route, jira: Jira, person: str, ids: Mapping[str, str]) -> int | None:
    """The status that somebody with a good token of ``jira`` is refused with; None: it is theirs to call."""
    site = jira.site
    match route.stated.who:
        case Who.READER:
            issue = site.issues.get(ids["item"])
            may_see = issue and site.may(site.user(person), "BROWSE_PROJECTS", space=site.space_of(issue))
            return None if may_see else 404
        case Who.SPACE_ADMIN:
            if not site.may(site.user(person), "ADMINISTER_PROJECTS", space=site.spaces[ids["space"]]):
                return 403
            return None if _takes_part(route, jira, ids) else 404
        case Who.JIRA_ADMIN:
            return None if site.may(site.user(person), "ADMINISTER") else 403
        case _:
            return None


def _has_links(jira: Jira, ids: Mapping[str, str]) -> bool:
    """Whether what is named of links, and tries to make them, is the site's and the space's own."""
    owned = {
        "application": ApplicationLink.objects.filter(site=jira.row),
        "attempt": LinkAttempt.objects.filter(site=jira.row, space=ids["space"]),
        "link": Link.objects.filter(owner=jira.row),
    }
    return all(rows.filter(pk=UUID(ids[name])).exists() for name, rows in owned.items() if name in ids)


def _takes_part(route: Route, jira: Jira, ids: Mapping[str, str]) -> bool:
    """Whether what the address names belongs to the space of the caller's site."""
    is_over_a_link = re.search("/new/(data-center|cloud/(overview|create))", route.pattern)
    if is_over_a_link or {"application", "attempt", "link"} & {*route.names}:
        return _has_links(jira, ids)
    if "address" in route.names:
        here = NoticeAddress.objects.filter(site=jira.row, space=ids["space"])
        return here.filter(pk=ids["address"]).exists()
    whole = next((ids[name] for name in ("sync_id", "request_id") if name in route.names), None)
    if whole is None:
        return True
    halves = SynchronizationSide.objects.filter(site=jira.row, space=ids["space"])
    beneath = {"pair_id": Pair.objects.all(), "failure": Failure.objects.all()}
    return halves.filter(synchronization_id=UUID(whole)).exists() and all(
        beneath[name].filter(pk=ids[name], synchronization_id=UUID(whole)).exists()
        for name in route.names
        if name in beneath
    )
