"""What an app keeps on a site beside work items: its own properties and the modules it adds to itself."""

from typing import Any

from jira_sandbox.connect.refusals import MessageRefusal, OperationRefusal
from jira_sandbox.state.descriptor import declared
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import compact
from jira_sandbox.world import World

LONGEST_KEY = 127
LONGEST_VALUE = 32_768
MOST_MODULES = 300
KINDS = frozenset(
    {
        "adminPages",
        "configurePage",
        "generalPages",
        "jiraBackgroundScripts",
        "jiraEntityProperties",
        "jiraIssueContents",
        "jiraIssueContexts",
        "jiraIssueFields",
        "jiraIssueGlances",
        "jiraJqlFunctions",
        "jiraProjectAdminTabPanels",
        "jiraProjectPages",
        "jiraWorkflowPostFunctions",
        "webItems",
        "webPanels",
        "webSections",
        "webhooks",
    }
)
_KEYLESS = frozenset({"webhooks"})


def keep(world: World, site: Site, key: str, value: Json) -> bool:
    """Keep a property of the app and tell whether it is new; Refusal 400 for a long key or value."""
    with world.lock:
        must_be_key(key)
        if len(compact(value)) > LONGEST_VALUE:
            raise OperationRefusal(
                400, f"The property value must not be longer than {LONGEST_VALUE} characters."
            )
        is_new = key not in site.app.properties
        site.app.properties[key] = value
        return is_new


def drop(world: World, site: Site, key: str) -> None:
    """Remove a property; Refusal 404 if there is none of that key."""
    with world.lock:
        kept(site, key)
        del site.app.properties[key]


def kept(site: Site, key: str) -> Json:
    """Read a property; Refusal 404 if there is none of that key."""
    must_be_key(key)
    if key not in site.app.properties:
        raise OperationRefusal(404, f"Property with key '{key}' not found.")
    return site.app.properties[key]


def must_be_key(key: str) -> None:
    """Refuse with 400 a key that is too long."""
    if len(key) > LONGEST_KEY:
        raise OperationRefusal(400, f"The property key must not be longer than {LONGEST_KEY} characters.")


def add_modules(world: World, site: Site, given: dict[str, Any]) -> None:
    """Register modules by kind, all or none; Refusal 400 says what is wrong with the first bad one."""
    with world.lock:
        app = site.app
        known = {module.get("key") for kind in KINDS for module in declared(app, kind)}
        count = sum(map(len, app.dynamic_modules.values()))
        for kind, modules in given.items():
            if kind not in KINDS or not isinstance(modules, list):
                raise MessageRefusal(400, f"The module type {kind} is not supported.")
            for module in modules:
                _check(kind, module, known)
                known.add(module.get("key"))
                count += 1
        if count > MOST_MODULES:
            raise MessageRefusal(400, f"An app can register at most {MOST_MODULES} modules.")
        for kind, modules in given.items():
            app.dynamic_modules.setdefault(kind, []).extend(modules)


def remove_modules(world: World, site: Site, keys: set[str]) -> None:
    """Remove the registered modules with these keys, all of them when no key is given."""
    with world.lock:
        modules = site.app.dynamic_modules
        for kind in list(modules):
            modules[kind] = [each for each in modules[kind] if keys and each.get("key") not in keys]
            if not modules[kind]:
                del modules[kind]


def _check(kind: str, module: Json, known: set[Any]) -> None:
    key = module.get("key") if isinstance(module, dict) else None
    if kind in _KEYLESS and isinstance(module, dict):
        if not module.get("event") or not module.get("url"):
            raise MessageRefusal(400, f"A module of type {kind} must have an event and a url.")
    elif not isinstance(key, str) or not key:
        raise MessageRefusal(400, f"A module of type {kind} must have a key.")
    elif key in known:
        raise MessageRefusal(400, f"A module with the key {key} is there already.")
    elif not module.get("name") or not module["name"].get("value"):
        raise MessageRefusal(400, f"The module {key} must have a name.")
