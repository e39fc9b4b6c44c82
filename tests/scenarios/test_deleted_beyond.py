"""A twin on a Data Center whose creation nobody answered, and that somebody deletes before we look at it.

What a Data Center tells of a work item does not show its mark.
"""

import pytest

from backbone_app.models import Intent
from jira_sandbox.misfortunes import Misfortune
from tests.support.beyond import Beyond, beyond, edition, world

__all__ = ["beyond", "edition", "world"]

CREATE = ("POST", "/rest/api/2/issue$")


def created_unheard(beyond: Beyond) -> tuple[str, str]:
    """A work item on the Cloud, and its twin on the Data Center, which never answered that it was made."""
    left = beyond.acme.create("ALPHA", "Early bird", labels=["hall"])
    lost = Misfortune(match=CREATE, kind="lose_answer_after_effect", site="initech", caller="anyone")
    beyond.acme.jira.world.misfortunes.add(lost)
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    return left, beyond.twin_of(left)


def wait(beyond: Beyond) -> None:
    """Let time pass until a creation that is found nowhere is given up."""
    for _ in range(3):
        beyond.wait(minutes=20)


@pytest.mark.parametrize("edition", ["dc-8.22", "dc-10.3"], indirect=True)
def test_one_that_is_gone_when_its_news_are_looked_at_is_not_made_again(beyond: Beyond) -> None:
    left, right = created_unheard(beyond)
    born = beyond.office.hold_back()
    beyond.office.delete("dana", right)
    beyond.office.lose()

    beyond.hear(*born)
    wait(beyond)

    assert beyond.office.twins_of(left) == []
    assert [one.state for one in Intent.objects.filter(kind="create")] == ["done"]


@pytest.mark.parametrize("edition", ["dc-8.22", "dc-10.3"], indirect=True)
def test_one_whose_end_is_told_before_its_news_are_looked_at_is_not_made_again(beyond: Beyond) -> None:
    left, right = created_unheard(beyond)

    beyond.deliver()
    beyond.office.delete("dana", right)
    beyond.deliver()
    wait(beyond)

    assert beyond.office.twins_of(left) == []
    assert [one.state for one in Intent.objects.filter(kind="create")] == ["done"]


@pytest.mark.parametrize("edition", ["dc-10.3"], indirect=True)
@pytest.mark.parametrize("changed", [{"summary": "Another bird"}, {"labels": []}])
def test_another_one_of_the_same_account_that_is_gone_is_not_taken_for_it(
    beyond: Beyond, changed: dict[str, object]
) -> None:
    fields = {"summary": "Early bird", "labels": ["hall"], **changed}
    left = beyond.acme.create("ALPHA", "Early bird", labels=["hall"])
    lost = Misfortune(match=CREATE, kind="lose_before_effect", site="initech", caller="anyone")
    beyond.acme.jira.world.misfortunes.add(lost)
    beyond.acme.jira.deliver_all()
    beyond.acme.work()
    other = beyond.office.create("gina", str(fields.pop("summary")), **fields)

    beyond.deliver()
    beyond.office.delete("dana", other)
    beyond.deliver()
    wait(beyond)

    assert len(beyond.office.twins_of(left)) == 1
