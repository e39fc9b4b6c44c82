"""Two sites that install, move, enable, disable and remove us, and Jira's word of it in any order.

A life is drawn first, by Atlassian's clock, and is all there is to know of how it has to end. Its calls
arrive afterwards: late, twice, shuffled, some of them at the same moment.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, pairwise

from backbone_app.gateway import credentials
from backbone_app.models import AuditEntry
from backbone_app.models.site import SiteStatus
from jira_sandbox.state.site import Site as SandboxSite
from tests.support.atlassian import Call, Customer
from tests.support.sandbox import VirtualClock
from tests.support.workers import together

ENDS = {
    "installed": SiteStatus.ENABLED,
    "reinstalled": SiteStatus.ENABLED,
    "address_changed": SiteStatus.ENABLED,
    "enabled": SiteStatus.ENABLED,
    "disabled": SiteStatus.DISABLED,
    "uninstalled": SiteStatus.UNINSTALLED,
}
"""What a site is after an act of the audit log; the others change nothing of it."""
NOTICES = {"enabled", "disabled"}
"""What a site says of us with its own secret."""


@dataclass(slots=True)
class Happening:
    """A call, when it was signed (seconds of the life) and with which secret.

    ``answers`` are the moments at which it arrived, and what it was answered each time.
    """

    call: Call
    at: int
    secret: str
    answers: list[tuple[int, int]] = field(default_factory=list)

    def arrive(self, moment: int) -> None:
        """Let it arrive once more."""
        self.answers.append((moment, self.call.send()))


@dataclass(slots=True)
class Life:
    """One site; ``happenings`` are in the order of Atlassian's clock."""

    customer: Customer
    host: SandboxSite
    happenings: list[Happening] = field(default_factory=list)
    is_there: bool = False

    def live(self, chance: random.Random, *, at: int) -> None:
        """Let the next thing happen at this second: what Jira lets happen now."""
        ways = ("again", "moved", "enabled", "disabled", "uninstalled") if self.is_there else ("again",)
        # Who was disabled is mostly enabled next: else hardly any enabling would change anything.
        enabled = 20 if self.happenings and self.happenings[-1].call.event == "disabled" else 2
        match chance.choices(ways, (3, 2, enabled, 4, 3)[: len(ways)])[0]:
            case "again":
                self._installed(at)
            case "moved":
                number = len(self.customer.secrets)
                self.customer.address = f"https://{self.customer.key}-{number}.atlassian.net"
                self._installed(at)
            case "uninstalled":
                self.is_there = False
                self._note(self.customer.uninstalled(), at)
            case event:
                self._note(self.customer.notice(event), at)

    def _installed(self, at: int) -> None:
        self.is_there = True
        self._note(self.customer.installed(), at)

    def _note(self, call: Call, at: int) -> None:
        self.happenings.append(Happening(call, at, self.customer.secret))

    def settle(self) -> None:
        """Make the small Jira what the site is in the end: it takes one secret, at one address, or none."""
        self.host.base_url = self.customer.address
        self.host.app.client_key = self.customer.key
        self.host.app.shared_secret = (
            self.customer.secret if self.is_there else "nobody has this secret any more"
        )
        self.host.app.enabled = True

    @property
    def newest(self) -> Happening:
        """What Atlassian itself said last: from its arrival on nothing older counts."""
        return max((one for one in self.happenings if one.call.event not in NOTICES), key=lambda one: one.at)

    @property
    def known_from(self) -> int:
        """The moment at which that arrived first."""
        return min(moment for moment, _ in self.newest.answers)

    def notices(self) -> list[Happening]:
        """The notices that the newest word of Atlassian decides about, whatever else has arrived.

        Of a site that removed us those are all; of another one those that its newest secret signed.
        """
        notices = [one for one in self.happenings if one.call.event in NOTICES]
        return [one for one in notices if not self.is_there or one.secret == self.customer.secret]

    def expected(self) -> SiteStatus:
        """How it has to end, by Atlassian's clock.

        A notice counts where it arrived after the installation that brought its secret: one that we do not
        know yet opens nothing, and Jira sends a notice once. Only of two that arrived at one moment the
        answer has to tell which was first.
        """
        if not self.is_there:
            return SiteStatus.UNINSTALLED
        since = self.known_from
        counted = [
            one
            for one in self.notices()
            if any(moment > since or (moment == since and answer == 204) for moment, answer in one.answers)
        ]
        newest = max(counted, key=lambda one: one.at, default=None)
        return SiteStatus(newest.call.event) if newest else SiteStatus.ENABLED

    def wrong_answers(self) -> list[str]:
        """What was answered otherwise than the moment of its arrival says, or with a fault of ours."""
        before, after = ({401}, {204}) if self.is_there else ({204, 401}, {401})
        since = self.known_from
        found = [
            f"{one.call.event} of second {one.at} answered {answer}"
            for one in self.notices()
            for moment, answer in one.answers
            if moment != since and answer not in (before if moment < since else after)
        ]
        found += [f"the newest call answered {answer}" for _, answer in self.newest.answers if answer != 204]
        answers = {answer for one in self.happenings for _, answer in one.answers}
        return found + [f"answered {answer}" for answer in sorted(answers - {204, 401})]


