"""Who calls, and what each view's own statement says of them."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from backbone_app.models import Failure, Pair, SynchronizationSide
from backbone_app.models.site import SiteStatus
from backbone_app.web.auth import Credential, Who
from jira_sandbox.connect import tokens
from jira_sandbox.state.values import User
from tests.support.app import Headers, Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import install_body, request_hash
from tests.support.matrix.examples import Example, Route
from tests.support.matrix.scene import SITES, Scene

ALLOWED = frozenset({200, 201, 204})
"""What whoever gets in may be answered."""


class Role(StrEnum):
    """Everybody there is; whose value is a name and a site is that person."""

    ANONYMOUS = "nobody"
    ATLASSIAN = "Atlassian"
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
        return self not in {Role.ANONYMOUS, Role.ATLASSIAN, Role.SITE}


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
    def target(self) -> str:
        """Path and query, without a token."""
        path = "/" + re.sub(r"<\w+:(\w+)>", lambda found: self.ids[found[1]], self.route.pattern)
        query = urlencode(self._entered()) if self.route.method == "GET" and self._entered() else ""
        return f"{path}?{query}" if query else path

    def call(self) -> tuple[int, str]:
        """Call as completely as this role can; gives the status and all that was answered."""
        headers, body = self._token() | {"Accept": "text/html"}, b""
        if self.route.method == "POST":
            body = self._body()
            if self.route.stated.credential is Credential.OWN_PAGE and not self.route.pattern.startswith(
                "api/"
            ):
                headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = call_app(self.route.method, self.target, headers=headers, body=body)
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
        if stated.who is Who.HOLDER:
            return 410  # nobody was given the ticket of the scene
        if not self._can_prove():
            return 401
        if self.jira.row.status == SiteStatus.UNINSTALLED and stated.credential is not Credential.LIFECYCLE:
            return 401
        if self.jira.row.status == SiteStatus.DISABLED and not stated.even_disabled:
            return 403
        return self._right()

    def _can_prove(self) -> bool:
        """Whether the role has the stated credential at all."""
        match self.route.stated.credential:
            case Credential.LIFECYCLE:
                return self.role is Role.ATLASSIAN
            case Credential.SIGNED_REQUEST if self.route.stated.who is Who.SITE:
                return self.role is Role.SITE
            case Credential.SIGNED_REQUEST:
                return self.role is Role.SITE or self.role.is_person
            case _:
                return self.role.is_person

    def _right(self) -> int | None:
        site, ids = self.jira.site, self.ids
        match self.route.stated.who:
            case Who.READER:
                issue, user = site.issues.get(ids["item"]), self._user()
                seen = issue is not None and site.may(user, "BROWSE_PROJECTS", space=site.space_of(issue))
                return None if seen else 404
            case Who.SPACE_ADMIN:
                space = site.spaces[ids["space"]]
                if not site.may(self._user(), "ADMINISTER_PROJECTS", space=space):
                    return 403
                return None if self._takes_part() else 404
            case Who.JIRA_ADMIN:
                return None if site.may(self._user(), "ADMINISTER") else 403
            case _:
                return None

    def _takes_part(self) -> bool:
        """Whether what the address names belongs to the space of the caller's site."""
        named = re.findall(r"<\w+:(\w+)>", self.route.pattern)
        whole = next((self.ids[name] for name in ("sync_id", "request_id") if name in named), None)
        if whole is None:
            return True
        halves = SynchronizationSide.objects.filter(site=self.jira.row, space=self.ids["space"])
        beneath = {"pair_id": Pair.objects.all(), "failure": Failure.objects.all()}
        return halves.filter(synchronization_id=UUID(whole)).exists() and all(
            beneath[name].filter(pk=self.ids[name], synchronization_id=UUID(whole)).exists()
            for name in named
            if name in beneath
        )

    def _user(self) -> User:
        return self.jira.site.user(self.role.value.split()[0])

    def _token(self) -> Headers:
        """The best proof this role can come by for this address."""
        if self.role is Role.ANONYMOUS:
            return {}
        if self.role is Role.ATLASSIAN:
            claims = self.jira.claims(aud=[APP], qsh=request_hash(self.route.method, self.target))
            return {"Authorization": f"JWT {tokens.sign_rs256(claims, kid=self.scene.world.kid)}"}
        if self.role is Role.SITE:
            return {"Authorization": f"JWT {self.jira.request_token(self.route.method, self.target)}"}
        person = self.role.value.split()[0]
        opens = self.route.stated.credential is Credential.SIGNED_REQUEST and self.route.method == "GET"
        token = (
            self.jira.request_token("GET", self.target, person=person)
            if opens
            else self.jira.page_token(person)
        )
        return {"Authorization": f"JWT {token}"}

    def _entered(self) -> dict[str, object]:
        return {
            name: each.format_map(self.ids) if isinstance(each, str) else each
            for name, each in self.example.entered.items()
        }

    def _body(self) -> bytes:
        if self.route.stated.credential is Credential.LIFECYCLE or self.route.stated.even_disabled:
            return json.dumps(install_body(self.scene.sites["acme"])).encode()
        if self.route.pattern.startswith("api/") or self.route.stated.who is Who.SITE:
            return json.dumps(self._entered()).encode() if self._entered() else b""
        return urlencode(self._entered()).encode()
