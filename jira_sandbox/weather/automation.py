"""F25: a rule of a site's own that edits back: when one field changes it sets others.

As Jira's own automation it comes a moment later, and its own edits do not set it off again; what an app
makes of them may. So that two machines cannot keep each other busy for ever, a rule runs ``most`` times.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Literal

from jira_sandbox.acts import issues
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, Issue, Json, User
from jira_sandbox.weather.items import lead
from jira_sandbox.weather.sky import Undo
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """When the field ``when`` changes, set ``then``, fields as an edit takes them; ``{n}`` in a text counts.

    It acts as the lead of the space, or as the app: then what it does looks like what the app did.
    """

    site: str
    when: str
    then: dict[str, Json]
    account: Literal["lead", "app"] = "lead"
    delay: timedelta = MOMENT
    most: int = 20

    def begin(self, world: World) -> Undo:
        """Listen to every change."""
        runner = _Runner(self, world)
        world.listeners.append(runner.heard)
        return partial(_removed, world, runner)


@dataclass(slots=True, eq=False)
class _Runner:
    """One rule at work; ``ran`` counts, ``is_writing`` while the change that is heard of is its own."""

    rule: Automation
    world: World
    ran: int = 0
    is_writing: bool = False
    is_over: bool = field(default=False)

    def heard(self, site: Site, issue: Issue, _actor: User, entry: ChangelogEntry | None) -> None:
        changed = {item.field_id for item in entry.items} if entry else set()
        if site.name != self.rule.site or self.rule.when not in changed or self.is_writing:
            return
        if self.ran < self.rule.most:
            self.ran += 1
            act = partial(self._run, site, issue, self.ran)
            self.world.agenda.at(self.world.clock() + self.rule.delay, act)

    def _run(self, site: Site, issue: Issue, number: int) -> None:
        if self.is_over or issue.id not in site.issues:
            return
        account = site.app.user if self.rule.account == "app" else lead(site, issue.space_id)
        wanted = {name: _counted(value, number) for name, value in self.rule.then.items()}
        with self.world.lock:
            self.is_writing = True
            try:
                issues.edit(self.world, site, account, issue, Wish(fields=wanted))
            except Refusal:
                return  # as Jira's, a rule that fails stands in its log only
            finally:
                self.is_writing = False


def _removed(world: World, runner: _Runner) -> None:
    runner.is_over = True
    world.listeners = [each for each in world.listeners if each != runner.heard]


def _counted(value: Json, number: int) -> Json:
    return value.replace("{n}", str(number)) if isinstance(value, str) else value