def drawn(lives: Sequence[Life], chance: random.Random, clock: VirtualClock) -> None:
    """Let up to a dozen things happen to the sites, a second or two apart."""
    began = clock()
    for _ in range(chance.randint(3, 12)):
        clock.advance(seconds=chance.randint(1, 2))
        chance.choice(lives).live(chance, at=int((clock() - began).total_seconds()))
    for life in lives:
        life.settle()


def arriving(lives: Sequence[Life], chance: random.Random) -> None:
    """Let every call arrive at least once: shuffled a little or wholly, some twice, some at one moment."""
    calls = sorted((one for life in lives for one in life.happenings), key=lambda one: one.at)
    calls += chance.sample(calls, k=len(calls) // 3)
    if chance.random() < 0.5:
        chance.shuffle(calls)
    else:
        calls.sort(key=lambda one: one.at + chance.choice((0, 0, 0, 4)))
    for moment in count():
        many = chance.choice((1, 1, 1, 2, 3))
        now, calls = calls[:many], calls[many:]
        if len(now) > 1:
            assert together(*(partial(one.arrive, moment) for one in now)) == []
        elif now:
            now[0].arrive(moment)
        else:
            break


def mixed_up(life: Life) -> list[str]:
    """What is wrong with the site in the end."""
    row, customer = life.customer.row, life.customer
    opening = [each for each in credentials.opening(row, now=customer.world.clock()) if each]
    found = [f"a secret of somebody else's: {each}" for each in opening if each not in customer.secrets]
    if row.status != life.expected():
        found.append(f"{row.status} instead of {life.expected()}")
    if life.is_there and opening[:1] != [customer.secret]:
        found.append("not the newest secret")
    if life.is_there and row.base_url != customer.address:
        found.append(f"at {row.base_url} instead of {customer.address}")
    kept = (row.secret_sealed, row.previous_secret_sealed, row.pending_secret_sealed)
    if not life.is_there and any(map(bytes, kept)):
        found.append("a secret that is left")
    return found + life.wrong_answers() + _untold(life)


def _untold(life: Life) -> list[str]:
    """Where the audit log tells another story than the row."""
    row = life.customer.row
    entries = AuditEntry.objects.filter(site=row).order_by("pk").values_list("act", flat=True)
    told = [each for each in entries if each in ENDS]
    moves = [each for each in entries if each in ENDS or each == "address_waiting"]
    found = ["installed for the first time, twice"] if told.count("installed") > 1 else []
    if told and ENDS[told[-1]] != row.status:
        found.append(f"the log ends with {told[-1]}, the site is {row.status}")
    repeated = {one for one, other in pairwise(moves) if one == other} - {"reinstalled", "address_waiting"}
    return found + [f"{each} twice in a row" for each in sorted(repeated)]
