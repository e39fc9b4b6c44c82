"""All routes of a Data Center site: those of the Cloud's API v2 that it shares, and its own."""

from jira_sandbox.datacenter import (
    components,
    creating,
    files,
    following,
    groups,
    people,
    personaltokens,
    searching,
)
from jira_sandbox.datacenter.hooks import registration
from jira_sandbox.datacenter.oauth import operations as oauth
from jira_sandbox.rest.table import ROUTES as CLOUDS
from jira_sandbox.routing import Route

_API = "/rest/api/2"
_ISSUE = f"{_API}/issue/{{issueIdOrKey}}"
_SPACE = f"{_API}/project/{{projectIdOrKey}}"
_PROPERTY = "properties/{propertyKey}"
_SHARED = {
    f"{_API}/attachment/{{id}}": "GET DELETE",
    f"{_API}/attachment/meta": "GET",
    f"{_API}/comment/{{commentId}}/properties": "GET",
    f"{_API}/comment/{{commentId}}/{_PROPERTY}": "GET PUT DELETE",
    f"{_API}/component/{{id}}": "GET DELETE",
    f"{_API}/component/{{id}}/relatedIssueCounts": "GET",
    f"{_API}/configuration": "GET",
    f"{_API}/field": "GET",
    f"{_API}/group": "POST DELETE",
    f"{_API}/groups/picker": "GET",
    f"{_API}/issue": "POST",
    f"{_API}/issue/bulk": "POST",
    f"{_API}/issue/picker": "GET",
    _ISSUE: "GET PUT DELETE",
    f"{_ISSUE}/attachments": "POST",
    f"{_ISSUE}/comment": "GET POST",
    f"{_ISSUE}/comment/{{id}}": "GET PUT DELETE",
    f"{_ISSUE}/editmeta": "GET",
    f"{_ISSUE}/properties": "GET",
    f"{_ISSUE}/{_PROPERTY}": "GET PUT DELETE",
    f"{_ISSUE}/remotelink": "GET POST DELETE",
    f"{_ISSUE}/remotelink/{{linkId}}": "GET PUT DELETE",
    f"{_ISSUE}/transitions": "GET POST",
    f"{_ISSUE}/votes": "GET POST DELETE",
    f"{_ISSUE}/watchers": "GET",
    f"{_ISSUE}/worklog": "GET POST",
    f"{_ISSUE}/worklog/{{id}}": "GET PUT DELETE",
    f"{_API}/issueLink": "POST",
    f"{_API}/issueLink/{{linkId}}": "GET DELETE",
    f"{_API}/issueLinkType": "GET",
    f"{_API}/issueLinkType/{{issueLinkTypeId}}": "GET",
    f"{_API}/issuetype": "GET",
    f"{_API}/issuetype/{{id}}": "GET",
    f"{_API}/jql/autocompletedata/suggestions": "GET",
    f"{_API}/mypermissions": "GET",
    f"{_API}/priority": "GET",
    f"{_API}/priority/{{id}}": "GET",
    f"{_API}/project": "GET",
    _SPACE: "GET",
    f"{_SPACE}/components": "GET",
    f"{_SPACE}/properties": "GET",
    f"{_SPACE}/{_PROPERTY}": "GET PUT DELETE",
    f"{_SPACE}/role": "GET",
    f"{_SPACE}/role/{{id}}": "GET",
    f"{_SPACE}/statuses": "GET",
    f"{_SPACE}/version": "GET",
    f"{_SPACE}/versions": "GET",
    f"{_API}/resolution": "GET",
    f"{_API}/resolution/{{id}}": "GET",
    f"{_API}/serverInfo": "GET",
    f"{_API}/status": "GET",
    f"{_API}/status/{{idOrName}}": "GET",
    f"{_API}/statuscategory": "GET",
    f"{_API}/statuscategory/{{idOrKey}}": "GET",
    f"{_API}/user/properties": "GET",
    f"{_API}/user/{_PROPERTY}": "GET PUT DELETE",
    f"{_API}/version": "POST",
    f"{_API}/version/{{id}}": "GET PUT",
    f"{_API}/version/{{id}}/move": "POST",
    f"{_API}/version/{{id}}/relatedIssueCounts": "GET",
    f"{_API}/version/{{id}}/unresolvedIssueCount": "GET",
    f"{_API}/worklog/deleted": "GET",
    f"{_API}/worklog/list": "POST",
    f"{_API}/worklog/updated": "GET",
}
"""By path of API v2 the methods that both products answer alike, but for their dialects."""
OWN: tuple[Route, ...] = (
    *people.ROUTES,
    *searching.ROUTES,
    *creating.ROUTES,
    *groups.ROUTES,
    *following.ROUTES,
    *components.ROUTES,
    *files.ROUTES,
    *personaltokens.ROUTES,
    *oauth.ROUTES,
    *registration.ROUTES,
)
ROUTES: tuple[Route, ...] = (
    *OWN,
    *(each for each in CLOUDS if each.method in _SHARED.get(each.template, "").split()),
)
