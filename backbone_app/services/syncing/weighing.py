"""What became of a write, by the history of its work item; and of the edits that it had overwritten unseen.

A crossed edit waits until it is weighed against what had crossed it. Where somebody edits the field again
before, having what we had written before their eyes, there is nothing to weigh any more: they went on from
that, so the crossed edit has lost to it, and theirs is an edit of it like any other.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from backbone_app.core.authorship import Attempt
from backbone_app.core.expectation import Expectation, from_json
from backbone_app.core.settle import Followed, Verdict, judge
from backbone_app.core.values import Item
from backbone_app.ledger import observations
from backbone_app.models import Intent
from backbone_app.services.syncing import claims, passing, telling
from backbone_app.services.syncing.look import with_history
from backbone_app.services.syncing.work import Half, Work

MARGIN: Final = timedelta(seconds=15)
"""How far an effect may be from its call by the clocks, and how long a lease outlives the call."""

Overtaken = tuple[Intent, Mapping[str, Followed]]
"""A write and, by field, the edits it had crossed that are overtaken."""


def weigh(intent: Intent, half: Half, answer: Item, *, has_happened: bool) -> Verdict:
    """Judge what became of an edit by the work item as it is now.

    ``has_happened``: Jira has said so, or it was found out before. Where not, an entry that does not name
    itself is known by its time; a clock that was set since may date it as far off as it ever was set.
    """
    spread = MARGIN + half.step
    return judge(
        from_json(intent.expectation),
        passing.without_steps_back(intent, half, passing.without_passed(intent, answer)),
        Attempt(
            intent=str(intent.pk),
            author=half.author,
            seen=intent.seen_entry,
            window=(intent.started_at - spread, intent.deadline + spread),
            has_happened=has_happened,
        ),
        key=half.key,
        ahead=half.ahead,
    )


def overtaken_by(
    work: Work, half: Half, answer: Item, expectation: Expectation, verdict: Verdict
) -> list[Overtaken]:
    """Find the crossed edits that a write put back over a further edit of the same field, unseen as well.

    Where that further edit says the very same, nothing was left to write. May read the history of the work
    item.
    """
    met = verdict.crossed.keys() | verdict.idle
    put_back = {one.field: one.sent for one in expectation.writes if one.field in met}
    return list(_overtaken(work, half, answer, put_back)) if put_back else []


def _overtaken(
    work: Work, half: Half, answer: Item, put_back: Mapping[str, str | None]
) -> Iterator[Overtaken]:
    for earlier in claims.crossed(work, half.side):
        mine = {name for name, claim in earlier.crossed.items() if put_back.get(name) == claim}
        if mine:
            item = with_history(half, answer, earlier.seen_entry)
            found = weigh(earlier, half, item, has_happened=True).followed
            yield earlier, {name: one for name, one in found.items() if name in mine}


def overtake(work: Work, half: Half, overtaken: Overtaken) -> None:
    """Let crossed edits lose to what their write had carried, which becomes the base. In a transaction.

    Where the crossed edit has been carried across already it has won, as was told then, and only its way
    back came too late: that stays the base, and the next edit goes there too.
    """
    intent, followed = overtaken
    across = {(one.row, one.carries) for one in claims.brought(work, half.side.other)}
    for one in followed.values():
        if (one.row, one.crossed.edit.entry) in across:
            continue
        if one.becomes.agrees:
            observations.apply(work.pair_id, work.half_ids, [one.becomes])
        telling.of_followed(work, half.side, one, intent)
    claims.keep(intent, intent.crossed.keys() - followed.keys())
