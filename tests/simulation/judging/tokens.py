"""F10: one asks for new tokens at a time, and nobody uses what is outworn, or a link that is broken.

Somebody who was stopped for longer than the link is held, or between looking and calling, could not know
better, nor can anybody keep what a site gave to one that is gone. Judged by what went over the wire: that
tokens were kept is known from their being used.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from tests.simulation.witness import Break, Call, Given, Witness

HELD: Final = 45.0
"""Seconds for which who asks for tokens has the link to themself."""
IN_VAIN: Final = 720.0
"""Seconds within which new tokens that are refused as well end a link, and some for finding out."""
REFUSED: Final = ("400", "401", "403")


def misused(seen: Witness) -> Iterator[str]:
    """Say a sentence for each call that should not have been, and for each link that should not be broken."""
    renewals = [call for call in seen.calls if "refresh_token" in call.form]
    yield from _at_once(renewals, seen)
    yield from _impatient(renewals, seen.calls)
    for given in seen.given:
        yield from _outworn(given, seen)
    for each in seen.breaks:
        yield from _over_a_broken_link(each, seen)
        yield from _undeserved(each, renewals, seen)


def _at_once(renewals: Sequence[Call], seen: Witness) -> Iterator[str]:
    for one, other in combinations(renewals, 2):
        ends = min(seen.ended[one.number], seen.ended[other.number])
        is_held = abs(one.claimed - other.claimed) < HELD
        if one.origin == other.origin and is_held and max(one.began, other.began) < ends:
            yield f"F10: {other} asks for tokens while {one} does"


def _impatient(renewals: Sequence[Call], calls: Sequence[Call]) -> Iterator[str]:
    for one, other in combinations(renewals, 2):
        is_told = one.origin == other.origin and one.at < other.claimed and _lived_on(one, calls)
        if is_told and other.began < one.at + one.wait:
            told = f"{one} was told to wait {one.wait:.0f} s"
            yield f"F10: {other} comes {other.began - one.at:.1f} s after {told}"


def _outworn(given: Given, seen: Witness) -> Iterator[str]:
    """Look for what is used although its successors, ``given`` for it, have been in use."""
    spent = _spent_for(given, seen)
    in_use = min((call.began for call in seen.calls if _bears(call, given)), default=None)
    if not spent or in_use is None:
        return
    before = next((each for each in seen.given if each.refresh == spent), None)
    for call in seen.calls:
        is_old = call.form.get("refresh_token") == spent or (before is not None and _bears(call, before))
        if is_old and call.knew > in_use:
            yield f"F10: {call} bears what newer tokens were in use for"


def _over_a_broken_link(broken: Break, seen: Witness) -> Iterator[str]:
    older = [each for each in seen.given if each.at <= broken.since]
    for call in seen.calls:
        if broken.since < call.knew < broken.until and any(_bears(call, each) for each in older):
            yield f"F10: {call} goes over a link that was known to be broken"


def _undeserved(broken: Break, renewals: Sequence[Call], seen: Witness) -> Iterator[str]:
    before = max((each.until for each in seen.breaks if each.since < broken.since), default=0.0)
    refused = [call for call in renewals if before <= call.at <= broken.since and call.heard in REFUSED]
    if refused:
        is_deserved = _is_worthless(refused[-1], seen)
    else:
        spoilt = [at for at in seen.spoilt if broken.since - IN_VAIN < at <= broken.since]
        is_deserved = len(spoilt) > 1 or any(before <= at <= broken.since for at in seen.taken)
    if not is_deserved:
        yield f"F10: the link was broken at second {broken.since:.0f}, and nobody had taken anything back"


def _is_worthless(refused: Call, seen: Witness) -> bool:
    """Whether leave was taken back since that token was given, or what it had brought could not be kept."""
    spent = refused.form["refresh_token"]
    born = next((each.at for each in seen.given if each.refresh == spent), 0.0)
    spending = (
        seen.calls[each.by] for each in seen.given if each.by is not None and _spent_for(each, seen) == spent
    )
    return any(born <= at <= refused.at for at in seen.taken) or any(
        call.heard != "200"
        or not _lived_on(call, seen.calls)
        or seen.ended[call.number] - call.claimed >= HELD
        for call in spending
        if call.number < refused.number
    )


def _spent_for(given: Given, seen: Witness) -> str:
    """Give the refresh token that these tokens were given for, "" where it was something else."""
    return seen.calls[given.by].form.get("refresh_token", "") if given.by is not None else ""


def _lived_on(call: Call, calls: Sequence[Call]) -> bool:
    """Whether who called went on with something else, and so has kept what it heard."""
    return any(each.worker == call.worker for each in calls[call.number + 1 :])


def _bears(call: Call, given: Given) -> bool:
    return call.authorization == f"Bearer {given.access}" or (
        bool(given.refresh) and call.form.get("refresh_token") == given.refresh
    )
