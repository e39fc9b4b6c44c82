import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from jira_sandbox.acts import appfunctions
from jira_sandbox.connect import installing, tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.workflow import AppFunction
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.sandbox import APP, ListeningApp, Person, VirtualClock, descriptor, install

FUNCTION = {
    "key": "notify",
    "name": {"value": "Notify"},
    "triggered": {"url": "/triggered"},
    "create": {"url": "/functions/new"},
    "edit": {"url": "/functions/edit?id={postFunction.id}&config={postFunction.config}"},
}
WORKFLOWS = "/spaces/ALPHA/settings/workflows"


@pytest.fixture
def functional(world: World, site: Site) -> ListeningApp:
    """An installed app that has a post function."""
    app = ListeningApp()
    wanted = descriptor(modules={"jiraWorkflowPostFunctions": [FUNCTION]})
    install(world, site, app, wanted=wanted)
    app.calls.clear()
    return app


@pytest.fixture
def step(site: Site) -> tuple[str, str]:
    """The workflow of ALPHA and its transition Start, whose id it is."""
    flow = site.space("ALPHA").workflows[site.work_type("Task").id]
    return flow.name, next(each.id for each in flow.transitions if each.name == "Start")


@pytest.fixture
def configured(world: World, site: Site, functional: ListeningApp, step: tuple[str, str]) -> ListeningApp:
    """The app, with its post function on Start."""
    made = AppFunction(id="f1", app_key="example.app", module_key="notify", configuration='{"to": 1}')
    appfunctions.add(world, site, site.user("alice"), site.space("ALPHA"), *step, made)
    return functional


