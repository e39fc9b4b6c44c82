"""The descriptor: what we ask of Jira, and that Jira's own schema agrees with it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.urls import resolve

from tests.support.app import call_app
from tests.support.environment import APP
from tests.support.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = SHARED / "specs" / "connect-jira-global-schema.2019-06.json"
NEWER_THAN_THE_SCHEMA = {"signed-install", "context-qsh"}


@pytest.fixture
def descriptor() -> dict[str, Any]:
    answer = call_app("GET", "/atlassian-connect.json")
    assert answer["Content-Type"] == "application/json"
    return dict(json.loads(answer.content))


def test_only_our_address_and_key_are_filled_in(descriptor: dict[str, Any]) -> None:
    written = json.loads((ROOT / "atlassian-connect.json").read_text())

    assert descriptor == written | {"baseUrl": APP, "key": "backbone-work-sync"}


def test_it_asks_for_the_least_that_is_used(descriptor: dict[str, Any]) -> None:
    assert descriptor["scopes"] == ["READ", "WRITE", "DELETE"]  # DELETE: taking our mark off a cloned item
    assert descriptor["apiMigrations"] == {"gdpr": True, "signed-install": True, "context-qsh": True}


def test_every_address_in_it_is_one_of_ours(descriptor: dict[str, Any]) -> None:
    modules = descriptor["modules"]
    urls = list(descriptor["lifecycle"].values())
    urls += [module.get("target", module)["url"] for kind in modules.values() for module in kind]
    assert len(urls) > 4

    for url in urls:
        resolve(url.partition("?")[0])


def test_webhooks_bring_our_mark_along_where_jira_can_send_it(descriptor: dict[str, Any]) -> None:
    hooks = descriptor["modules"]["webhooks"]

    assert {hook["event"]: hook.get("propertyKeys") for hook in hooks} == {
        "jira:issue_created": ["backbone-twin"],
        "jira:issue_updated": ["backbone-twin"],
        "jira:issue_deleted": ["backbone-twin"],
        "comment_created": None,
        "comment_updated": None,
        "comment_deleted": None,
    }
    assert not any(hook["excludeBody"] for hook in hooks)


@pytest.mark.skipif(not SCHEMA.exists(), reason="Atlassian's schema is not in SHARED_DIR")
def test_it_is_what_atlassians_schema_describes(descriptor: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text())
    assert NEWER_THAN_THE_SCHEMA.isdisjoint(schema["properties"]["apiMigrations"]["properties"])
    descriptor["apiMigrations"] = {
        name: value
        for name, value in descriptor["apiMigrations"].items()
        if name not in NEWER_THAN_THE_SCHEMA
    }

    jsonschema.Draft4Validator(schema).validate(descriptor)
