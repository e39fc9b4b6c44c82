"""Two work items that were there before their spaces were synchronized, and the person who pairs them."""

from dataclasses import dataclass

from jira_sandbox.demo.history import EXISTENCE, Cells, Change
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.demo.work import LEADS, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Strangers:
    """A work item in ALPHA and one in BETA about the same thing; their priorities and summaries differ.

    Nothing but ALPHA's has a due date, nothing but BETA's a description.
    """

    alpha: Change
    beta: Change


def made(work: Work) -> Strangers:
    """Let Alice and Bob create them; nobody has to be told of that."""
    alice, bob = (
        Person(work.stage, LEADS[space], space, changes=[], secrets=[]) for space in ("ALPHA", "BETA")
    )
    ideas = work.ideas
    alpha = {"summary": ideas.summary(), "priority": "Low", **ideas.cells("duedate", "")}
    beta = {"summary": ideas.summary(), "priority": "High", **ideas.cells("description", "")}
    return Strangers(alpha=alice.create(alpha), beta=bob.create(beta))


def pair(work: Work, bob: Visitor, strangers: Strangers) -> None:
    """Let Bob pair them by their keys, with the values of his space where they differ.

    His values, and Alice's where he has none, are changes from then on: they have to stand on both sides.
    They are as old as the work items, since whoever saw one of these saw them.
    """
    stage, alpha, beta = work.stage, strangers.alpha, strangers.beta
    with stage.lock:
        keys = {"own_key": stage.issue(beta.item).key, "partner_key": stage.issue(alpha.item).key}
        stage.joined[alpha.item] = beta.item
    bob.look_again()
    bob.press("Pair existing work items")
    bob.press("Compare", **keys)
    bob.press("Pair", choice="own")
    own = {cell: value for cell, value in beta.values.items() if cell != EXISTENCE}
    filled = {cell: value for cell, value in alpha.values.items() if cell not in beta.values}
    work.changes += [_stands(beta, own), _stands(alpha, filled)]
    work.families["BETA"].append({"ALPHA": alpha.item, "BETA": beta.item})


def _stands(creation: Change, cells: Cells) -> Change:
    return Change(item=creation.item, at=creation.at, values=cells)
