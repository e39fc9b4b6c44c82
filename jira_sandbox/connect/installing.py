"""An app's life on a site: installed, enabled, disabled, updated, uninstalled.

``installed`` must be answered with 200 or 204 or nothing is installed; the other calls are notices. Where a
Forge app wraps the Connect app, its remote is told of a new installation as well.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jira_sandbox.connect import access, appfields, descriptors
from jira_sandbox.connect.lifecycle import Event, lifecycle_call, tell
from jira_sandbox.forge import invoking
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation, Json, User
from jira_sandbox.wire import Fetch, OutgoingCall, Refusal, Send
from jira_sandbox.world import World

_LAST: tuple[Event, ...] = ("disabled", "uninstalled")
"""What Jira sends at the same moment when an app is taken away."""


def install(world: World, site: Site, descriptor_url: str, *, fetch: Fetch, send: Send) -> AppInstallation:
    """Install the app, or install it anew with a new secret; Refusal 400 if descriptor or answer forbid it.

    Refusal 409 while another installation is under way. The client key and the app's account stay the same on
    a site for ever. A failed attempt leaves what was. An app that is there already keeps what it registered
    and keeps its licence; deliveries under way are signed with the new secret when they are sent.
    """
    with _alone(world, site):
        descriptor = descriptors.fetched(descriptor_url, fetch)
        with world.lock:
            app = _prepared(world, site, descriptor, descriptor_url)
        status = tell(world, site, app, "installed", send)
        if status not in {200, 204}:
            raise Refusal(400, f"The app host answered the installation with {status or 'nothing'}.")
        with world.lock:
            is_new = site.installation is None
            site.installation = app
            access.let_in_everywhere(site, app)
            appfields.declare(site, app)
    tell(world, site, app, "enabled", send)
    if world.forge and is_new:
        invoking.tell(world, site, world.forge, "installed", send)
    return app


def update(world: World, site: Site, *, fetch: Fetch, send: Send) -> AppInstallation:
    """Look for a new descriptor, as Jira does every few hours, and install it anew.

    One that asks for more scopes waits in ``awaited_scopes`` until an administrator agrees by installing it.
    """
    app = site.app
    more = descriptors.scopes(descriptors.fetched(app.descriptor_url, fetch)) - app.scopes
    if more:
        app.awaited_scopes = more
        return app
    return install(world, site, app.descriptor_url, fetch=fetch, send=send)


def uninstall(world: World, site: Site, *, send: Send) -> None:
    """Take the app away and tell it; its account and what it wrote stay. LookupError if there is none."""
    app = _taken_away(world, site)
    tell(world, site, app, "uninstalled", send)


def parting(world: World, site: Site) -> list[OutgoingCall]:
    """Take the app away and give ``disabled`` and ``uninstalled``, which Jira sends at the same moment.

    The caller sends them: in either order, or both at once.
    """
    app = _taken_away(world, site)
    calls = (lifecycle_call(world, site, app, event) for event in _LAST)
    return [call for call in calls if call]


def uninstall_at_once(world: World, site: Site, *, send: Send) -> None:
    """Take the app away and tell it that it is disabled and uninstalled from two threads at the same time."""
    app = _taken_away(world, site)
    line = threading.Barrier(len(_LAST))

    def start(event: Event) -> None:
        line.wait()
        tell(world, site, app, event, send)

    threads = [threading.Thread(target=start, args=(event,)) for event in _LAST]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def enable(world: World, site: Site, *, send: Send) -> None:
    """Let the app work again and tell it."""
    site.app.enabled = True
    tell(world, site, site.app, "enabled", send)


def disable(world: World, site: Site, *, send: Send) -> None:
    """Keep the app from working, which stops its webhooks too, and tell it."""
    site.app.enabled = False
    tell(world, site, site.app, "disabled", send)


@contextmanager
def _alone(world: World, site: Site) -> Iterator[None]:
    with world.lock:
        if site.is_installing:
            raise Refusal(409, "Another installation is under way.")
        site.is_installing = True
    try:
        yield
    finally:
        site.is_installing = False


def _prepared(world: World, site: Site, descriptor: dict[str, Json], url: str) -> AppInstallation:
    """Make what will be the installation once the app agrees."""
    key = str(descriptor["key"])
    name = str(descriptor.get("name") or key)
    scopes = descriptors.scopes(descriptor)
    app = AppInstallation(
        key=key,
        name=name,
        base_url=str(descriptor["baseUrl"]).rstrip("/"),
        client_key=site.client_keys.setdefault(key, world.uuid("client keys")),
        shared_secret=f"ATCO{world.chance('secrets').getrandbits(400):0100x}",
        user=_account(world, site, key, name),
        descriptor=descriptor,
        descriptor_url=url,
        scopes=scopes,
        webhooks=descriptors.webhooks(descriptor.get("modules", {}).get("webhooks", [])),
        installation_id=f"ari:cloud:ecosystem::installation/{world.uuid('installations')}",
        oauth_client_id=world.uuid("oauth clients") if "ACT_AS_USER" in scopes else "",
    )
    former = site.installation
    if former and former.key == key:
        app.oauth_client_id = app.oauth_client_id and (former.oauth_client_id or app.oauth_client_id)
        app.license = former.license
        app.installation_id = former.installation_id
        app.properties = former.properties
        app.dynamic_webhooks = former.dynamic_webhooks
        app.dynamic_modules = former.dynamic_modules
    return app


def _taken_away(world: World, site: Site) -> AppInstallation:
    with world.lock:
        app = site.app
        site.installation = None
        site.impersonations.clear()
        access.shut_out(site, app)
        world.outbox[:] = [each for each in world.outbox if each.site != site.name or each.client_id]
        return app


def _account(world: World, site: Site, key: str, name: str) -> User:
    if key not in site.app_users:
        account_id = f"557058:{world.uuid('accounts')}"
        site.app_users[key] = User(
            account_id=account_id,
            name=f"addon_{key}",
            display_name=name,
            email=f"{account_id.partition(':')[2]}@connect.example.com",
            password=None,
            account_type="app",
        )
        site.users[account_id] = site.app_users[key]
    return site.app_users[key]
