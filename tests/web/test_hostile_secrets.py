"""Somebody has a hand on our database or looks for what is not public (cases 61, 91, 92, 95)."""

import json
import re

import pytest
import structlog
from django.conf import LazySettings
from django.urls import get_resolver

from backbone_app import gateway
from backbone_app.errors import SecretUnreadable
from backbone_app.models import Site
from backbone_app.models.sealing import context, seal, unseal
from jira_sandbox.connect import tokens
from tests.support.app import Jira, call_app
from tests.support.canaries import Bird, Kind, net_over
from tests.support.hostile import Attack, Outgoing
from tests.support.rows import uuid

ENTRY = "/space-settings?spaceId=10000&spaceKey=ALPHA"
OVERVIEW = "/spaces/10000/overview"
HTML = {"Accept": "text/html"}
AT = context(uuid(1), "site", "secret")


def unreadable(jira: Jira, attack: Attack, token: str) -> None:
    """A call that needs the site's secret is refused without a word of it, and the operator is alarmed."""
    calls = len(attack.outgoing.urls)
    with attack.changing_nothing(), structlog.testing.capture_logs() as lines:
        answer = call_app("GET", OVERVIEW, headers={"Authorization": f"JWT {token}"})

    assert answer.status_code == 503
    assert json.loads(answer.content) == {"code": "secret_unreadable", "message": "This did not work."}
    assert len(attack.outgoing.urls) == calls
    (alarm,) = [line for line in lines if line["event"] == "secret_unreadable"]
    assert alarm == {
        "event": "secret_unreadable",
        "log_level": "critical",
        "place": context(jira.row.pk, "site", "secret"),
    }
    assert jira.app.shared_secret not in repr(lines)


@pytest.mark.parametrize("page", [ENTRY, "/panel?itemId=10000"])
def test_case_61_a_token_in_an_address_is_neither_answered_nor_logged_nor_passed_on(
    jira: Jira, page: str
) -> None:
    token = jira.request_token("GET", page, person="alice")

    with net_over() as net:
        answer = call_app("GET", f"{page}&jwt={token}", headers=HTML)
        net.keep(answer)

    assert answer.status_code == 200
    assert token in net.tokens
    assert net.found([]) == []
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-cache, no-store"


@pytest.mark.parametrize("target", [f"{ENTRY}&x=1", "/nothing", "/installed", "/webhooks/jira"])
def test_case_61_a_token_in_an_address_that_is_refused_is_not_told_either(jira: Jira, target: str) -> None:
    token = jira.request_token("GET", ENTRY, person="alice")
    address = f"{target}{'&' if '?' in target else '?'}jwt={token}"

    with net_over() as net:
        for accept in (HTML, {}):
            net.keep(call_app("GET", address, headers=accept))

    assert token in net.tokens
    assert net.found([Bird(Kind.SECRET, jira.app.shared_secret)]) == []


def test_case_91_the_secret_of_one_site_does_not_open_in_the_row_of_another(
    jira: Jira, other_jira: Jira, attack: Attack
) -> None:
    Site.objects.filter(pk=jira.row.pk).update(secret_sealed=other_jira.row.secret_sealed)
    forged = tokens.sign_hs256(
        jira.claims(sub=jira.account("alice"), qsh=tokens.PAGE_HASH), other_jira.app.shared_secret
    )

    unreadable(jira, attack, forged)


def test_case_91_a_key_does_not_open_in_the_place_of_the_secret_of_its_own_site(
    jira: Jira, attack: Attack
) -> None:
    Site.objects.filter(pk=jira.row.pk).update(secret_sealed=jira.row.digest_key_sealed)

    unreadable(jira, attack, jira.page_token("alice"))


def test_case_91_who_calls_jira_with_a_row_that_was_moved_does_not_call(
    jira: Jira, other_jira: Jira, outgoing: Outgoing
) -> None:
    Site.objects.filter(pk=jira.row.pk).update(secret_sealed=other_jira.row.secret_sealed)

    with pytest.raises(SecretUnreadable) as refused:
        gateway.client(jira.row, clock=jira.world.clock)

    assert outgoing.urls == []
    assert other_jira.app.shared_secret not in str(refused.value)


def test_case_92_a_truncated_value_opens_at_no_length() -> None:
    sealed = seal(b"the secret", at=AT)
    assert unseal(sealed, at=AT) == b"the secret"

    for length in range(len(sealed)):
        with pytest.raises(SecretUnreadable):
            unseal(sealed[:length], at=AT)


