"""JSON that is none, or more than its reader can bear (case 47), at every door."""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import pytest

from backbone_app.models import Delivery, Pair, Synchronization
from tests.support.app import Headers, Jira, call_app
from tests.support.bad_json import HARMLESS, NO_JSON, NUL, around, with_member
from tests.support.hooks import HOOK, PAIRED, Hook, pair_of
from tests.support.hostile import Attack, everything, good_claims, install_body, signed
from tests.support.machine import Machine
from tests.support.sandbox import VirtualClock
from tests.support.webhook_bodies import about, body, fields

DELIVERY = body(issue={"id": PAIRED, "fields": fields()})


@pytest.fixture
def hook(jira: Jira) -> Hook:
    """Acme, where a work item is paired."""
    pair_of(jira)
    return Hook(jira)


@pytest.fixture
def alice(jira: Jira) -> Machine:
    """An admin of ALPHA."""
    return Machine(jira, "alice", "ALPHA")


def lifecycle(jira: Jira, path: str, content: bytes) -> int:
    """Call a lifecycle address as Atlassian would."""
    headers = {"Authorization": f"JWT {signed(jira, good_claims(jira, path))}"}
    return call_app("POST", path, headers=headers, body=content).status_code


def notice(jira: Jira, path: str, content: bytes) -> int:
    """Call it as the site itself would."""
    headers: Headers = {"Authorization": f"JWT {jira.request_token('POST', path)}"}
    return call_app("POST", path, headers=headers, body=content).status_code


