"""A work item: what it holds, what happened to it, editing and deleting it."""

from typing import Any

from jira_sandbox import render, richtext
from jira_sandbox.acts import issues, removing, steps
from jira_sandbox.pages import apps, belongings, forms, remarks
from jira_sandbox.pages.visit import Visit, go_to, page, plain
from jira_sandbox.state.values import ChangelogEntry, Issue
from jira_sandbox.wire import Refusal, Response


def show(visit: Visit, *, item: str) -> Response:
    """Show the work item with its form and its history, the newest entry first; a former key leads on."""
    issue = issues.find(visit.site, visit.person, item)
    if item.upper() in issue.former_keys:
        return go_to(f"/browse/{issue.key}")
    return view(visit, issue, form={}, errors={})


def edit(visit: Visit, *, item: str) -> Response:
    """Save what the person changed; the form again when Jira refuses."""
    issue = issues.find(visit.site, visit.person, item)
    try:
        issues.edit(visit.world, visit.site, visit.person, issue, forms.change(visit.form))
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        return view(visit, issue, form=visit.form, errors=refusal.errors)
    return go_to(f"/browse/{issue.key}")


def ask_to_delete(visit: Visit, *, item: str) -> Response:
    """Ask before deleting."""
    issue = issues.find(visit.site, visit.person, item)
    return page(visit, "delete.html", issue=issue, space=visit.site.space_of(issue))


def delete(visit: Visit, *, item: str) -> Response:
    """Delete the work item with its sub-tasks, as Jira's pages do, and show those that are left."""
    issue = issues.find(visit.site, visit.person, item)
    removing.delete_with_subtasks(visit.world, visit.site, visit.person, issue)
    return go_to(f"/spaces/{visit.site.space_of(issue).key}")


def updated(visit: Visit) -> Response:
    """Tell when the work item last changed, so that its page can tell that it is no longer current."""
    issue = issues.find(visit.site, visit.person, visit.request.parameter("item"))
    return plain(render.moment(issue.updated))


def view(visit: Visit, issue: Issue, *, form: dict[str, str], errors: dict[str, str]) -> Response:
    """Show the work item; ``form`` and ``errors`` are what was typed and what Jira said to it."""
    space = visit.site.space_of(issue)
    history = [_told(visit, entry) for entry in reversed(issue.changelog)]
    panels = apps.panels(visit, issue)
    return page(
        visit,
        "item.html",
        issue=issue,
        space=space,
        stamp=render.moment(issue.updated),
        kind_of=visit.site.work_types[issue.type_id],
        state=visit.site.status(issue.status_id),
        description=richtext.to_html(issue.fields.get("description")),
        transitions=steps.offered(visit.site, visit.person, issue),
        comments=remarks.shown(visit, issue),
        files=belongings.files(visit, issue),
        may_attach=visit.site.attachments_on and visit.may("CREATE_ATTACHMENTS", space),
        work=belongings.work(visit, issue),
        may_log=visit.site.time_tracking.is_on and visit.may("WORK_ON_ISSUES", space),
        choices=remarks.choices(visit, space),
        may_comment=visit.may("ADD_COMMENTS", space),
        panels=panels,
        frames=" ".join(sorted({each.origin for each in panels})) or "'none'",
        creator=visit.site.users[issue.creator],
        history=history,
        may_edit=visit.may("EDIT_ISSUES", space),
        may_clone=visit.may("CREATE_ISSUES", space),
        may_move=visit.may("MOVE_ISSUES", space),
        may_delete=visit.may("DELETE_ISSUES", space),
        form={"comment": "", "time_spent": "", "work": ""} | forms.filled(issue) | form,
        errors=errors,
    )


def _told(visit: Visit, entry: ChangelogEntry) -> dict[str, Any]:
    """Give an entry as the page tells it; an app that wrote why gets its sentence shown, as in Jira."""
    about = entry.history_metadata if isinstance(entry.history_metadata, dict) else {}
    return {
        "author": visit.site.users[entry.author],
        "created": entry.created,
        "items": entry.items,
        "why": about.get("description") or about.get("activityDescription") or "",
    }
