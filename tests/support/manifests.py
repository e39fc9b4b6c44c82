"""The Forge manifest of our descriptor as the tests want it, and Forge's own judgement of manifests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from backbone_app.services import forge_manifest
from backbone_app.services.forge_manifest import ForgeApp
from tests.support import node
from tests.support.environment import APP, FORGE_APP

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTOR = ROOT / "atlassian-connect.json"
KEPT = ROOT / "tests" / "management" / "manifest.yml"
"""What the command writes with the settings of the tests."""

NOWHERE_ELSE: Mapping[str, str] = MappingProxyType({})


def manifest(*, descriptor: Path = DESCRIPTOR, regions: Mapping[str, str] = NOWHERE_ELSE) -> str:
    """The text for our descriptor, or another one, with servers in these regions."""
    return forge_manifest.written(descriptor, ForgeApp(FORGE_APP, "backbone-work-sync", APP, regions))


@dataclass(frozen=True, slots=True)
class Judge:
    """The package @forge/manifest."""

    program: node.Program

    def faults(self, manifest: str | dict[str, Any]) -> list[str]:
        """What it has to say against a manifest; none: Forge takes it."""
        text = manifest if isinstance(manifest, str) else yaml.safe_dump(manifest)
        return [str(fault) for fault in self.program.ask({"manifest": text})["errors"]]


@contextmanager
def judge() -> Iterator[Judge]:
    """Run it as long as the context lasts: one process for as many manifests as one likes."""
    with node.running("forge-manifest.js", needs="@forge/manifest") as program:
        yield Judge(program)