def members(said: Mapping[str, object], odd: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """The object with each odd member."""
    return {name: with_member(said, member) for each in odd for name, member in each.items()}


def all_answer(answers: Mapping[str, int], status: int) -> None:
    assert answers == dict.fromkeys(answers, status)


def test_case_47_a_delivery_that_is_no_json_or_has_a_nul_in_it(attack: Attack, hook: Hook) -> None:
    bodies = members(DELIVERY, [NO_JSON, NUL]) | around(DELIVERY)
    del bodies["nothing at all"]  # without a body no content type is sent, and that is case 46

    with attack.changing_nothing():
        answers = {name: hook.send(each) for name, each in bodies.items()}

    all_answer(answers, 400)


def test_case_47_a_delivery_with_an_odd_member_is_taken_in_without_it(hook: Hook) -> None:
    bodies = members(DELIVERY, [HARMLESS])

    answers = {name: hook.send(each, identifier=f"d-{len(each)}") for name, each in bodies.items()}

    all_answer(answers, 204)
    assert {delivery.item for delivery in Delivery.objects.all()} == {PAIRED}


def test_case_47_a_delivery_with_a_text_of_five_megabytes_is_kept_whole(hook: Hook) -> None:
    endless = json.dumps({**DELIVERY, "odd": "x" * 5_000_000}).encode()

    assert hook.send(endless, identifier="d-1") == 204

    assert Pair.objects.get().due == 1


@pytest.mark.parametrize("name", ["webhookEvent", "timestamp", "issue", "changelog", "user", "comment"])
def test_case_47_odd_numbers_and_depths_where_something_is_looked_for(hook: Hook, name: str) -> None:
    odd = [b"9" * 300, b"-1e308", b"1e-400", b"[" * 900 + b"]" * 900, b'{"id":' * 900 + b"1" + b"}" * 900]
    rest = {key: value for key, value in DELIVERY.items() if key != name}

    bodies = [with_member(rest, f'"{name}":'.encode() + each) for each in odd]
    answers = {each[:200]: hook.send(each) for each in bodies}

    assert set(answers.values()) == {400 if name == "webhookEvent" else 204}


@pytest.mark.parametrize("identifier", ["\x00", "a\x00b", "%00", "\ud800".encode(errors="replace").decode()])
def test_case_47_a_nul_in_the_identifier_reaches_no_database(hook: Hook, identifier: str) -> None:
    before = everything()

    status = hook.send(about(PAIRED, "10000"), identifier=identifier)

    printable = identifier.isprintable() and identifier.isascii()
    assert (status, everything() != before) == ((204, True) if printable else (400, False))


@pytest.mark.parametrize("path", ["/installed", "/uninstalled"])
def test_case_47_a_lifecycle_call_that_is_no_json(attack: Attack, jira: Jira, path: str) -> None:
    said = install_body(jira)
    bodies = members(said, [NO_JSON]) | around(said)
    del bodies["nothing at all"]  # as with deliveries

    with attack.changing_nothing():
        answers = {name: lifecycle(jira, path, each) for name, each in bodies.items()}

    all_answer(answers, 400)


@pytest.mark.parametrize("path", ["/enabled", "/disabled"])
def test_case_47_a_notice_that_is_no_json(attack: Attack, jira: Jira, path: str) -> None:
    said = install_body(jira)
    bodies = members(said, [NO_JSON]) | around(said)
    del bodies["nothing at all"]

    with attack.changing_nothing():
        answers = {name: notice(jira, path, each) for name, each in bodies.items()}

    all_answer(answers, 400)


def test_case_47_an_installation_with_an_odd_member_is_taken_in_without_it(
    jira: Jira, clock: VirtualClock
) -> None:
    bodies = members(
        install_body(jira, sharedSecret="a-new-secret-of-forty-characters-from-jira"), [HARMLESS, NUL]
    )

    answers = {}
    for name, each in bodies.items():
        clock.advance(seconds=1)  # an installation beside another of its second would be old news
        answers[name] = lifecycle(jira, "/installed", each)

    all_answer(answers, 204)
    assert jira.row.base_url == jira.site.base_url


@pytest.mark.parametrize("name", ["baseUrl", "sharedSecret"])
def test_case_47_an_installation_with_a_nul_or_endless_text_in_what_is_kept(
    attack: Attack, jira: Jira, name: str
) -> None:
    kept = str(install_body(jira)[name])

    with attack.changing_nothing():
        for odd in (f"{kept}\x00", "\x00", kept + "x" * 60_000):
            body = json.dumps(install_body(jira, **{name: odd})).encode()
            assert lifecycle(jira, "/installed", body) == 400


def test_case_47_an_api_call_that_is_no_json(attack: Attack, alice: Machine, jira: Jira) -> None:
    said = {"partner_space": jira.space_id("BETA"), "name": "Alpha and Beta"}
    bodies = members(said, [NO_JSON]) | around(said)

    with attack.changing_nothing():
        answers = {name: alice.call("POST", "requests", body=each).status for name, each in bodies.items()}

    all_answer(answers, 400)


def test_case_47_an_api_call_with_an_odd_member_is_refused_by_its_name(
    attack: Attack, alice: Machine, jira: Jira
) -> None:
    said = {"partner_space": jira.space_id("BETA"), "name": "Alpha and Beta"}

    with attack.changing_nothing():
        for each in members(said, [HARMLESS, NUL]).values():
            answer = alice.call("POST", "requests", body=each)
            assert (answer.status, answer.said["code"]) == (400, "malformed")


@pytest.mark.parametrize("odd", ["a\x00b", "\x00", 10**400, 1e308, [[]], {"a": {}}, "x" * 60_000, None, True])
def test_case_47_an_api_call_with_something_odd_where_a_text_is_looked_for(
    attack: Attack, alice: Machine, jira: Jira, odd: object
) -> None:
    with attack.changing_nothing():
        for name in ("partner_space", "name", "description"):
            said = {"partner_space": jira.space_id("BETA"), "name": "n"} | {name: odd}
            answer = alice.call("POST", "requests", body=json.dumps(said).encode())
            assert answer.status in ({400, 404, 422} if name == "partner_space" else {400}), name


@pytest.mark.parametrize("text", ["\x00", "10000\x00", "\x00/../x", "\n", "\ufeff10000", "9" * 400])
def test_case_47_a_nul_or_another_odd_character_in_an_address(
    attack: Attack, alice: Machine, text: str
) -> None:
    part = quote(text, safe="")

    with attack.changing_nothing():
        for path in (f"spaces/{part}/synchronizations", f"items/{part}", f"items/{part}/activity"):
            assert alice.call("GET", f"/api/1/{path}").status in {400, 403, 404}, path


def test_case_47_a_nul_in_a_query_or_a_form(attack: Attack, alice: Machine, jira: Jira) -> None:
    visitor, space = jira.visitor("alice"), jira.space_id("ALPHA")
    form = {"partner": jira.space_id("BETA"), "name": "a\x00b", "description": "\x00"}

    with attack.changing_nothing():
        queried = alice.get("addressee", base_url="https://initech.atlassian.net\x00", space_key="A\x00")
    sent = visitor.post(f"/spaces/{space}/new/send", **form)

    assert queried.status == 400
    assert sent.status_code == 200  # the form again, with what is wrong
    assert not Synchronization.objects.exists()


def test_case_47_the_same_door_is_open_to_what_is_fine(jira: Jira, hook: Hook, alice: Machine) -> None:
    assert (
        call_app("POST", HOOK, headers=hook.headers(), body=json.dumps(DELIVERY).encode()).status_code == 204
    )
    assert alice.get("synchronizations").status == 200
    assert lifecycle(jira, "/installed", json.dumps(install_body(jira)).encode()) == 204
