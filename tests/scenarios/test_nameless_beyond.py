"""A Data Center drops what our write says of itself, and a person works there with the account we act with.

What brought just what we had sent is ours; whatever else that account did is hers.
"""

import pytest

from backbone_app.models import Intent
from jira_sandbox.misfortunes import Misfortune
from tests.support.beyond import Beyond, beyond, edition, pair, world
from tests.support.scenario import paragraphs

__all__ = ["beyond", "edition", "pair", "world"]

WRITE = ("PUT", "/rest/api/2/issue/[0-9]+$")
VALUES = {"summary": ("Earlier", "Later, unseen"), "description": ("Earlier", "Later, unseen")}


def nameless(beyond: Beyond, *, is_answered: bool) -> None:
    """Let our next write to the Data Center have no name there, and perhaps no answer."""
    misfortunes = beyond.acme.jira.world.misfortunes
    misfortunes.add(Misfortune(match=WRITE, kind="drop_metadata", site="initech", caller="anyone"))
    if not is_answered:
        lost = Misfortune(
            match=("GET", "/rest/api/2/issue/[0-9]+$"),
            kind="refuse_before_effect",
            site="initech",
            caller="anyone",
        )
        beyond.acme.jira.world.hooks.after(*WRITE, lambda _: misfortunes.add(lost), caller="anyone")


@pytest.mark.parametrize("field", VALUES)
@pytest.mark.parametrize("who", ["alice", "gina"])
@pytest.mark.parametrize("is_answered", [True, False])
def test_an_edit_that_a_nameless_write_crosses_is_weighed(
    beyond: Beyond, pair: tuple[str, str], field: str, who: str, is_answered: bool
) -> None:
    left, right = pair
    earlier, later = VALUES[field]

    def cross(_: object) -> None:
        beyond.acme.clock.advance(seconds=8)
        beyond.office.edit(who, right, **{field: later})

    beyond.acme.jira.world.hooks.before(*WRITE, cross, caller="anyone")
    nameless(beyond, is_answered=is_answered)
    beyond.acme.edit("alice", left, **{field: paragraphs(earlier) if field == "description" else earlier})
    beyond.settle()
    beyond.acme.clock.advance(minutes=5)
    beyond.settle()

    assert beyond.office.field(right, field) == later
    assert later in str(beyond.acme.field(left, field))
    assert beyond.conflicts() == [field]
    assert not Intent.objects.filter(state__in=("open", "crossed"))
