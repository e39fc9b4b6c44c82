"""Our own address as others have it: real certificates, real answers, each wrong in its own way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import LazySettings

from backbone_app.services.doctor import Level, outside
from jira_sandbox.world import World
from tests.support.app import call_app
from tests.support.network import networked
from tests.support.tls import Authority, secured
from tests.support.wire import Script, answer, wired

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


YEAR = {"Strict_Transport_Security": "max-age=31536000; includeSubDomains"}
ALIVE = answer(200, b'{"status": "ok"}', **YEAR)


@contextmanager
def served(
    authority: Authority, settings: LazySettings, script: Script, *, certificate: Path | None = None
) -> Iterator[None]:
    """Our address leads to a server that says this to everything, with this certificate."""
    with secured(certificate or authority.certificate("localhost"), script=script) as server:
        settings.BACKBONE_BASE_URL = f"https://localhost:{server.port}"
        settings.BACKBONE_AUTHORITIES = authority.file
        yield


def told(now: datetime = NOW) -> dict[str, Level]:
    found = list(outside.public_address(now))
    assert all(bool(one.remedy) == (one.level is not Level.OK) for one in found)
    return {one.what: one.level for one in found}


def test_an_address_that_answers_as_ours_is_told_so(authority: Authority, settings: LazySettings) -> None:
    with served(authority, settings, ALIVE):
        found = told()

    assert found["public address"] is found["HSTS"] is found["static files"] is Level.OK
    assert found["certificate"] is Level.WARN  # it is good for a day


def test_a_certificate_for_months_is_fine(authority: Authority, settings: LazySettings) -> None:
    with served(authority, settings, ALIVE):
        assert told(NOW - timedelta(days=60))["certificate"] is Level.OK


@pytest.mark.parametrize("fault", ["expired", "by_itself", "of_another_name"])
def test_a_certificate_that_nobody_believes_is_told(
    authority: Authority, settings: LazySettings, fault: str
) -> None:
    made = {
        "expired": authority.certificate("localhost", expired=True),
        "by_itself": authority.certificate("localhost", by_itself=True),
        "of_another_name": authority.certificate("other.example"),
    }

    with served(authority, settings, ALIVE, certificate=made[fault]):
        found = list(outside.public_address(NOW))

    assert [(one.level, one.what) for one in found] == [(Level.FAIL, "certificate")]
    assert (": certificate has expired" in found[0].why) is (fault == "expired")


def test_an_address_that_nobody_listens_at_is_told(settings: LazySettings) -> None:
    settings.BACKBONE_BASE_URL = "https://localhost:1"

    assert told() == {"public address": Level.FAIL}


@pytest.mark.parametrize(("age", "level"), [("31535999", Level.WARN), ("31536000", Level.OK)])
def test_less_than_a_year_of_https_only_is_told(
    authority: Authority, settings: LazySettings, age: str, level: Level
) -> None:
    said = answer(200, b"{}", Strict_Transport_Security=f"max-age={age}")
    with served(authority, settings, said):
        assert told()["HSTS"] is level


@pytest.mark.parametrize("status", [301, 404, 503])
def test_an_address_that_answers_anything_but_200_is_not_alive(
    authority: Authority, settings: LazySettings, status: int
) -> None:
    with served(authority, settings, answer(status, b'{"status": "ok"}')):
        assert told()["public address"] is Level.FAIL


def test_a_certificate_is_told_of_two_weeks_before_it_ends(
    authority: Authority, settings: LazySettings
) -> None:
    with served(authority, settings, ALIVE):
        found = [told(NOW - timedelta(days=days, hours=-1))["certificate"] for days in (12, 15)]

    assert found == [Level.WARN, Level.OK]


def test_plain_http_is_told(settings: LazySettings) -> None:
    with wired(ALIVE) as server:
        settings.BACKBONE_BASE_URL = f"http://localhost:{server.port}"

        assert told()["certificate"] is Level.WARN


def test_an_address_that_leads_to_somebody_else_is_told(authority: Authority, settings: LazySettings) -> None:
    with served(authority, settings, answer(200, b"<h1>It works!</h1>")):
        found = told()

    assert found["public address"] is found["descriptor"] is Level.FAIL
    assert found["HSTS"] is Level.WARN


def test_a_proxy_that_keeps_files_to_itself_is_told(authority: Authority, settings: LazySettings) -> None:
    with served(authority, settings, answer(404, b"{}")):
        assert told()["static files"] is Level.FAIL


def test_what_we_serve_is_known_as_our_descriptor_and_an_older_one_is_not(
    authority: Authority, settings: LazySettings
) -> None:
    ours = json.loads(call_app("GET", "/atlassian-connect.json").content)
    base_url = settings.BACKBONE_BASE_URL

    def found(said: dict[str, object]) -> Level:
        with served(authority, settings, answer(200, json.dumps(said).encode())):
            return told()["descriptor"]

    assert ours["baseUrl"] == base_url
    assert found(ours | {"baseUrl": base_url}) is Level.FAIL
    assert found(ours | {"modules": {}}) is Level.FAIL


def test_the_descriptor_of_this_address_is_ours(authority: Authority, settings: LazySettings) -> None:
    ours = json.loads(call_app("GET", "/atlassian-connect.json").content)

    def say(connection: socket) -> None:
        answer(200, json.dumps(ours | {"baseUrl": settings.BACKBONE_BASE_URL}).encode())(connection)

    with served(authority, settings, say):
        assert told()["descriptor"] is Level.OK


def hosts() -> list[Level]:
    return [one.level for one in outside.key_hosts(NOW)]


def test_hosts_of_keys_that_answer_whatever_it_is_are_fine(world: World) -> None:
    assert set(hosts()) == {Level.OK}


def test_hosts_of_keys_that_do_not_answer_are_told() -> None:
    def silent(*_: object, **__: object) -> requests.Response:
        raise requests.ConnectionError("nobody answers")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", silent)

        assert set(hosts()) == {Level.FAIL}


def test_hosts_of_keys_whose_name_leads_inside_are_told(settings: LazySettings) -> None:
    with networked() as network:
        for address in (*settings.BACKBONE_INSTALL_KEY_HOSTS, settings.BACKBONE_FORGE_KEYS_URL):
            network.name(str(urlsplit(address).hostname), ["10.0.0.1"])
        found = list(outside.key_hosts(NOW))

    assert {one.level for one in found} == {Level.FAIL}
    assert all("may not be called" in one.why for one in found)
    assert network.connects == []
