"""The manifest of the Forge app that wraps our descriptor, as text."""

import difflib
import json
from pathlib import Path
from typing import Any, Final

import yaml

from backbone_app.services.forge_manifest.translation import NOBODY, ForgeApp, translate

__all__ = ["NOBODY", "ForgeApp", "difference", "written"]

HEAD: Final = (
    "# Written by `manage.py forge_manifest` from atlassian-connect.json: change that and write it again.\n"
)


class _Plain(yaml.SafeDumper):
    """Writes a value out wherever it stands: Forge's own tools show no anchors, and people read this file."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def written(descriptor: Path, app: ForgeApp) -> str:
    """Give the text of ``manifest.yml`` for the descriptor in a file of ours; the same for the same input."""
    manifest = translate(json.loads(descriptor.read_text(encoding="utf-8")), app)
    return HEAD + yaml.dump(manifest, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


def difference(found: str, wanted: str) -> str:
    """Show line by line how a manifest differs from the one that would be written; empty: not at all."""
    lines = difflib.unified_diff(
        found.splitlines(keepends=True),
        wanted.splitlines(keepends=True),
        "as it is",
        "as it would be written",
    )
    return "".join(lines)
