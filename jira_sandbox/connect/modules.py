"""The pages an app adds to Jira: which are offered to whom, and the signed addresses they are opened at.

The address is what Jira makes of it: the module's own, then ``xdm_e`` and its companions, then a token over
the whole. https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from jira_sandbox.connect import tokens
from jira_sandbox.connect.conditions import Scene, hold
from jira_sandbox.state.descriptor import declared
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json, User
from jira_sandbox.state.workflow import AppFunction

TOKEN_LIFE = 900
Kind = Literal[
    "adminPages",
    "configurePage",
    "generalPages",
    "jiraIssueContents",
    "jiraIssueContexts",
    "jiraIssueGlances",
    "jiraProjectAdminTabPanels",
    "jiraProjectPages",
]
SETTINGS: Kind = "jiraProjectAdminTabPanels"
IN_SPACE: Kind = "jiraProjectPages"
IN_ITEM: tuple[Kind, ...] = ("jiraIssueContents", "jiraIssueContexts", "jiraIssueGlances")
FOR_ADMINS: tuple[Kind, ...] = ("adminPages", "configurePage")
ON_SITE: tuple[Kind, ...] = ("generalPages", *FOR_ADMINS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A page that the app adds; ``url`` is relative to its base URL, with ``{issue.key}`` and the like.

    The address of an ``is_cacheable`` one is not changed in any way, and so says nothing of who looks.
    ``is_listed`` says whether Jira shows a link to it.
    """

    key: str
    name: str
    url: str
    is_cacheable: bool = False
    is_listed: bool = True


def offered(scene: Scene, *kinds: Kind) -> Iterator[Module]:
    """Give the modules whose conditions hold, kind by kind, the lightest first; none of a disabled app."""
    app = scene.site.installation
    if app is None or not app.enabled:
        return
    for kind in kinds:
        for each in sorted(declared(app, kind), key=lambda module: module.get("weight", 100)):
            if hold(scene, each.get("conditions", [])) and (kind != "adminPages" or _administers(scene)):
                yield _module(each)


def function_page(module: Json, function: AppFunction | None) -> Module:
    """Give the page that configures a post function: a new one, or ``function``."""
    url = module["edit" if function and "edit" in module else "create"]["url"]
    if function:
        url = url.replace("{postFunction.id}", quote(function.id, safe=""))
        url = url.replace("{postFunction.config}", quote(function.configuration, safe=""))
    return Module(key=module["key"], name=module["name"]["value"], url=url)


def context(scene: Scene, asked: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give what fills the places in addresses; of ``asked``, the page's query, the ``ac.`` parameters."""
    known = {name: value for name, value in (asked or {}).items() if name.startswith("ac.")}
    if scene.space:
        known |= {"project.id": scene.space.id, "project.key": scene.space.key}
    if scene.issue:
        known |= {"issue.id": scene.issue.id, "issue.key": scene.issue.key}
        known |= {"issuetype.id": scene.issue.type_id}
    return known


def launch_url(site: Site, module: Module, places: Mapping[str, str], user: User, *, issued: int) -> str:
    """Give the signed address of the app's page, its places filled; one that nothing fills stays empty.

    ``issued`` is in seconds; the address is good for 15 minutes.
    """
    app = site.app
    if module.is_cacheable:
        return app.base_url + module.url
    url = app.base_url + _filled(module.url, places)
    own = {
        "xdm_e": site.base_url,
        "xdm_c": f"channel-{app.key}__{module.key}",
        "cp": "",
        "xdm_deprecated_addon_key_do_not_use": app.key,
        "lic": "active" if app.license and app.license.active else "none",
        "cv": "1001.0.0-SNAPSHOT",
    }
    url += ("&" if "?" in url else "?") + urlencode(own, quote_via=quote, safe="")
    qsh = tokens.hash_for_url("GET", url, app.base_url)
    return f"{url}&jwt={_signed(app, user, issued=issued, qsh=qsh, context={})}"


def page_token(app: AppInstallation, user: User, *, issued: int, context: Json) -> str:
    """Make the token that ``AP.context.getToken`` gives: for the app's own calls, bound to no address."""
    return _signed(app, user, issued=issued, qsh=tokens.PAGE_HASH, context=context)


def _module(raw: Json) -> Module:
    target = raw.get("target")
    return Module(
        key=raw["key"],
        name=raw["name"]["value"],
        url=target["url"] if target else raw["url"],
        is_cacheable=bool(raw.get("cacheable", False)),
        is_listed=raw.get("location") != "none",
    )


def _administers(scene: Scene) -> bool:
    return scene.person is not None and scene.site.may(scene.person, "ADMINISTER")


def _filled(url: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return url


def _signed(app: AppInstallation, user: User, *, issued: int, qsh: str, context: Json) -> str:
    claims = {
        "sub": user.account_id,
        "qsh": qsh,
        "iss": app.client_key,
        "context": context,
        "exp": issued + TOKEN_LIFE,
        "iat": issued,
    }
    return tokens.sign_hs256(claims, app.shared_secret)
