"""The app's pages in their iframes, in Space settings, in a space, on the site; and their tokens."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jira_sandbox.acts import issues
from jira_sandbox.connect import modules
from jira_sandbox.connect.conditions import Scene
from jira_sandbox.connect.modules import Module
from jira_sandbox.pages.visit import Visit, page, plain
from jira_sandbox.state.values import Issue, Json, Space
from jira_sandbox.wire import Refusal, Response


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
        **menu(visit, where),
    )


def host(visit: Visit, *, space: str, module: str) -> Response:
    """Show the app's page of Space settings in an iframe, for space admins."""
    where = visit.space(space)
    scene = Scene(site=visit.site, person=visit.person, space=where)
    shown = _named(module, modules.offered(scene, modules.SETTINGS))
    if not visit.may("ADMINISTER_PROJECTS", where):
        return page(
            visit, "settings.html", status=403, space=where, lead=None, types=[], **menu(visit, where)
        )
    frame = framed(visit, shown, scene)
    return page(visit, "app.html", frames=frame.origin, space=where, frame=frame, **menu(visit, where))


def in_space(visit: Visit, *, space: str, module: str) -> Response:
    """Show the app's page of a space in an iframe."""
    where = visit.space(space)
    scene = Scene(site=visit.site, person=visit.person, space=where)
    frame = framed(visit, _named(module, modules.offered(scene, modules.IN_SPACE)), scene)
    return page(visit, "sitepage.html", frames=frame.origin, space=where, frame=frame)


def on_site(visit: Visit, *, app: str, module: str) -> Response:
    """Show a general page, an administration page or the configure page, at the address Jira gives it."""
    scene = Scene(site=visit.site, person=visit.person)
    installed = visit.site.installation
    if installed is None or installed.key != app:
        raise Refusal(404, "No such app is installed.")
    frame = framed(visit, _named(module, modules.offered(scene, *modules.ON_SITE)), scene)
    return page(visit, "sitepage.html", frames=frame.origin, space=None, frame=frame)


def panels(visit: Visit, issue: Issue) -> list[Frame]:
    """Give the iframes the installed app adds to the view of a work item."""
    space = visit.site.space_of(issue)
    scene = Scene(site=visit.site, person=visit.person, space=space, issue=issue)
    return [framed(visit, each, scene) for each in modules.offered(scene, *modules.IN_ITEM)]


def token(visit: Visit) -> Response:
    """Give a token for the app's own calls, as ``AP.context.getToken`` does; Refusal 404 without an app."""
    app = visit.site.installation
    if app is None or not app.enabled:
        raise Refusal(404, "No app is installed.")
    context: dict[str, Json] = {}
    if visit.request.parameter("space") or not visit.request.flag("site"):
        where = visit.space(visit.request.parameter("space"))
        context["project"] = {"id": where.id, "key": where.key}
    if visit.request.parameter("item"):
        issue = issues.find(visit.site, visit.person, visit.request.parameter("item"))
        context["issue"] = {"id": issue.id, "key": issue.key}
    issued = int(visit.world.clock().timestamp())
    return plain(modules.page_token(app, visit.person, issued=issued, context={"jira": context}))


def framed(visit: Visit, module: Module, scene: Scene) -> Frame:
    """Make the iframe for a module; the ``ac.`` parameters of this page go into its address."""
    parts = urlsplit(visit.site.app.base_url)
    issued = int(visit.world.clock().timestamp())
    places = modules.context(scene, dict(visit.request.query))
    return Frame(
        module=module,
        launch=modules.launch_url(visit.site, module, places, visit.person, issued=issued),
        origin=f"{parts.scheme}://{parts.netloc}",
        name=json.dumps({"origin": visit.site.base_url, "module": module.key}),
    )


def menu(visit: Visit, space: Space) -> dict[str, Any]:
    """Give what the menu of Space settings shows."""
    scene = Scene(site=visit.site, person=visit.person, space=space)
    return {
        "modules": [each for each in modules.offered(scene, modules.SETTINGS) if each.is_listed],
        "is_admin": visit.may("ADMINISTER_PROJECTS", space),
    }


def _named(key: str, offered: Iterable[Module]) -> Module:
    for each in offered:
        if each.key == key:
            return each
    raise Refusal(404, "No installed app has such a page.")
