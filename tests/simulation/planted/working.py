"""Bugs of news, sites, queues and workers: each as a small change of the real code."""

from typing import Final

from tests.simulation.planted.planting import Bug, Change

SYNCING: Final = "backbone_app.services.syncing"
LOST: Final = ("lost:", "I1:", "I3:")

BUGS: Final = (
    Bug(
        "missing is deleted",
        "A work item that is out of reach for a while (404, archived) counts as deleted.",
        (
            Change(
                f"{SYNCING}.syncing:sync_pair",
                "        _block(work, blocked)",
                "        _set_aside(work) if blocked.code in OUT_OF_REACH else _block(work, blocked)",
            ),
        ),
        ("F13", "F14"),
        LOST,
        7,
    ),
    Bug(
        "stale news obeyed",
        "What a delivery shows is taken for what stands now, however old it is.",
        (
            Change(
                f"{SYNCING}.look:fold",
                "newest = parsed.item if verdict is Order.NEWER else newest",
                "newest = parsed.item",
            ),
        ),
        ("F2", "F3"),
        ("lost:", "I1:", "echo:"),
        2,
        is_calm=False,
    ),
    Bug(
        "pauses ignored",
        "A site that asked for a pause is called all the same.",
        (
            Change(
                "backbone_app.gateway.budgets:SiteGate.admit",
                "if lasting is not None:",
                "if False:",
            ),
        ),
        ("F5",),
        ("I9:",),
        26,
    ),
    Bug(
        "own patience",
        "However long a site asked us to wait, we wait as long as we like.",
        (
            Change(
                "backbone_app.gateway.budgets:SiteTurn.asked",
                "length = self._doubling(asked.retry_after, asked.retry_after)",
                "length = self._doubling(FIRST_WAIT, LONGEST_WAIT)",
            ),
        ),
        ("F5",),
        ("I9:",),
        2,
    ),
    Bug(
        "own twin unknown",
        "News of a twin that we have just made is taken for news of a person's work item.",
        (
            Change(
                "backbone_app.services.pairing.ours:is_our_twin",
                "if is_by_hand or item.creator != gateway.known_account(delivery.site, clock=clock):",
                "if True:",
            ),
            Change(
                "backbone_app.services.intake:_settle_creation",
                "if told is None or told.mark is None:",
                "if True:",
            ),
        ),
        ("F7", "F8"),
        ("duplicate:", "echo: the app created"),
        2,
        is_calm=False,
    ),
    Bug(
        "one client for all",
        "Work items of every site are looked up and written on the first one.",
        (
            Change(
                f"{SYNCING}.work:_half",
                "client=gateway.client(row.site, clock=clock, lane=lane, beside=beside.site)",
                "client=gateway.client(type(row.site).objects.earliest('base_url'), clock=clock, lane=lane)",
            ),
        ),
        (),
        ("I6:", "I1:", "lost:"),
        0,
        is_calm=False,
    ),
    Bug(
        "due forgotten",
        "What became due while a pair was at work counts as done with it.",
        (
            Change(
                "backbone_app.ledger.leases:settle",
                'unchanged = Case(answered, default=F("due"), output_field=IntegerField())',
                "unchanged = Value(0)",
            ),
        ),
        ("F2",),
        ("I10:", "lost:", "I1:"),
        2,
        is_calm=False,
    ),
)
