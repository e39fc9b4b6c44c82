"""Space settings, the app's pages in their iframes, and the tokens such a page asks for.

The launch address is what Jira makes of it: the module's own address, then ``xdm_e`` and its companions,
then a token over the whole. https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jira_sandbox.acts import issues
from jira_sandbox.connect import tokens
from jira_sandbox.pages.visit import Visit, page, plain
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Issue, Json, Space, User
from jira_sandbox.wire import Refusal, Response

TOKEN_LIFE = 900
SETTINGS, PANELS = "jiraProjectAdminTabPanels", "jiraIssueContents"
"""The kinds of modules: a page in Space settings, a panel in a work item's view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A page that the app adds; ``url`` is relative to its base URL, with ``{issue.key}`` and the like."""

    key: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An iframe: ``launch`` is its signed address, ``name`` tells the page's script whom to trust."""

    module: Module
    launch: str
    origin: str
    name: str


def settings(visit: Visit, *, space: str) -> Response:
    """Show the space's details and the menu that leads to the apps."""
    where = visit.space(space)
    return page(
        visit,
        "settings.html",
        space=where,
        lead=visit.site.users[where.lead],
        types=[visit.site.work_types[type_id] for type_id in where.type_ids],
        **_menu(visit, where),
    )


def host(visit: Visit, *, space: str, module: str) -> Response:
    """Show the app's page in an iframe, for space admins."""
    where = visit.space(space)
    shown = next((each for each in modules(visit.site, SETTINGS) if each.key == module), None)
    if shown is None:
        raise Refusal(404, "No installed app has such a page.")
    if not visit.may("ADMINISTER_PROJECTS", where):
        return page(
            visit, "settings.html", status=403, space=where, lead=None, types=[], **_menu(visit, where)
        )
    frame = _frame(visit, shown, _context(where))
    return page(visit, "app.html", frames=frame.origin, space=where, frame=frame, **_menu(visit, where))


def panels(visit: Visit, issue: Issue) -> list[Frame]:
    """Give the iframes the installed app adds to the view of a work item."""
    context = _context(visit.site.space_of(issue), issue)
    return [_frame(visit, each, context) for each in modules(visit.site, PANELS)]


def token(visit: Visit) -> Response:
    """Give a token for the app's own calls, as ``AP.context.getToken`` does; Refusal 404 without an app."""
    where = visit.space(visit.request.parameter("space"))
    app = visit.site.installation
    if app is None or not app.enabled:
        raise Refusal(404, "No app is installed.")
    context: dict[str, Json] = {"project": {"id": where.id, "key": where.key}}
    if visit.request.parameter("item"):
        issue = issues.find(visit.site, visit.person, visit.request.parameter("item"))
        context["issue"] = {"id": issue.id, "key": issue.key}
    issued = int(visit.world.clock().timestamp())
    return plain(_signed(app, visit.person, issued=issued, qsh=tokens.PAGE_HASH, context={"jira": context}))


def modules(site: Site, place: str) -> Iterator[Module]:
    """Give what the installed app adds in that place; nothing while it is disabled."""
    app = site.installation
    if app is None or not app.enabled:
        return
    for each in app.descriptor.get("modules", {}).get(place, []):
        url = each["target"]["url"] if place == PANELS else each["url"]
        yield Module(key=each["key"], name=each["name"]["value"], url=url)


def launch_url(
    site: Site, app: AppInstallation, module: Module, context: Mapping[str, str], user: User, *, issued: int
) -> str:
    """Give the signed address of the app's page, its places filled from ``context`` (``project.id``, …).

    ``issued`` is in seconds; the address is good for 15 minutes.
    """
    url = app.base_url + module.url
    for name, value in context.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    own = {
        "xdm_e": site.base_url,
        "xdm_c": f"channel-{app.key}__{module.key}",
        "cp": "",
        "xdm_deprecated_addon_key_do_not_use": app.key,
        "lic": "none",
        "cv": "1001.0.0-SNAPSHOT",
    }
    url += ("&" if "?" in url else "?") + urlencode(own, quote_via=quote, safe="")
    proof = _signed(app, user, issued=issued, qsh=tokens.hash_for_url("GET", url, app.base_url), context={})
    return f"{url}&jwt={proof}"


def _frame(visit: Visit, module: Module, context: Mapping[str, str]) -> Frame:
    app = visit.site.app
    parts = urlsplit(app.base_url)
    issued = int(visit.world.clock().timestamp())
    return Frame(
        module=module,
        launch=launch_url(visit.site, app, module, context, visit.person, issued=issued),
        origin=f"{parts.scheme}://{parts.netloc}",
        name=json.dumps({"origin": visit.site.base_url, "module": module.key}),
    )


def _context(space: Space, issue: Issue | None = None) -> dict[str, str]:
    known = {"project.id": space.id, "project.key": space.key}
    if issue:
        known |= {
            "issue.id": issue.id,
            "issue.key": issue.key,
            "issuetype.id": issue.type_id,
        }
    return known


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


def _menu(visit: Visit, space: Space) -> dict[str, Any]:
    return {
        "modules": list(modules(visit.site, SETTINGS)),
        "is_admin": visit.may("ADMINISTER_PROJECTS", space),
    }
