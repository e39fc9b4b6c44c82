"""From Jira's answers to codes: the table is complete, and every answer is read as what it means."""

from datetime import timedelta

import pytest

from backbone_app.core.failures import RULES, UNKNOWN, Doing, Response, diagnose, held_for, rule
from backbone_app.errors import RemoteMissing, RemoteRefused

SENT = ("summary", "priority", "labels")


def refused(status: int, *messages: str, **fields: str) -> RemoteRefused:
    kind = RemoteMissing if status == 404 else RemoteRefused
    return kind("acme.atlassian.net", status, messages=messages, fields=fields)


@pytest.mark.parametrize("code", RULES)
def test_every_code_says_what_happened_and_what_to_do(code: str) -> None:
    known = rule(code)

    assert known.sentence.endswith(".")
    assert known.remedy.endswith(".")
    assert known.response in Response


def test_a_code_without_a_rule_says_something_all_the_same() -> None:
    assert rule("never heard of") is UNKNOWN


@pytest.mark.parametrize(
    ("answer", "doing", "code"),
    [
        (refused(401), Doing.READ, "app_not_authorized"),
        (refused(401), Doing.EDIT, "app_not_authorized"),
        (refused(302), Doing.EDIT, "site_moved"),
        (refused(301), Doing.READ, "site_moved"),
        (refused(409, "Conflict"), Doing.EDIT, "edit_conflict"),
        (refused(409), Doing.TRANSITION, "edit_conflict"),
        (refused(404), Doing.READ, "remote_missing"),
        (refused(404), Doing.EDIT, "remote_missing"),
        (refused(404), Doing.CREATE, "space_missing"),
        (refused(403, "The app does not have the scope WRITE."), Doing.EDIT, "app_forbidden"),
        (refused(403), Doing.READ, "app_forbidden"),
        (refused(403), Doing.EDIT, "edit_not_allowed"),
        (refused(400, "You do not have permission to edit."), Doing.EDIT, "edit_not_allowed"),
        (refused(403), Doing.CREATE, "creation_not_allowed"),
        (refused(403), Doing.TRANSITION, "transition_not_allowed"),
        (refused(400, "Not now"), Doing.TRANSITION, "transition_refused"),
        (refused(403), Doing.COMMENT, "comment_not_allowed"),
        (refused(413, "Too many"), Doing.COMMENT, "comment_refused"),
        (refused(400, project="Specify a valid project ID or key"), Doing.CREATE, "space_missing"),
        (refused(400, project="You cannot create issues here."), Doing.CREATE, "creation_not_allowed"),
        (refused(400, issuetype="Specify a valid issue type"), Doing.CREATE, "work_type_missing"),
        (refused(400, customfield_1="Severity is required."), Doing.CREATE, "required_field_missing"),
        (refused(400, customfield_1="Severity is required."), Doing.EDIT, "required_field_missing"),
        (refused(400, "Issue A-1 is archived."), Doing.EDIT, "item_archived"),
        (refused(422), Doing.EDIT, "remote_refused"),
        (refused(400, "A script says no."), Doing.EDIT, "remote_refused"),
        (refused(400, "?"), Doing.READ, "remote_refused"),
    ],
)
def test_an_answer_means(answer: RemoteRefused, doing: Doing, code: str) -> None:
    diagnosis = diagnose(answer, doing, SENT)

    assert (diagnosis.code, dict(diagnosis.fields)) == (code, {})
    assert code in RULES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Field 'x' cannot be set. It is not on the appropriate screen, or unknown.", "field_not_on_screen"),
        ("The priority selected is invalid.", "value_not_known"),
        ("Option id '9' is not valid", "value_not_known"),
        ("The component does not exist.", "value_not_known"),
        ("Summary must be less than 255 characters.", "value_too_long"),
        ("The label exceeds the maximum length.", "value_too_long"),
        ("The text is too long.", "value_too_long"),
        ("Priority is required.", "value_required"),
        ("You must specify a summary of the issue.", "value_required"),
        ("Whatever a plugin says.", "field_refused"),
    ],
)
def test_a_field_that_was_sent_and_is_named_is_blamed_by_jiras_words(text: str, code: str) -> None:
    diagnosis = diagnose(refused(400, "Read below", priority=text), Doing.EDIT, SENT)

    assert dict(diagnosis.fields) == {"priority": code}
    assert dict(diagnosis.told) == {"priority": text}
    assert code in RULES


def test_a_field_is_blamed_even_where_a_further_one_is_demanded_that_we_do_not_send() -> None:
    answer = refused(400, priority="invalid", customfield_1="Severity is required.")

    assert dict(diagnose(answer, Doing.CREATE, SENT).fields) == {"priority": "value_not_known"}


def test_words_of_a_person_are_in_no_repr() -> None:
    diagnosis = diagnose(refused(400, "secret words", priority="secret invalid"), Doing.EDIT, SENT)

    assert "secret" not in repr(diagnosis)


def test_a_refused_value_is_held_ever_longer_and_a_day_at_most() -> None:
    waits = [held_for(attempts) for attempts in range(100)]

    assert waits[:4] == [
        timedelta(minutes=10),
        timedelta(minutes=10),
        timedelta(minutes=20),
        timedelta(minutes=40),
    ]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=24)
