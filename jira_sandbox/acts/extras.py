"""What ``update`` adds beside fields when a work item is made, edited or moved on: comments, work, links."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from jira_sandbox import fields
from jira_sandbox.acts import comments, links, worklogs
from jira_sandbox.acts.adjusting import Adjustment
from jira_sandbox.acts.circles import KEEP
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

Doing = Callable[[], object]
Planning = Callable[[World, Site, User, Issue, Json], Doing]


@dataclass(frozen=True, slots=True)
class Extra:
    """One operation: its field, its verb and what the verb is given."""

    name: str
    verb: str
    operand: Json


def taken_out(wish: Wish) -> tuple[Wish, list[Extra]]:
    """Part what is no field from a wish; Refusal 400 names what has a shape or a verb Jira does not know."""
    extras: list[Extra] = []
    for name, verbs in _VERBS.items():
        for operation in _listed(name, wish.update.get(name, [])):
            verb, operand = next(iter(operation.items()))
            if verb not in verbs or not isinstance(operand, dict):
                allowed = ", ".join(verbs)
                words = f"Field with id '{name}' does not support operation '{verb}' ({allowed})."
                raise fields.wrong(name, words)
            extras.append(Extra(name, verb, operand))
    rest = {name: raw for name, raw in wish.update.items() if name not in _VERBS}
    return replace(wish, update=rest), extras


def planned(
    world: World, site: Site, actor: User, issue: Issue, extras: list[Extra], *, full: int = 400
) -> list[Doing]:
    """Check all of them and give what does them, in their order; Jira does all of a request or nothing.

    Each refuses in the words it has when it is asked for alone, but always naming a field and with 400, as
    a create or an edit does, or with ``full`` where a limit is reached. A comment that would be changed
    twice is refused too.
    """
    changed = [each.operand.get("id") for each in extras if each.name == "comment" and each.verb != "add"]
    if len(changed) > len(set(map(str, changed))):
        raise fields.wrong("comment", "A comment cannot be changed twice.")
    doings = []
    for each in extras:
        try:
            doings.append(_VERBS[each.name][each.verb](world, site, actor, issue, each.operand))
        except Refusal as refusal:
            raise _of_field(each.name, refusal, full=full) from None
    return doings


def perform(doings: list[Doing]) -> None:
    """Do what was planned; call both under the world's lock."""
    for do in doings:
        do()


def _listed(name: str, raw: Json) -> list[dict[str, Json]]:
    if not isinstance(raw, list):
        raise fields.wrong(name, "data was not an array")
    if not all(isinstance(each, dict) and len(each) == 1 for each in raw):
        raise fields.wrong(name, "Each operation must have exactly one verb.")
    return raw


def _of_field(name: str, refusal: Refusal, *, full: int) -> Refusal:
    status = full if refusal.status == 413 else 400
    return Refusal(status, errors=refusal.errors or {name: " ".join(refusal.messages)})


def _comment(world: World, site: Site, actor: User, issue: Issue, raw: Json) -> Doing:
    words = comments.Words(body=raw.get("body"), visibility=raw.get("visibility"))
    return comments.adding(world, site, actor, issue, words)


def _change_comment(world: World, site: Site, actor: User, issue: Issue, raw: Json) -> Doing:
    comment = comments.find(site, actor, issue, str(raw.get("id")))
    words = comments.Words(body=raw.get("body"), visibility=raw.get("visibility", KEEP))
    return comments.changing(world, site, actor, issue, comment, words)


def _remove_comment(world: World, site: Site, actor: User, issue: Issue, raw: Json) -> Doing:
    comment = comments.find(site, actor, issue, str(raw.get("id")))
    return comments.deleting(world, site, actor, issue, comment)


def _log(world: World, site: Site, actor: User, issue: Issue, raw: Json) -> Doing:
    how = worklogs.Occasion(
        adjustment=Adjustment(
            mode=str(raw.get("adjustEstimate") or "auto"),
            new_estimate=str(raw.get("newEstimate") or ""),
            reduce_by=str(raw.get("reduceBy") or ""),
        )
    )
    return worklogs.adding(world, site, actor, issue, worklogs.effort(raw), how)


def _link(world: World, site: Site, actor: User, issue: Issue, raw: Json) -> Doing:
    """Link the work item with the other end: it is itself the end that is not given."""
    ends = [raw.get("inwardIssue"), raw.get("outwardIssue")]
    if sum(each is not None for each in ends) != 1:
        raise fields.wrong("issuelinks", "Either an inward or an outward issue must be given.")
    inward, outward = (each or {"id": issue.id} for each in ends)
    wish = links.LinkWish(type=raw.get("type"), inward=inward, outward=outward)
    return links.adding(world, site, actor, wish)


_VERBS: dict[str, dict[str, Planning]] = {
    "comment": {"add": _comment, "edit": _change_comment, "remove": _remove_comment},
    "worklog": {"add": _log},
    "issuelinks": {"add": _link},
}
