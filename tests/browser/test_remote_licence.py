"""A Jira admin and the remote licence of the site: uploaded, replaced and removed, in both themes."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from jira_sandbox.server import Running
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.steps import Shoot
from tests.support.licences import TERMS, signed
from tests.support.processes import ROOT, settings

pytestmark = pytest.mark.browser

TAKE = """
import django
django.setup()
from django.utils import timezone
from backbone_app.models import Site, SynchronizationSide
from tests.support import licences
site = Site.objects.get(status="enabled")
for name, space, title in (("globex", "10000", "Alpha with Globex"), ("hooli", "10001", "Beta with Hooli")):
    row = licences.running(site, name, now=timezone.now(), space=space)
    key = title.split()[0].upper()
    SynchronizationSide.objects.filter(synchronization=row, side="left").update(name=title, space_key=key)
"""
"""What no page can do yet: link partner sites, and start a synchronization with each."""


@pytest.fixture
def licence(tmp_path: Path) -> Path:
    """A licence for two partner sites, as it was issued."""
    return written(tmp_path / "backbone-issue-sync-license.xml", signed(replace(TERMS, endpoints=2)))


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_jira_admin_uploads_replaces_and_removes_a_remote_licence(
    window: Open, app: str, jira: Running, shoot: Shoot, licence: Path, tmp_path: Path
) -> None:
    page = window()
    backbone = open_page(page, app, jira)
    expect(backbone.get_by_text("No remote licence was uploaded.")).to_be_visible()
    shoot(page, "remote-licence-none")

    choose(backbone, written(tmp_path / "forged.xml", licence.read_text().replace(">2<", ">9<")))
    expect(backbone.get_by_text("was changed after it was signed")).to_be_visible()
    expect(backbone.get_by_label("Licence file")).to_be_focused()
    shoot(page, "remote-licence-refused")

    choose(backbone, licence)
    expect(backbone.get_by_text("0 of 2 taken")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Remote licence uploaded")
    take(tmp_path, jira)
    backbone.get_by_role("button", name="Remote licence").press("Enter")
    expect(backbone.get_by_text("2 of 2 taken")).to_be_visible()
    shoot(page, "remote-licence")

    choose(backbone, written(tmp_path / "smaller.xml", signed()))
    expect(backbone.get_by_role("alert")).to_contain_text("one synchronization would pause, Beta with Hooli")
    shoot(page, "remote-licence-doubt")
    backbone.get_by_role("button", name="Upload anyway").press("Enter")
    expect(backbone.get_by_text("NOT COVERED", exact=True)).to_be_visible()
    expect(backbone.get_by_role("heading", level=1, name="Remote licence")).to_be_focused()
    shoot(page, "remote-licence-too-small")

    backbone.get_by_role("button", name="Remove Licence").press("Enter")
    expect(backbone.get_by_role("dialog")).to_contain_text("What runs by it pauses: 1 synchronization.")
    shoot(page, "remote-licence-removing")
    backbone.get_by_role("button", name="Confirm").press("Enter")
    expect(backbone.get_by_text("No remote licence was uploaded.")).to_be_visible()
    expect(backbone.get_by_text("Alpha with Globex (ALPHA), paused")).to_be_visible()


def open_page(page: Page, app: str, jira: Running) -> FrameLocator:
    """Install the app, and let dana go to the page by keyboard."""
    install = {"descriptor_url": f"{app}/atlassian-connect.json"}
    requests.post(f"{jira.addresses['acme']}/_sandbox/install", json=install, timeout=20).raise_for_status()
    page.goto("/apps")
    steps.sign_in(page, "Dana Draper")
    page.get_by_role("link", name="Backbone Work Sync").click()
    backbone = page.frame_locator("#app")
    backbone.get_by_role("button", name="Remote licence").press("Enter")
    expect(backbone.get_by_role("heading", level=1, name="Remote licence")).to_be_focused()
    return backbone


def choose(backbone: FrameLocator, file: Path) -> None:
    """Choose a file and upload it."""
    backbone.get_by_label("Licence file").set_input_files(file)
    backbone.get_by_role("button", name="Upload", exact=True).press("Enter")


def take(directory: Path, jira: Running) -> None:
    """Let two partner sites take endpoints, in the tables of the app that runs."""
    database = f"sqlite:///{directory / 'app.sqlite3'}"
    told = settings(directory, jira=jira.addresses["acme"], database=database)
    environment = told | {"DJANGO_SETTINGS_MODULE": "backbone_app.settings"}
    subprocess.run([sys.executable, "-c", TAKE], cwd=ROOT, env=environment, check=True, timeout=60)
