"""Files of a work item and the work logged on it, on its page: attach, download, delete, log."""

from jira_sandbox import media, richtext
from jira_sandbox.acts import attachments, issues, worklogs
from jira_sandbox.multipart import parts
from jira_sandbox.pages import items
from jira_sandbox.pages.visit import Visit, go_to
from jira_sandbox.wire import Refusal, Response


def attach(visit: Visit, *, item: str) -> Response:
    """Attach the files that were chosen; the page with the reason when Jira refuses."""
    issue = issues.find(visit.site, visit.person, item)
    uploads = [
        attachments.Upload(filename=part.filename, mime_type=part.mime_type, content=part.content)
        for part in parts(visit.request)
        if part.filename
    ]
    try:
        attachments.attach(visit.world, visit.site, visit.person, issue, uploads)
    except Refusal as refusal:
        return items.view(visit, issue, form={}, errors={"file": " ".join(refusal.messages)})
    return go_to(f"/browse/{issue.key}")


def download(visit: Visit, *, number: str, **_name: str) -> Response:
    """Send a file, whatever name the address gives it."""
    _, attachment = attachments.find(visit.site, visit.person, number)
    return media.sent(visit.request, attachment)


def delete(visit: Visit, *, item: str, number: str) -> Response:
    """Delete a file."""
    issue = issues.find(visit.site, visit.person, item)
    _, attachment = attachments.find(visit.site, visit.person, number)
    attachments.delete(visit.world, visit.site, visit.person, issue, attachment)
    return go_to(f"/browse/{issue.key}")


def log(visit: Visit, *, item: str) -> Response:
    """Log work; the form again when Jira refuses."""
    issue = issues.find(visit.site, visit.person, item)
    spent, about = visit.form.get("time_spent", ""), visit.form.get("work", "")
    effort = worklogs.Effort(time_spent=spent or None, body=richtext.paragraphs(about), visibility=None)
    try:
        worklogs.add(visit.world, visit.site, visit.person, issue, effort)
    except Refusal as refusal:
        said = " ".join([*refusal.messages, *refusal.errors.values()])
        form = {"time_spent": spent, "work": about}
        return items.view(visit, issue, form=form, errors={"time_spent": said})
    return go_to(f"/browse/{issue.key}")
