"""Existing work items over the API: compare, pair, questions, decide."""

import pytest

from backbone_app.models import Pair
from tests.support.existing import strangers
from tests.support.machine import Machine
from tests.support.scenario import Story, story

__all__ = ["story"]


@pytest.fixture
def alice(story: Story) -> Machine:
    """The admin of ALPHA."""
    return Machine(story.jira, "alice", "ALPHA")


@pytest.fixture
def keys(story: Story) -> dict[str, str]:
    """Two work items that differ in their summary."""
    left, right = strangers(story, {"summary": "Left"}, {"summary": "Right"})
    return {"own_key": story.issue(left).key, "partner_key": story.issue(right).key}


def test_two_items_are_compared_paired_and_decided(
    story: Story, alice: Machine, keys: dict[str, str]
) -> None:
    path = f"synchronizations/{story.synchronization_id}"

    compared = alice.get(f"{path}/existing", **keys)
    paired = alice.post(f"{path}/existing/pair", **keys)
    story.settle()
    asked = alice.get(f"{path}/pairs/{paired.said['id']}/questions")
    decided = alice.post(f"{path}/pairs/{paired.said['id']}/decide", choice="partner")
    story.settle()

    assert (compared.status, paired.status, asked.status, decided.status) == (200, 201, 200, 204)
    assert {"name": "Summary", "outlook": "differs", "own": "Left"} in compared.said["fields"]
    assert (compared.said["differs"], compared.said["equal"]) == (1, len(compared.said["fields"]) - 1)
    assert paired.said == {"id": Pair.objects.get().pk, **keys}
    assert asked.said == {**paired.said, "fields": [{"name": "Summary", "own": "Left", "partner": "Right"}]}
    left = Pair.objects.get().sides.get(side="left").item
    assert story.holds(left)["summary"] == "Right"


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"partner_key": "BETA-999"}, 422, "partner_key"),
        ({"choice": "left"}, 422, "choice"),
        ({"own_key": ""}, 400, "own_key"),
        ({"left_key": "ALPHA-1"}, 400, "left_key"),
    ],
)
def test_what_cannot_be_paired_is_answered_with_the_field_at_fault(
    story: Story, alice: Machine, keys: dict[str, str], changes: dict[str, str], status: int, field: str
) -> None:
    answer = alice.post(f"synchronizations/{story.synchronization_id}/existing/pair", **{**keys, **changes})

    assert (answer.status, answer.said["field"]) == (status, field)
    assert not Pair.objects.exists()


def test_of_another_spaces_synchronization_and_pair_nothing_is_said(
    story: Story, alice: Machine, keys: dict[str, str]
) -> None:
    path = f"synchronizations/{story.synchronization_id}"
    made = alice.post(f"{path}/existing/pair", **keys).said["id"]
    dana = Machine(story.jira, "dana", "GAMMA")

    answers = [
        dana.get(f"{path}/existing", **keys),
        dana.post(f"{path}/existing/pair", **keys),
        dana.get(f"{path}/pairs/{made}/questions"),
        dana.post(f"{path}/pairs/{made}/decide", choice="own"),
        alice.get(f"{path}/pairs/{10**30}/questions"),
    ]

    assert [answer.status for answer in answers] == [404] * 5
