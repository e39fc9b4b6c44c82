"""The command line, and what can be told to a sandbox that is being served."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from jira_sandbox import operations, seed
from jira_sandbox.__main__ import arguments, description
from jira_sandbox.clocks import StandingClock
from jira_sandbox.latency import Delay
from jira_sandbox.rest.table import ROUTES
from jira_sandbox.server import serve
from jira_sandbox.weather.catalogue import CATALOGUE, table
from tests.support.sandbox import START, VirtualClock

README = Path(__file__).parents[2] / "jira_sandbox" / "README.md"
ALICE = ("alice", "secret-alice")


@pytest.fixture(scope="module")
def standing() -> Iterator[str]:
    """The address of a site whose clock stands."""
    world = seed.standard(StandingClock(START), {"acme": "http://later"})
    with serve(world) as running:
        yield running.addresses["acme"]


def test_the_command_prints_where_everything_is_and_ends_when_asked(tmp_path: Path) -> None:
    document = {"key": "OLD-1", "fields": {"summary": "Loaded", "issuetype": {"name": "Bug"}}}
    (tmp_path / "one.json").write_text(json.dumps(document))
    (tmp_path / "two.json").write_text(json.dumps({"key": "OLD-2"}))
    command = [sys.executable, "-m", "jira_sandbox", "--sites", "acme:cloud", "--port", "0"]
    command += ["--generate", "3", "--space", "BETA", "--latency", "0.5~0.1", "--clock", "2026-11-22T09:00Z"]
    command += ["--weather", "F19", "--load", str(tmp_path / "one.json"), str(tmp_path / "two.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        text = ""
        while not text.rstrip().endswith("\n}"):
            text += process.stdout.readline()
        told = json.loads(text)
        site = told["sites"][0]
        alice, bob = site["users"][0], next(each for each in site["users"] if each["name"] == "bob")
        by_name = requests.get(f"{site['url']}/rest/api/3/myself", auth=(alice["name"], alice["password"]))
        by_token = requests.get(
            f"{site['url']}/rest/api/3/myself", auth=(alice["emailAddress"], alice["token"])
        )
        header = {"Authorization": bob["authorization"]}
        loaded = requests.get(f"{site['url']}/rest/api/3/issue/BETA-1", headers=header).json()
        process.send_signal(signal.SIGTERM)
        code = process.wait(10)

    assert [answer.json()["accountId"] for answer in (by_name, by_token)] == [alice["accountId"]] * 2
    assert by_token.headers["Date"].startswith("Sun, 22 Nov 2026 09:00:0")
    assert [(space["key"], space["admins"]) for space in site["spaces"]] == [
        ("ALPHA", ["alice", "dana"]),
        ("BETA", ["bob", "dana"]),
        ("GAMMA", ["dana"]),
    ]
    assert (loaded["fields"]["summary"], loaded["fields"]["issuetype"]["name"]) == ("Loaded", "Bug")
    skipped = [{"key": "OLD-2", "reason": "it has no fields"}]
    assert told["loaded"] == {"space": "BETA", "items": 4, "skipped": skipped}
    assert (told["weather"], code) == (["F19"], 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--sites", "acme:paper"], "'acme:paper' is not name:edition, one of cloud, dc-8.21"),
        (["--sites", "acme:cloud,initech:dc-7"], "'initech:dc-7' is not name:edition"),
        (["--weather", "F5,F8"], "no such faults: F8; there are F1, F2"),
        (["--clock", "noon"], "'noon' is not a moment like 2026-11-22T09:00Z"),
        (["--sites", "acme:cloud,acme:cloud"], "there can be one site called acme only"),
        (["--generate", "-3"], "'-3' is not a number of work items"),
        (["--latency", "long"], "'long' is neither seconds nor median~sigma"),
    ],
)
def test_what_cannot_be_asked_for_is_said(
    capsys: pytest.CaptureFixture[str], given: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments().parse_args(given)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("edition", "takes_passwords"), [("dc-10.3", True), ("dc-11", False)])
def test_people_of_data_center_are_told_by_name_and_key(edition: str, *, takes_passwords: bool) -> None:
    editions = arguments().parse_args(["--sites", f"acme:cloud,initech:{edition}"]).sites
    world = seed.standard(VirtualClock(), dict.fromkeys(editions, "http://later"), editions=editions)
    with serve(world) as running:
        acme, initech = description(running)["sites"]
        gina = next(each for each in initech["users"] if each["name"] == "gina")
        header = {"Authorization": gina.get("authorization", "")}
        answer = requests.get(f"{initech['url']}/rest/api/2/myself", headers=header)

    assert (acme["kind"], initech["kind"]) == ("cloud", edition)
    assert not {"accountId", "token"} & gina.keys()
    assert ("authorization" in gina) == takes_passwords
    assert (answer.status_code, answer.json().get("key")) == (
        (200, gina["key"]) if takes_passwords else (401, None)
    )


def test_all_weather_is_every_fault_and_a_delay_is_read() -> None:
    options = arguments().parse_args(["--weather", "all", "--latency", "0.2~0.5"])

    assert (options.weather, options.latency) == (list(CATALOGUE), Delay(0.2, 0.5))


def test_a_standing_clock_is_moved_by_whoever_asks(standing: str) -> None:
    before = requests.get(f"{standing}/rest/api/3/serverInfo").headers["Date"]
    moved = requests.post(f"{standing}/_sandbox/clock", json={"seconds": 90})
    back = requests.post(f"{standing}/_sandbox/clock", json={"seconds": -1})

    assert (before, moved.json()) == (
        "Sun, 22 Nov 2026 01:02:03 GMT",
        {"now": "2026-11-22T01:03:33.456000+00:00"},
    )
    assert (back.status_code, list(back.json()["errors"])) == (400, ["seconds"])
    with pytest.raises(ValueError, match="back"):
        StandingClock(START).advance(-1)


def test_a_real_clock_is_left_alone() -> None:
    with serve(seed.standard(VirtualClock(), {"acme": "http://later"})) as running:
        refused = requests.post(f"{running.addresses['acme']}/_sandbox/clock", json={"seconds": 1})

    assert refused.status_code == 409


def test_the_weather_is_drawn_and_cleared_over_http(standing: str) -> None:
    url = f"{standing}/_sandbox/weather"
    drawn = requests.post(url, json={"faults": ["F1", "F19"], "seed": 4}).json()["drawn"]
    during = requests.get(url).json()
    cleared = requests.post(url, json={"faults": []}).json()
    after = requests.get(url).json()["going_on"]
    refused = requests.post(url, json={"faults": ["F8"], "seed": "x"})

    assert set(drawn) <= {"F1", "F19"}
    assert drawn
    assert during["struck"] == [name for name in drawn if name == "F1"]
    assert (cleared, after) == ({"drawn": []}, [])
    assert (refused.status_code, refused.json()["errors"].keys()) == (400, {"faults", "seed"})


def test_the_trace_is_begun_and_read_over_http(standing: str) -> None:
    requests.post(f"{standing}/_sandbox/trace")
    requests.get(f"{standing}/rest/api/3/serverInfo")
    trace = requests.get(f"{standing}/_sandbox/trace").json()["trace"]

    assert re.search(r"acme < GET /rest/api/3/serverInfo\n(.|\n)*acme > 200\n", trace)


def test_the_readme_has_todays_operations_and_faults() -> None:
    text = README.read_text()

    assert operations.put_into(text) == text, (
        "python -m jira_sandbox.operations --into jira_sandbox/README.md"
    )
    assert table() in text, "python -m jira_sandbox.weather.catalogue"


def test_the_example_in_the_readme_runs_as_it_stands() -> None:
    (block,) = re.findall(r"## In a test\n.*?```python\n(.*?)```", README.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, str(README), "exec"), names)  # noqa: S102 - it is what readers will do

    assert names["made"].status_code == 201
    assert [call.url.rpartition("/")[2] for call in names["told"]] == ["installed", "hook", "hook"]
    assert len({call.headers["X-Atlassian-Webhook-Identifier"] for call in names["told"][1:]}) == 1


def test_the_table_of_operations_has_each_of_them_once() -> None:
    told = operations.table()

    assert told.startswith(f"{len(operations.operations())} operations")
    assert len(operations.operations()) < len(ROUTES)
    assert told.count("`issue/{issueIdOrKey}/comment`") == 1


def test_a_text_without_marks_has_no_place_for_the_table() -> None:
    with pytest.raises(ValueError, match="operations"):
        operations.put_into("nothing of the kind")
