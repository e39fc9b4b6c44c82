"""What befalls the sites of a life: nets, clocks, rights, indexes, and work items that go away."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final

from jira_sandbox.state.site import Site
from jira_sandbox.weather.calls import Unreachable
from jira_sandbox.weather.draws import RIGHTS
from jira_sandbox.weather.items import Archived, Deleted, Moved
from jira_sandbox.weather.sites import ClockOff, Down, IndexBehind, RightLost
from jira_sandbox.weather.sky import Fault
from jira_sandbox.wire import Refusal
from tests.simulation import chance
from tests.simulation.abroad import SITE
from tests.simulation.clock import clock
from tests.simulation.leave import Expired, TakenBack
from tests.simulation.script import Happening
from tests.simulation.stage import Jira

HOUR: Final = 3600.0


class Disasters:
    """Lets the disasters of a script come; ``gone`` are the work items that left for good.

    ``struck`` counts those that found something to strike.
    """

    def __init__(self, jira: Jira, *, seed: int) -> None:
        self.struck: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.told: list[tuple[float, str]] = []
        self._jira = jira
        self._seed = seed

    def strike(self, happening: Happening) -> None:
        """Let it come, if there is anything for it to strike."""
        dice = chance.stream(self._seed, "disaster", happening.number)
        site = self._jira.site_of(happening.space)
        draws: dict[str, Callable[[Site, str, Random], tuple[Fault, float]]] = {
            "F10": _leave,
            "F11": _outage,
            "F12": _clock,
            "F13": self._right,
            "F14": self._away,
            "F15": self._deletion,
            "F19": _index,
        }
        try:
            fault, lasting = draws[happening.kind](site, happening.space, dice)
            self._jira.weather.script(fault, lasting=timedelta(seconds=lasting), name=happening.kind)
        except (LookupError, Refusal):
            return
        self.struck[happening.kind] += 1
        if isinstance(fault, Moved | Deleted):
            self.gone.add(fault.item)
        if isinstance(fault, TakenBack):
            self._jira.witness.taken.append(clock.seconds)
        if isinstance(fault, Expired):
            self._jira.witness.spoilt.append(clock.seconds)
        self.told.append((clock.seconds, f"{happening.kind}: {fault} for {lasting:.0f} s"))

    def _right(self, site: Site, space: str, dice: Random) -> tuple[Fault, float]:
        account, lost = self._jira.apps_account(site), dice.choice(RIGHTS)
        return RightLost(site=site.name, space=space, permissions=lost, account=account), _spell(dice)

    def _away(self, site: Site, space: str, dice: Random) -> tuple[Fault, float]:
        item = _some_item(site, space, dice)
        if dice.random() < 0.6:
            if self._jira.witness.is_sought(item):
                raise LookupError("no search shows what is archived: nobody could know that it is there")
            return Archived(site=site.name, item=item), _spell(dice)
        others = sorted(key for each in site.spaces.values() if (key := each.key) != space)
        return Moved(site=site.name, item=item, space=dice.choice(others)), 0.0

    def _deletion(self, site: Site, space: str, dice: Random) -> tuple[Fault, float]:
        return Deleted(site=site.name, item=_some_item(site, space, dice)), 0.0


def _leave(_site: Site, _space: str, dice: Random) -> tuple[Fault, float]:
    return dice.choice((TakenBack(SITE), Expired(SITE))), 0.0


def _outage(site: Site, _space: str, dice: Random) -> tuple[Fault, float]:
    hours = dice.choices((0.02, 0.2, 1.0, 6.0, 72.0), (50, 30, 15, 4, 1))[0] * dice.random()
    ways: tuple[Fault, ...] = (
        Down(site.name),
        Unreachable(site=site.name, how="name_unknown"),
        Unreachable(site=site.name, how="tls_failed"),
    )
    return dice.choice(ways), hours * HOUR


def _clock(site: Site, _space: str, dice: Random) -> tuple[Fault, float]:
    by = dice.choice((dice.uniform(-600, 600), HOUR, -HOUR, 1.0, -1.0))
    return ClockOff(site=site.name, by=timedelta(seconds=by)), _spell(dice)


def _index(site: Site, _space: str, dice: Random) -> tuple[Fault, float]:
    return IndexBehind(site=site.name, lag=timedelta(seconds=dice.uniform(1, 300))), _spell(dice)


def _spell(dice: Random) -> float:
    """Draw how long something lasts: short as a rule, since most of a long spell is waiting."""
    return dice.choices((30.0, 120.0, 600.0, HOUR), (30, 40, 25, 5))[0] * dice.random()


def _some_item(site: Site, space: str, dice: Random) -> str:
    here = site.space(space)
    items = sorted((each.id for each in site.issues.values() if each.space_id == here.id), key=int)
    if not items:
        raise LookupError("there is no work item")
    return dice.choice(items)
