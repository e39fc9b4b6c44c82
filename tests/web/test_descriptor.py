"""The descriptor: what we ask of Jira, and that Jira's own schema agrees with it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.urls import resolve

from backbone_app.jira import webhooks
from backbone_app.jira.items import MARK
from tests.support.app import call_app
from tests.support.conformance import descriptions, ours
from tests.support.environment import APP
from tests.support.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = SHARED / "specs" / "connect-jira-global-schema.2019-06.json"
NEWER_THAN_THE_SCHEMA = {"signed-install": {"type": "boolean"}, "context-qsh": {"type": "boolean"}}
"""Migrations that Atlassian has announced since, as it describes them:
https://developer.atlassian.com/cloud/jira/platform/connect-active-api-migrations/"""


@pytest.fixture
def descriptor() -> dict[str, Any]:
    answer = call_app("GET", "/atlassian-connect.json")
    assert answer["Content-Type"] == "application/json"
    return dict(json.loads(answer.content))


def test_only_our_address_and_key_are_filled_in(descriptor: dict[str, Any]) -> None:
    written = json.loads((ROOT / "atlassian-connect.json").read_text())

    assert descriptor == written | {"baseUrl": APP, "key": "backbone-work-sync"}


def test_it_asks_for_the_scopes_that_our_operations_need_and_no_other(descriptor: dict[str, Any]) -> None:
    needed = set(ours.listed().values()) - {"NONE"}

    assert len(descriptor["scopes"]) == len(needed)
    assert set(descriptor["scopes"]) == needed


@pytest.mark.skipif(not descriptions.are_here(), reason="Atlassian's description is not in SHARED_DIR")
def test_each_operation_needs_the_scope_that_atlassians_description_says() -> None:
    told = {
        name: each.told.get("x-atlassian-connect-scope")
        for name, each in descriptions.CLOUD.operations.items()
    }
    described = ours.listed().keys() & told.keys()

    assert len(described) > 20
    assert {name: ours.listed()[name] for name in described} == {name: told[name] for name in described}


def test_it_asks_for_a_licence_and_for_the_ways_of_today(descriptor: dict[str, Any]) -> None:
    assert descriptor["enableLicensing"] is True
    assert descriptor["apiMigrations"] == {"gdpr": True, "signed-install": True, "context-qsh": True}


def test_jira_indexes_every_part_of_our_mark_and_nothing_else(descriptor: dict[str, Any]) -> None:
    (module,) = descriptor["modules"]["jiraEntityProperties"]
    (configuration,) = module["keyConfigurations"]

    assert configuration["propertyKey"] == MARK
    assert {each["objectName"] for each in configuration["extractions"]} == {
        "nonce",
        "originSite",
        "originItem",
        "synchronization",
    }


def test_every_address_in_it_is_one_of_ours(descriptor: dict[str, Any]) -> None:
    modules = descriptor["modules"]
    urls = list(descriptor["lifecycle"].values())
    urls += [url for kind in modules.values() for module in kind for url in _addresses(module)]
    assert len(urls) > 4

    for url in urls:
        resolve(url.partition("?")[0])


def _addresses(module: dict[str, Any]) -> list[str]:
    """Give the addresses of ours that a module names, wherever in it they stand; an icon is no view."""
    found = [module["url"]] if "url" in module else []
    return found + [
        url
        for name, part in module.items()
        if isinstance(part, dict) and name != "icon"
        for url in _addresses(part)
    ]


def test_webhooks_bring_our_mark_along_where_jira_can_send_it(descriptor: dict[str, Any]) -> None:
    hooks = descriptor["modules"]["webhooks"]

    assert {hook["event"]: hook.get("propertyKeys") for hook in hooks} == {
        event: [MARK] if event.startswith("jira:issue_") else None for event in webhooks.USED
    }
    assert len(hooks) == len(webhooks.USED)
    assert not any(hook["excludeBody"] for hook in hooks)


def migrations(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says of the migrations that an app may ask for, by their names."""
    return dict(schema["properties"]["apiMigrations"]["properties"])


@pytest.fixture
def schema() -> dict[str, Any]:
    """Atlassian's schema, and what is newer than it."""
    if not SCHEMA.exists():
        pytest.skip("Atlassian's schema is not in SHARED_DIR")
    schema = json.loads(SCHEMA.read_text())
    assert NEWER_THAN_THE_SCHEMA.keys().isdisjoint(migrations(schema))
    schema["properties"]["apiMigrations"]["properties"] |= NEWER_THAN_THE_SCHEMA
    return dict(schema)


def test_it_is_what_atlassians_schema_describes(descriptor: dict[str, Any], schema: dict[str, Any]) -> None:
    jsonschema.Draft4Validator(schema).validate(descriptor)


@pytest.mark.parametrize("name", ["gdpr", *NEWER_THAN_THE_SCHEMA, "not-announced"])
def test_a_migration_that_is_none_or_no_yes_or_no_is_not_what_it_describes(
    descriptor: dict[str, Any], schema: dict[str, Any], name: str
) -> None:
    descriptor["apiMigrations"][name] = "yes"

    with pytest.raises(jsonschema.ValidationError, match=name if name == "not-announced" else "boolean"):
        jsonschema.Draft4Validator(schema).validate(descriptor)
