"""What production needs to start, and that it starts with the settings the walk makes."""

import base64
import json
import re
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from backbone_app.core import remote_licence
from jira_sandbox.demo.stage import wait_for
from tests.support.processes import children, free_port, process
from tests.support.walk import DEPLOY, Walk

REQUIRED = (
    "BACKBONE_MODE",
    "BACKBONE_BASE_URL",
    "BACKBONE_SECRET_KEY",
    "BACKBONE_ENCRYPTION_KEYS",
    "DATABASE_URL",
)
NOTHING_TO_DO_WITH_US = {
    "security.W002": "who may show our pages in a frame is said by a directive of ours, for each site",
    "security.W003": "no page has a session or a cookie: each call carries its own token",
    "security.W021": "whether the whole domain goes onto browsers' lists is for its owner to say",
}


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The walk up to its settings, on a database that nobody asks yet."""
    return configured(
        tmp_path_factory.mktemp("production"), database="postgres://backbone:secret@localhost/backbone"
    )


def configured(directory: Path, *, database: str) -> Walk:
    """A walk with settings, in whose directory that is which is the machine's otherwise."""
    values = {"DOMAIN": "backbone.example.com", "DATABASE_URL": database}
    made = Walk(directory / "backbone-1", directory / "etc" / "environment", values)
    made.execute("settings")
    for place in ("/run/backbone", "/var/lib/backbone"):
        made.settings.write_text(made.settings.read_text().replace(place, str(directory)))
    return made


def started(
    walk: Walk, command: str, *options: str, **changed: str | None
) -> subprocess.CompletedProcess[str]:
    """A command under the settings with these changes."""
    told = walk.environment | walk.told() | changed
    return subprocess.run(
        [sys.executable, "manage.py", command, *options],
        cwd=walk.folder,
        env={name: value for name, value in told.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_starts_with_the_settings_of_the_walk_and_nothing_unsafe_is_found_in_them(
    walk: Walk,
) -> None:
    done = started(walk, "check", "--deploy", "--fail-level=ERROR")

    warned = {line.partition("(")[2].partition(")")[0] for line in done.stderr.splitlines() if ": (" in line}
    assert done.returncode == 0, done.stderr
    assert {code for code in warned if code.startswith("security.")} <= NOTHING_TO_DO_WITH_US.keys()


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_stops_the_start_with_a_sentence_that_names_it(walk: Walk, name: str) -> None:
    done = started(walk, "check", **{name: None})

    assert done.returncode == 1
    assert f"{name} is missing." in done.stderr


def test_every_required_setting_is_in_the_file_that_the_walk_makes_and_no_other_user_reads_it(
    walk: Walk,
) -> None:
    assert set(REQUIRED) <= walk.told().keys()
    assert walk.settings.stat().st_mode & 0o077 == 0


def test_two_installations_have_nothing_secret_in_common(walk: Walk) -> None:
    command = [str(DEPLOY / "new-environment"), "https://a.example"]
    database = "postgres://localhost/a\n"
    other = subprocess.run(command, input=database, capture_output=True, text=True, check=True).stdout

    secrets = {value for name, value in walk.told().items() if "KEY" in name}
    assert len(secrets) == 2
    assert not [value for value in secrets if value in other]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"BACKBONE_ALLOW_LOOPBACK": "yes"}, "production does not start with it"),
        ({"BACKBONE_SECRET_KEY": "development-" + "x" * 40}, "is a development value"),
        ({"BACKBONE_BASE_URL": "http://backbone.example.com"}, "must be an address starting with https://"),
        ({"BACKBONE_WORKER_THREAD": "4"}, "Unknown setting: BACKBONE_WORKER_THREAD"),
    ],
    ids=["loopback", "development key", "plain http", "misspelt"],
)
def test_production_does_not_start_with(walk: Walk, changed: dict[str, str | None], sentence: str) -> None:
    done = started(walk, "check", **changed)

    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_folder_without_pages_is_no_place_to_start_in(tmp_path: Path) -> None:
    walk = configured(tmp_path, database="sqlite:///none.sqlite3")
    (walk.folder / "templates").rename(tmp_path / "templates")

    done = started(walk, "check")

    assert "the installed package has no pages" in done.stderr


