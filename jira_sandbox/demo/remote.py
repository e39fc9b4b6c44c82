"""The fourth way: a Cloud site without the app, into which somebody lets it by OAuth 2.0; with a licence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from jira_sandbox import threelo
from jira_sandbox.demo import abroad, processes
from jira_sandbox.demo.abroad import Abroad
from jira_sandbox.demo.environment import Settings
from jira_sandbox.demo.guest import Guest
from jira_sandbox.demo.stage import Stage, served
from jira_sandbox.demo.work import Say
from jira_sandbox.state.editions import CLOUD

SCOPES: Final = ("read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook")
"""What the operator's OAuth app may ask for: docs/hosting.md."""
NAME: Final = "With the other Cloud site"
HOLDER, LASTS = "Acme Ltd", timedelta(days=365)


@contextmanager
def opened(seed: int, port: int) -> Iterator[Abroad]:
    """Serve the site at ``port``, or at any free one, as long as the context lasts."""
    office = Abroad(seed, CLOUD)
    with served(office, port):
        yield office


def known(office: Abroad, settings: Mapping[str, str], folder: Path) -> Settings:
    """Register the app with Atlassian and make a key for licences; gives what the operator enters of both."""
    callback = f"{settings['BACKBONE_BASE_URL']}/oauth/cloud"
    app = threelo.add_app(office, name="Backbone Work Sync", callback_url=callback, scopes=SCOPES)
    key = _key(folder)
    key.unlink(missing_ok=True)
    name, _, public = processes.told_by(settings, "licence_keys", str(key)).strip().partition("=")
    return {
        "BACKBONE_API_URL": f"{office.site.base_url}/_api",
        "BACKBONE_AUTH_URL": f"{office.site.base_url}/_login",
        "BACKBONE_OAUTH_CLIENT_ID": app.client_id,
        "BACKBONE_OAUTH_CLIENT_SECRET": app.client_secret,
        name: public,
    }


def linked(home: Stage, office: Abroad, settings: Mapping[str, str], folder: Path, say: Say) -> list[str]:
    """Tell how a space comes to be in step with one of such a site; gives what went wrong."""
    dana, site = abroad.admin(home), office.site
    last_day = str((home.clock() + LASTS).date())
    words = ("--private-key-file", str(_key(folder)), "--holder", HOLDER, "--expires", last_day)
    licence = processes.told_by(settings, "issue_licence", *words, "--endpoints", "1")
    dana.tell("/api/1/settings/licence/upload", document=licence)
    dana.press("New Synchronization")
    dana.press("Synchronize with a Cloud Instance")
    dana.press("Next", base_url=site.base_url, space_key=abroad.SPACE)
    dana.press("Copy Link")
    gina = Guest(site, abroad.LEAD)
    gina.open(dana.page.shown["link"])
    gina.press("Go on")
    gina.press("Log in", email=site.user(abroad.LEAD).email, password=f"secret-{abroad.LEAD}")
    gina.press("Accept", site=site.cloud_id)
    dana.wait_for("Next", within=abroad.PATIENCE)
    dana.press("Next", name=NAME)
    dana.press("Create")
    dana.press("Start")
    say("Gina has let the app in on a Cloud site without it, by a link Dana sent her; Dana has started")
    faults = abroad.webhook_faults(dana, NAME, "The webhook is made")
    faults += abroad.in_step(home, office, "The samovar", say)
    return [*faults, *abroad.webhook_faults(dana, NAME, "VERIFIED")]


def _key(folder: Path) -> Path:
    return folder / "licence-key.pem"
