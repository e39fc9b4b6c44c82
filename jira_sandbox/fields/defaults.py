"""Defaults of custom fields in the two forms of Jira's JSON: that of a context, and that of an edit."""

from dataclasses import dataclass

from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal


@dataclass(frozen=True, slots=True)
class _Form:
    """``type`` and ``member`` of a default; ``within`` is what an edit calls a value, if it does."""

    type: str
    member: str
    within: str = ""


_OPTION, _OPTIONS = _Form("option.single", "optionId", "id"), _Form("option.multiple", "optionIds", "id")
_FORMS = {
    "datepicker": _Form("datepicker", "date"),
    "datetime": _Form("datetimepicker", "dateTime"),
    "float": _Form("float", "number"),
    "grouppicker": _Form("grouppicker.single", "groupId", "groupId"),
    "labels": _Form("labels", "labels"),
    "multicheckboxes": _OPTIONS,
    "multigrouppicker": _Form("grouppicker.multiple", "groupIds", "groupId"),
    "multiselect": _OPTIONS,
    "multiuserpicker": _Form("multi.user.select", "accountIds", "accountId"),
    "multiversion": _Form("version.multiple", "versionIds", "id"),
    "project": _Form("project", "projectId", "id"),
    "radiobuttons": _OPTION,
    "readonlyfield": _Form("readonly", "text"),
    "select": _OPTION,
    "textfield": _Form("textfield", "text"),
    "url": _Form("url", "url"),
    "userpicker": _Form("single.user.select", "accountId", "accountId"),
    "version": _Form("version.single", "versionId", "id"),
}
_EVERYBODY = {"enabled": False}


def shown(field: CustomField, context: FieldContext) -> Json | None:
    """Show the default of a context; None when it has none that Jira can tell."""
    value = context.default
    if value is None:
        return None
    if field.kind == "cascadingselect":
        told = {"type": "option.cascading", "contextId": context.id, "optionId": value[0]}
        return told | ({"cascadingOptionId": value[1]} if len(value) > 1 else {})
    form = _FORMS.get(field.kind)
    if form is None:
        return None
    told = {"type": form.type, "contextId": context.id, form.member: value}
    return told | ({"userFilter": _EVERYBODY} if field.kind == "userpicker" else {})


def wanted(field: CustomField, raw: dict[str, Json]) -> Json:
    """Give what an edit would send for the default ``raw``; None to have none. Refusal 400 if misshapen."""
    if field.kind == "cascadingselect" and raw.get("type") == "option.cascading":
        child = raw.get("cascadingOptionId")
        chosen = {"id": raw.get("optionId")}
        return chosen | ({"child": {"id": child}} if child is not None else {})
    form = _FORMS.get(field.kind)
    if form is None or raw.get("type") != form.type:
        raise Refusal(400, f"The type '{raw.get('type')}' is not the one of the custom field's defaults.")
    value = raw.get(form.member)
    if value is None or not form.within:
        return value
    if isinstance(value, list):
        return [{form.within: each} for each in value]
    return {form.within: value}
