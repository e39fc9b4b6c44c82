"""A space: its work items, and the form to create one."""

from jira_sandbox.acts import issues
from jira_sandbox.pages import forms
from jira_sandbox.pages.visit import Visit, go_to, page
from jira_sandbox.state.values import Space
from jira_sandbox.wire import Refusal, Response

PAGE_SIZE = 50


def show(visit: Visit, *, space: str) -> Response:
    """Show the work items of the space, the newest first, 50 a page."""
    where = visit.space(space)
    visit.site.note_visit(visit.person.account_id, where.id)
    return _list(visit, where, form={}, errors={})


def create(visit: Visit, *, space: str) -> Response:
    """Create a work item and show it; the form again when Jira refuses."""
    where = visit.space(space)
    try:
        issue = issues.create(visit.world, visit.site, visit.person, forms.creation(where, visit.form))
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        return _list(visit, where, form=visit.form, errors=refusal.errors)
    return go_to(f"/browse/{issue.key}")


def _list(visit: Visit, space: Space, *, form: dict[str, str], errors: dict[str, str]) -> Response:
    held = [issue for issue in visit.site.issues.values() if issue.space_id == space.id]
    held.sort(key=lambda issue: int(issue.id), reverse=True)
    asked = visit.request.parameter("page", "1")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() else 1
    start = (number - 1) * PAGE_SIZE
    return page(
        visit,
        "space.html",
        space=space,
        issues=held[start : start + PAGE_SIZE],
        total=len(held),
        number=number,
        more=len(held) > start + PAGE_SIZE,
        types=[visit.site.work_types[type_id] for type_id in space.type_ids],
        may_create=visit.may("CREATE_ISSUES", space),
        form=forms.empty(visit.site, space) | form,
        errors=errors,
    )
