"""What the standard sites are like: people, spaces, and workflows that differ from space to space."""

from dataclasses import dataclass
from typing import Literal

EVERYDAY_TYPES = ("Task", "Bug", "Story")
ALL_TYPES = (*EVERYDAY_TYPES, "Epic")
Category = Literal["new", "indeterminate", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPlan:
    """A workflow by names: its statuses with their categories, and (name, from or None for all, to)."""

    name: str
    statuses: tuple[tuple[str, Category], ...]
    steps: tuple[tuple[str, str | None, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacePlan:
    """A space; ``lead`` administers it, ``members`` may do everyday work in it.

    ``is_rich`` gives it a custom field of every kind, sprints and security levels.
    """

    key: str
    name: str
    lead: str
    members: tuple[str, ...]
    developers: tuple[str, ...]
    types: tuple[str, ...]
    flow: FlowPlan
    is_rich: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A site. ``staff`` is a group; the Jira admin also administers every space."""

    people: tuple[str, ...]
    jira_admin: str
    staff: tuple[str, ...]
    spaces: tuple[SpacePlan, ...]


NAMES = {
    "alice": "Alice Archer",
    "bob": "Bob Baker",
    "carol": "Carol Cook",
    "dana": "Dana Draper",
    "erin": "Erin Ellis",
    "frank": "Frank Fisher",
    "gina": "Gina Glover",
    "hank": "Hank Hunter",
}

_SIMPLE = FlowPlan(
    name="Simple",
    statuses=(("To Do", "new"), ("In Progress", "indeterminate"), ("Done", "done")),
    steps=(
        ("Start", "To Do", "In Progress"),
        ("Stop", "In Progress", "To Do"),
        ("Finish", "In Progress", "Done"),
        ("Resume", "Done", "In Progress"),
        ("Reopen", "Done", "To Do"),
    ),
)
_REVIEWED = FlowPlan(
    name="Reviewed",
    statuses=(
        ("Open", "new"),
        ("Selected", "new"),
        ("In Progress", "indeterminate"),
        ("In Review", "indeterminate"),
        ("Done", "done"),
        ("Cancelled", "done"),
    ),
    steps=(
        ("Select", "Open", "Selected"),
        ("Start", "Selected", "In Progress"),
        ("Ask for review", "In Progress", "In Review"),
        ("Approve", "In Review", "Done"),
        ("Reopen", "Done", "Open"),
        ("Cancel", None, "Cancelled"),
    ),
)
_CHECKED = FlowPlan(
    name="Checked",
    statuses=(
        ("To Do", "new"),
        ("In Progress", "indeterminate"),
        ("In Review", "indeterminate"),
        ("Done", "done"),
    ),
    steps=(
        ("Begin", "To Do", "In Progress"),
        ("Hand in", "In Progress", "In Review"),
        ("Rework", "In Review", "In Progress"),
        ("Accept", "In Review", "Done"),
        ("Reopen", "Done", "To Do"),
    ),
)
_BLOCKABLE = FlowPlan(
    name="Blockable",
    statuses=(
        ("Open", "new"),
        ("In Progress", "indeterminate"),
        ("Blocked", "indeterminate"),
        ("Done", "done"),
    ),
    steps=(
        ("Start", "Open", "In Progress"),
        ("Finish", "In Progress", "Done"),
        ("Reopen", "Done", "Open"),
        ("Unblock", "Blocked", "In Progress"),
        ("Block", None, "Blocked"),
    ),
)

FIRST = Layout(
    people=("alice", "bob", "carol", "dana", "frank"),
    jira_admin="dana",
    staff=("alice", "bob", "carol", "dana"),
    spaces=(
        SpacePlan(
            key="ALPHA",
            name="Alpha",
            lead="alice",
            members=("carol", "frank"),
            developers=("alice", "carol"),
            types=ALL_TYPES,
            flow=_SIMPLE,
            is_rich=True,
        ),
        SpacePlan(
            key="BETA",
            name="Beta",
            lead="bob",
            members=("carol", "frank"),
            developers=("bob", "carol"),
            types=EVERYDAY_TYPES,
            flow=_REVIEWED,
        ),
        SpacePlan(
            key="GAMMA",
            name="Gamma",
            lead="dana",
            members=(),
            developers=(),
            types=EVERYDAY_TYPES,
            flow=_SIMPLE,
        ),
    ),
)
FURTHER = Layout(
    people=("alice", "dana", "erin", "gina", "hank"),
    jira_admin="dana",
    staff=("alice", "dana", "gina", "hank"),
    spaces=(
        SpacePlan(
            key="GOLD",
            name="Gold",
            lead="gina",
            members=("alice", "erin"),
            developers=("gina", "alice"),
            types=ALL_TYPES,
            flow=_CHECKED,
            is_rich=True,
        ),
        SpacePlan(
            key="IRON",
            name="Iron",
            lead="hank",
            members=("alice", "erin"),
            developers=("hank", "alice"),
            types=EVERYDAY_TYPES,
            flow=_BLOCKABLE,
        ),
    ),
)
