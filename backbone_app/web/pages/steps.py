"""What the ways through New Synchronization have in common: their steps, and how one is left and continued.

Each page carries what was entered on the others. Besides it is kept for its author at each step: whoever
reloads, or comes back another day, goes on where they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest

from backbone_app.services import unfinished
from backbone_app.services.requests import Title
from backbone_app.services.tenants import Caller
from backbone_app.services.unfinished import ENTRIES, Begun, Way
from backbone_app.web.forms import TitleForm


@dataclass(frozen=True, slots=True)
class Steps:
    """One way to create a synchronization: its heading, its steps, and the names of addresses.

    ``takes`` has for each step but the last the address that takes what is entered there and shows the next
    one; with ``back`` it shows its own step again. ``send`` takes the last one.
    """

    way: Way
    heading: str
    titles: tuple[str, ...]
    takes: tuple[str, ...]
    send: str

    @property
    def before_name(self) -> str:
        """Takes the page before *Name and description* and shows that one."""
        return self.takes[-2]

    @property
    def overview(self) -> str:
        """Takes *Name and description* and shows the last page."""
        return self.takes[-1]


ON_THIS_INSTANCE: Final = Steps(
    way=Way.SPACE,
    heading="Synchronize with another space on this instance",
    titles=("Choose the space", "Name and description", "Overview"),
    takes=("new-space", "new-overview"),
    send="new-send",
)
ON_ANOTHER_INSTANCE: Final = Steps(
    way=Way.INSTANCE,
    heading="Synchronize with another Cloud instance",
    titles=("Partner Instance", "Immediate or review", "Name and description", "Overview"),
    takes=("new-instance", "new-instance-mode", "new-instance-overview"),
    send="new-instance-send",
)
ON_A_DATA_CENTER: Final = Steps(
    way=Way.DATA_CENTER,
    heading="Synchronize with a Data Center Instance",
    titles=("Application link", "Sign in", "Choose the space", "Name and description", "Overview"),
    takes=(
        "new-data-center",
        "new-data-center-sign-in",
        "new-data-center-space",
        "new-data-center-overview",
    ),
    send="new-data-center-create",
)
ON_THE_CLOUD: Final = Steps(
    way=Way.CLOUD,
    heading="Synchronize with a Cloud Instance",
    titles=("Partner Instance", "Sign in", "Name and description", "Overview"),
    takes=("new-cloud", "new-cloud-sign-in", "new-cloud-overview"),
    send="new-cloud-create",
)
WAYS: Final[Mapping[Way, Steps]] = MappingProxyType(
    {each.way: each for each in (ON_THIS_INSTANCE, ON_ANOTHER_INSTANCE, ON_A_DATA_CENTER, ON_THE_CLOUD)}
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody has begun, to be continued: ``kept`` goes to ``address``; ``number`` counts from 1."""

    steps: Steps
    number: int
    address: str
    kept: Mapping[str, str]
    touched_at: datetime

    @property
    def title(self) -> str:
        """The step that is shown then."""
        return self.steps.titles[self.number - 1]


def offer(begun: Begun) -> Offer:
    """Tell how to continue: what was entered is sent again, and checked again."""
    steps = WAYS[begun.way]
    done = min(begun.done, len(steps.takes))
    again = {} if done else {"back": "yes"}
    address = steps.takes[max(done - 1, 0)]
    return Offer(steps, done + 1, address, {**begun.entered, **again}, begun.touched_at)


def keep(request: HttpRequest, caller: Caller, space: str, steps: Steps, *, done: int, now: datetime) -> None:
    """Keep what a page was sent with for its author; to open a page keeps nothing."""
    entered = {name: request.POST[name] for name in ENTRIES[steps.way] & request.POST.keys()}
    if any(entered.values()):
        unfinished.keep(caller, space, steps.way, entered=entered, done=done, now=now)


def title_to_start_with(entered: Mapping[str, str], *, named_for: str, offered: Title) -> TitleForm:
    """Keep what was entered for this partner, else offer the defaults; another partner gets its own."""
    if entered.get("named_for") == named_for:
        kept = {"name": entered.get("name", ""), "description": entered.get("description", "")}
        return TitleForm(initial=kept)
    return TitleForm(initial={"name": offered.name, "description": offered.description})
