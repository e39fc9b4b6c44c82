"""What a caller has begun to create, over the API."""

import pytest

from backbone_app.models import Unfinished
from tests.support.machine import Machine

ENTERED = {"base_url": "https://initech.atlassian.net", "space_key": "GOLD"}


def test_it_is_saved_shown_to_its_author_and_dropped(alice: Machine) -> None:
    saved = alice.post("unfinished/save", way="instance", entered=ENTERED, done=1)
    (shown,) = alice.get("unfinished").said
    others = Machine(alice.jira, "bob", "BETA").get("unfinished").said
    dropped = alice.post("unfinished/drop")

    assert (saved.status, dropped.status) == (204, 204)
    assert {name: shown[name] for name in ("way", "entered", "done")} == {
        "way": "instance",
        "entered": ENTERED,
        "done": 1,
    }
    assert others == alice.get("unfinished").said == []


@pytest.mark.parametrize(
    ("wrong", "changed"),
    [
        ("way", {"way": "telepathy"}),
        ("done", {"done": -1}),
        ("done", {"done": 21}),
        ("entered", {"entered": {"name": "x" * 2001}}),
        ("entered", {"entered": {"name": "\0"}}),
        ("entered", {"entered": {"name": 1}}),
        ("entered", {"entered": "name"}),
        ("client_secret", {"entered": {"client_secret": "hush"}}),
        ("partner", {"entered": {"partner": "10001"}}),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(
    alice: Machine, wrong: str, changed: dict[str, object]
) -> None:
    answer = alice.post("unfinished/save", **{"way": "instance", "entered": {}, "done": 0, **changed})

    assert (answer.status, answer.said["field"].partition(".")[0]) == (400, wrong)
    assert not Unfinished.objects.exists()
