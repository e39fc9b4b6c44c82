"""A work item gets another work type in an edit, which Jira allows only as long as its workflow stays."""

from dataclasses import replace

from jira_sandbox import fields
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogItem, Issue, Json
from jira_sandbox.wire import Refusal

INVALID = "The issue type selected is invalid."


def wished(site: Site, issue: Issue, wish: Wish) -> tuple[str, Wish]:
    """Take the work type out of a wish: the id of the wanted one, or of today's, and the rest of the wish.

    Refusal 400 for a type the space does not have, one with another workflow, and for a sub-task that would
    be none, or the reverse: people have to move such a work item.
    """
    if "issuetype" not in wish.fields and "issuetype" not in wish.update:
        return issue.type_id, wish
    raw = wish.fields["issuetype"] if "issuetype" in wish.fields else _set(wish.update["issuetype"])
    type_id = named(site, issue.space_id, raw, otherwise=INVALID)
    if not _alike(site, issue, type_id):
        raise fields.wrong("issuetype", INVALID)
    return type_id, replace(wish, fields=_without_type(wish.fields), update=_without_type(wish.update))


def named(site: Site, space_id: str, raw: Json, *, otherwise: str) -> str:
    """Find the id of a work type of the space, given as ``{"id"}`` or ``{"name"}``.

    Refusal 400, with the words ``otherwise`` for a type that the space does not have.
    """
    if not isinstance(raw, dict):
        raise fields.wrong("issuetype", "Specify an issue type")
    for type_id in site.spaces[space_id].type_ids:
        if str(raw.get("id")) == type_id or raw.get("name") == site.work_types[type_id].name:
            return type_id
    raise fields.wrong("issuetype", otherwise)


def retyped(site: Site, issue: Issue, type_id: str) -> list[ChangelogItem]:
    """Give the work item the type and describe that; nothing to describe when it has it already."""
    before, issue.type_id = issue.type_id, type_id
    if before == type_id:
        return []
    return [
        ChangelogItem(
            field="issuetype",
            field_id="issuetype",
            before=before,
            before_text=site.work_types[before].name,
            after=type_id,
            after_text=site.work_types[type_id].name,
        )
    ]


def is_subtask(site: Site, type_id: str) -> bool:
    """Whether work items of this type are sub-tasks."""
    return site.work_types[type_id].hierarchy_level < 0


def _alike(site: Site, issue: Issue, type_id: str) -> bool:
    flows = site.space_of(issue).workflows
    return flows[type_id] == flows[issue.type_id] and (
        is_subtask(site, type_id) == is_subtask(site, issue.type_id)
    )


def _set(raw: Json) -> Json:
    if not isinstance(raw, list) or len(raw) != 1 or not isinstance(raw[0], dict) or set(raw[0]) != {"set"}:
        raise Refusal(
            400, errors={"issuetype": "Field with id 'issuetype' supports only the operation 'set'."}
        )
    return raw[0]["set"]


def _without_type(wanted: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in wanted.items() if name != "issuetype"}
