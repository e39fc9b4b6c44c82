"""Bugs of news, sites, queues and workers: each as a small change of the real code."""

from typing import Final

from tests.simulation.planted.planting import Bug, Change

SYNCING: Final = "backbone_app.services.syncing"
LOST: Final = ("lost:", "I1:", "I3:")
TWICE: Final = ("duplicate:",)

BUGS: Final = (
    Bug(
        "missing is deleted",
        "A work item that Jira does not show (404) counts as deleted.",
        (
            Change(
                f"{SYNCING}.syncing:sync_pair",
                "        _block(work, blocked)",
                "        _set_aside(work) if blocked.code == 'remote_missing' else _block(work, blocked)",
            ),
        ),
        ("F13",),
        LOST,
        0,
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
        2,
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
                "backbone_app.services.pairing:_is_our_twin",
                "if item.creator != gateway.known_account(delivery.site, clock=clock):",
                "if True:",
            ),
        ),
        ("F7", "F8"),
        ("duplicate:", "echo: the app created"),
        2,
    ),
    Bug(
        "one client for all",
        "Work items of every site are looked up and written on the first one.",
        (
            Change(
                f"{SYNCING}.work:_half",
                "client=gateway.client(row.site, clock=clock, lane=lane)",
                "client=gateway.client(type(row.site).objects.earliest('base_url'), clock=clock, lane=lane)",
            ),
        ),
        (),
        ("I6:", "I1:", "lost:"),
        0,
        is_calm=False,
    ),
    Bug(
        "epoch ignored",
        "Who has lost a pair to another worker goes on with it.",
        (
            Change(
                "backbone_app.ledger.leases:_mine",
                "Pair.objects.filter(pk=claim.pair_id, epoch=claim.epoch)",
                "Pair.objects.filter(pk=claim.pair_id)",
            ),
        ),
        ("F9",),
        ("duplicate:", "lost:", "I1:", "I11:", "echo:"),
        0,
    ),
    Bug(
        "claimed by a look",
        "A pair that was free when we looked is taken, whoever took it since.",
        (
            Change(
                "backbone_app.ledger.leases:_claim_one",
                "taken = Pair.objects.filter(_free(), pk=pair_id, epoch=epoch)",
                "taken = Pair.objects.filter(pk=pair_id)",
            ),
        ),
        ("F2", "F9"),
        ("duplicate:", "lost:", "I1:", "I11:", "echo:"),
        0,
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
        1,
        is_calm=False,
    ),
    Bug(
        "flag after the look",
        "A drain lowers the flag of its wake-up after it has looked for work, not before.",
        (
            Change(f"{SYNCING}:_drain", "    queue.taken(JOBS[lane])\n    end", "    end"),
            Change(f"{SYNCING}:_work_until", "connection.close()", "queue.taken(JOBS[lane])"),
        ),
        ("F2",),
        ("I10:",),
        0,
        is_calm=False,
    ),
    Bug(
        "answered before kept",
        "Jira is answered before its delivery is kept.",
        (
            Change(
                "backbone_app.web.webhooks:jira", "    intake.take_in(", "    try:\n      intake.take_in("
            ),
            Change(
                "backbone_app.web.webhooks:jira",
                "    return HttpResponse(status=204)",
                "    except BaseException:\n"
                "      pass  # its answer was under way before it was killed\n"
                "    return HttpResponse(status=204)",
            ),
        ),
        ("F8",),
        ("I10:", "lost:", "I1:"),
        0,
    ),
    Bug(
        "newest by the clock",
        "Which of two looks is newer is told by the site's clock alone.",
        (
            Change(
                "backbone_app.core.stamps:order",
                "return _by_entry(new.entry, known.entry, _by_time(new, known))",
                "return _by_time(new, known)",
            ),
        ),
        ("F12",),
        ("I10:", "lost:", "I1:"),
        0,
    ),
)
