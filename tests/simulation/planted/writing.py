"""Bugs of what is merged, written and looked up again: each as a small change of the real code."""

from typing import Final

from tests.simulation.planted.planting import Bug, Change

SYNCING: Final = "backbone_app.services.syncing"
LOST: Final = ("lost:", "I1:", "I3:")

BUGS: Final = (
    Bug(
        "base before write",
        "The base moves when a write is decided, not when it has happened.",
        (
            Change(
                f"{SYNCING}.writing:open_intent",
                "        telling.of_write(work, operation, looks, intent)",
                "        telling.of_write(work, operation, looks, intent)\n"
                "        becomes = [one.becomes for one in operation.writes]\n"
                "        observations.apply(work.pair_id, work.half_ids, becomes)",
            ),
        ),
        ("F5", "F6", "F8"),
        LOST,
        19,
        is_calm=False,
    ),
    Bug(
        "sent again unseen",
        "A write that got no answer is made again, without a look whether it happened.",
        (
            Change(
                "backbone_app.jira.client:JiraClient._unsettled",
                "raise OutcomeUnknown(self.site) if call.write else RemoteUnreachable(self.site)",
                "raise RemoteUnreachable(self.site)",
            ),
        ),
        ("F7",),
        ("duplicate:", "I14:"),
        44,
    ),
    Bug(
        "crossed edits ignored",
        "A person's value that our write overwrote unseen is forgotten.",
        (
            Change(
                "backbone_app.core.settle:judge",
                "(found := _crossing(e, earlier, ours, known, key, ahead))",
                "(found := _crossing(e, (), ours, known, key, ahead))",
            ),
        ),
        ("F3", "F9"),
        LOST,
        1,
        is_calm=False,
    ),
    Bug(
        "loser forgotten",
        "The value that gives way in a conflict is kept nowhere.",
        (
            Change(
                f"{SYNCING}.telling:_of_halves",
                "    for side in (conflict.winner.other, conflict.winner):",
                "    for side in ():",
            ),
            Change(
                f"{SYNCING}.writing:cause",
                "overwrote=tuple(entry for entry in lost if entry is not None)",
                "overwrote=()",
            ),
        ),
        ("F1", "F3"),
        LOST,
        1,
        is_calm=False,
    ),
    Bug(
        "comment copied again",
        "A comment whose answer was lost is written again, without looking for it.",
        (
            Change(
                f"{SYNCING}.commenting:settle_unanswered",
                "found = next((one for one in copies if one.by_us and one.mark == str(intent.pk)), None)",
                "found = None",
            ),
        ),
        ("F7",),
        ("duplicate:", "I14:"),
        351,
        deeds=("comment",),
    ),
    Bug(
        "merged without a base",
        "The two sides are compared with each other, not with what they last agreed on.",
        (
            Change(
                "backbone_app.core.merge:_decide",
                "[side for side in Side if _changed(base, sides, side)]",
                "list(Side)",
            ),
        ),
        ("F1", "F3"),
        LOST,
        7,
        is_calm=False,
    ),
    Bug(
        "clocks believed",
        "Of two edits within seconds the one wins that the sites' clocks call newer.",
        (Change("backbone_app.core.merge:_winner", "abs(left.at - right.at) < TIE", "left.at == right.at"),),
        (),
        ("I3:",),
        48,
        is_calm=False,
        deeds=("clash",),
    ),
    Bug(
        "walk agreed at its first step",
        "A status that has come one step of its way counts as agreed.",
        (
            Change(
                "backbone_app.core.workflow:step",
                "becomes = here.with_digest(operation.side.other, UNDER_WAY)",
                "becomes = replace(here, left=here.left or write.becomes.left, "
                "right=here.right or write.becomes.right)",
            ),
        ),
        ("F6", "F8"),
        LOST,
        668,
        is_calm=False,
        deeds=("move",),
    ),
    Bug(
        "older edit wins",
        "Of two edits that cross, the one that was made earlier stands.",
        (Change("backbone_app.core.merge:_winner", "left.at > right.at", "left.at < right.at"),),
        ("F3",),
        LOST,
        275,
        is_calm=False,
        deeds=("clash",),
    ),
    Bug(
        "late effect not awaited",
        "A write that got no answer is looked up at once, though it may still take effect.",
        (
            Change(
                f"{SYNCING}.recovery:settle_open_intent",
                "if work.clock() < intent.deadline + LATE_EFFECT:",
                "if work.clock() < intent.deadline:",
            ),
        ),
        ("late effect",),
        ("duplicate:", "I14:", *LOST),
        58,
    ),
)
