"""What the second site of a world is: one with the app, a Data Center, or a Cloud site reached by 3LO."""

from typing import Final

from jira_sandbox.state.editions import DATA_CENTER
from tests.simulation import chance

HOME: Final = "home"
"""The app is installed on every site."""
REMOTE: Final = "3lo"
DATA_CENTERS: Final = tuple(name for name, each in DATA_CENTER.items() if each.has_provider)
SHARED: Final = "-shared"
"""Whoever lets the app in works there by hand as well: the lead of its first space."""
ALONE: Final = (*DATA_CENTERS, REMOTE)
LINKED: Final = (*ALONE, *(f"{name}{SHARED}" for name in ALONE))
SHARE: Final = 0.3
"""How many of the worlds that have a second site have a linked one there."""


def drawn(seed: int) -> str:
    """Draw it; chance of its own, so that a seed's script stays what it is."""
    dice = chance.stream(seed, "abroad")
    return dice.choice(LINKED) if dice.random() < SHARE else HOME
