"""Bugs of what is found again after a misfortune: each as a small change of the real code.

Each needs its misfortune by nature: what it changes is not come to, or comes to the same, where all news
arrive, every call is answered, nobody is stopped, and the sites' clocks and histories are as they should be.
"""

from typing import Final

from tests.simulation.planted.planting import Bug, Change

SYNCING: Final = "backbone_app.services.syncing"
WEIGHING: Final = "backbone_app.services.reconciling.weighing"
LOST: Final = ("lost:", "I1:", "I3:")

BUGS: Final = (
    Bug(
        "check overlooks edits",
        "A check passes by the work items that were surely edited without news of it.",
        (
            Change(
                f"{WEIGHING}:weigh",
                "[half for half, verdict in verdicts if verdict is not Verdict.KNOWN]",
                "[half for half, verdict in verdicts if verdict is Verdict.UNSURE]",
            ),
        ),
        ("F1",),
        LOST,
        1,
    ),
    Bug(
        "check overlooks new ones",
        "A check passes by the work items that were created without news of it.",
        (
            Change(
                f"{WEIGHING}:weigh",
                "strangers = [one.item for one in old_enough if one.item.id not in halves]",
                "strangers: list[Item] = []",
            ),
        ),
        ("F1",),
        LOST,
        2,
    ),
    Bug(
        "not answered, so not made",
        "An edit that got no answer counts as not made, whatever its work item shows.",
        (Change(f"{SYNCING}.recovery:_settle_edit", "if verdict.applied:", "if False:"),),
        ("F7",),
        ("I14:", "echo:", *LOST),
        6,
    ),
    Bug(
        "twin created anew",
        "A creation that got no answer is made again, although search shows what it made.",
        (Change(f"{SYNCING}.recovery:_settle_creation", "if twin is not None:", "if False:"),),
        ("F1", "F7"),
        ("duplicate:", "I4:", "I14:"),
        13,
    ),
    Bug(
        "own write known by its name alone",
        "What we wrote on a site that drops what a write says of itself is not known by what it changed.",
        (
            Change(
                "backbone_app.core.authorship:_fits",
                "entry.intent is None and bool(entry.steps)",
                "False",
            ),
        ),
        ("F3", "metadata dropped"),
        ("I5:", "I14:", *LOST),
        303,
        deeds=("clash",),
    ),
    Bug(
        "clock set back believed",
        "Where a site's clock contradicts the order of its history, the clock is believed.",
        (
            Change(
                "backbone_app.core.stamps:_by_entry",
                "return Order.UNCLEAR if by_time is opposite else by_entry",
                "return by_time if by_time is opposite else by_entry",
            ),
        ),
        ("F12",),
        LOST,
        13,
    ),
    Bug(
        "nameless writes are strangers'",
        "What we wrote on a site that drops what a write says of itself is taken for somebody's edit.",
        (
            Change(
                f"{SYNCING}.look:_unnamed",
                "return frozenset(entry.id for entry in fitting if entry)",
                "return frozenset()",
            ),
        ),
        ("metadata dropped",),
        LOST,
        665,
    ),
    Bug(
        "end forgotten",
        "That a work item was deleted is forgotten, and late news of its creation give it a twin.",
        (
            Change(
                "backbone_app.ledger.deliveries:note_gone",
                "    Delivery.objects.get_or_create(site_id=site_id, key=_gone(item), defaults=about)",
                "    del about",
            ),
        ),
        ("F3", "F15"),
        ("I7:",),
        400,
    ),
)
