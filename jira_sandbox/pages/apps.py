"""Space settings, the app's page in its iframe, and the tokens such a page asks for.

The launch address is what Jira makes of it: the module's own address, then ``xdm_e`` and its companions,
then a token over the whole. https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jira_sandbox.connect import tokens
from jira_sandbox.pages.visit import Visit, page, plain
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json, Space, User
from jira_sandbox.wire import Refusal, Response

TOKEN_LIFE = 900
PLACES = ("jiraProjectAdminTabPanels",)
"""The kinds of modules that Space settings show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """An entry that the app adds to the Space settings; ``url`` is relative to the app's base URL."""

    key: str
    name: str
    url: str


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
    shown = next((each for each in modules(visit.site) if each.key == module), None)
    if shown is None:
        raise Refusal(404, "No installed app has such a page.")
    if not visit.may("ADMINISTER_PROJECTS", where):
        return page(
            visit, "settings.html", status=403, space=where, lead=None, types=[], **_menu(visit, where)
        )
    app = visit.site.app
    parts = urlsplit(app.base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    launch = launch_url(
        visit.site, app, shown, where, visit.person, issued=int(visit.world.clock().timestamp())
    )
    return page(
        visit,
        "app.html",
        frames=origin,
        space=where,
        module=shown,
        launch=launch,
        origin=origin,
        frame_name=json.dumps({"origin": visit.site.base_url, "module": shown.key}),
        **_menu(visit, where),
    )


def token(visit: Visit) -> Response:
    """Give a token for the app's own calls, as ``AP.context.getToken`` does; Refusal 404 without an app."""
    where = visit.space(visit.request.parameter("space"))
    app = visit.site.installation
    if app is None or not app.enabled:
        raise Refusal(404, "No app is installed.")
    context = {"jira": {"project": {"id": where.id, "key": where.key}}}
    issued = int(visit.world.clock().timestamp())
    return plain(_signed(app, visit.person, issued=issued, qsh=tokens.PAGE_HASH, context=context))


def modules(site: Site) -> Iterator[Module]:
    """Give what the installed app adds to the Space settings; nothing while it is disabled."""
    app = site.installation
    if app is None or not app.enabled:
        return
    declared = app.descriptor.get("modules", {})
    for place in PLACES:
        for each in declared.get(place, []):
            yield Module(key=each["key"], name=each["name"]["value"], url=each["url"])


def launch_url(
    site: Site, app: AppInstallation, module: Module, space: Space, user: User, *, issued: int
) -> str:
    """Give the signed address of the app's page; ``issued`` in seconds, good for 15 minutes."""
    known = {"{project.id}": space.id, "{project.key}": space.key}
    url = app.base_url + module.url
    for name, value in known.items():
        url = url.replace(name, quote(value, safe=""))
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
    return {"modules": list(modules(visit.site)), "is_admin": visit.may("ADMINISTER_PROJECTS", space)}
