"""How each address is called so that whoever may call it gets in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import URLPattern, get_resolver

from backbone_app.web.auth import Credential, Statement
from tests.support.app import Headers, call_app
from tests.support.licences import signed

_SPACE = "spaces/<str:space>"
_FAR_AWAY = f"{_SPACE}/new/data-center"
_SYNC = f"{_SPACE}/synchronizations/<uuid:sync_id>"
_REQUEST = f"{_SPACE}/requests/<uuid:request_id>"
_API = "api/1/"
_TITLE = {"name": "n", "description": ""}
_NEAR = {"partner": "{partner}", **_TITLE}
_FAR = {"base_url": "{elsewhere}", "space_key": "GAMMA"}
_FAR_FORM = {**_FAR, "mode": "immediate", **_TITLE}
_CLOUD = f"{_SPACE}/new/cloud"
_NOBODYS = {"base_url": "https://nobody.atlassian.net", "space_key": "FAR"}
_LINKED = {"link": "{link}", "partner": "{beyond}"}
_CREDENTIALS = {"client_id": "id", "client_secret": "secret"}
_KEYS = {"own_key": "{own_key}", "partner_key": "{partner_key}"}
_CHOSEN = '{{"synchronization":"{sync_id}"}}'
_BEGUN: dict[str, object] = {"way": "space", "entered": {"name": "n"}, "done": 1}
_NOBODY: dict[str, object] = {"is_restricted": True, "groups": [], "confirmed": True}
_ADDRESS: dict[str, object] = {"address": "ops@customer.example", "kinds": ["pause"]}


@dataclass(frozen=True, slots=True)
class Example:
    """A complete call: with which ids of the scene, and what is entered.

    ``entered`` goes into the query of a GET and the body of a POST; ``{…}`` in it stands for an id.
    ``also`` is what whoever gets in may be answered besides success.
    """

    scene: str = "running"
    entered: Mapping[str, object] = field(default_factory=dict)
    also: frozenset[int] = frozenset()


EXAMPLES: dict[str, Example] = {
    "atlassian-connect.json": Example(),
    "healthz": Example(),
    "readyz": Example(also=frozenset({503})),  # no lanes are at work here
    "installed": Example(),
    "uninstalled": Example(),
    "enabled": Example(),
    "disabled": Example(),
    "forge/installed": Example(),
    "forge/upgraded": Example(),
    "forge/scheduled": Example(),
    "webhooks/jira": Example(entered={"webhookEvent": "jira:issue_updated"}),
    "webhooks/link/<str:token>": Example("alone", {"webhookEvent": "jira:issue_updated"}),
    "space-settings": Example(entered={"spaceId": "{space}"}),
    "global-settings": Example(),
    "settings/access": Example(entered={"who": "groups", "confirmed": "yes"}),
    "settings/access/edit": Example(entered={"who": "everybody"}),
    "settings/audit": Example(),
    "settings/audit/download": Example(),
    "settings/installation": Example(),
    "settings/licence": Example(entered={"document": signed()}),
    "settings/licence/remove": Example(),
    "settings/notifications": Example(entered={"address": "ops@customer.example", "pause": "on"}),
    "settings/notifications/<int:address>/ask": Example("site-wide"),
    "settings/notifications/<int:address>/remove": Example("site-wide"),
    "mail/confirm/<str:ticket>": Example(),
    "mail/leave/<str:ticket>": Example(),
    "downloads/<str:ticket>": Example(),
    "workflow/editor": Example(entered={"config": _CHOSEN}),
    "workflow/viewer": Example(entered={"function": "stop", "config": _CHOSEN}),
    "workflow/choices": Example(entered={"config": _CHOSEN}),
    "workflow/summary": Example(entered={"function": "stop", "config": _CHOSEN}),
    "workflow/synchronize": Example(entered={"issue": {"id": "1"}, "configuration": {"value": "{}"}}),
    "workflow/stop": Example(entered={"issue": {"id": "1"}, "configuration": {"value": "{}"}}),
    "panel": Example(entered={"itemId": "{item}"}),
    "panel/<str:item>": Example(),
    "panel/<str:item>/activity": Example(),
    f"{_SPACE}/overview": Example(),
    f"{_SPACE}/notifications": Example(entered={"address": "ops@customer.example", "pause": "on"}),
    f"{_SPACE}/notifications/<int:address>/ask": Example(),
    f"{_SPACE}/notifications/<int:address>/remove": Example(),
    f"{_SPACE}/new": Example(),
    f"{_SPACE}/new/over": Example(),
    f"{_SPACE}/new/space": Example("alone", _NEAR),
    f"{_SPACE}/new/overview": Example("alone", _NEAR),
    f"{_SPACE}/new/send": Example("alone", _NEAR),
    f"{_SPACE}/new/instance": Example(entered=_FAR_FORM),
    f"{_SPACE}/new/instance/mode": Example(entered=_FAR_FORM),
    f"{_SPACE}/new/instance/overview": Example(entered=_FAR_FORM),
    f"{_SPACE}/new/instance/send": Example(entered=_FAR_FORM),
    _FAR_AWAY: Example("spare", {"application": "{application}", "begun": "{application}"}),
    f"{_FAR_AWAY}/sign-in": Example("alone", {"application": "{application}"}),
    f"{_FAR_AWAY}/copy": Example("alone", {"application": "{application}"}),
    f"{_FAR_AWAY}/wait/<uuid:attempt>": Example("alone"),
    f"{_FAR_AWAY}/<uuid:application>/remove": Example("spare"),
    f"{_FAR_AWAY}/space": Example("alone", _LINKED),
    f"{_FAR_AWAY}/overview": Example("alone", _LINKED | _TITLE),
    f"{_FAR_AWAY}/create": Example("alone", _LINKED | _TITLE),
    f"{_FAR_AWAY}/<uuid:application>/anew": Example("spare", _CREDENTIALS),
    f"{_FAR_AWAY}/sign-ins/<uuid:attempt>/withdraw": Example("alone"),
    f"{_CLOUD}/sign-ins/<uuid:attempt>/withdraw": Example("cloud"),
    _CLOUD: Example("cloud", _NOBODYS),
    f"{_CLOUD}/sign-in": Example("cloud", _NOBODYS),
    f"{_CLOUD}/copy": Example("cloud", _NOBODYS),
    f"{_CLOUD}/wait/<uuid:attempt>": Example("cloud"),
    f"{_CLOUD}/<uuid:link>/remove": Example("cloud"),
    f"{_CLOUD}/overview": Example("alone", _LINKED | _TITLE),
    f"{_CLOUD}/create": Example("alone", _LINKED | _TITLE),
    "sign-in/<str:token>": Example("alone"),
    "sign-in/<str:token>/take-back": Example("alone"),
    "signed-in/<uuid:attempt>/take-back": Example("alone"),
    "signed-in/<uuid:attempt>": Example("alone"),
    "signed-in/<uuid:attempt>/again": Example("alone"),
    "oauth/cloud": Example("alone", {"state": "s" * 43, "code": "c"}),
    "oauth/dc/<uuid:application>": Example("alone", {"state": "s" * 43, "code": "c"}),
    _REQUEST: Example("incoming"),
    f"{_REQUEST}/asker": Example("incoming"),
    f"{_REQUEST}/accept": Example("incoming"),
    f"{_REQUEST}/decline": Example("incoming", {"message": "no"}),
    f"{_REQUEST}/withdraw": Example("outgoing"),
    f"{_SPACE}/overview/<uuid:request_id>/withdraw": Example("outgoing"),
    f"{_SYNC}/start": Example("stopped"),
    f"{_SYNC}/stop": Example(),
    f"{_SYNC}/delete": Example("stopped"),
    _SYNC: Example(),
    f"{_SYNC}/resume": Example("stopped"),
    f"{_SYNC}/check": Example(),
    f"{_SYNC}/webhook": Example("linked"),
    f"{_SYNC}/webhook/look": Example("linked"),
    f"{_SYNC}/mend": Example("broken"),
    f"{_SYNC}/mend-link": Example("broken"),
    f"{_SYNC}/mend/application": Example("broken", _CREDENTIALS),
    f"{_SYNC}/mend/<uuid:attempt>": Example("broken"),
    f"{_SYNC}/mend/<uuid:attempt>/withdraw": Example("broken"),
    f"{_SYNC}/errors/retry": Example(),
    f"{_SYNC}/errors/<int:failure>/retry": Example(),
    f"{_SYNC}/errors/<int:failure>/ignore": Example(),
    f"{_SYNC}/errors/<int:failure>/twin": Example("lost"),
    f"{_SYNC}/activity": Example(),
    f"{_SYNC}/pairs/download": Example(),
    f"{_SYNC}/download": Example(),
    f"{_SYNC}/existing": Example("unpaired", _KEYS),
    f"{_SYNC}/existing/pair": Example("unpaired", _KEYS | {"choice": "own"}),
    f"{_SYNC}/pairs/<int:pair_id>/decide": Example(entered={"choice": "own"}),
    f"{_API}schema.json": Example(),
    f"{_API}settings/access": Example(),
    f"{_API}settings/access/save": Example(entered=_NOBODY),
    f"{_API}settings/installation": Example(),
    f"{_API}settings/licence": Example(),
    f"{_API}settings/licence/upload": Example(entered={"document": signed()}),
    f"{_API}settings/licence/remove": Example(),
    f"{_API}settings/notifications": Example(),
    f"{_API}settings/notifications/add": Example(entered=_ADDRESS),
    f"{_API}settings/notifications/<int:address>/ask": Example("site-wide"),
    f"{_API}settings/notifications/<int:address>/remove": Example("site-wide"),
    f"{_API}audit": Example(),
    f"{_API}audit/download": Example(),
    f"{_API}items/<str:item>": Example(),
    f"{_API}items/<str:item>/activity": Example(),
    f"{_API}{_SPACE}/notifications": Example(),
    f"{_API}{_SPACE}/notifications/add": Example(entered=_ADDRESS),
    f"{_API}{_SPACE}/notifications/<int:address>/ask": Example(),
    f"{_API}{_SPACE}/notifications/<int:address>/remove": Example(),
    f"{_API}{_SPACE}/partners": Example(),
    f"{_API}{_SPACE}/addressee": Example(entered=_FAR),
    f"{_API}{_SPACE}/requests": Example("alone", {"partner_space": "{partner}", "name": "n"}),
    f"{_API}{_SPACE}/requests/across": Example(entered={**_FAR, "name": "n"}),
    f"{_API}{_SPACE}/unfinished": Example(),
    f"{_API}{_SPACE}/unfinished/save": Example(entered=_BEGUN),
    f"{_API}{_SPACE}/unfinished/drop": Example(),
    f"{_API}{_REQUEST}": Example("incoming"),
    f"{_API}{_REQUEST}/accept": Example("incoming"),
    f"{_API}{_REQUEST}/decline": Example("incoming", {"message": "no"}),
    f"{_API}{_REQUEST}/withdraw": Example("outgoing"),
    f"{_API}{_SPACE}/application-links": Example("alone"),
    f"{_API}{_SPACE}/application-links/begin": Example("alone"),
    f"{_API}{_SPACE}/application-links/<uuid:application>/enter": Example(
        "alone",
        {"base_url": "https://nobody.example", "client_id": "c", "client_secret": "s"},
        also=frozenset({422}),  # nobody answers there
    ),
    f"{_API}{_SPACE}/application-links/<uuid:application>/remove": Example("spare"),
    f"{_API}{_SPACE}/application-links/<uuid:application>/anew": Example("spare", _CREDENTIALS),
    f"{_API}{_SPACE}/application-links/<uuid:application>/sign-in": Example("alone"),
    f"{_API}{_SPACE}/clouds": Example("cloud"),
    f"{_API}{_SPACE}/clouds/partner": Example("cloud", _NOBODYS),
    f"{_API}{_SPACE}/clouds/sign-in": Example("cloud", {"base_url": _NOBODYS["base_url"]}),
    f"{_API}{_SPACE}/links/<uuid:link>/remove": Example("cloud"),
    f"{_API}{_SPACE}/sign-ins/<uuid:attempt>": Example("alone"),
    f"{_API}{_SPACE}/sign-ins/<uuid:attempt>/withdraw": Example("alone"),
    f"{_API}{_SPACE}/links/<uuid:link>/spaces": Example("alone"),
    f"{_API}{_SPACE}/links/<uuid:link>/offer": Example("alone", {"partner_space": "{beyond}"}),
    f"{_API}{_SPACE}/links/<uuid:link>/create": Example("alone", {"partner_space": "{beyond}", "name": "n"}),
    f"{_API}{_SPACE}/synchronizations": Example(),
    f"{_API}{_SYNC}": Example(),
    f"{_API}{_SYNC}/pairs": Example(),
    f"{_API}{_SYNC}/pairs/download": Example(),
    f"{_API}{_SYNC}/activity": Example(),
    f"{_API}{_SYNC}/errors": Example(),
    f"{_API}{_SYNC}/errors/retry": Example(),
    f"{_API}{_SYNC}/errors/<int:failure>/retry": Example(),
    f"{_API}{_SYNC}/errors/<int:failure>/ignore": Example(),
    f"{_API}{_SYNC}/errors/<int:failure>/twin": Example("lost"),
    f"{_API}{_SYNC}/existing": Example("unpaired", _KEYS),
    f"{_API}{_SYNC}/existing/pair": Example("unpaired", _KEYS),
    f"{_API}{_SYNC}/pairs/<int:pair_id>/questions": Example(),
    f"{_API}{_SYNC}/pairs/<int:pair_id>/decide": Example(entered={"choice": "own"}),
    f"{_API}{_SYNC}/webhook": Example("linked"),
    f"{_API}{_SYNC}/webhook/look": Example("linked"),
    f"{_API}{_SYNC}/start": Example("stopped"),
    f"{_API}{_SYNC}/stop": Example(),
    f"{_API}{_SYNC}/check": Example(),
    f"{_API}{_SYNC}/mend": Example("broken"),
    f"{_API}{_SYNC}/delete": Example("stopped"),
}
"""By the address as urls.py writes it."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address, one method it takes, and what its view states."""

    method: str
    pattern: str
    stated: Statement

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}"

    @property
    def names(self) -> list[str]:
        """What the ids in the address are called."""
        return re.findall(r"<\w+:(\w+)>", self.pattern)


