"""Faults of sites: F10 secret, F11 net, F12 clock, F13 rights, F17 names, F18 apps, F19 lags, F26 quotas."""

import contextlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

from jira_sandbox.connect import installing
from jira_sandbox.quotas import Figures
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation
from jira_sandbox.weather.sky import Undo
from jira_sandbox.wire import Refusal, Send
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True)
class Down:
    """F11: nobody reaches the site and it reaches nobody; the Cloud's deliveries wait, others are lost."""

    site: str

    def begin(self, world: World) -> Undo:
        """Take it from the net."""
        world.take_down(self.site)
        return partial(world.bring_up, self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOff:
    """F12: the site's clock is ``by`` ahead, negative for behind, compared with what it was."""

    site: str
    by: timedelta

    def begin(self, world: World) -> Undo:
        """Set the clock."""
        site = world.sites[self.site]
        site.clock_shift += self.by

        def set_back() -> None:
            site.clock_shift -= self.by

        return set_back


@dataclass(frozen=True, slots=True, kw_only=True)
class RightLost:
    """F13: an administrator takes permissions in a space from the app; without BROWSE_PROJECTS all is 404.

    ``account`` is the app's, empty for that of the app that is installed.
    """

    site: str
    space: str
    permissions: tuple[str, ...] = ("BROWSE_PROJECTS",)
    account: str = ""

    def begin(self, world: World) -> Undo:
        """Deny them."""
        site = world.sites[self.site]
        space = site.space(self.space)
        account = site.users[self.account] if self.account else site.app.user
        site.deny(account, *self.permissions, space=space)
        return lambda: site.allow(account, *self.permissions, space=space)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """F17: the site has another address; the former one answers everything with 302."""

    site: str
    base_url: str

    def begin(self, world: World) -> Undo:
        """Rename it; its end gives it the former name again."""
        site = world.sites[self.site]
        before = site.base_url
        world.rename(site, self.base_url)
        return lambda: world.rename(site, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAway:
    """F18: an administrator uninstalls the app, and installs it again when it is over, with a new secret.

    Jira tells the app at the same moment that it is disabled and uninstalled: either may come ``first``.
    Needs a courier.
    """

    site: str
    first: Literal["disabled", "uninstalled"] = "uninstalled"

    def begin(self, world: World) -> Undo:
        """Uninstall."""
        site, app = world.sites[self.site], world.sites[self.site].app
        send = world.noted(courier(world), "uninstalled")
        calls = installing.parting(world, site)
        for call in calls if self.first == "disabled" else reversed(calls):
            with contextlib.suppress(OSError):  # these are notices: Jira does not mind
                send(call)
        return lambda: installed_again(world, site, app)


@dataclass(frozen=True, slots=True)
class SecretLost:
    """F10: the site has another secret than it told the app, until it installs it again. Needs a courier."""

    site: str

    def begin(self, world: World) -> Undo:
        """Forget the secret."""
        site, app = world.sites[self.site], world.sites[self.site].app
        courier(world)
        site.forget_secret()
        return lambda: installed_again(world, site, app)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBehind:
    """F19: searches do not see what was written in the last ``lag``."""

    site: str
    lag: timedelta

    def begin(self, world: World) -> Undo:
        """Let the index lag."""
        site = world.sites[self.site]
        before, site.index_lag = site.index_lag, self.lag
        return partial(setattr, site, "index_lag", before)


@dataclass(frozen=True, slots=True)
class QuotaShort:
    """F26: the app is held to these limits, so that it meets the end of an hour with nothing left."""

    figures: Figures

    def begin(self, world: World) -> Undo:
        """Enforce them; the end holds the app to what it was held to before."""
        before = world.limits.figures
        world.limits.enforce(self.figures)
        return partial(world.limits.enforce, before) if before else world.limits.relax


def courier(world: World) -> Send:
    """Give what takes the world's calls to apps; LookupError if it has none."""
    if world.courier is None:
        raise LookupError("the world has no courier")
    return world.courier


def installed_again(world: World, site: Site, app: AppInstallation) -> None:
    """Install an app anew from the descriptor it had; an app that refuses stays away.

    Nothing happens where somebody has installed it meanwhile.
    """
    if site.installation not in (None, app):
        return
    fetch = partial(_descriptor, json.dumps(app.descriptor).encode())
    try:
        installing.install(world, site, app.descriptor_url, fetch=fetch, send=courier(world))
    except Refusal:
        return


def _descriptor(content: bytes, _url: str) -> bytes:
    return content