def test_a_taken_transition_tells_the_app_with_what_it_configured(
    world: World, site: Site, configured: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")

    alice.move(issue, "Start")
    world.deliver(configured)

    (call,) = configured.calls
    told = json.loads(call.body)
    assert call.url == f"{APP}/triggered"
    assert told["configuration"] == {"value": '{"to": 1}'}
    assert (told["issue"]["id"], told["issue"]["key"]) == (issue, "ALPHA-1")
    assert told["issue"]["self"] == f"https://acme.atlassian.net/rest/api/2/issue/{issue}"
    assert told["issue"]["fields"]["status"]["name"] == "In Progress"
    transition = told["transition"]
    assert (transition["from_status"], transition["to_status"]) == ("To Do", "In Progress")
    assert transition["transitionName"] == "Start"
    assert isinstance(transition["transitionId"], int)


def test_its_call_is_signed_but_is_no_webhook(
    world: World, site: Site, configured: ListeningApp, alice: Person
) -> None:
    alice.move(alice.create("ALPHA", "one"), "Start")

    world.deliver(configured)

    (call,) = configured.calls
    claims = tokens.read_hs256(call.headers["Authorization"].removeprefix("JWT "), site.app.shared_secret)
    assert claims["qsh"] == tokens.query_string_hash("POST", "/triggered", [])
    assert not [name for name in call.headers if name.startswith("X-Atlassian-Webhook")]


def test_it_is_retried_as_webhooks_are(
    world: World, configured: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    alice.move(alice.create("ALPHA", "one"), "Start")
    configured.answers = [500, OSError("gone"), 204]

    for _ in range(4):
        world.deliver(configured)
        clock.advance(minutes=15)

    assert [call.url for call in configured.calls] == [f"{APP}/triggered"] * 3
    assert len({call.body for call in configured.calls}) == 1


def test_other_transitions_and_switched_off_functions_tell_nothing(
    world: World, site: Site, configured: ListeningApp, alice: Person, step: tuple[str, str]
) -> None:
    issue = alice.create("ALPHA", "one")
    held = appfunctions.find(site.space("ALPHA"), *step).app_functions[0]
    off = AppFunction(id=held.id, app_key=held.app_key, module_key=held.module_key, is_disabled=True)
    appfunctions.configure(world, site, site.user("alice"), site.space("ALPHA"), *step, off)

    alice.move(issue, "Start")
    alice.move(issue, "Stop")

    assert world.deliver(configured) == 0


def test_a_disabled_app_is_told_nothing(
    world: World, site: Site, configured: ListeningApp, alice: Person
) -> None:
    installing.disable(world, site, send=ListeningApp())

    alice.move(alice.create("ALPHA", "one"), "Start")

    assert world.deliver(configured) == 0


def test_only_space_admins_add_functions_and_only_those_that_are_there(
    world: World, site: Site, functional: ListeningApp, step: tuple[str, str]
) -> None:
    space, made = site.space("ALPHA"), AppFunction(id="f1", app_key="example.app", module_key="none")

    with pytest.raises(Refusal) as by_carol:
        appfunctions.add(world, site, site.user("carol"), space, *step, made)
    with pytest.raises(Refusal) as unknown:
        appfunctions.add(world, site, site.user("alice"), space, *step, made)
    with pytest.raises(Refusal) as nowhere:
        appfunctions.find(space, "none", "1")

    assert (by_carol.value.status, unknown.value.status, nowhere.value.status) == (403, 404, 404)


def test_only_space_admins_take_functions_out_or_change_them(
    world: World, site: Site, configured: ListeningApp, step: tuple[str, str]
) -> None:
    space, carol = site.space("ALPHA"), site.user("carol")
    (held,) = appfunctions.find(space, *step).app_functions

    with pytest.raises(Refusal) as out:
        appfunctions.take_out(world, site, carol, space, *step, held.id)
    with pytest.raises(Refusal) as changed:
        appfunctions.configure(world, site, carol, space, *step, replace(held, configuration="mine"))

    assert (out.value.status, changed.value.status) == (403, 403)
    assert appfunctions.find(space, *step).app_functions == (held,)


def test_a_function_is_in_its_own_workflow_wherever_that_is_used(
    world: World, site: Site, functional: ListeningApp, step: tuple[str, str]
) -> None:
    alpha, beta, gamma = (site.space(key) for key in ("ALPHA", "BETA", "GAMMA"))
    flow = next(each for each in alpha.workflows.values() if each.name == step[0])
    beta.workflows = dict.fromkeys(beta.workflows, replace(flow, name="A copy of it"))
    made = AppFunction(id="f1", app_key="example.app", module_key="notify")

    appfunctions.add(world, site, site.user("alice"), alpha, *step, made)

    held = [appfunctions.find(space, step[0], step[1]).app_functions for space in (alpha, gamma)]
    assert held == [(made,), (made,)]
    assert appfunctions.find(beta, "A copy of it", step[1]).app_functions == ()


def test_an_admin_configures_a_function_on_the_apps_own_page(
    world: World, site: Site, functional: ListeningApp, step: tuple[str, str]
) -> None:
    alice = Browser(world, site).as_person("alice")
    listed = alice.get(WORKFLOWS)

    asked = alice.get(listed.links["Add “Notify”"])
    (form,) = [each for each in asked.forms if "configuration" in each.values]
    alice.post(form.action, {"configuration": "first"})
    (made,) = appfunctions.find(site.space("ALPHA"), *step).app_functions
    again = alice.get(f"{form.action.split('/new/')[0]}/functions/{made.id}")
    alice.post(f"{form.action.split('/new/')[0]}/functions/{made.id}", {"configuration": "second & last"})
    (changed,) = appfunctions.find(site.space("ALPHA"), *step).app_functions

    (frame,) = asked.iframes
    assert urlsplit(frame["src"]).path == "/functions/new"
    assert (made.module_key, made.configuration) == ("notify", "first")
    launched = parse_qs(urlsplit(again.iframes[0]["src"]).query)
    assert (launched["id"], launched["config"]) == ([made.id], ["first"])
    assert changed.configuration == "second & last"


def test_an_admin_takes_a_function_out(
    world: World, site: Site, configured: ListeningApp, step: tuple[str, str]
) -> None:
    alice = Browser(world, site).as_person("alice")
    page = alice.get(WORKFLOWS)
    (form,) = [each for each in page.forms if each.action.endswith("/functions/f1/delete")]

    alice.post(form.action, {})

    assert appfunctions.find(site.space("ALPHA"), *step).app_functions == ()


def test_others_see_no_workflows(world: World, site: Site, functional: ListeningApp) -> None:
    assert Browser(world, site).as_person("carol").get(WORKFLOWS).status == 403