@dataclass(frozen=True, slots=True)
class Call:
    """A route and an example of it, filled in with these ids: everything but a token."""

    route: Route
    example: Example
    ids: Mapping[str, str]

    @property
    def target(self) -> str:
        """Path and query."""
        path = "/" + re.sub(r"<\w+:(\w+)>", lambda found: self.ids[found[1]], self.route.pattern)
        return f"{path}?{urlencode(self.entered)}" if self.route.method == "GET" and self.entered else path

    @property
    def entered(self) -> dict[str, object]:
        """The entries of the example."""
        return {
            name: each.format_map(self.ids) if isinstance(each, str) else each
            for name, each in self.example.entered.items()
        }

    @property
    def headers(self) -> Headers:
        """What a browser or a machine says of what it sends."""
        if self._is_form:
            return {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        return {"Accept": "text/html"}

    @property
    def body(self) -> bytes:
        """The entries of what is no GET."""
        if self.route.method == "GET" or not self.entered:
            return b""
        return (urlencode(self.entered) if self._is_form else json.dumps(self.entered)).encode()

    @property
    def _is_form(self) -> bool:
        is_page = self.route.stated.credential is Credential.OWN_PAGE and not self.route.pattern.startswith(
            "api/"
        )
        return is_page and self.route.method == "POST"


def routes() -> Iterator[Route]:
    """Every address of the app with each method it knows; a view that states nothing fails here."""
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "urls.py is one flat table"
        stated: Statement = pattern.callback.statement  # type: ignore[attr-defined]  # that is what views state
        address = str(pattern.pattern)
        for method in _methods(address):
            yield Route(method, address, stated)


_ANY = {"str": "1", "int": "1", "uuid": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}


def _methods(address: str) -> list[str]:
    """Ask the address itself: what it does not know is 405, before anything is proven."""
    filled = re.sub(r"<(\w+):\w+>", lambda kind: _ANY[kind[1]], address)
    found = [each for each in ("GET", "POST") if call_app(each, f"/{filled}").status_code != 405]
    assert found, address
    return found
