"""Transitions: which are offered to whom, and taking one with its screen, validators and post functions."""

from typing import Any

from jira_sandbox import fields, richtext
from jira_sandbox.acts import comments, conditions, extras
from jira_sandbox.acts.barriers import must_be_alone, must_be_open
from jira_sandbox.acts.history import record
from jira_sandbox.acts.issues import take_over
from jira_sandbox.acts.wishes import Wish, checked_properties, wished_values
from jira_sandbox.connect import postfunctions, webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, User
from jira_sandbox.state.workflow import Transition
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def from_here(site: Site, actor: User, issue: Issue) -> list[Transition]:
    """List the transitions from the status the work item is in, offered or not; none without the right."""
    if not site.may_around(actor, "TRANSITION_ISSUES", issue):
        return []
    return site.workflow_of(issue).offered(issue.status_id)


def offered(site: Site, actor: User, issue: Issue) -> list[Transition]:
    """List the transitions ``actor`` is offered now: those from here whose conditions hold."""
    return [each for each in from_here(site, actor, issue) if conditions.hold(site, actor, issue, each)]


def take(
    world: World, site: Site, actor: User, issue: Issue, number: str, wish: Wish
) -> ChangelogEntry | None:
    """Take a transition; gives the changelog entry, None if a looped one changed nothing.

    Refusal 400 when it is not offered, its screen is not filled as it must be or a validator objects, 409
    when another write got in between, 413 for a comment, work or a link beyond the limit.
    """
    with world.lock:
        step = next((each for each in offered(site, actor, issue) if each.id == number), None)
        if step is None:
            raise Refusal(400, f"Transition id '{number}' is not valid for this issue.")
        must_be_open(site, issue)
        must_be_alone(site, issue)
        wish, more = extras.taken_out(wish)
        values = wished_values(fields.place_of(site, issue, actor), set(step.fields), issue.fields, wish)
        conditions.validate(site, actor, issue, step, values)
        properties = checked_properties(wish.properties)
        extras.perform(extras.planned(world, site, actor, issue, more, full=413))
        issue.properties |= properties
        values |= _set_by_functions(site, issue, step)
        before = issue.status_id
        steps = take_over(site, issue, values) + _moved(site, issue, step)
        entry = record(site, actor, issue, steps, wish.history_metadata) if steps else None
        webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry, kind="issue_generic")
        _comment(world, site, actor, issue, step)
        postfunctions.fire(world, site, issue, step, before=before)
        if step.then:
            step.then(issue)
        return entry


def _moved(site: Site, issue: Issue, step: Transition) -> list[ChangelogItem]:
    """Bring the work item into its new status; no step of the history for one that stays where it was."""
    before, after = issue.status_id, step.target(issue.status_id)
    if step.is_looped:
        return []
    if site.status(before).category != site.status(after).category:
        issue.category_changed = site.now()
    issue.status_id = after
    return [fields.status_step(site, before=before, after=after)]


def _set_by_functions(site: Site, issue: Issue, step: Transition) -> dict[str, Any]:
    """Give what Jira's own post functions store; one for a field the space does not have does nothing."""
    values: dict[str, Any] = {}
    place = fields.place_of(site, issue)
    for function in step.functions:
        if function.kind == "set":
            wish = Wish(fields={function.field: function.value})
            values |= wished_values(place, {function.field}, issue.fields, wish)
        elif function.kind == "clear":
            known = fields.at(place).get(function.field)
            values[function.field] = known.empty if known else None
        elif function.kind == "assign_reporter":
            values["assignee"] = issue.fields.get("reporter") or issue.creator
    return values


def _comment(world: World, site: Site, actor: User, issue: Issue, step: Transition) -> None:
    for function in step.functions:
        if function.kind == "comment":
            body = richtext.from_wiki(str(function.value))
            comment = comments.placed(site, issue, body, author=actor, now=site.now())
            webhooks.announce_comment(world, site, "comment_created", issue, comment, by=actor)
