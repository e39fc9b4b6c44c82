"""Every column that may name a person is declared, and what is declared is found and erased there, whole."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import models

from backbone_app.ledger import personal
from backbone_app.ledger.personal import COLUMNS, Form, edits, texts
from backbone_app.models.sealing import SealedField
from tests.support.canaries import DECLARED, Kind

NOBODY = {
    "AllowedGroup": "group name",
    "ApplicationLink": "base_url client_id client_secret_sealed",
    "AuditEntry": "actor act page space detail",
    "CommentTwin": "left right left_digest right_digest state",
    "Delivery": "key event item space",
    "DownloadTicket": "digest page what space",
    "ElementBase": "row left right",
    "Failure": "row code wish",
    "FieldBase": "row digest",
    "ForgeInstallation": "installation cloud_id environment version",
    "Heartbeat": "lane",
    "Intent": "expectation crossed item",
    "JournalEntry": "rows",
    "LateWrite": "space item",
    "Leftover": "item comment task",
    "Link": "address access_sealed refresh_sealed broken_reason",
    "LinkAttempt": "address space space_key space_name digest state_digest browser_digest verifier_sealed "
    "trouble",
    "LinkHook": "digest token_sealed secret_sealed form number trouble",
    "Notice": "detail",
    "NoticeAddress": "space space_key digest kinds confirm_digest leave_sealed leave_digest",
    "NoticeMail": "mailbox_digest ticket_sealed",
    "Pace": "key",
    "Pair": "reason origin_item",
    "PairSide": "item item_key",
    "Pause": "scope reason",
    "PublishedConfiguration": "document",
    "Reconciliation": "reached",
    "RemoteLicence": "key holder creator",
    "ServiceHold": "name",
    "Site": "client_key base_url secret_sealed digest_key_sealed cloud_id installation "
    "display_url previous_secret_sealed pending_base_url pending_secret_sealed lifecycle_digest",
    "Spending": "lane",
    "Synchronization": "spaces stops pause_reason",
    "SynchronizationSide": "space space_key space_name asked_key name description message asking_message",
    "Tombstone": "rows",
    "Unfinished": "space way entered",
    "WakeUp": "job",
    "WorkflowStep": "space type_id source transition name target required category",
}
"""By table, the columns of text, JSON and bytes that name no person; canaries sweep them in every story."""

ALICE, OTHER = "5b10a2844c20165700ede21g", "557058:f1a2c3d4-0000-4000-8000-000000000001"
TEXTUAL = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def _columns() -> Iterator[tuple[type[models.Model], "models.Field[Any, Any]"]]:
    for model in apps.get_models():
        if model.__module__.startswith("backbone_app."):
            named = (field for field in model._meta.concrete_fields if isinstance(field, TEXTUAL))
            yield from ((model, field) for field in named if not field.choices)


def test_every_column_of_text_is_declared_to_name_people_or_nobody_and_none_to_do_both() -> None:
    every = {f"{model.__name__}.{field.name}" for model, field in _columns()}
    people = [f"{column.model.__name__}.{column.name}" for column in COLUMNS]
    nobody = [f"{table}.{name}" for table, names in NOBODY.items() for name in names.split()]

    assert sorted([*people, *nobody]) == sorted(every)


def test_the_canaries_let_account_ids_stand_where_they_are_declared_and_nowhere_else() -> None:
    let = {place for place, kinds in DECLARED.items() if Kind.ACCOUNT in kinds}
    app = "backbone_site.app_account"  # nobody's: the app's own

    named = {str(column) for column in COLUMNS if column.form in (Form.ACCOUNT, Form.EDITS)}
    assert {app, *named} == let


def test_every_sealed_column_is_a_secret_of_a_site_or_a_text_that_is_searched() -> None:
    sealed = {str(field) for model, field in _columns() if isinstance(field, SealedField)}
    searched = {str(column.model._meta.get_field(column.name)) for column in personal.COLUMNS}

    tickets = {"backbone.NoticeAddress.leave_sealed", "backbone.NoticeMail.ticket_sealed"}
    secrets = ("Site", "ApplicationLink", "Link", "LinkAttempt", "LinkHook")
    of_sites = tuple(f"backbone.{each}." for each in secrets)
    assert {name for name in sealed - searched if not name.startswith(of_sites)} == tickets


@pytest.mark.parametrize(
    "text",
    [
        f'{{"accountId":"{ALICE}"}}',
        f"asks [~accountid:{ALICE}] about it",
        f"https://acme.atlassian.net/rest/api/2/user?accountId={ALICE}",
        ALICE,
    ],
)
def test_an_account_id_is_found_wherever_jira_writes_one(text: str) -> None:
    assert texts.naming([OTHER, ALICE]).search(text.encode())
    assert ALICE in texts.words(text.encode())


@pytest.mark.parametrize("account", [ALICE, OTHER])
@pytest.mark.parametrize(
    "text",
    [
        '{"name":"Alice","accountId":"%s","active":true}',
        '{"tmpFromAccountId": "%s"}',
        '{"comment":"{\\"accountId\\":\\"%s\\"}"}',
        "asks [~accountid:%s] about it",
        "https://acme.atlassian.net/rest/api/2/user?accountId=%s&expand=groups",
        "to?url=https%%3A%%2F%%2Facme.example%%2Fuser%%3FaccountId%%3D%s",
    ],
)
def test_of_a_text_only_account_ids_are_told_to_anybody(text: str, account: str) -> None:
    for spelt in (account, quote(account, safe="")):
        assert texts.accounts((text % spelt).encode()) == {account}


@pytest.mark.parametrize(
    "text",
    [
        "The account is closed, 557058: ask bob",
        '{"id":"10001","labels":["people"],"self":"https://acme.atlassian.net/rest/api/2/issue/10001"}',
        f"f{OTHER}0",
        '{"accountId":null}',
        '{"people":[],"stood":{"labels":["one"]}}',
    ],
)
def test_no_other_word_of_a_text_is_taken_for_an_account(text: str) -> None:
    assert texts.accounts(text.encode()) == frozenset()


def test_whom_the_feed_mentions_is_told_whatever_the_id_looks_like() -> None:
    assert texts.accounts(f'{{"people":["{ALICE}","{OTHER}"],"stood":{{}}}}'.encode()) == {ALICE, OTHER}


def test_an_account_id_of_today_is_known_by_its_form() -> None:
    assert texts.accounts(f'{{"from":"{OTHER}","id":"10001"}}'.encode()) == {OTHER}


@pytest.mark.parametrize("account", [ALICE, OTHER])
@pytest.mark.parametrize(
    "address",
    ["user?accountId={}", "https://avatar.example/{}/48", "to?url=https%3A%2F%2Facme.example%2Fpeople%2F{}"],
)
def test_an_account_id_is_found_in_an_address_that_encodes_it(account: str, address: str) -> None:
    for spelt in (quote(account, safe=""), quote(account, safe="").replace("%3A", "%3a")):
        text = address.format(spelt).encode()
        assert texts.naming([account]).search(text)
        assert account in texts.words(text)


@pytest.mark.parametrize(
    "text", [f"{ALICE}x", f"x{ALICE}", f"557058:{ALICE}", f"557058%3A{ALICE}", f"{ALICE}-1", f"{ALICE}:1"]
)
def test_an_id_that_is_a_part_of_another_one_is_not_that_person(text: str) -> None:
    assert texts.naming([ALICE]).search(f'"accountId":"{text}"'.encode()) is None


def test_only_the_erased_authors_go_from_an_entrys_causes() -> None:
    mine, theirs = ({"at": "2026-11-22T08:00:00+00:00", "author": who, "entry": 7} for who in (ALICE, OTHER))
    causes: dict[str, dict[str, Any]] = {
        "summary": {"edits": [mine, theirs], "side": "left", "gave_way": mine},
        "labels": {"gave_way": theirs, "digest": "d"},
    }

    left = edits.without(causes, lambda author: author == ALICE)

    gone = {**mine, "author": edits.FORMER}
    assert left == {
        "summary": {"edits": [gone, theirs], "side": "left", "gave_way": gone},
        "labels": {"gave_way": theirs, "digest": "d"},
    }
    assert edits.authors(left) == {OTHER}