def test_the_settings_of_a_first_look_need_nothing_that_a_new_machine_does_not_have(tmp_path: Path) -> None:
    values = {"DOMAIN": "tunnel.example.com"}
    walk = Walk(tmp_path / "backbone-1", tmp_path / "settings", values)
    walk.execute("first-look")

    done = started(walk, "check")

    assert done.returncode == 0, done.stderr
    assert walk.settings.stat().st_mode & 0o077 == 0
    assert walk.told()["DATABASE_URL"] == f"sqlite:///{walk.settings}.sqlite3"


def test_the_manifest_of_the_walk_names_the_address_and_the_forge_app(walk: Walk) -> None:
    app = "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555"
    walk.values["FORGE_APP"] = app

    walk.execute("first-manifest")
    walk.execute("manifest")

    manifest = (walk.folder / "manifest.yml").read_text()
    assert app in manifest
    assert "https://backbone.example.com" in manifest
    assert walk.told()["BACKBONE_FORGE_APP_ID"] == app


def test_a_licence_is_issued_with_keys_of_the_walk_and_these_settings_believe_it(
    walk: Walk, tmp_path: Path
) -> None:
    key, licence = tmp_path / "key.pem", tmp_path / "licence.xml"
    asked_for = {"HOLDER": "Acme Ltd", "LAST_DAY": "2090-12-31", "ENDPOINTS": "3"}
    walk.values.update(asked_for, LICENCE_KEY=str(key), LICENCE=str(licence))

    walk.execute("licence-keys")
    said = walk.execute("licence")

    public = base64.b64decode(walk.told()["BACKBONE_LICENCE_PUBLIC_KEY"])
    found = remote_licence.read(licence.read_text(), keys=[public], product_key="backbone-work-sync").terms
    assert said == f"{licence} is written.\n"
    assert (found.holder, found.endpoints, found.creator) == ("Acme Ltd", 3, "backbone.example.com")
    assert key.stat().st_mode & 0o077 == 0


def test_the_web_server_of_the_image_is_healthy_behind_a_proxy_speaks_no_plain_http_and_ends_in_peace(
    walk: Walk,
) -> None:
    port, log = free_port(), walk.settings.parent / "web.log"
    served, check = [
        [
            part.replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
            for part in each
        ]
        for each in (in_image_commands()["CMD"], in_image_commands()["HEALTHCHECK"])
    ]
    told = walk.environment | walk.told()

    def is_healthy() -> bool:
        return (
            subprocess.run(
                [sys.executable, *check[1:]], env=told, capture_output=True, check=False
            ).returncode
            == 0
        )

    with process((sys.executable, "-m", *served), told, log=log, cwd=walk.folder) as server:
        assert wait_for(is_healthy, within=20), log.read_text()
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as kept:
            kept.connect()
            kept.auto_open = 0  # a connection that breaks is not made anew
            plain = answer_on(kept, walk.values["DOMAIN"])
            # The first of the workers answers while the others are still starting.
            assert wait_for(lambda: all_ignore(children(server.pid), signal.SIGINT), within=20), (
                log.read_text()
            )
            server.terminate()
            ended = wait_for(lambda: answer_on(kept, walk.values["DOMAIN"]).will_close, within=5)

            assert server.wait(10) == 0

    assert (plain.status, plain.headers["Location"]) == (301, "https://backbone.example.com/healthz")
    assert (plain.will_close, ended) == (False, True)
    assert not plain.headers["Server"]


def all_ignore(pids: set[int], number: signal.Signals) -> bool:
    """Whether there are such processes, and none of them takes notice of a signal."""
    masks = [
        int(mask, 16)
        for pid in pids
        for mask in re.findall(r"^SigIgn:\t(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    ]
    return bool(masks) and all(mask >> (number - 1) & 1 for mask in masks)


def answer_on(connection: HTTPConnection, host: str) -> HTTPResponse:
    """What is answered over plain http."""
    connection.request("GET", "/healthz", headers={"Host": host})
    answer = connection.getresponse()
    answer.read()
    return answer


def in_image_commands() -> dict[str, list[str]]:
    """What the image executes, by instruction; a line that ends in a backslash goes on."""
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", "")
    found = re.findall(r"^(HEALTHCHECK|CMD)[^\[\n]*(\[.*\])$", text, re.MULTILINE)
    return {instruction: json.loads(command) for instruction, command in found}
