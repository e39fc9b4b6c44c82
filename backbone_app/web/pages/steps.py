"""What the ways through New Synchronization have in common: their last two pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backbone_app.web.forms import TitleForm


class Titled(Protocol):
    """A name and a description that a service offers."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def description(self) -> str:
        """The description."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One way to create a synchronization: its heading, its steps, and the names of addresses.

    ``before_name`` takes the page before *Name and description* and shows that
    one; with ``back`` it shows the page before again.
    """

    heading: str
    titles: tuple[str, ...]
    before_name: str
    overview: str
    send: str


def title_to_start_with(entered: Mapping[str, str], *, named_for: str, offered: Titled) -> TitleForm:
    """Keep what was entered for this partner, else offer the defaults; another partner gets its own."""
    if entered.get("named_for") == named_for:
        kept = {"name": entered.get("name", ""), "description": entered.get("description", "")}
        return TitleForm(initial=kept)
    return TitleForm(initial={"name": offered.name, "description": offered.description})
