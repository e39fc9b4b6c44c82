"""The calls that the README shows are made as they stand there, and answered as it says."""

import json
import re
from typing import Any

from jira_sandbox.state.editions import DATA_CENTER
from tests.support import licences
from tests.support.app import Jira
from tests.support.machine import Machine
from tests.support.processes import ROOT
from tests.support.sandbox import VirtualClock

CALL = re.compile(
    r"^    (?P<method>GET|POST) (?P<path>\S+)\n(?P<body>    \{.*?)?    → (?P<status>\d+)(?P<said>.*)$",
    re.MULTILINE | re.DOTALL,
)


def shown() -> list[re.Match[str]]:
    """Every call of the section, in its order."""
    section = (ROOT / "README.md").read_text().partition("## By the API")[2].partition("\n## ")[0]
    parts = re.split(r"^(?=    (?:GET|POST) )", section, flags=re.MULTILINE)[1:]
    # What stands behind the answer is the text that goes on.
    found = [CALL.search(part[: part.index("→") + part[part.index("→") :].index("\n")]) for part in parts]
    assert None not in found
    return [each for each in found if each]


def fits(said: Any, as_shown: Any) -> bool:
    """Whether an answer says what is shown of it; "…" stands for anything."""
    if isinstance(as_shown, dict):
        return all(fits(said[name], each) for name, each in as_shown.items())
    if isinstance(as_shown, list):
        return len(said) == len(as_shown) and all(map(fits, said, as_shown))
    return as_shown in {"…", said}


def test_the_calls_of_the_readme_do_what_it_says(jira: Jira, other_jira: Jira, clock: VirtualClock) -> None:
    alice, bob = Machine(jira, "alice", "ALPHA"), Machine(other_jira, "bob", "BETA")
    by_space = {alice.jira.space_id("ALPHA"): alice, bob.jira.space_id("BETA"): bob}
    licences.give(jira.row, now=clock())
    jira.world.add_site("hooli", "https://jira.hooli.example", edition=DATA_CENTER["dc-10.3"])
    jira.world.add_site("globex", "https://globex.atlassian.net")  # without our app
    made, wrong = "", []

    for call in shown():
        path, said = call["path"].replace("/ID", f"/{made}"), call["said"].strip()
        machine = by_space[path.split("/")[4]]
        answer = machine.call(call["method"], path, body=(call["body"] or "").encode())
        if answer.status == 201:
            made = answer.said.get("sign_in", answer.said)["id"]
        if str(answer.status) != call["status"] or (said and not fits(answer.said, json.loads(said))):
            wrong.append((call[0], answer))

    assert wrong == []
    assert len(shown()) == 14
