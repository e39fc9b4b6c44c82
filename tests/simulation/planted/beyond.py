"""Bugs that show where a site is linked, not one that the app is on."""

from typing import Final

from tests.simulation.faults import OTHERS
from tests.simulation.planted.planting import Bug, Change

LOST: Final = ("lost:", "I3:")

BUGS: Final = (
    Bug(
        "nameless write of a shared account unknown",
        "Of what a person's account did on a site that drops what a write says of itself nothing is ours.",
        (
            Change(
                "backbone_app.core.authorship:_fits",
                "entry.author == author.account",
                "entry.author == author.account and not author.is_shared",
            ),
            Change(
                "backbone_app.core.authorship:_unmistakable",
                "(attempt.author, replace(attempt.author, is_shared=False))",
                "(attempt.author,)",
            ),
        ),
        OTHERS,
        ("I5:", "I14:", *LOST),
        578,
        kind="dc-10.3",
    ),
    Bug(
        "marks sought in a search that shows none",
        "A Data Center's search shows no marks, and nobody asks for them.",
        (Change("backbone_app.jira.read.work_items:marked", "if found.mark_known:", "if True:"),),
        ("F1", "F7"),
        ("duplicate:", "I4:", "I14:"),
        390,
        kind="dc-9.12",
    ),
    Bug(
        "history after a write not looked at",
        "Of a write that is answered with nothing the history is not read: whom it overwrote is lost.",
        (
            Change(
                "backbone_app.jira.write:_read_back",
                "return read.item(client, item_id, timeout=max(SHORTEST_READ, timeout))",
                "return replace(read.item(client, item_id, timeout=max(SHORTEST_READ, timeout)), entries=())",
            ),
        ),
        ("F3",),
        LOST,
        87,
        is_calm=False,
        kind="dc-8.22",
    ),
    Bug(
        "tokens asked for by several at once",
        "Whoever needs new tokens asks for them, whether or not somebody else is at it.",
        (
            Change(
                "backbone_app.gateway.tokens:_renewed",
                "if not mine.filter(is_free).update(refreshing_until=now + HELD):",
                "if not mine.update(refreshing_until=now + HELD):",
            ),
        ),
        ("F10",),
        ("F10:",),
        18,
        kind="dc-10.3",
    ),
)
