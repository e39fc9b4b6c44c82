"""The kinds of fields of service desks: request type, participants, organizations.

https://developer.atlassian.com/cloud/jira/service-desk/customer-request-fields/
"""

from dataclasses import replace

from jira_sandbox import render
from jira_sandbox.fields import people
from jira_sandbox.fields.dates import for_people
from jira_sandbox.fields.kinds import NO_ARRAY, EditableField, Kind, Place, Told, wrong
from jira_sandbox.state.furniture import FieldContext, RequestType
from jira_sandbox.state.values import Issue, Json

PLUGIN = "com.atlassian.servicedesk"
_STAGES = {"new": "NEW", "indeterminate": "INDETERMINATE", "done": "DONE"}


def _request_type(bare: EditableField, _context: FieldContext) -> EditableField:
    def parse(place: Place, raw: Json) -> str | None:
        if raw is None:
            return None
        known = place.site.request_types.get(str(raw))
        if known is None or (known.space_id, known.type_id) != (place.space.id, place.type_id):
            raise wrong(bare.id, f"Request type '{raw}' does not exist or does not fit the issue type.")
        return known.id

    def show(place: Place, value: str | None) -> Json:
        known = place.site.request_types.get(value or "")
        return _request(place, place.issue, known) if known and place.issue else None

    def tell(place: Place, value: str | None) -> Told:
        known = place.site.request_types.get(value or "")
        return (known.id, known.name) if known else (None, None)

    return replace(bare, parse=parse, show=show, tell=tell, cleared=("", ""))


def _request(place: Place, issue: Issue, kind: RequestType) -> Json:
    """Show the work item as the request it is to customers."""
    base, desk = place.site.base_url, f"{place.site.base_url}/rest/servicedeskapi/servicedesk/{kind.space_id}"
    status, since = place.site.status(issue.status_id), issue.category_changed or issue.created
    return {
        "_links": {
            "jiraRest": f"{base}/rest/api/3/issue/{issue.id}",
            "web": f"{base}/servicedesk/customer/portal/{kind.space_id}/{issue.key}",
            "self": f"{base}/rest/servicedeskapi/request/{issue.id}",
            "agent": f"{base}/browse/{issue.key}",
        },
        "requestType": {
            "_expands": ["field"],
            "id": kind.id,
            "_links": {"self": f"{desk}/requesttype/{kind.id}"},
            "name": kind.name,
            "description": "",
            "helpText": "",
            "issueTypeId": kind.type_id,
            "serviceDeskId": kind.space_id,
            "portalId": kind.space_id,
            "groupIds": [],
        },
        "currentStatus": {
            "status": status.name,
            "statusCategory": _STAGES[status.category],
            "statusDate": {
                "jira": render.moment(since),
                "friendly": for_people(since),
                "epochMillis": int(since.timestamp() * 1000),
            },
        },
    }


def _participants(bare: EditableField, _context: FieldContext) -> EditableField:
    return replace(
        bare,
        operations=("add", "set", "remove"),
        parse=people.several(bare.id),
        show=people.all_shown,
        tell=people.all_told,
        cleared=("", ""),
    )


def _organizations(bare: EditableField, _context: FieldContext) -> EditableField:
    def parse(place: Place, raw: Json) -> list[str] | None:
        if raw is not None and not isinstance(raw, list):
            raise wrong(bare.id, NO_ARRAY)
        for each in raw or []:
            if str(each) not in place.site.organizations:
                raise wrong(bare.id, f"Organization '{each}' does not exist.")
        return list(dict.fromkeys(map(str, raw or []))) or None

    def show(place: Place, value: list[str] | None) -> Json:
        base = f"{place.site.base_url}/rest/servicedeskapi/organization"
        known = place.site.organizations
        return [
            {"id": each, "name": known[each], "_links": {"self": f"{base}/{each}"}}
            for each in value or []
            if each in known
        ] or None

    def tell(place: Place, value: list[str] | None) -> Told:
        known = place.site.organizations
        return people.listed_told(value or [], [known.get(each, "") for each in value or []])

    return replace(
        bare, operations=("add", "set", "remove"), parse=parse, show=show, tell=tell, cleared=("", "")
    )


KINDS: dict[str, Kind] = {
    "vp-origin": Kind(
        type="sd-customerrequesttype", plugin=PLUGIN, searcher="vp-origin-searcher", make=_request_type
    ),
    "sd-request-participants": Kind(
        type="array", items="user", plugin=PLUGIN, searcher="userpickergroupsearcher", make=_participants
    ),
    "sd-customer-organizations": Kind(
        type="array",
        items="sd-customerorganization",
        plugin=PLUGIN,
        searcher="sd-customer-organizations-searcher",
        make=_organizations,
    ),
}
