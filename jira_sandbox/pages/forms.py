"""What the forms for creating and editing a work item say, as the wish that the REST API would have taken."""

from collections.abc import Mapping

from jira_sandbox import richtext
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, Space


def empty(site: Site, space: Space) -> dict[str, str]:
    """Give what the form for a new work item shows first."""
    return {
        "summary": "",
        "issuetype": space.type_ids[0],
        "priority": site.usual_priority().id,
        "labels": "",
        "duedate": "",
        "description": "",
    }


def filled(issue: Issue) -> dict[str, str]:
    """Give what the form for editing shows, and once more as ``shown_…`` to tell later what was changed."""
    values = {
        "summary": issue.fields["summary"],
        "priority": issue.fields.get("priority") or "",
        "labels": " ".join(issue.fields.get("labels", [])),
        "duedate": issue.fields.get("duedate") or "",
        "description": richtext.text_of(issue.fields.get("description")),
    }
    return values | {f"shown_{name}": value for name, value in values.items()}


def creation(space: Space, form: Mapping[str, str]) -> Wish:
    """Make a new work item in ``space``; a field left empty keeps what a new one starts with."""
    fields: dict[str, Json] = {
        "project": {"id": space.id},
        "issuetype": {"id": form.get("issuetype", "")},
        "summary": form.get("summary", ""),
    }
    if form.get("priority"):
        fields["priority"] = {"id": form["priority"]}
    if form.get("labels", "").split():
        fields["labels"] = form["labels"].split()
    if form.get("duedate"):
        fields["duedate"] = form["duedate"]
    if form.get("description", "").strip():
        fields["description"] = richtext.paragraphs(form["description"])
    return Wish(fields=fields)


def change(form: Mapping[str, str]) -> Wish:
    """Change only what the person changed.

    The form carries what it showed (``shown_…``): a field left alone must not undo what somebody else did to
    it meanwhile, and of labels only those added and removed are sent, as Jira's own page does it.
    """
    fields: dict[str, Json] = {}
    update: dict[str, Json] = {}
    if _touched(form, "summary"):
        fields["summary"] = form["summary"]
    if _touched(form, "priority"):
        fields["priority"] = {"id": form["priority"]} if form["priority"] else None
    if _touched(form, "duedate"):
        fields["duedate"] = form["duedate"] or None
    if _touched(form, "description"):
        fields["description"] = richtext.paragraphs(form["description"])
    if _touched(form, "labels"):
        before, after = form.get("shown_labels", "").split(), form["labels"].split()
        added = [{"add": label} for label in after if label not in before]
        removed = [{"remove": label} for label in before if label not in after]
        update["labels"] = added + removed
    return Wish(fields=fields, update=update)


def _touched(form: Mapping[str, str], name: str) -> bool:
    """Whether the person changed it; browsers end the lines of a text area their own way."""
    shown = form.get(f"shown_{name}", "").replace("\r\n", "\n")
    return name in form and form[name].replace("\r\n", "\n") != shown
