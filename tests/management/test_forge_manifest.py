"""``manage.py forge_manifest``: everything of the descriptor is in it, and Forge's own validators take it."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import resolve

from tests.support.environment import APP, FORGE_APP
from tests.support.manifests import DESCRIPTOR, KEPT, Judge, judge, manifest

NOBODY = "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000"


def command(*arguments: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("forge_manifest", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def descriptor() -> dict[str, Any]:
    return dict(json.loads(DESCRIPTOR.read_text()))


@pytest.fixture
def written() -> dict[str, Any]:
    return dict(yaml.safe_load(manifest()))


@pytest.fixture(scope="module")
def forge() -> Iterator[Judge]:
    with judge() as started:
        yield started


def test_the_manifest_kept_with_the_tests_is_what_the_command_writes(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"

    command(f"--output={file}")

    assert file.read_text() == KEPT.read_text(), (
        "A change of atlassian-connect.json is a change of what is installed. If it is meant: "
        f"BACKBONE_BASE_URL={APP} BACKBONE_FORGE_APP_ID={FORGE_APP} "
        f"python manage.py forge_manifest --output {KEPT}"
    )
    assert "up to date" in command(f"--check={KEPT}")


def test_every_module_of_the_descriptor_is_in_it_unchanged(
    descriptor: dict[str, Any], written: dict[str, Any]
) -> None:
    connect = written["connectModules"]

    assert connect.keys() == {f"jira:{kind}" for kind in descriptor["modules"]} | {"jira:lifecycle"}
    for kind, modules in descriptor["modules"].items():
        without_key = [{name: part for name, part in each.items() if name != "key"} for each in modules]
        assert len(modules) == len(connect[f"jira:{kind}"])
        for ours, found, keyless in zip(modules, connect[f"jira:{kind}"], without_key, strict=True):
            assert found in (ours, {"key": found["key"], **keyless})
    assert connect["jira:lifecycle"] == [{"key": "lifecycle", **descriptor["lifecycle"]}]


def test_scopes_licence_and_key_are_those_of_the_descriptor(
    descriptor: dict[str, Any], written: dict[str, Any]
) -> None:
    assert written["permissions"]["scopes"] == [
        "read:connect-jira",
        "write:connect-jira",
        "delete:connect-jira",
        "read:app-system-token",
    ]
    assert len(written["permissions"]["scopes"]) == len(descriptor["scopes"]) + 1
    assert written["app"]["licensing"] == {"enabled": descriptor["enableLicensing"]}
    assert written["app"]["connect"]["key"] == "backbone-work-sync"


def test_what_forge_itself_calls_are_addresses_of_ours(written: dict[str, Any]) -> None:
    paths = {each["key"]: each["route"]["path"] for each in written["modules"]["endpoint"]}
    called = [
        each["endpoint"] for kind in ("trigger", "scheduledTrigger") for each in written["modules"][kind]
    ]

    assert sorted(called) == sorted(paths)
    for path in paths.values():
        resolve(path)


def test_the_key_of_a_webhook_does_not_depend_on_its_place(written: dict[str, Any], tmp_path: Path) -> None:
    turned = json.loads(DESCRIPTOR.read_text())
    turned["modules"]["webhooks"].reverse()
    other = tmp_path / "atlassian-connect.json"
    other.write_text(json.dumps(turned))

    keys = {each["event"]: each["key"] for each in written["connectModules"]["jira:webhooks"]}
    again = yaml.safe_load(manifest(descriptor=other))["connectModules"]["jira:webhooks"]

    assert {each["event"]: each["key"] for each in again} == keys
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize(
    "regions",
    [{}, {"EU": "https://eu.backbone.example"}, dict.fromkeys(("EU", "US", "AU"), "https://b.example/sync")],
    ids=["one address", "one region", "several regions"],
)
def test_forges_schema_and_validators_take_it(forge: Judge, regions: dict[str, str]) -> None:
    assert forge.faults(manifest(regions=regions)) == []


def without_remote(made: dict[str, Any]) -> None:
    del made["app"]["connect"]["remote"]


def second_lifecycle(made: dict[str, Any]) -> None:
    made["connectModules"]["jira:lifecycle"].append({"key": "again", "installed": "/installed"})


def key_of_another_module(made: dict[str, Any]) -> None:
    made["connectModules"]["jira:adminPages"][0]["key"] = made["connectModules"]["jira:webhooks"][0]["key"]


def unknown_module(made: dict[str, Any]) -> None:
    made["connectModules"]["jira:jiraIssueWindows"] = made["connectModules"].pop("jira:jiraIssueContents")


def webhook_without_key(made: dict[str, Any]) -> None:
    del made["connectModules"]["jira:webhooks"][0]["key"]


def webhook_without_address(made: dict[str, Any]) -> None:
    del made["connectModules"]["jira:webhooks"][0]["url"]


def unknown_scope(made: dict[str, Any]) -> None:
    made["permissions"]["scopes"].append("read:connect-jiira")


def only_the_scope_of_tokens(made: dict[str, Any]) -> None:
    made["permissions"]["scopes"] = ["read:app-system-token"]


def unknown_region(made: dict[str, Any]) -> None:
    made["remotes"][0]["baseUrl"] = {"default": APP, "MOON": APP}


def trigger_of_nothing(made: dict[str, Any]) -> None:
    made["modules"]["trigger"][0]["endpoint"] = "nowhere"


@pytest.mark.parametrize(
    "spoil",
    [
        without_remote,
        second_lifecycle,
        key_of_another_module,
        unknown_module,
        webhook_without_key,
        webhook_without_address,
        unknown_scope,
        only_the_scope_of_tokens,
        unknown_region,
        trigger_of_nothing,
    ],
)
def test_forges_validators_refuse_what_is_wrong(forge: Judge, written: dict[str, Any], spoil: Any) -> None:
    spoil(written)

    assert forge.faults(written) != []


def test_a_manifest_that_differs_is_shown_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(KEPT.read_text().replace("hour", "week"))
    said = StringIO()

    with pytest.raises(CommandError, match=re.escape(f"{file} is not what would be written")):
        call_command("forge_manifest", f"--check={file}", stdout=said)

    assert "-    interval: week\n+    interval: hour\n" in said.getvalue()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region=MOON=https://b.example"], "--region: There is no region 'MOON'"),
        (["--region=default=https://b.example"], "no region 'default'"),
        (["--region=EU"], "Write it as EU=https"),
        (["--region=EU=http://b.example"], "--region: Forge cannot call 'http://b.example'"),
        (["--region=EU=https://a@b.example"], "Forge cannot call"),
        (["--region=EU=https://b.example?x=1"], "Forge cannot call"),
        (["--region=EU=https://b.example/#x"], "Forge cannot call"),
        (["--region=EU=https://[b.example"], "Forge cannot call"),
        (["--region=EU=https://b.example\n"], "Forge cannot call"),
        (["--region=EU=https://localhost"], "Forge cannot call"),
        (["--region=EU=https://127.0.0.1"], "Forge cannot call"),
        (["--region=EU=https://a.example", "--region=EU=https://b.example"], "named twice"),
        (["--check=nowhere/manifest.yml"], "cannot be read"),
        (["--output=nowhere/manifest.yml"], "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=said):
        command(*arguments)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "app_id", ["00000000-0000-4000-8000-000000000001", f"{FORGE_APP}\n", FORGE_APP.upper(), f"{FORGE_APP}/x"]
)
@override_settings(BACKBONE_FORGE_APP_ID="")
def test_what_is_no_id_of_a_forge_app_is_refused(tmp_path: Path, app_id: str) -> None:
    with pytest.raises(
        CommandError, match=r"--app-id: .* no id of a Forge app.* as `forge register` has shown"
    ):
        command(f"--app-id={app_id}", f"--output={tmp_path / 'manifest.yml'}")

    assert list(tmp_path.iterdir()) == []


def test_an_app_whose_calls_would_be_refused_gets_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Set BACKBONE_FORGE_APP_ID to the one that is installed"):
        command(f"--app-id={NOBODY}", f"--output={tmp_path / 'manifest.yml'}")

    assert list(tmp_path.iterdir()) == []


@override_settings(BACKBONE_FORGE_APP_ID="")
def test_before_the_app_is_registered_its_id_is_asked_for_or_nobodys(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"

    with pytest.raises(CommandError, match="Write --app-id as `forge register` has shown it"):
        command(f"--output={file}")
    first = command(f"--app-id={NOBODY}", f"--output={file}")
    then = command(f"--app-id={FORGE_APP}", f"--output={file}")

    assert "`forge register` comes next" in first
    assert "`forge deploy` and `forge install` come next" in then
    assert file.read_text() == KEPT.read_text()


def test_no_manifest_is_made_of_an_address_that_forge_cannot_call(tmp_path: Path) -> None:
    local = override_settings(BACKBONE_BASE_URL="http://127.0.0.1:8000")

    with local, pytest.raises(CommandError, match="BACKBONE_BASE_URL: Forge cannot call"):
        command(f"--output={tmp_path / 'manifest.yml'}")

    assert list(tmp_path.iterdir()) == []
