"""What a demo or a checker asks of Forge here: to know an app, deploy a version, fire its trigger."""

from jira_sandbox import sending
from jira_sandbox.forge import invoking
from jira_sandbox.forge.apps import ForgeApp
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def register(world: World, _site: Site, body: dict[str, Json]) -> Json:
    """Register the Forge app ``app_id`` with its remote at ``base_url``: later installations tell it."""
    given = {name: body.get(name) for name in ("app_id", "base_url")}
    faults = {
        name: "It is required." for name, value in given.items() if not isinstance(value, str) or not value
    }
    if faults:
        raise Refusal(400, errors=faults)
    world.forge = ForgeApp(app_id=str(given["app_id"]), base_url=str(given["base_url"]).rstrip("/"))
    return given


def upgrade(world: World, site: Site, body: dict[str, Json]) -> Json:
    """Deploy a new ``version`` and tell the remote for this site."""
    version = body.get("version")
    if not isinstance(version, str) or not version:
        raise Refusal(400, errors={"version": "It is required."})
    forge = _registered(world, site)
    forge.version = version
    return {"status": invoking.tell(world, site, forge, "upgraded", sending.send)}


def fire(world: World, site: Site, _body: dict[str, Json]) -> Json:
    """Call the scheduled trigger for this site."""
    return {"status": invoking.tell(world, site, _registered(world, site), "scheduled", sending.send)}


def _registered(world: World, site: Site) -> ForgeApp:
    if world.forge is None or site.installation is None:
        raise Refusal(409, "No Forge app is registered, or it is not installed here.")
    return world.forge
