"""Manage apps: a Jira admin installs an app from its descriptor, disables it, takes it away.

These acts call the app and wait for it, and the app may call back: the world's lock is not held meanwhile.
"""

from jira_sandbox import sending
from jira_sandbox.connect import installing, modules
from jira_sandbox.connect.conditions import Scene
from jira_sandbox.pages.visit import Visit, go_to, page
from jira_sandbox.wire import Refusal, Response


def show(visit: Visit) -> Response:
    """Show the installed app and the form to install one."""
    _must_administer(visit)
    return _shown(visit, form={"descriptor_url": ""}, errors={})


def install(visit: Visit) -> Response:
    """Install the app whose descriptor the form names; the form again when that fails."""
    _must_administer(visit)
    url = visit.form.get("descriptor_url", "").strip()
    try:
        installing.install(visit.world, visit.site, url, fetch=sending.fetch, send=sending.send)
    except Refusal as refusal:
        errors = {"descriptor_url": " ".join(refusal.messages)}
        return _shown(visit, form={"descriptor_url": url}, errors=errors)
    return go_to("/apps")


def uninstall(visit: Visit) -> Response:
    """Take the app away."""
    _must_have_app(visit)
    installing.uninstall(visit.world, visit.site, send=sending.send)
    return go_to("/apps")


def enable(visit: Visit) -> Response:
    """Let the app work again."""
    _must_have_app(visit)
    installing.enable(visit.world, visit.site, send=sending.send)
    return go_to("/apps")


def disable(visit: Visit) -> Response:
    """Keep the app from working."""
    _must_have_app(visit)
    installing.disable(visit.world, visit.site, send=sending.send)
    return go_to("/apps")


def _shown(visit: Visit, *, form: dict[str, str], errors: dict[str, str]) -> Response:
    scene = Scene(site=visit.site, person=visit.person)
    listed = [each for each in modules.offered(scene, *modules.FOR_ADMINS) if each.is_listed]
    return page(visit, "apps.html", app=visit.site.installation, modules=listed, form=form, errors=errors)


def _must_administer(visit: Visit) -> None:
    if not visit.site.may(visit.person, "ADMINISTER"):
        raise Refusal(403, "Only Jira admins can manage apps. Ask one of them.")


def _must_have_app(visit: Visit) -> None:
    _must_administer(visit)
    if visit.site.installation is None:
        raise Refusal(404, "No app is installed.")
