"""What the pages load, and what their templates must not contain."""

import hashlib
import re
from pathlib import Path

import pytest

import backbone_app

STATIC = Path(backbone_app.__file__).parent / "static"
VENDORED = [
    (STATIC / "vendor", "Zero-Clause BSD"),
    (Path(__file__).parents[2] / "browser" / "vendor", "Mozilla Public License Version 2.0"),
]
TEMPLATES = sorted((STATIC.parent.parent / "templates").rglob("*.html"))


@pytest.mark.parametrize(("folder", "licence"), VENDORED, ids=["htmx", "axe"])
def test_vendored_files_are_the_ones_that_were_looked_at(folder: Path, licence: str) -> None:
    lines = (folder / "HASHES").read_text().splitlines()
    hashes = {name: digest for digest, name in (line.split() for line in lines)}
    files = {each.name: each.read_bytes() for each in folder.glob("*.js")}
    (licence_file,) = folder.glob("*.LICENSE.txt")

    assert hashes == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert licence in licence_file.read_text()


def test_htmx_is_of_the_second_generation_whose_events_the_bridge_knows() -> None:
    assert re.search(r'version:"2\.0\.\d+"', (STATIC / "vendor/htmx.min.js").read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_content_policy_refuses_or_that_fails_open(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|js:|hx-boost|autofocus|\|safe|autoescape off", text)
    assert not re.search(r'hx-trigger="[^"]*\[', text), "trigger filters fail open"
    assert not re.search(r"\s[\w:-]+=\{\{", text), "values stand in quotes"
    assert not [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
