"""Moving a work item on, and the comments under it."""

from jira_sandbox import richtext
from jira_sandbox.acts import comments, issues, steps
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.pages import items, remarks
from jira_sandbox.pages.visit import Visit, go_to
from jira_sandbox.wire import Refusal, Response


def move(visit: Visit, *, item: str) -> Response:
    """Take the transition whose button was pressed."""
    issue = issues.find(visit.site, visit.person, item)
    chosen = visit.form.get("resolution")
    wish = Wish(fields={"resolution": {"id": chosen}} if chosen else {})
    number = visit.form.get("transition", "")
    try:
        steps.take(visit.world, visit.site, visit.person, issue, number, wish)
    except Refusal as refusal:
        said = " ".join([*refusal.messages, *refusal.errors.values()])
        return items.view(visit, issue, form={}, errors={"transition": said})
    return go_to(f"/browse/{issue.key}")


def add(visit: Visit, *, item: str) -> Response:
    """Write a comment; the form again when Jira refuses."""
    issue = issues.find(visit.site, visit.person, item)
    text = visit.form.get("comment", "")
    words = comments.Words(
        body=richtext.paragraphs(text), **remarks.audience(visit.form.get("visibility", ""))
    )
    try:
        comments.add(visit.world, visit.site, visit.person, issue, words)
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        said = " ".join(refusal.errors.values())
        return items.view(visit, issue, form={"comment": text}, errors={"comment": said})
    return go_to(f"/browse/{issue.key}")


def change(visit: Visit, *, item: str, comment: str) -> Response:
    """Save what the person changed; text left alone keeps its form, which a text area cannot show."""
    issue = issues.find(visit.site, visit.person, item)
    found = comments.find(visit.site, visit.person, issue, comment)
    text = visit.form.get("comment", "").replace("\r\n", "\n")
    body = found.body if text == richtext.text_of(found.body) else richtext.paragraphs(text)
    words = comments.Words(body=body, **remarks.audience(visit.form.get("visibility", ""), found))
    comments.change(visit.world, visit.site, visit.person, issue, found, words)
    return go_to(f"/browse/{issue.key}")


def delete(visit: Visit, *, item: str, comment: str) -> Response:
    """Delete the comment."""
    issue = issues.find(visit.site, visit.person, item)
    found = comments.find(visit.site, visit.person, issue, comment)
    comments.delete(visit.world, visit.site, visit.person, issue, found)
    return go_to(f"/browse/{issue.key}")
