"""The fields an app's descriptor declares (``jiraIssueFields``): they are there as long as the app is known.

Those with options are not made: apps manage the options over resources of their own, which the sandbox lacks.
"""

from dataclasses import replace

from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import AppInstallation

PLUGIN = "com.atlassian.plugins.atlassian-connect-plugin"
_KINDS = {
    "string": "textfield",
    "text": "textfield",
    "rich_text": "textarea",
    "number": "float",
    "read_only": "readonlyfield",
}
"""As which of Jira's own kinds each of Connect's behaves."""


def declare(site: Site, app: AppInstallation) -> None:
    """Make the fields of the descriptor and put them on all screens; those that are there are renamed."""
    known = {each.kind: each for each in site.custom_fields.values() if each.plugin == PLUGIN}
    for module in app.descriptor.get("modules", {}).get("jiraIssueFields", []):
        kind = f"{app.key}__{module['key']}"
        if module["type"] not in _KINDS:
            continue
        field = known.get(kind) or _made(site, kind, app_kind=_KINDS[module["type"]])
        text = module.get("description", {}).get("value", "")
        site.put_field(replace(field, name=module["name"]["value"], description=text))
        for space in site.spaces.values():
            space.screen.add(field.id)


def _made(site: Site, kind: str, *, app_kind: str) -> CustomField:
    context = FieldContext(id=str(site.next_id("context")), name=f"Default Configuration Scheme for {kind}")
    return CustomField(
        id=f"customfield_{site.next_id('field')}",
        name=kind,
        kind=kind,
        plugin=PLUGIN,
        contexts=(context,),
        app_kind=app_kind,
    )
