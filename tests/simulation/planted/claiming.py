"""Bugs of who may work on what, and of what was promised: each as a small change of the real code."""

from typing import Final

from tests.simulation.planted.planting import Bug, Change

LEASES: Final = "backbone_app.ledger.leases"
ANYBODYS: Final = "Pair.objects.filter(pk=claim.pair_id)"

BUGS: Final = (
    Bug(
        "epoch ignored",
        "Whoever once claimed a pair goes on with it, although somebody else has claimed it since.",
        (
            Change(
                f"{LEASES}:begin",
                "_BEGIN(claim.pair_id, claim.epoch, span)",
                f"{ANYBODYS}.filter(_wanted()).update(lease_until=_until(span))",
            ),
            Change(
                f"{LEASES}:renew",
                "_RENEW(claim.pair_id, claim.epoch, span)",
                f"{ANYBODYS}.update(lease_until=_until(span))",
            ),
            Change(f"{LEASES}:settle", "_mine(claim).update(", f"{ANYBODYS}.update("),
        ),
        ("F9",),
        ("I11:",),
        6,
    ),
    Bug(
        "claimed without a look",
        "A pair is claimed whoever has claimed it between the look for it and the claim.",
        (
            Change(
                f"{LEASES}:_claim_one",
                "_CLAIM(pair_id, epoch, epoch + 1)",
                "Pair.objects.filter(pk=pair_id).update(epoch=epoch + 1, lease_until=_until(LEASE))",
            ),
        ),
        ("F9",),
        ("I11:",),
        34,
        is_calm=False,
    ),
    Bug(
        "answered before it is kept",
        "Jira is told that a delivery was taken in, and only then it is written down.",
        (
            Change("backbone_app.web.webhooks:jira", "    intake.take_in(\n", "    later = dict(\n"),
            Change(
                "backbone_app.web.webhooks:jira",
                "    return HttpResponse(status=204)",
                "    answer = HttpResponse(status=204)\n"
                "    answer._resource_closers.append(lambda: intake.take_in(**later))\n"
                "    return answer",
            ),
        ),
        ("F8",),
        ("lost:",),
        6,
    ),
    Bug(
        "wake-up counted too late",
        "That a wake-up was heard is noted after the look for work, not before it.",
        (
            Change("backbone_app.services.syncing:_drain", "    queue.taken(JOBS[lane])\n", ""),
            Change(
                "backbone_app.services.syncing:_drain",
                "        return sum(pool.map(lambda _: _work_until(end, crew, lane, clock), range(threads)))",
                "        count = sum(pool.map("
                "lambda _: _work_until(end, crew, lane, clock), range(threads)))\n"
                "    queue.taken(JOBS[lane])\n"
                "    return count",
            ),
        ),
        ("F7",),
        ("I10:",),
        103,
        is_calm=False,
    ),
)
