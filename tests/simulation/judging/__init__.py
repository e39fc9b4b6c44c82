"""What has to hold when everything has come to rest with all faults over (reliability.md §2).

One module an invariant or kin; each is a pure function from ``evidence`` to sentences, but for ``rest``,
which goes on living the life until it has come to rest. What has to hold after every step (I4 to I9) is
judged by what was noted at every step. That no comment and no status is lost or doubled, and that the app
does not write too often, is the demo's checker to say; the result line is its report.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.copies import attributed
from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import Report
from tests.simulation import boot
from tests.simulation.judging import (
    agreement,
    audit,
    causality,
    deletions,
    echoes,
    evidence,
    isolation,
    looking,
    order,
    pacing,
    patience,
    scope,
    statuses,
    tokens,
    uniqueness,
)
from tests.simulation.judging.evidence import Evidence
from tests.simulation.judging.knowledge import Knowledge
from tests.simulation.judging.policy import Clocks
from tests.simulation.judging.rest import is_at_rest, mended_and_checked
from tests.simulation.judging.versions import follow

if TYPE_CHECKING:
    from tests.simulation.life import _Life

__all__ = ["is_at_rest", "report", "violations"]


def violations(life: "_Life") -> list[str]:
    """Bring everything to its end as an admin would, and list what should not be."""
    found = [*mended_and_checked(life)]
    found += patience.impatient(life.jira.limits.violations, life.jira.witness.told, life.jira.witness.calls)
    found += life.director.fence.found
    found += [f"bug: {each}" for each in life.processes.failed]
    found += [f"bug: {each.get('event')} {str(each.get('exception', ''))[-1500:]}" for each in boot.said]
    return found


def report(life: "_Life") -> tuple[Report, list[str]]:
    """Follow every change of people, hold what was noted against every invariant, compare both sides."""
    gathered = evidence.gathered(life)
    found = judge(replace(gathered.history, kept=gathered.history.kept | _losers(gathered)))
    told, every = (attributed(one).history for one in (gathered.history, gathered.every))
    unlike = (*agreement.differences(told), *agreement.of_pairs(every, gathered.pairs))
    return found, [
        *found.faults,
        *dict.fromkeys(unlike),
        *_caused(life, gathered),
        *_called(life, gathered),
    ]


def _losers(gathered: Evidence) -> frozenset[tuple[int, str]]:
    families = Families(gathered.history)
    roots = [families.of(item.id) for item in families if item.origin is None]
    knowledge = Knowledge(gathered.witness.reads, gathered.witness.news)
    judged = (causality.losers(each, gathered.sources, gathered.feed, knowledge) for each in roots)
    return frozenset(cell for cells in judged for cell in cells)


def _caused(life: "_Life", gathered: Evidence) -> Iterator[str]:
    """Follow every cell of every family."""
    families = Families(gathered.history)
    is_true = all(each.kind != "F12" for each in life.script.happenings)
    clocks = Clocks(
        gathered.witness.times, is_true=is_true, may_lose_times="metadata dropped" in life.director.kinds
    )
    knowledge = Knowledge(gathered.witness.reads, gathered.witness.news)
    every = Families(gathered.every)
    yield from statuses.of_statuses(gathered.feed, clocks, every, gathered.sources, name=gathered.name)
    for item in families:
        if item.origin is None:
            family = families.of(item.id)
            yield from causality.losses(
                family, gathered.sources, gathered.feed, clocks, knowledge=knowledge, name=gathered.name
            )
            for cell in causality.SINGLE:
                track = follow(family, cell, gathered.sources, knowledge)
                yield from order.steps_back(track, late=gathered.late, name=gathered.name)


def _called(life: "_Life", gathered: Evidence) -> Iterator[str]:
    """Look through everything that went over the wire."""
    calls, made, name = gathered.witness.calls, gathered.witness.made, gathered.name
    sites = life.jira.sites.values()
    links = life.jira.links
    ways = {site.name: links[site.name].address if site.name in links else site.base_url for site in sites}
    homes = {item: ways[site.name] for site in sites for item in site.issues}
    secrets = {site.base_url: site.app.shared_secret for site in sites if site.name not in links}
    given = gathered.witness.given
    bearers = {
        each.address: [one.access for one in given if one.address == each.address] for each in links.values()
    }
    offices = {
        each.office: [one.refresh for one in given if one.address == each.address] for each in links.values()
    }
    effective = {number for entry, number in gathered.witness.caused.items() if entry not in gathered.late}
    unheard = gathered.unheard
    yield from uniqueness.duplicates(
        [one for one in made if one.marks.get("nonce") not in unheard], name=name
    )
    yield from echoes.idle(calls, gathered.history.items, effective=effective, name=name)
    yield from isolation.strangers(calls, secrets, homes, bearers=bearers, offices=offices)
    yield from tokens.misused(gathered.witness)
    yield from deletions.undue(calls, made, life.crowd.changes, gathered.witness.deaths, name=name)
    yield from deletions.twins_of_twins(made, gathered.moved, name=name)
    yield from looking.blind(calls)
    yield from pacing.hasty(calls)
    yield from scope.trespasses(calls, name=name)
    yield from audit.unaccounted(calls, gathered.rows, gathered.effects)
