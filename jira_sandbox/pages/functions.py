"""A space's workflows and the post functions of apps on their transitions, for space admins.

The app's page for a function lies in an iframe; the button beneath it asks the page for what to store, as
Jira's editor does with ``AP.jira.WorkflowConfiguration``.
"""

from dataclasses import replace
from urllib.parse import quote

from jira_sandbox.acts import appfunctions
from jira_sandbox.connect import modules
from jira_sandbox.connect.conditions import Scene
from jira_sandbox.connect.postfunctions import KIND
from jira_sandbox.pages.apps import framed, menu
from jira_sandbox.pages.visit import Visit, go_to, page
from jira_sandbox.state.descriptor import declared
from jira_sandbox.state.values import Json, Space
from jira_sandbox.state.workflow import AppFunction
from jira_sandbox.wire import Refusal, Response


def show(visit: Visit, *, space: str) -> Response:
    """List the transitions with their functions, and what the app offers to add."""
    where = _administered(visit, space)
    app = visit.site.installation
    return page(
        visit,
        "workflows.html",
        space=where,
        workflows=appfunctions.workflows(where),
        statuses={each.id: each.name for each in visit.site.statuses},
        offers=declared(app, KIND) if app and app.enabled else [],
        **menu(visit, where),
    )


def ask_new(visit: Visit, *, space: str, workflow: str, transition: str, module: str) -> Response:
    """Show the app's page for a new function."""
    appfunctions.find(_administered(visit, space), workflow, transition)
    return _asked(visit, space, _offer(visit, module), None)


def add(visit: Visit, *, space: str, workflow: str, transition: str, module: str) -> Response:
    """Store a new function with what the app's page said."""
    where = visit.space(space)
    made = AppFunction(
        id=visit.world.uuid("post functions"),
        app_key=visit.site.app.key,
        module_key=module,
        configuration=visit.form.get("configuration", ""),
    )
    appfunctions.add(visit.world, visit.site, visit.person, where, workflow, transition, made)
    return go_to(_address(where))


def ask_again(visit: Visit, *, space: str, workflow: str, transition: str, function: str) -> Response:
    """Show the app's page for a function that is there."""
    held = _held(_administered(visit, space), workflow, transition, function)
    return _asked(visit, space, _offer(visit, held.module_key), held)


def change(visit: Visit, *, space: str, workflow: str, transition: str, function: str) -> Response:
    """Store what the app's page said anew."""
    where = visit.space(space)
    held = _held(where, workflow, transition, function)
    changed = replace(held, configuration=visit.form.get("configuration", ""))
    appfunctions.configure(visit.world, visit.site, visit.person, where, workflow, transition, changed)
    return go_to(_address(where))


def take_out(visit: Visit, *, space: str, workflow: str, transition: str, function: str) -> Response:
    """Take a function out."""
    where = visit.space(space)
    appfunctions.take_out(visit.world, visit.site, visit.person, where, workflow, transition, function)
    return go_to(_address(where))


def _asked(visit: Visit, space: str, offer: Json, held: AppFunction | None) -> Response:
    where = visit.space(space)
    scene = Scene(site=visit.site, person=visit.person, space=where)
    frame = framed(visit, modules.function_page(offer, held), scene)
    return page(visit, "function.html", frames=frame.origin, space=where, frame=frame, **menu(visit, where))


def _offer(visit: Visit, module: str) -> Json:
    app = visit.site.installation
    for each in declared(app, KIND) if app and app.enabled else []:
        if each["key"] == module:
            return each
    raise Refusal(404, "No installed app has such a post function.")


def _held(space: Space, workflow: str, transition: str, function: str) -> AppFunction:
    for each in appfunctions.find(space, workflow, transition).app_functions:
        if each.id == function:
            return each
    raise Refusal(404, "The transition has no such post function.")


def _administered(visit: Visit, space: str) -> Space:
    where = visit.space(space)
    if not visit.may("ADMINISTER_PROJECTS", where):
        raise Refusal(403, "Only admins of the space can see its workflows.")
    return where


def _address(space: Space) -> str:
    return f"/spaces/{quote(space.key)}/settings/workflows"