def test_case_92_a_value_with_any_byte_changed_or_one_more_does_not_open() -> None:
    sealed = seal(b"the secret", at=AT)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SecretUnreadable):
            unseal(bytes(changed), at=AT)
    with pytest.raises(SecretUnreadable):
        unseal(sealed + b"\0", at=AT)


def test_case_92_a_value_that_names_another_key_does_not_open_even_if_that_is_the_same(
    settings: LazySettings,
) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = {"k1": bytes(32), "k2": bytes(32)}
    sealed = seal(b"the secret", at=AT)

    with pytest.raises(SecretUnreadable):
        unseal(sealed.replace(b"k1", b"k2", 1), at=AT)


def test_a_value_is_never_sealed_the_same_way_twice() -> None:
    sealed = {seal(b"the secret", at=AT) for _ in range(100)}

    assert len(sealed) == 100
    assert len({value[4:16] for value in sealed}) == 100, "the nonce is behind version, length and id"


@pytest.mark.parametrize(
    "damage", [lambda sealed: sealed[:-1], lambda sealed: sealed[:1], lambda _: b"plain"]
)
def test_case_92_a_damaged_secret_is_an_error_and_nothing_else_is_tried(
    jira: Jira, attack: Attack, damage: object
) -> None:
    assert callable(damage)
    Site.objects.update(secret_sealed=damage(bytes(jira.row.secret_sealed)))

    unreadable(jira, attack, jira.page_token("alice"))


def test_case_92_a_plain_secret_in_the_row_is_not_used(jira: Jira, attack: Attack) -> None:
    Site.objects.update(secret_sealed=jira.app.shared_secret.encode())

    unreadable(jira, attack, jira.page_token("alice"))


@pytest.mark.parametrize(
    "ring", [{"k2": bytes(range(32))}, {"k1": bytes(32)}, {"k2": bytes(32), "k1": bytes(reversed(range(32)))}]
)
def test_case_92_a_ring_without_the_key_or_with_another_of_its_name_opens_nothing(
    jira: Jira, attack: Attack, settings: LazySettings, ring: dict[str, bytes]
) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = ring

    unreadable(jira, attack, jira.page_token("alice"))


PRIVATE = (
    *("/admin", "/admin/", "/admin/login/", "/django-admin/", "/administrator", "/wp-admin/"),
    *("/metrics", "/prometheus", "/stats", "/status", "/server-status", "/actuator", "/actuator/env"),
    *("/__debug__", "/__debug__/", "/debug", "/debug/default/view", "/console", "/_profiler", "/silk/"),
    *("/health", "/health/", "/healthz/", "/livez", "/readyz/", "/metrics/", "/info", "/version"),
    *("/env", "/config"),
    *("/.env", "/.git/config", "/.git/HEAD", "/manage.py", "/settings.py", "/db.sqlite3", "/backup.sql"),
    *("/static/", "/static/..%2fsettings.py", "/static/../manage.py", "/media/", "/build/demo/env"),
    *("/queue", "/django_q", "/admin/django_q/task/", "/rq", "/flower", "/docs", "/swagger", "/redoc"),
    *("/api", "/api/", "/api/1", "/api/1/", "/api/1/admin", "/graphql", "/accounts/login/", "/login"),
)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_case_95_there_is_nothing_where_admin_debug_and_metrics_use_to_be(
    db: None, attack: Attack, method: str
) -> None:
    with attack.changing_nothing():
        answers = {target: call_app(method, target, headers=HTML) for target in PRIVATE}

    assert {
        target: answer.status_code for target, answer in answers.items() if answer.status_code != 404
    } == {}
    pages = {answer.content for answer in answers.values()}
    assert len(pages) == 1
    assert not re.search(rb"(?i)django|python|gunicorn|traceback|urlconf|\d+\.\d+", pages.pop())
    assert attack.outgoing.urls == []


def test_case_95_none_of_them_is_installed(settings: LazySettings) -> None:
    strangers = {"django.contrib.admin", "django.contrib.auth", "django.contrib.sessions", "debug_toolbar"}
    names = [str(pattern.pattern) for pattern in get_resolver().url_patterns]

    assert not strangers & set(settings.INSTALLED_APPS)
    assert not [name for name in names if re.match("(?i)(admin|debug|metrics|figures|__)", name)]
    assert settings.DEBUG is False
