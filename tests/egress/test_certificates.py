"""A Data Center whose certificate proves nothing: who enters it or signs in there is told the fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import override_settings

from backbone_app.models import ApplicationLink
from tests.egress import over_links
from tests.egress.scene import Scene
from tests.support.machine import Machine
from tests.support.network import PUBLIC_4
from tests.support.pages import Reader
from tests.support.tls import Authority, secured

HOST = "jira.untrusted.example"
ENTERED = {"base_url": f"https://{HOST}", "client_id": "id", "client_secret": "secret"}
EXPIRED, FORGED, ANOTHER, STRANGER = "expired", "forged", "another name", "a stranger's"
FAULTS = {
    EXPIRED: "certificate has expired",
    FORGED: "certificate signature failure",
    STRANGER: "unable to get local issuer certificate",
    ANOTHER: f"Hostname mismatch, certificate is not valid for '{HOST}'",
}


@contextmanager
def shown(scene: Scene, folder: Path, fault: str, host: str = HOST) -> Iterator[None]:
    """Have somebody listen at the host who shows such a certificate, of an authority that we trust."""
    authority = Authority(folder)
    certificate = authority.certificate(
        "other.example" if fault == ANOTHER else host,
        expired=fault == EXPIRED,
        by_itself=fault == FORGED,
    )
    trusted = None if fault == STRANGER else authority.file
    scene.network.name(host, [PUBLIC_4])
    with secured(certificate) as server, override_settings(BACKBONE_AUTHORITIES=trusted):
        scene.network.behind = {PUBLIC_4: server.port}
        yield
        assert server.heard == []


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_said_beside_the_address_with_the_host_and_the_fault(
    scene: Scene, tmp_path: Path, fault: str
) -> None:
    begun = ApplicationLink.objects.get().pk
    machine = Machine(scene.jira, "alice", "ALPHA")

    with shown(scene, tmp_path, fault), scene.beyond_the_site():
        said = machine.post(f"application-links/{begun}/enter", **ENTERED)

    assert (said.status, said.said["field"]) == (422, "base_url")
    told = f"{HOST} shows a certificate that cannot be trusted: {FAULTS[fault]}. Nothing was sent."
    assert said.said["message"].startswith(told)
    assert ApplicationLink.objects.get().client_id == ""


def test_the_page_says_it_too_and_keeps_what_was_entered(scene: Scene, tmp_path: Path) -> None:
    reader = Reader(scene.jira.visitor("alice"), scene.jira.space_id("ALPHA"))
    reader.press("New Synchronization")
    reader.press("Synchronize with a Data Center Instance")

    with shown(scene, tmp_path, EXPIRED), scene.beyond_the_site():
        reader.press("Next", **ENTERED)

    assert f"{HOST} shows a certificate that cannot be trusted" in reader.page.text
    assert reader.page.one("input", name="base_url").attributes["value"] == ENTERED["base_url"]
    assert reader.page.one("input", name="client_id").attributes["value"] == "id"


def test_one_that_ran_out_before_the_sign_in_is_told_from_a_site_that_is_away(
    scene: Scene, tmp_path: Path
) -> None:
    with shown(scene, tmp_path, EXPIRED, over_links.HOST):
        told = over_links.told_at_the_sign_in(scene)

    assert told == "certificate"
